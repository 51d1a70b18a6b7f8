//! `GET /v1/change-sets`

use super::view::{self, SetBody, StatusBody};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::http::paging;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use ports::changes::ChangeFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
    status: Option<StatusBody>,
    /// Proposed by this agent.
    agent: Option<String>,
    /// Proposed by this run of an agent.
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    run: Option<String>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangeSetList)]
pub(crate) struct Body {
    change_sets: Vec<SetBody>,
    total: u64,
    next_cursor: Option<String>,
    /// How many sets of the workspace wait for a decision.
    waiting: u64,
}

#[utoipa::path(
    get, path = "/v1/change-sets", operation_id = "list_change_sets", tag = "changes",
    summary = "Change-sets, newest first",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let store = query.store_id.as_deref().filter(|id| !id.is_empty());
    let run = query.run.as_deref().filter(|id| !id.is_empty());
    let filter = ChangeFilter {
        store: store.map(|id| own_id(id, "store")).transpose()?,
        status: query.status.map(Into::into),
        agent: paging::text(query.agent.as_ref()),
        run: run.map(|id| own_id(id, "run")).transpose()?,
    };
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let workspace = who.workspace.id;
    let page = app.changes.list(workspace, &filter, &page).await?;
    Ok(web::Json(Body {
        change_sets: view::all(&app, &page.items).await?,
        total: page.total.unwrap_or_default(),
        next_cursor: page.next_cursor,
        waiting: app.changes.waiting(workspace).await?,
    }))
}
