//! `GET /v1/syncs`

use super::view::SyncBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
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
    connection_id: Option<String>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SyncList)]
pub(crate) struct Body {
    /// Newest first.
    syncs: Vec<SyncBody>,
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/syncs", operation_id = "syncs", tag = "syncs",
    summary = "Runs, newest first",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let connection = query
        .connection_id
        .as_deref()
        .map(|id| own_id(id, "connection"))
        .transpose()?;
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let page = app.syncs.list(who.workspace.id, connection, &page).await?;
    let now = app.now();
    Ok(web::Json(Body {
        syncs: page
            .items
            .iter()
            .map(|run| SyncBody::of(run, now))
            .collect(),
        next_cursor: page.next_cursor,
    }))
}
