//! `GET /v1/products/{id}/refunds`

use super::list::range;
use crate::auth::Caller;
use crate::http::amounts::{amount, share};
use crate::http::ids::own_id;
use crate::http::reports::query::store_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use application::products::{ORDERS_AT_MOST, RefundPeriod, Refunds, SoldAndReturned};
use chrono::NaiveDate;
use domain::calendar::Grain;
use domain::money::Currency;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RefundRate)]
pub(crate) struct RateBody {
    /// After discounts, before returns.
    sold: String,
    returned: String,
    /// Returned by sold, from 0 on; null when nothing was sold.
    rate: Option<f64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RefundPeriod)]
pub(crate) struct PeriodBody {
    /// `2026-02-14`, `2026-W07` or `2026-02`.
    key: String,
    /// What was sold and what was taken back in the period, whenever it had been sold.
    by_refund_day: RateBody,
    /// What the orders of the period sold, and what of that came back up to now. Null when there are too many orders to read.
    by_order_day: Option<RateBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductRefunds)]
pub(crate) struct Body {
    /// `day`, `week` or `month`, by the length of the range.
    grain: String,
    currency: String,
    /// Orders with this product in the range.
    orders: u64,
    periods: Vec<PeriodBody>,
    /// Why `by_order_day` is null.
    by_order_day_unavailable: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/products/{id}/refunds", operation_id = "product_refunds", tag = "products",
    summary = "How much of a product came back: by the day of the refund, and by the day of the order",
    params(("id" = String, Path, description = "the provider's number"), Query),
    responses((status = 200, body = Body), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let id = own_id(&id, "product")?;
    let store = store_id(query.store_id.as_deref())?;
    let range = range(query.from, query.to)?.ok_or_else(|| {
        Problem::invalid(vec![FieldError::new("from", "is needed, and so is to")])
    })?;
    let workspace = who.workspace.id;
    let found = app.products.find(workspace, store, id, None).await?;
    let (store, _) = found.ok_or_else(|| Problem::not_found("product"))?;
    let refunds = app
        .products
        .refunds(workspace, Some(store.scope.store), id, range)
        .await?
        .ok_or_else(|| Problem::not_found("product"))?;
    Ok(web::Json(Body::of(&refunds, store.currency)))
}

impl Body {
    fn of(refunds: &Refunds, currency: Currency) -> Self {
        let unavailable = format!(
            "there are {} orders with this product in the range, and up to {ORDERS_AT_MOST} are read; choose a shorter one",
            refunds.orders
        );
        Self {
            grain: match refunds.grain {
                Grain::Day => "day",
                Grain::Week => "week",
                Grain::Month => "month",
            }
            .to_owned(),
            currency: currency.to_string(),
            orders: refunds.orders,
            periods: refunds
                .periods
                .iter()
                .map(|p| PeriodBody::of(p, currency))
                .collect(),
            by_order_day_unavailable: (!refunds.by_order_day_complete).then_some(unavailable),
        }
    }
}

impl PeriodBody {
    fn of(period: &RefundPeriod, currency: Currency) -> Self {
        Self {
            key: period.key.clone(),
            by_refund_day: RateBody::of(period.by_refund_day, currency),
            by_order_day: period.by_order_day.map(|p| RateBody::of(p, currency)),
        }
    }
}

impl RateBody {
    fn of(both: SoldAndReturned, currency: Currency) -> Self {
        Self {
            sold: amount(both.sold, currency),
            returned: amount(both.returned, currency),
            rate: both.rate().map(share),
        }
    }
}
