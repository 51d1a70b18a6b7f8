//! `GET /v1/agents`

use super::store::Query;
use super::view::{AgentBody, is_active};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgentList)]
pub(crate) struct Body {
    agents: Vec<AgentBody>,
    total: u64,
    /// Those that are enabled and that no stop holds back.
    active: u64,
    timestamp: DateTime<Utc>,
}

#[utoipa::path(
    get, path = "/v1/agents", operation_id = "list_agents", tag = "agents",
    summary = "Agents as they stand in a store",
    params(Query),
    responses((status = 200, body = Body), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let store = query.pick(&app, &who).await?;
    let agents = app.agents.list(&store).await?;
    Ok(web::Json(Body {
        total: agents.len() as u64,
        active: agents.iter().filter(|a| is_active(a)).count() as u64,
        agents: agents.iter().map(AgentBody::of).collect(),
        timestamp: app.now(),
    }))
}
