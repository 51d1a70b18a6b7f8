//! `PUT /v1/agents/{id}`

use super::budget::BudgetBody;
use super::detail::{self, DetailBody, ValuesBody};
use super::store::Query;
use super::view::AutonomyBody;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::agents::ConfigChange;
use domain::money::Currency;
use serde::Deserialize;
use utoipa::ToSchema;

/// What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AgentChange)]
pub(crate) struct Body {
    /// Of the settings that were looked at; anything else is refused.
    version: i64,
    enabled: Option<bool>,
    autonomy: Option<AutonomyBody>,
    /// A cron pattern of five fields in the store's zone.
    schedule: Option<String>,
    /// All of them: what is left out here has its default again.
    values: Option<ValuesBody>,
    budget: Option<BudgetBody>,
    /// Needed where it is to act by itself.
    reason: Option<String>,
}

impl Body {
    fn into_change(self, currency: Currency) -> Result<ConfigChange, Problem> {
        let budget = self.budget.map(|budget| budget.read(currency)).transpose();
        let budget = budget.map_err(|fault| Problem::invalid(vec![fault]))?;
        Ok(ConfigChange {
            version: self.version,
            enabled: self.enabled,
            autonomy: self.autonomy.map(Into::into),
            schedule: self.schedule,
            values: self.values.as_ref().map(detail::read),
            budget,
            reason: self.reason,
        })
    }
}

#[utoipa::path(
    put, path = "/v1/agents/{id}", operation_id = "change_agent", tag = "agents",
    summary = "Sets an agent",
    params(("id" = String, Path), Query),
    request_body = Body,
    responses(
        (status = 200, body = DetailBody),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "somebody else changed it first"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "something is out of its bounds, or the policy was not rehearsed; `errors` names each"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
    body: web::Json<Body>,
) -> Result<web::Json<DetailBody>, Problem> {
    let store = query.pick(&app, &who).await?;
    let change = body.into_inner().into_change(store.currency)?;
    app.agents
        .configure(&store, &id, change, who.actor())
        .await?;
    let standing = app.agents.standing(&store, &id).await?;
    let calibration = app.agents.calibration(&store, &id).await?;
    Ok(web::Json(DetailBody::of(&standing, calibration, &store)))
}
