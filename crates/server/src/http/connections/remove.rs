//! `DELETE /v1/connections/{id}`

use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Also deletes every order, product and figure of its store.
    #[serde(default)]
    purge: bool,
}

#[utoipa::path(
    delete, path = "/v1/connections/{id}", operation_id = "disconnect", tag = "connections",
    summary = "Removes a connection and its credentials; facts stay unless purged",
    params(("id" = String, Path, format = "uuid"), Query),
    responses((status = 204, description = "removed"), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "connection")?;
    let was_there = app
        .connections
        .remove(who.workspace.id, id, query.purge, who.actor())
        .await?;
    if !was_there {
        return Err(Problem::not_found("connection"));
    }
    Ok(HttpResponse::NoContent().finish())
}
