//! `GET /v1/imports/mappings` and `DELETE /v1/imports/mappings/{header_set}`

use super::view::MappingBody;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SavedImportMapping)]
pub(crate) struct SavedBody {
    /// The same for files with the same columns.
    header_set: String,
    /// The file for which it was chosen last.
    name: String,
    mapping: MappingBody,
    saved_at: DateTime<Utc>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SavedImportMappingList)]
pub(crate) struct Body {
    mappings: Vec<SavedBody>,
}

#[utoipa::path(
    get, path = "/v1/imports/mappings", operation_id = "import_mappings", tag = "imports",
    summary = "Mappings that are reused for files with the same columns",
    responses((status = 200, body = Body))
)]
pub(crate) async fn list(app: web::Data<App>, who: Caller) -> Result<web::Json<Body>, Problem> {
    let saved = app.imports.mappings(who.workspace.id).await?;
    let mappings = saved.into_iter().map(|s| SavedBody {
        mapping: MappingBody::from(&s.mapping),
        header_set: s.header_set,
        name: s.name,
        saved_at: s.saved_at,
    });
    Ok(web::Json(Body {
        mappings: mappings.collect(),
    }))
}

#[utoipa::path(
    delete, path = "/v1/imports/mappings/{header_set}", operation_id = "forget_import_mapping", tag = "imports",
    summary = "Forgets a kept mapping",
    params(("header_set" = String, Path)),
    responses((status = 204, description = "forgotten, or never known"))
)]
pub(crate) async fn forget(
    app: web::Data<App>,
    who: Caller,
    header_set: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    app.imports
        .forget_mapping(who.workspace.id, &header_set)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
