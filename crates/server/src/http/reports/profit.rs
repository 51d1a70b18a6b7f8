//! `GET /v1/reports/profit`

use super::csv;
use super::figures::{CoverageBody, NoteBody, RateUseBody, Row, StoreInReport, StoreRef};
use super::query::{By, Compare, Format, RangeQuery};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use application::reports::{ComparedReport, ProfitReport, Unavailable};
use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::Comparison;
use domain::money::Currency;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// First day of the store's calendar; the thirty days up to `to` when left out.
    from: Option<NaiveDate>,
    /// Last day, included; today when left out.
    to: Option<NaiveDate>,
    #[serde(default)]
    #[param(inline = false, value_type = Option<By>)]
    by: By,
    compare: Option<Compare>,
    /// Id of a store, or `all`; the first store when left out.
    store: Option<String>,
    /// The same as `store`.
    store_id: Option<String>,
    /// Code of a currency (ISO 4217), `store` or `workspace`: amounts are converted day by day. When left out, one store is shown in its own
    /// currency and all together in the workspace's.
    currency: Option<String>,
    /// `csv` answers a file, as `Accept: text/csv` does.
    format: Option<Format>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Comparison)]
pub(crate) struct ComparisonBody {
    /// `previous` or `year`.
    pub(crate) kind: String,
    pub(crate) from: NaiveDate,
    pub(crate) to: NaiveDate,
    /// By the same split; null where only totals are compared.
    pub(crate) rows: Option<Vec<Row>>,
    pub(crate) total: Row,
    pub(crate) coverage: CoverageBody,
}

/// The rows of any split add up to `total`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProfitReport)]
pub(crate) struct ProfitBody {
    pub(crate) store: StoreRef,
    pub(crate) currency: String,
    /// Of the days; null when the stores have several: each store's day is that of its own zone.
    pub(crate) timezone: Option<String>,
    pub(crate) stores: Vec<StoreInReport>,
    pub(crate) from: NaiveDate,
    pub(crate) to: NaiveDate,
    pub(crate) by: String,
    /// When the newest order behind it was observed; of several stores, where that is longest ago.
    pub(crate) as_of: Option<DateTime<Utc>>,
    pub(crate) rows: Vec<Row>,
    pub(crate) total: Row,
    pub(crate) coverage: CoverageBody,
    /// Figure → why it is null.
    pub(crate) unavailable: BTreeMap<String, String>,
    /// Profit figure → costs that are not in it.
    pub(crate) excludes: BTreeMap<String, Vec<String>>,
    pub(crate) notes: Vec<NoteBody>,
    /// Empty when nothing had to be converted.
    pub(crate) rates: Vec<RateUseBody>,
    pub(crate) comparison: Option<ComparisonBody>,
}

#[utoipa::path(
    get, path = "/v1/reports/profit", operation_id = "profit", tag = "reports",
    summary = "Profit by day, week, month, store, product, variant, channel or country, as JSON or CSV",
    params(Query),
    responses((status = 200, content((ProfitBody = "application/json"), (String = "text/csv"))))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    request: HttpRequest,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    let query = query.into_inner();
    let asked = RangeQuery {
        from: query.from,
        to: query.to,
        compare: query.compare,
        store: query.store,
        store_id: query.store_id,
        currency: query.currency,
    };
    let asked = asked.asked(who.workspace.id)?;
    let report = app.reports.profit(&asked, query.by.split()).await?;
    let body = ProfitBody::of(&report, query.by);
    if !wants_csv(&request, query.format) {
        return Ok(HttpResponse::Ok().json(body));
    }
    let name = format!("profit-by-{}-{}-{}.csv", body.by, body.from, body.to);
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .insert_header((header::VARY, "Accept"))
        .body(csv::write(&body)))
}

fn wants_csv(request: &HttpRequest, format: Option<Format>) -> bool {
    let accepts = || {
        let accept = request.headers().get(header::ACCEPT)?.to_str().ok()?;
        Some(
            accept
                .split(',')
                .any(|part| part.trim().starts_with("text/csv")),
        )
    };
    match format {
        Some(format) => format == Format::Csv,
        None => accepts().unwrap_or(false),
    }
}

impl ProfitBody {
    pub(crate) fn of(report: &ProfitReport, by: By) -> Self {
        let (view, currency) = (&report.view, report.view.currency);
        Self {
            store: StoreRef::of_view(view),
            currency: currency.to_string(),
            timezone: view.zone().map(str::to_owned),
            stores: StoreInReport::of_view(view),
            from: view.range.from,
            to: view.range.to,
            by: by.as_str().to_owned(),
            as_of: report.as_of,
            rows: report.rows.iter().map(|r| Row::of(r, currency)).collect(),
            total: Row::of(&report.total, currency),
            coverage: CoverageBody::of(&report.total.coverage),
            unavailable: reasons(&report.unavailable),
            excludes: excludes(&report.excludes),
            notes: notes(&report.unavailable),
            rates: report.rates.iter().map(RateUseBody::of).collect(),
            comparison: report
                .comparison
                .as_ref()
                .map(|c| ComparisonBody::of(c, currency, true)),
        }
    }

    pub(crate) fn csv(&self) -> Vec<u8> {
        csv::write(self)
    }
}

impl ComparisonBody {
    pub(crate) fn of(compared: &ComparedReport, currency: Currency, with_rows: bool) -> Self {
        let kind = match compared.kind {
            Comparison::Previous => "previous",
            Comparison::Year => "year",
        };
        Self {
            kind: kind.to_owned(),
            from: compared.range.from,
            to: compared.range.to,
            rows: with_rows.then(|| compared.rows.iter().map(|r| Row::of(r, currency)).collect()),
            total: Row::of(&compared.total, currency),
            coverage: CoverageBody::of(&compared.total.coverage),
        }
    }
}

pub(crate) fn reasons(unavailable: &Unavailable) -> BTreeMap<String, String> {
    let owned = |(field, reason): (&&str, &String)| ((*field).to_owned(), reason.clone());
    unavailable.fields.iter().map(owned).collect()
}

pub(crate) fn notes(unavailable: &Unavailable) -> Vec<NoteBody> {
    let notes = unavailable.notes.iter();
    notes
        .map(|n| NoteBody {
            code: n.code.to_owned(),
            message: n.message.clone(),
        })
        .collect()
}

pub(crate) fn excludes(excludes: &application::reports::Excludes) -> BTreeMap<String, Vec<String>> {
    let owned = |(figure, costs): (&&str, &Vec<&str>)| {
        let costs = costs.iter().map(|c| (*c).to_owned()).collect();
        ((*figure).to_owned(), costs)
    };
    excludes.0.iter().map(owned).collect()
}
