//! `GET /v1/agents/{id}/runs`

use super::store;
use crate::auth::Caller;
use crate::http::paging;
use crate::http::runs::list::{Body, answer};
use crate::http::runs::view::{KindBody, StatusBody};
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use ports::runs::RunFilter;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// The first one when left out.
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store: Option<String>,
    status: Option<StatusBody>,
    kind: Option<KindBody>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[utoipa::path(
    get, path = "/v1/agents/{id}/runs", operation_id = "list_agent_runs", tag = "agents",
    summary = "Runs of an agent in a store, newest first",
    params(("id" = String, Path), Query),
    responses((status = 200, body = Body), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let store = store::pick(&app, &who, query.store.as_deref()).await?;
    let agent = app.agents.spec(&store, &id).await?;
    let filter = RunFilter {
        store: Some(store.scope.store),
        agent: Some(agent.id.to_string()),
        status: query.status.map(Into::into),
        kind: query.kind.map(KindBody::word),
    };
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    answer(&app, &who, &filter, &page).await
}
