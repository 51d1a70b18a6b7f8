//! `GET /v1/change-sets/{id}`

use super::view::{self, SetBody};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;

#[utoipa::path(
    get, path = "/v1/change-sets/{id}", operation_id = "find_change_set", tag = "changes",
    summary = "One change-set, with what each operation came to",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = SetBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<SetBody>, Problem> {
    let id = own_id(&id, "change-set")?;
    let set = app.changes.find(who.workspace.id, id).await?;
    let set = set.ok_or_else(|| Problem::not_found("change-set"))?;
    Ok(web::Json(view::one(&app, &set).await?))
}
