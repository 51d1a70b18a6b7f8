//! `/v1/costs`: what a unit of each variant costs, and since when.

use super::changes::{ChangeBody, ResultBody, apply, read, store_of};
use super::entry::{Content, ToldSource, id_of, percent, teller};
use crate::auth::Caller;
use crate::http::amounts::{amount, share, unit_amount};
use crate::http::paging;
use crate::http::products::find::source;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use application::costs::{CostFilter, CostQuery, VariantView};
use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::Calendar;
use domain::catalog::CostRecord;
use domain::ids::VariantId;
use domain::inputs::{Input, VariantCost};
use domain::money::Currency;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = VariantCostState)]
pub(crate) enum State {
    Missing,
    /// A share of the price stands in.
    Estimated,
    Known,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// A part of title, vendor, type or a SKU, or a product's number.
    q: Option<String>,
    state: Option<State>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VariantCost)]
pub(crate) struct VariantBody {
    variant_id: String,
    product_id: String,
    product_title: String,
    variant_title: String,
    sku: Option<String>,
    price: String,
    /// What a unit costs now, in `cost_currency`; null when nothing is recorded.
    cost: Option<String>,
    cost_currency: Option<String>,
    /// `missing`, `estimated`, `known`.
    state: String,
    /// `store`, `sheet`, `supplier`, `default`; null when unknown.
    source: Option<String>,
    valid_from: Option<NaiveDate>,
    /// (price − cost) / price, from the present cost or the default; null when unknown or in another currency.
    margin: Option<f64>,
    /// Of the last year.
    net_sales: String,
    /// The part of it that has no cost.
    net_sales_without_cost: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VariantCostList)]
pub(crate) struct ListBody {
    /// Those first that lack a cost for the most net sales of the last year.
    costs: Vec<VariantBody>,
    total: Option<u64>,
    next_cursor: Option<String>,
    currency: String,
    /// The share of the price that stands in for unknown costs.
    default_percent: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CostRecord)]
pub(crate) struct RecordBody {
    /// Names the row in addresses; null for what the store shows.
    id: Option<String>,
    source: String,
    cost: Option<String>,
    currency: Option<String>,
    /// Null: since ever.
    valid_from: Option<NaiveDate>,
    told_by: String,
    #[schema(format = "uuid")]
    import_id: Option<String>,
    observed_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VariantCostHistory)]
pub(crate) struct HistoryBody {
    #[serde(flatten)]
    variant: VariantBody,
    /// Over all sources, oldest first.
    history: Vec<RecordBody>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewVariantCost)]
pub(crate) struct Body {
    /// Null: from `valid_from` on nothing is said, and the next source counts.
    amount: Option<String>,
    currency: Option<String>,
    valid_from: Option<NaiveDate>,
    revision: Option<i64>,
    #[schema(format = "uuid")]
    store_id: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/costs", operation_id = "costs", tag = "costs",
    summary = "Variants with their present cost, those first that lack one for the most sales",
    params(Query),
    responses((status = 200, body = ListBody))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<ListBody>, Problem> {
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let store = store_of(&app, &who, query.store_id.as_deref()).await?;
    let calendar = store
        .calendar()
        .map_err(|e| Problem::bad_request(e.to_string()))?;
    let wanted = CostQuery {
        text: paging::text(query.q.as_ref()),
        filter: query.state.map(|state| match state {
            State::Missing => CostFilter::Missing,
            State::Estimated => CostFilter::Estimated,
            State::Known => CostFilter::Known,
        }),
    };
    let page = app.costs.variants(&store, &wanted, &page).await?;
    let default = app.costs.default_points(&store).await?;
    let body = |v: &VariantView| VariantBody::of(v, store.currency, &calendar);
    Ok(web::Json(ListBody {
        costs: page.items.iter().map(body).collect(),
        total: page.total,
        next_cursor: page.next_cursor,
        currency: store.currency.to_string(),
        default_percent: default.map(percent),
    }))
}

#[utoipa::path(
    get, path = "/v1/costs/{variant}", operation_id = "variant_costs", tag = "costs",
    summary = "A variant with its history of costs",
    params(("variant" = String, Path), super::settings::Query),
    responses((status = 200, body = HistoryBody))
)]
pub(crate) async fn find(
    app: web::Data<App>,
    who: Caller,
    variant: web::Path<String>,
    query: web::Query<super::settings::Query>,
) -> Result<web::Json<HistoryBody>, Problem> {
    let store = store_of(&app, &who, query.store()).await?;
    let calendar = store
        .calendar()
        .map_err(|e| Problem::bad_request(e.to_string()))?;
    let id: VariantId = variant.parse().map_err(|_| Problem::not_found("variant"))?;
    let found = app.costs.history(&store, id).await?;
    let (view, history) = found.ok_or_else(|| Problem::not_found("variant"))?;
    Ok(web::Json(HistoryBody {
        variant: VariantBody::of(&view, store.currency, &calendar),
        history: history
            .iter()
            .map(|r| RecordBody::of(r, &calendar))
            .collect(),
    }))
}

#[utoipa::path(
    put, path = "/v1/costs/{variant}", operation_id = "set_variant_cost", tag = "costs",
    summary = "What a unit of a variant costs from a day on; the affected orders are booked again",
    params(("variant" = String, Path)),
    request_body = Body,
    responses(
        (status = 200, body = ResultBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "somebody else changed it first"),
    )
)]
pub(crate) async fn set(
    app: web::Data<App>,
    who: Caller,
    variant: web::Path<String>,
    body: web::Json<Body>,
) -> Result<web::Json<ResultBody>, Problem> {
    let store = store_of(&app, &who, body.store_id.as_deref()).await?;
    if body.amount.is_none() && body.valid_from.is_none() {
        let message = "is needed, or a day from which on nothing is said";
        return Err(Problem::invalid(vec![FieldError::new("amount", message)]));
    }
    let id: VariantId = variant.parse().map_err(|_| Problem::not_found("variant"))?;
    if app.costs.history(&store, id).await?.is_none() {
        return Err(Problem::not_found("variant"));
    }
    let change = ChangeBody {
        entry: Some(Content::VariantCost {
            variant_id: id.to_string(),
            amount: body.amount.clone(),
            currency: body.currency.clone(),
            valid_from: body.valid_from,
            source: ToldSource::Sheet,
        }),
        remove: None,
        revision: body.revision,
    };
    let changes = read(&app, &who, &store, &[change], false).await?;
    apply(&app, &who, &store, &changes, "costs.set").await
}

/// (price − cost) / price in ten-thousandths.
fn margin(view: &VariantView, currency: Currency) -> Option<i64> {
    let price = view.variant.price;
    let minor = Decimal::from(10_i64.pow(currency.exponent()));
    let cost = match (view.record.as_ref().and_then(|r| r.cost), view.default) {
        (Some(cost), _) if cost.currency == currency => cost.amount * minor,
        (Some(_), _) => return None,
        (None, default) => Decimal::from(price) * Decimal::new(default?, 4),
    };
    let price = Decimal::from(price);
    let share = (price - cost).checked_div(price)?;
    (share * Decimal::from(10_000)).round().to_i64()
}

impl VariantBody {
    fn of(view: &VariantView, currency: Currency, calendar: &Calendar) -> Self {
        let record = view.record.as_ref();
        let cost = record.and_then(|r| r.cost);
        let state = match view.state() {
            CostFilter::Missing => "missing",
            CostFilter::Estimated => "estimated",
            CostFilter::Known => "known",
        };
        let stands_in = view.default.map(|_| "default");
        Self {
            variant_id: view.variant.id.to_string(),
            product_id: view.product.to_string(),
            product_title: view.product_title.clone(),
            variant_title: view.variant.title.clone(),
            sku: view.variant.sku.clone(),
            price: amount(view.variant.price, currency),
            cost: cost.map(|c| unit_amount(c.amount, c.currency)),
            cost_currency: cost.map(|c| c.currency.to_string()),
            state: state.to_owned(),
            source: record
                .map(|r| source(r.source))
                .or(stands_in)
                .map(str::to_owned),
            valid_from: record
                .and_then(|r| r.valid_from)
                .map(|at| calendar.day_of(at)),
            margin: margin(view, currency).map(share),
            net_sales: amount(view.net_sales, currency),
            net_sales_without_cost: amount(view.net_sales_without_cost, currency),
        }
    }
}

impl RecordBody {
    fn of(record: &CostRecord, calendar: &Calendar) -> Self {
        let key = record.origin.map(|_| {
            Input::VariantCost(VariantCost {
                variant: record.variant,
                valid_from: record.valid_from,
                cost: record.cost,
                source: record.source,
            })
            .key()
        });
        Self {
            id: key.as_ref().map(id_of),
            source: source(record.source).to_owned(),
            cost: record.cost.map(|c| unit_amount(c.amount, c.currency)),
            currency: record.cost.map(|c| c.currency.to_string()),
            valid_from: record.valid_from.map(|at| calendar.day_of(at)),
            told_by: record
                .origin
                .map_or("store", |o| teller(o.told_by))
                .to_owned(),
            import_id: record.origin.and_then(|o| o.import).map(|i| i.to_string()),
            observed_at: record.observed_at,
        }
    }
}
