//! `GET /v1/imports`

use super::view::ImportBody;
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
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportList)]
pub(crate) struct Body {
    /// Newest first.
    imports: Vec<ImportBody>,
    total: Option<u64>,
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/imports", operation_id = "imports", tag = "imports",
    summary = "Imports, newest first",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let store = query
        .store_id
        .as_deref()
        .map(|id| own_id(id, "store"))
        .transpose()?;
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let page = app.imports.list(who.workspace.id, store, &page).await?;
    let now = app.now();
    Ok(web::Json(Body {
        imports: page.items.iter().map(|i| ImportBody::of(i, now)).collect(),
        total: page.total,
        next_cursor: page.next_cursor,
    }))
}
