//! `GET` and `PUT /v1/imports/{id}/mapping`

use super::view::{ImportBody, KindBody, MappingBody};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::imports::Imports;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Proposes the columns of this kind; without it the present mapping is answered.
    #[param(inline)]
    kind: Option<KindBody>,
}

#[utoipa::path(
    get, path = "/v1/imports/{id}/mapping", operation_id = "import_mapping", tag = "imports",
    summary = "How the columns are understood, or would be as another kind",
    params(("id" = String, Path, format = "uuid"), Query),
    responses((status = 200, body = MappingBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn get(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<web::Json<MappingBody>, Problem> {
    let import = app
        .imports
        .find(who.workspace.id, own_id(&id, "import")?)
        .await?;
    let mapping = match (query.kind, &import.mapping) {
        (Some(kind), _) => Imports::propose(&import, kind.into()),
        (None, Some(mapping)) => mapping.clone(),
        (None, None) => return Err(Problem::not_found("mapping: no kind was recognised")),
    };
    Ok(web::Json(MappingBody::from(&mapping)))
}

#[utoipa::path(
    put, path = "/v1/imports/{id}/mapping", operation_id = "set_import_mapping", tag = "imports",
    summary = "Says which column is which field, and answers questions",
    params(("id" = String, Path, format = "uuid")),
    request_body = MappingBody,
    responses(
        (status = 200, body = ImportBody, description = "`faults` says what is still missing"),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it is being worked on, or over"),
    )
)]
pub(crate) async fn put(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<MappingBody>,
) -> Result<web::Json<ImportBody>, Problem> {
    let id = own_id(&id, "import")?;
    let import = app
        .imports
        .set_mapping(who.workspace.id, id, body.into_inner().into())
        .await?;
    Ok(web::Json(ImportBody::of(&import, app.now())))
}
