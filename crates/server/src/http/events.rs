//! `POST /events`: what happened elsewhere, told so that agents may look.

use crate::auth::Caller;
use crate::idempotency::HEADER;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::{HttpRequest, HttpResponse, web};
use application::agents::AgentError;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewEvent)]
pub(crate) struct Body {
    /// Agents that name it among their triggers start.
    #[schema(min_length = 1, max_length = 120)]
    event_type: String,
    /// A member `store` names the store that is meant; without, every store is.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    data: Value,
    /// When it happened; now when left out.
    timestamp: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AcceptedEvent)]
pub(crate) struct AcceptedBody {
    /// `accepted`: it is kept.
    status: String,
    event_id: String,
    timestamp: DateTime<Utc>,
}

#[utoipa::path(
    post, path = "/events", operation_id = "tell_event", tag = "agents",
    summary = "Tells of something that happened; it is kept when this is answered",
    request_body = Body,
    responses(
        (status = 201, body = AcceptedBody),
        (status = 400, response = crate::openapi::ProblemResponse),
        (status = 413, response = crate::openapi::ProblemResponse),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    request: HttpRequest,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let key = request.headers().get(HEADER);
    // Whose key it is belongs to it; a repeat after a crash names the same event.
    let key = key.map(|key| {
        let mut hash = Sha256::new();
        hash.update(who.key());
        hash.update([0]);
        hash.update(key.as_bytes());
        hex::encode(hash.finalize())
    });
    let accepted = app
        .agents
        .accept(
            who.workspace.id,
            body.event_type,
            body.data,
            body.timestamp,
            key,
        )
        .await
        .map_err(|error| match error {
            AgentError::Invalid(faults) => Problem::invalid(FieldError::all(&faults)),
            error => error.into(),
        })?;
    Ok(HttpResponse::Created().json(AcceptedBody {
        status: "accepted".to_owned(),
        event_id: accepted.id,
        timestamp: accepted.at,
    }))
}
