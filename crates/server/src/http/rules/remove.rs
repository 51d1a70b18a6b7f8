//! `DELETE /v1/rules/{id}`

use super::refused;
use crate::auth::Caller;
use crate::http::agents::store::Query;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};

#[utoipa::path(
    delete, path = "/v1/rules/{id}", operation_id = "remove_rule", tag = "agents",
    summary = "Takes a rule away; its runs and what it proposed stay",
    params(("id" = String, Path, format = "uuid"), Query),
    responses((status = 204), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    let store = query.pick(&app, &who).await?;
    let id = own_id(&id, "rule")?;
    let removed = app.agents.remove_rule(&store, id, who.actor()).await;
    removed.map_err(refused)?;
    Ok(HttpResponse::NoContent().finish())
}
