//! `GET /v1/customers/segments`

use super::figures::{SumsBody, ratio};
use super::settings::SettingsBody;
use crate::auth::Caller;
use crate::http::reports::figures::{NoteBody, StoreRef};
use crate::http::reports::query::store_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use chrono::{DateTime, Utc};
use domain::customers::{FixedSegment, MIN_CUSTOMERS, Rfm, Segment, SegmentSums};
use domain::money::Currency;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerSegment)]
pub(crate) struct SegmentBody {
    /// What `segment` of `/v1/customers` takes.
    id: String,
    name: String,
    /// Who is in it.
    rule: String,
    /// Of all customers.
    share: Option<f64>,
    sums: SumsBody,
}

/// A cell of the grid of scores.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScoreCell)]
pub(crate) struct CellBody {
    /// 1 (long ago) to 5 (just now).
    recency: u8,
    /// 1 (least) to 5 (most): the rounded mean of the scores of frequency and money.
    worth: u8,
    segment: String,
    sums: SumsBody,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerSegments)]
pub(crate) struct Body {
    store: StoreRef,
    currency: String,
    /// By quintiles of recency, frequency and money; empty with its reason.
    scored: Vec<SegmentBody>,
    scored_reason: Option<String>,
    grid: Vec<CellBody>,
    /// By thresholds; a customer may be in several.
    fixed: Vec<SegmentBody>,
    settings: SettingsBody,
    notes: Vec<NoteBody>,
    as_of: DateTime<Utc>,
    stale: bool,
}

#[utoipa::path(
    get, path = "/v1/customers/segments", operation_id = "customer_segments", tag = "customers",
    summary = "Segments by recency, frequency and money, and by thresholds",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let store = store_id(query.store_id.as_deref())?;
    let (store, analysed) = app.customers.report(who.workspace.id, store).await?;
    let (_, settings) = app
        .customers
        .settings(who.workspace.id, Some(store.scope.store))
        .await?;
    let (analysis, currency) = (&analysed.analysis, store.currency);
    let all = analysis.all.customers;
    let rfm = analysis.rfm.as_ref();
    let scored = |rfm: &Rfm| {
        let body = |s: Segment| {
            let (name, rule) = describe(s);
            SegmentBody::of(
                s.as_str(),
                name,
                rule.to_owned(),
                &rfm.sums(s),
                all,
                currency,
            )
        };
        Segment::ALL.into_iter().map(body).collect()
    };
    let fixed = FixedSegment::ALL.into_iter().zip(&analysis.fixed);
    Ok(web::Json(Body {
        scored: rfm.map(scored).unwrap_or_default(),
        scored_reason: rfm.is_none().then(|| {
            format!("quintiles need at least {MIN_CUSTOMERS} customers with an order; there are {all}")
        }),
        grid: rfm.map(|rfm| cells(rfm, currency)).unwrap_or_default(),
        fixed: fixed
            .map(|(segment, sums)| {
                let (name, rule) = match segment {
                    FixedSegment::Vip => (
                        "VIP",
                        format!("more than {} {currency} of net revenue", settings.vip_above),
                    ),
                    FixedSegment::Lapsing => (
                        "At risk by days",
                        format!("no order for more than {} days", settings.at_risk_after_days),
                    ),
                    FixedSegment::OneOrder => ("New", "exactly one order".to_owned()),
                };
                SegmentBody::of(segment.as_str(), name, rule, sums, all, currency)
            })
            .collect(),
        store: StoreRef::of(&store),
        currency: currency.to_string(),
        settings: SettingsBody::from(settings),
        notes: vec![NoteBody {
            code: "consent".to_owned(),
            message: "Whether a customer agreed to marketing is not read yet: check it before you write to anybody on an exported list".to_owned(),
        }],
        as_of: analysed.as_of,
        stale: analysed.stale,
    }))
}

impl SegmentBody {
    fn of(
        id: &str,
        name: &str,
        rule: String,
        sums: &SegmentSums,
        all: u64,
        currency: Currency,
    ) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            rule,
            share: ratio(sums.customers, all),
            sums: SumsBody::of(sums, currency),
        }
    }
}

fn cells(rfm: &Rfm, currency: Currency) -> Vec<CellBody> {
    let mut cells = Vec::with_capacity(25);
    for (recency, row) in (1..).zip(&rfm.grid) {
        for (worth, sums) in (1..).zip(row) {
            cells.push(CellBody {
                recency,
                worth,
                segment: Segment::of(recency, worth).as_str().to_owned(),
                sums: SumsBody::of(sums, currency),
            });
        }
    }
    cells
}

const fn describe(segment: Segment) -> (&'static str, &'static str) {
    match segment {
        Segment::Champions => ("Champions", "bought just now, and often or much"),
        Segment::Loyal => ("Loyal", "buy often or much, and lately"),
        Segment::PotentialLoyalists => ("Potential loyalists", "bought lately, more than once"),
        Segment::NewCustomers => ("New customers", "bought just now, little so far"),
        Segment::Promising => ("Promising", "bought lately, little so far"),
        Segment::NeedsAttention => ("Need attention", "average in everything"),
        Segment::AboutToSleep => ("About to sleep", "little, and not lately"),
        Segment::AtRisk => ("At risk", "used to buy well, long ago"),
        Segment::CannotLose => ("Cannot lose", "among the best, but long ago"),
        Segment::Hibernating => ("Hibernating", "little, and long ago"),
        Segment::Lost => ("Lost", "little, and longest ago"),
    }
}
