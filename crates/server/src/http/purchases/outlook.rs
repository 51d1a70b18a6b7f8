//! `GET /v1/purchase-orders/outlook`

use crate::auth::Caller;
use crate::http::amounts::amount;
use crate::http::reports::query::store_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use application::purchases::OutlookDay;
use chrono::NaiveDate;
use domain::money::Currency;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

const USUAL: u64 = 90;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    #[param(minimum = 1, maximum = 365)]
    days: Option<u64>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PurchaseOutlookSum)]
pub(crate) struct SumBody {
    cash_out: String,
    arriving_units: i64,
    /// Ids of orders.
    orders: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PurchaseOutlookDay)]
pub(crate) struct DayBody {
    day: NaiveDate,
    #[serde(flatten)]
    sum: SumBody,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PurchaseOutlook)]
pub(crate) struct Body {
    from: NaiveDate,
    to: NaiveDate,
    currency: String,
    /// By the day of payment, else the expected day; what was due before counts today. Days without anything are left out.
    days: Vec<DayBody>,
    undated: SumBody,
    /// Of all orders under way.
    open_total: String,
    unavailable: BTreeMap<String, String>,
}

fn sum(day: &OutlookDay, currency: Currency) -> SumBody {
    SumBody {
        cash_out: amount(day.cash_out, currency),
        arriving_units: day.arriving_units,
        orders: day.orders.iter().map(ToString::to_string).collect(),
    }
}

#[utoipa::path(
    get, path = "/v1/purchase-orders/outlook", operation_id = "purchase_outlook", tag = "inventory",
    summary = "What comes and what is paid because of orders under way, by day",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let store = store_id(query.store_id.as_deref())?;
    let days = query.days.unwrap_or(USUAL);
    if !(1..=365).contains(&days) {
        let message = "must be from 1 to 365";
        return Err(Problem::invalid(vec![FieldError::new("days", message)]));
    }
    let outlook = app.purchases.outlook(who.workspace.id, store, days).await?;
    let currency = outlook.store.currency;
    let mut unavailable = BTreeMap::new();
    if !outlook.foreign.is_empty() {
        let names: Vec<_> = outlook.foreign.iter().map(|o| o.name()).collect();
        let why = format!("in another currency, and in no sum: {}", names.join(", "));
        unavailable.insert("cash_out".to_owned(), why);
    }
    let days = outlook.days.iter().map(|(day, told)| DayBody {
        day: *day,
        sum: sum(told, currency),
    });
    Ok(web::Json(Body {
        from: outlook.from,
        to: outlook.to,
        currency: currency.to_string(),
        days: days.collect(),
        undated: sum(&outlook.undated, currency),
        open_total: amount(outlook.open_total, currency),
        unavailable,
    }))
}
