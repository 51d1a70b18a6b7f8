//! `PUT /v1/workspace`

use super::find::WorkspaceBody;
use crate::auth::Caller;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use domain::money::Currency;
use ports::rates::MoneySettings;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WorkspaceChange)]
pub(crate) struct Body {
    /// Code of ISO 4217; null is that of the first store.
    currency: Option<String>,
    #[schema(maximum = 31)]
    max_rate_age_days: u32,
}

#[utoipa::path(
    put, path = "/v1/workspace", operation_id = "set_workspace", tag = "people",
    summary = "Sets the workspace's currency, and for how long a rate stands in",
    request_body = Body,
    responses((status = 200, body = WorkspaceBody))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<web::Json<WorkspaceBody>, Problem> {
    let currency = body
        .currency
        .as_deref()
        .map(|code| {
            Currency::parse(code)
                .map_err(|e| Problem::invalid(vec![FieldError::new("currency", e.to_string())]))
        })
        .transpose()?;
    let settings = MoneySettings {
        currency,
        max_age_days: body.max_rate_age_days,
    };
    let set = app.rates.set_money(who.workspace.id, who.actor(), settings);
    set.await?;
    let money = app.rates.money(who.workspace.id).await?;
    Ok(web::Json(WorkspaceBody::of(&who.workspace, &money)))
}
