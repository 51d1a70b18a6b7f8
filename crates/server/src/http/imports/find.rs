//! `GET /v1/imports/{id}`

use super::view::ImportBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;

#[utoipa::path(
    get, path = "/v1/imports/{id}", operation_id = "import", tag = "imports",
    summary = "One import: where it stands, what was found, what was written",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = ImportBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<ImportBody>, Problem> {
    let id = own_id(&id, "import")?;
    let import = app.imports.find(who.workspace.id, id).await?;
    Ok(web::Json(ImportBody::of(&import, app.now())))
}
