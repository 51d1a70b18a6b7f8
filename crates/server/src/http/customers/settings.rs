//! `GET`, `PUT /v1/customers/settings`

use crate::auth::Caller;
use crate::http::reports::query::store_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use domain::customers::CustomerSettings;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

/// Thresholds of the fixed segments.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CustomerSettings)]
pub(crate) struct SettingsBody {
    /// Whole units of the store's currency: more lifetime net revenue is a VIP.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    vip_above: i64,
    /// More days without an order is at risk.
    #[schema(minimum = 1, maximum = 3650)]
    at_risk_after_days: u32,
}

impl From<CustomerSettings> for SettingsBody {
    fn from(settings: CustomerSettings) -> Self {
        Self {
            vip_above: settings.vip_above,
            at_risk_after_days: settings.at_risk_after_days,
        }
    }
}

#[utoipa::path(
    get, path = "/v1/customers/settings", operation_id = "customer_settings", tag = "customers",
    summary = "Thresholds of the fixed segments",
    params(Query),
    responses((status = 200, body = SettingsBody))
)]
pub(crate) async fn read(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<SettingsBody>, Problem> {
    let store = store_id(query.store_id.as_deref())?;
    let (_, settings) = app.customers.settings(who.workspace.id, store).await?;
    Ok(web::Json(settings.into()))
}

#[utoipa::path(
    put, path = "/v1/customers/settings", operation_id = "save_customer_settings", tag = "customers",
    summary = "Changes the thresholds of the fixed segments",
    params(Query), request_body = SettingsBody,
    responses((status = 200, body = SettingsBody))
)]
pub(crate) async fn write(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
    body: web::Json<SettingsBody>,
) -> Result<web::Json<SettingsBody>, Problem> {
    let store = store_id(query.store_id.as_deref())?;
    let settings = CustomerSettings {
        vip_above: body.vip_above,
        at_risk_after_days: body.at_risk_after_days,
    };
    let (_, saved) = app
        .customers
        .save_settings(who.workspace.id, store, settings)
        .await?;
    Ok(web::Json(saved.into()))
}
