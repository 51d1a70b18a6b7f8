//! `POST /v1/privacy/requests/{id}/answer`

use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpResponse, web};

#[utoipa::path(
    post, path = "/v1/privacy/requests/{id}/answer", operation_id = "answer_privacy_request", tag = "privacy",
    summary = "Everything that is held about the customer of a data request, as a JSON file",
    description = "It is read now and kept nowhere; the request counts as answered from then on, and can be downloaded again.",
    params(("id" = String, Path)),
    responses(
        (status = 200, content((serde_json::Value = "application/json"))),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, response = crate::openapi::ProblemResponse),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "request")?;
    let disclosure = app.privacy.disclose(who.workspace.id, id).await?;
    let name = format!("personal-data-{id}.json");
    Ok(HttpResponse::Ok()
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .json(disclosure))
}
