//! `POST /v1/webhooks/shopify/{connection}`: acknowledged once it is durable, never before.

use super::ids::own_id;
use crate::problem::Problem;
use crate::slow;
use crate::state::App;
use actix_web::{HttpRequest, HttpResponse, web};
use futures::StreamExt as _;

pub(crate) const MAX_BODY: usize = 5 * 1024 * 1024;

#[utoipa::path(
    post, path = "/v1/webhooks/shopify/{connection}", operation_id = "shopify_webhook", tag = "webhooks",
    summary = "Takes a webhook that the shop signed",
    description = "The raw body is signed: X-Shopify-Hmac-SHA256. A delivery that is known already is answered like a new one.",
    params(("connection" = String, Path, format = "uuid")),
    request_body(content = Vec<u8>, content_type = "application/json"),
    responses(
        (status = 202, description = "stored, or known already"),
        (status = 401, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the signature does not fit"),
        (status = 413, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "larger than 5 MiB"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    request: HttpRequest,
    connection: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let connection = own_id(&connection, "connection")?;
    let body = read(payload).await?;
    let headers = request.headers().iter().filter_map(|(name, value)| {
        let value = value.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    });
    let headers: Vec<(String, String)> = headers.collect();
    app.webhooks.accept(connection, &headers, &body).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// The whole body, as it came: the signature is over its bytes.
pub(crate) async fn read(mut payload: web::Payload) -> Result<Vec<u8>, Problem> {
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| {
            if slow::is_late(&error) {
                return Problem::late();
            }
            Problem::bad_request("the body ended early").caused_by(error.to_string())
        })?;
        if body.len() + chunk.len() > MAX_BODY {
            return Err(Problem::too_large(MAX_BODY));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
