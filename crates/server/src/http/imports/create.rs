//! `POST /v1/imports`: the file itself is the body, streamed to disk.

use super::view::{ImportBody, KindBody};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::{FieldError, Problem};
use crate::slow;
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};
use application::imports::NewImport;
use domain::ids::{StoreId, StoreScope};
use futures::StreamExt as _;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// What the file is called.
    name: String,
    /// The first store when left out.
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
    /// Recognised by the headers when left out.
    #[param(inline)]
    kind: Option<KindBody>,
}

#[utoipa::path(
    post, path = "/v1/imports", operation_id = "upload_import", tag = "imports",
    summary = "Takes a file and says what it is",
    description = "The body is the file itself, byte for byte, streamed to disk: `curl --data-binary @file.csv -H 'content-type: text/csv' …/v1/imports?name=file.csv`. \
        A form (`multipart/form-data`) is refused with 415. Nothing is imported yet: choose the columns, check, then start.",
    params(Query),
    request_body(content = Vec<u8>, content_type = "text/csv"),
    responses(
        (status = 201, body = ImportBody),
        (status = 415, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "a form; the file itself is the body"),
        (status = 413, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "larger than IMPORT_MAX_BYTES"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "no table; `errors` says what it is instead"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    // Taken as it comes, the envelope of a form would be read as rows.
    if request.content_type().starts_with("multipart/") {
        return Err(Problem::unsupported(
            "the file itself is the body: send it as text/csv, not in a form",
        ));
    }
    let query = query.into_inner();
    let name = query.name.trim().to_owned();
    if name.is_empty() {
        return Err(Problem::invalid(vec![FieldError::new("name", "is needed")]));
    }
    let store: Option<StoreId> = query
        .store_id
        .as_deref()
        .map(|id| own_id(id, "store"))
        .transpose()?;
    let store = app.stores.pick(who.workspace.id, store).await?;
    let mut upload = app.imports.upload().await?;
    let mut payload = payload;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| {
            if slow::is_late(&error) {
                return Problem::late();
            }
            Problem::bad_request("the upload ended early: send the file again")
                .caused_by(error.to_string())
        })?;
        upload.write(chunk).await?;
    }
    let scope = StoreScope {
        workspace: who.workspace.id,
        store: store.scope.store,
    };
    let import = upload
        .finish(NewImport {
            scope,
            file_name: name,
            kind: query.kind.map(Into::into),
            mapping: None,
        })
        .await?;
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, format!("/v1/imports/{}", import.id)))
        .json(ImportBody::of(&import, app.now())))
}
