//! `POST /v1/imports/{id}/check`, `/start`, `/cancel`, `/undo`

use super::view::ImportBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use domain::import::Import;
use serde::Deserialize;
use utoipa::ToSchema;

fn accepted(app: &App, import: &Import) -> HttpResponse {
    HttpResponse::Accepted().json(ImportBody::of(import, app.now()))
}

#[utoipa::path(
    post, path = "/v1/imports/{id}/check", operation_id = "check_import", tag = "imports",
    summary = "Dry run: reads every row and reports, writes nothing",
    params(("id" = String, Path, format = "uuid")),
    responses(
        (status = 202, body = ImportBody),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "not possible in its state"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the columns are not ready"),
    )
)]
pub(crate) async fn check(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "import")?;
    let import = app.imports.check(who.workspace.id, id).await?;
    Ok(accepted(&app, &import))
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = StartImport)]
pub(crate) struct StartBody {
    /// Leave refused rows out; without it a file with refused rows imports nothing. Of orders only whole ones are imported.
    #[serde(default)]
    good_rows_only: bool,
}

#[utoipa::path(
    post, path = "/v1/imports/{id}/start", operation_id = "start_import", tag = "imports",
    summary = "Imports what was checked",
    params(("id" = String, Path, format = "uuid")),
    request_body = StartBody,
    responses(
        (status = 202, body = ImportBody),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "not checked, refused rows, open questions, or another import of the store is being written"),
    )
)]
pub(crate) async fn start(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<StartBody>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "import")?;
    let import = app
        .imports
        .start(who.workspace.id, id, body.good_rows_only)
        .await?;
    Ok(accepted(&app, &import))
}

#[utoipa::path(
    post, path = "/v1/imports/{id}/cancel", operation_id = "cancel_import", tag = "imports",
    summary = "Stops it; what was written is rolled back",
    params(("id" = String, Path, format = "uuid")),
    responses(
        (status = 202, body = ImportBody),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it has ended"),
    )
)]
pub(crate) async fn cancel(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "import")?;
    let import = app.imports.cancel(who.workspace.id, id).await?;
    Ok(accepted(&app, &import))
}

#[utoipa::path(
    post, path = "/v1/imports/{id}/undo", operation_id = "undo_import", tag = "imports",
    summary = "Puts everything back to what it was before the import",
    params(("id" = String, Path, format = "uuid")),
    responses(
        (status = 202, body = ImportBody),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "only a finished import can be undone"),
    )
)]
pub(crate) async fn undo(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "import")?;
    let import = app.imports.undo(who.workspace.id, id).await?;
    Ok(accepted(&app, &import))
}
