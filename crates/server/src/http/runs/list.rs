//! `GET /v1/runs`

use super::view::{self, KindBody, RunBody, StatusBody};
use crate::auth::Caller;
use crate::http::paging;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use ports::PageRequest;
use ports::runs::RunFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// The agent's id.
    agent: Option<String>,
    status: Option<StatusBody>,
    kind: Option<KindBody>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RunList)]
pub(crate) struct Body {
    runs: Vec<RunBody>,
    total: u64,
    next_cursor: Option<String>,
}

pub(crate) async fn answer(
    app: &App,
    who: &Caller,
    filter: &RunFilter,
    page: &PageRequest,
) -> Result<web::Json<Body>, Problem> {
    let page = app.agents.runs(who.workspace.id, filter, page).await?;
    Ok(web::Json(Body {
        runs: view::all(app, &page.items).await?,
        total: page.total.unwrap_or_default(),
        next_cursor: page.next_cursor,
    }))
}

#[utoipa::path(
    get, path = "/v1/runs", operation_id = "list_runs", tag = "agents",
    summary = "Runs of all agents, newest first",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let filter = RunFilter {
        store: None,
        agent: paging::text(query.agent.as_ref()),
        status: query.status.map(Into::into),
        kind: query.kind.map(KindBody::word),
    };
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    answer(&app, &who, &filter, &page).await
}
