//! `POST /v1/webhooks/{cjdropshipping,printful}/{account}`: only says what is to be looked at again.

use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpRequest, HttpResponse, web};

/// As CJ signs: HMAC-SHA256 over the raw body, base64.
const CJ_SIGNATURE: &str = "sign";
/// As Printful signs: HMAC-SHA256 over the raw body, in hexadecimal digits.
const PRINTFUL_SIGNATURE: &str = "x-pf-webhook-signature";

#[utoipa::path(
    post, path = "/v1/webhooks/cjdropshipping/{account}", operation_id = "cjdropshipping_webhook", tag = "webhooks",
    summary = "Takes a message that CJdropshipping signed",
    description = "The raw body is signed: `sign`. Nothing that stands in a message is believed: what it names is read again, so that one that comes twice costs a second look and nothing else.",
    params(("account" = String, Path, format = "uuid")),
    request_body(content = Vec<u8>, content_type = "application/json"),
    responses(
        (status = 200, description = "taken"),
        (status = 401, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the signature does not fit"),
        (status = 413, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "larger than 5 MiB"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    request: HttpRequest,
    account: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    taken(&app, &request, &account, payload, CJ_SIGNATURE).await
}

#[utoipa::path(
    post, path = "/v1/webhooks/printful/{account}", operation_id = "printful_webhook", tag = "webhooks",
    summary = "Takes a message that Printful signed",
    description = "The raw body is signed: `x-pf-webhook-signature`. Nothing that stands in a message is believed: what it names is read again, so that one that comes twice costs a second look and nothing else.",
    params(("account" = String, Path, format = "uuid")),
    request_body(content = Vec<u8>, content_type = "application/json"),
    responses(
        (status = 200, description = "taken"),
        (status = 401, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the signature does not fit"),
        (status = 413, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "larger than 5 MiB"),
    )
)]
pub(crate) async fn printful(
    app: web::Data<App>,
    request: HttpRequest,
    account: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    taken(&app, &request, &account, payload, PRINTFUL_SIGNATURE).await
}

async fn taken(
    app: &App,
    request: &HttpRequest,
    account: &str,
    payload: web::Payload,
    header: &str,
) -> Result<HttpResponse, Problem> {
    let account = own_id(account, "supplier account")?;
    let body = crate::http::webhooks::read(payload).await?;
    let signature = request.headers().get(header);
    let signature = signature.and_then(|value| value.to_str().ok());
    app.supply.accept(account, signature, &body).await?;
    Ok(HttpResponse::Ok().finish())
}
