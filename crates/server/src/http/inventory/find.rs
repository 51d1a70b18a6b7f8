//! `GET /v1/inventory/{variant}`

use super::view::{ItemBody, LeadTimeBody};
use crate::auth::Caller;
use crate::http::forecasts::view::ForecastBody;
use crate::http::ids::own_id;
use crate::http::reports::query::store_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::inventory::{Component, Detail, HistoryDay};
use chrono::NaiveDate;
use domain::inventory_plan::{DayLeft, VariantSettings};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InventoryDay)]
pub(crate) struct DayBody {
    day: NaiveDate,
    sold: i64,
    returned: i64,
    /// Null: it was out of stock, so nobody knows.
    demand: Option<f64>,
    /// At the end of the day, over all locations; null: nobody wrote it down.
    stock: Option<i64>,
}

impl From<&HistoryDay> for DayBody {
    fn from(day: &HistoryDay) -> Self {
        Self {
            day: day.day,
            sold: day.sold,
            returned: day.returned,
            demand: day.demand,
            stock: day.stock,
        }
    }
}

/// What is left at the end of a day; `low` and `high` hold 80 %.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StockLeft)]
pub(crate) struct LeftBody {
    day: NaiveDate,
    low: f64,
    expected: f64,
    high: f64,
}

impl From<&DayLeft> for LeftBody {
    fn from(left: &DayLeft) -> Self {
        Self {
            day: left.day,
            low: left.low,
            expected: left.expected,
            high: left.high,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StockArrival)]
pub(crate) struct ArrivalBody {
    /// Null: no day was told. One that is over is overdue and in no cover.
    day: Option<NaiveDate>,
    units: i64,
    #[schema(format = "uuid")]
    purchase_order_id: String,
    number: String,
}

/// A component of a bundle, or a bundle that takes this variant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InventoryComponent)]
pub(crate) struct ComponentBody {
    variant_id: String,
    /// Null: it is not in the catalogue any more.
    title: Option<String>,
    /// Units of the component in one bundle.
    quantity: i64,
    /// What can be sold of it; null: nobody counts it.
    available: Option<i64>,
}

impl From<&Component> for ComponentBody {
    fn from(of: &Component) -> Self {
        Self {
            variant_id: of.variant.to_string(),
            title: of.title.clone(),
            quantity: of.units,
            available: of.there,
        }
    }
}

/// What is set for this variant itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InventoryVariantSettings)]
pub(crate) struct SettingsBody {
    lead_time: Option<LeadTimeBody>,
    pack: Option<i64>,
    minimum: Option<i64>,
    #[schema(format = "uuid")]
    supplier_id: Option<String>,
}

impl From<VariantSettings> for SettingsBody {
    fn from(set: VariantSettings) -> Self {
        Self {
            lead_time: set.lead_time.map(Into::into),
            pack: set.pack,
            minimum: set.minimum,
            supplier_id: set.supplier.map(|id| id.to_string()),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InventoryDetail)]
pub(crate) struct Body {
    #[serde(flatten)]
    item: ItemBody,
    /// At most 180 days, oldest first.
    history: Vec<DayBody>,
    forecast: ForecastBody,
    cover: Vec<LeftBody>,
    arrivals: Vec<ArrivalBody>,
    settings: SettingsBody,
    /// What it is put together from; empty: it is no bundle.
    components: Vec<ComponentBody>,
    /// Bundles that it is a part of.
    part_of: Vec<ComponentBody>,
    currency: String,
    today: NaiveDate,
}

#[utoipa::path(
    get, path = "/v1/inventory/{variant}", operation_id = "inventory_of_variant", tag = "inventory",
    summary = "One variant: its past, its forecast, what is left of it day by day",
    params(("variant" = String, Path, description = "Its number."), Query),
    responses((status = 200, body = Body), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    variant: web::Path<String>,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let store = store_id(query.store_id.as_deref())?;
    let id = own_id(&variant, "variant")?;
    let detail = app.inventory.find(who.workspace.id, store, id).await?;
    let detail = detail.ok_or_else(|| Problem::not_found("variant"))?;
    Ok(web::Json(body(&detail)))
}

fn body(detail: &Detail) -> Body {
    let currency = detail.store.currency;
    let arrivals = detail.coming.iter().map(|(order, units)| ArrivalBody {
        day: order.expected_on,
        units: *units,
        purchase_order_id: order.id.to_string(),
        number: order.name(),
    });
    Body {
        item: ItemBody::of(&detail.item, currency),
        history: detail.history.iter().map(Into::into).collect(),
        forecast: ForecastBody::of(&detail.told),
        cover: detail.cover.iter().map(Into::into).collect(),
        arrivals: arrivals.collect(),
        settings: detail.settings.into(),
        components: detail.components.iter().map(Into::into).collect(),
        part_of: detail.part_of.iter().map(Into::into).collect(),
        currency: currency.to_string(),
        today: detail.today,
    }
}
