//! `GET /v1/workspace`

use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::rates::MoneyView;
use domain::people::Workspace;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorkspaceSettings)]
pub(crate) struct WorkspaceBody {
    id: String,
    name: String,
    /// In which all stores together are told; null while there is no store.
    currency: Option<String>,
    /// `set`, or `first_store` while nobody chose one.
    currency_from: String,
    /// For how many days an exchange rate stands in for days without one.
    max_rate_age_days: u32,
    /// Of the stores.
    currencies: Vec<String>,
}

#[utoipa::path(
    get, path = "/v1/workspace", operation_id = "workspace", tag = "people",
    summary = "The workspace with its currency",
    responses((status = 200, body = WorkspaceBody))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
) -> Result<web::Json<WorkspaceBody>, Problem> {
    let money = app.rates.money(who.workspace.id).await?;
    Ok(web::Json(WorkspaceBody::of(&who.workspace, &money)))
}

impl WorkspaceBody {
    pub(super) fn of(workspace: &Workspace, money: &MoneyView) -> Self {
        let from = if money.settings.currency.is_some() {
            "set"
        } else {
            "first_store"
        };
        Self {
            id: workspace.id.to_string(),
            name: workspace.name.clone(),
            currency: money.currency.map(|c| c.to_string()),
            currency_from: from.to_owned(),
            max_rate_age_days: money.settings.max_age_days,
            currencies: money.in_use.iter().map(ToString::to_string).collect(),
        }
    }
}
