//! `GET /v1/forecasts/runs`

use super::view::RunBody;
use crate::auth::Caller;
use crate::http::paging;
use crate::http::reports::query::store_id;
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
#[schema(as = ForecastRunList)]
pub(crate) struct Body {
    /// Newest first.
    runs: Vec<RunBody>,
    total: Option<u64>,
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/forecasts/runs", operation_id = "forecast_runs", tag = "inventory",
    summary = "The nights' work on forecasts, newest first",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let store = store_id(query.store_id.as_deref())?;
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let page = app.forecasts.list(who.workspace.id, store, &page).await?;
    Ok(web::Json(Body {
        runs: page.items.iter().map(RunBody::of).collect(),
        total: page.total,
        next_cursor: page.next_cursor,
    }))
}
