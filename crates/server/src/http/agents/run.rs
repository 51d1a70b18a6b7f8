//! `POST /v1/agents/{id}/run`

use super::store::Query;
use crate::auth::Caller;
use crate::http::runs::view::StatusBody;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::http::header;
use actix_web::{Error, HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = NewRun)]
pub(crate) struct Body {
    /// Kept with the run.
    #[schema(value_type = Option<Object>)]
    parameters: Option<Value>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StartedRun)]
pub(crate) struct StartedBody {
    /// The run's id.
    #[schema(format = "uuid")]
    session_id: String,
    agent_id: String,
    status: StatusBody,
    created_at: DateTime<Utc>,
    #[schema(value_type = Object)]
    parameters: Value,
}

#[utoipa::path(
    post, path = "/v1/agents/{id}/run", operation_id = "run_agent", tag = "agents",
    summary = "Queues a run",
    params(("id" = String, Path), Query),
    request_body(content = Option<Body>),
    responses(
        (status = 201, body = StartedBody),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "one is under way: `run_id` names it"),
        (status = 423, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "a stop is on"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
    request: HttpRequest,
    body: Result<web::Json<Option<Body>>, Error>,
) -> Result<HttpResponse, Error> {
    let body = if is_empty(&request) {
        Body::default()
    } else {
        body?.into_inner().unwrap_or_default()
    };
    let parameters = match body.parameters {
        None | Some(Value::Null) => json!({}),
        Some(parameters @ Value::Object(_)) => parameters,
        Some(_) => {
            let error = FieldError::new("parameters", "is an object, or is left out");
            return Err(Problem::invalid(vec![error]).into());
        }
    };
    let store = query.pick(&app, &who).await?;
    let started = app.agents.start(&store, &id, parameters, who.actor());
    let run = started.await.map_err(Problem::from)?;
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, format!("/v1/runs/{}", run.id)))
        .json(StartedBody {
            session_id: run.id.to_string(),
            agent_id: run.agent,
            status: run.status.into(),
            created_at: run.created_at,
            parameters: run.parameters,
        }))
}

/// Whether nothing was sent but the address.
fn is_empty(request: &HttpRequest) -> bool {
    let headers = request.headers();
    let length = headers.get(header::CONTENT_LENGTH);
    let has_bytes = length.is_some_and(|length| length != "0");
    !has_bytes
        && !headers.contains_key(header::TRANSFER_ENCODING)
        && !headers.contains_key(header::CONTENT_TYPE)
}
