//! `GET /v1/reconciliation/runs`

use super::days::store;
use super::view::RunBody;
use crate::auth::Caller;
use crate::http::paging;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    #[param(value_type = Option<String>, format = "uuid")]
    store: Option<String>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReconciliationRunList)]
pub(crate) struct Body {
    /// Newest first.
    runs: Vec<RunBody>,
    total: Option<u64>,
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/reconciliation/runs", operation_id = "reconciliation_runs", tag = "reconciliation",
    summary = "Runs, newest first",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let wanted = store(query.store.as_deref())?;
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let page = app
        .reconciliations
        .list(who.workspace.id, wanted, &page)
        .await?;
    Ok(web::Json(Body {
        runs: page.items.iter().map(RunBody::of).collect(),
        total: page.total,
        next_cursor: page.next_cursor,
    }))
}
