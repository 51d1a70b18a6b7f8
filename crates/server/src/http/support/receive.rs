//! `POST /v1/webhooks/support/{store}`: taken once it is stored, never before.

use crate::http::ids::own_id;
use crate::http::webhooks::read;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::{HttpRequest, HttpResponse, web};
use application::support::Inbound;
use domain::ids::StoreId;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = InboundMessage)]
pub(crate) struct Body {
    /// How the mail service names it (`Message-ID`): the same message is taken once.
    #[schema(min_length = 1, max_length = 1_000)]
    id: String,
    /// The buyer's address.
    from: String,
    #[serde(default)]
    subject: String,
    /// Plain text.
    text: String,
}

const LONGEST_ID: usize = 1_000;

#[utoipa::path(
    post, path = "/v1/webhooks/support/{store}", operation_id = "support_webhook", tag = "webhooks",
    summary = "Takes a buyer's message from a mail service or a form",
    description = "`X-Support-Timestamp` has the seconds since 1970, `X-Support-Signature` the hexadecimal HMAC-SHA256 of `{timestamp}.{body}` with the \
        secret SUPPORT_WEBHOOK_SECRET; it holds for five minutes. A message that is known already is answered like a new one.",
    params(("store" = String, Path, format = "uuid")),
    request_body(content = Body, content_type = "application/json"),
    responses(
        (status = 202, description = "stored, or known already"),
        (status = 400, response = crate::openapi::ProblemResponse),
        (status = 401, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the signature does not fit, or no secret is set"),
        (status = 413, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "larger than 5 MiB"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    request: HttpRequest,
    store: web::Path<String>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let store: StoreId = own_id(&store, "store")?;
    let body = read(payload).await?;
    let header = |name: &str| {
        let value = request.headers().get(name)?;
        value.to_str().ok().map(str::to_owned)
    };
    let timestamp = header("x-support-timestamp").and_then(|t| t.trim().parse().ok());
    let signature = header("x-support-signature");
    let signed = app
        .support
        .signed_for(store, timestamp, signature.as_deref(), &body);
    let store = signed.await?;
    let read: Body = serde_json::from_slice(&body).map_err(|error| {
        Problem::bad_request(format!("the body is not as it has to be: {error}"))
    })?;
    if read.id.is_empty() || read.id.len() > LONGEST_ID {
        let message = format!("has from 1 to {LONGEST_ID} bytes");
        return Err(Problem::invalid(vec![FieldError::new("id", message)]));
    }
    let inbound = Inbound {
        id: read.id,
        from: read.from,
        subject: read.subject,
        text: read.text,
    };
    app.support.receive(&store, &inbound).await?;
    Ok(HttpResponse::Accepted().finish())
}
