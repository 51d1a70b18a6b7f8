//! `GET /v1/opportunities/{id}`

use super::view::OpportunityBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;

#[utoipa::path(
    get, path = "/v1/opportunities/{id}", operation_id = "opportunity", tag = "opportunities",
    summary = "One opportunity with its factors and offers",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = OpportunityBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<OpportunityBody>, Problem> {
    let id = own_id(&id, "opportunity")?;
    let found = app.opportunities.find(who.workspace.id, id).await?;
    Ok(web::Json(OpportunityBody::of(&found, app.now())))
}
