//! `POST /mcp`: the Model Context Protocol over streamable HTTP, without sessions, so that any replica answers.

use crate::auth::{Caller, Permission, is_foreign_page};
use crate::mcp::Mcp;
use crate::problem::Problem;
use crate::state::App;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::assistant::Wisher;
use http_body_util::{BodyExt as _, Full};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use std::sync::Arc;
use uuid::Uuid;

/// What the protocol reads of a request; the rest, who is calling above all, is the gate's.
const HEADERS: &[&str] = &[
    "accept",
    "content-type",
    "host",
    "origin",
    "mcp-protocol-version",
    "mcp-session-id",
    "mcp-method",
    "mcp-name",
    "last-event-id",
];

#[utoipa::path(
    post, path = "/mcp", operation_id = "mcp", tag = "assistant",
    summary = "The assistant's tools by the Model Context Protocol (streamable HTTP, stateless)",
    description = "A JSON-RPC message in, a JSON-RPC message out. Accept has to name application/json and text/event-stream.",
    request_body(content = Object, content_type = "application/json"),
    responses(
        (status = 200, body = Object, content_type = "application/json"), (status = 202, description = "a notification was taken"),
        (status = 400, description = "no message of the protocol"), (status = 406, description = "Accept does not name both forms"),
        (status = 415, description = "not JSON"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    request: HttpRequest,
    body: web::Bytes,
) -> Result<HttpResponse, Problem> {
    if is_foreign_page(&request) {
        return Err(Problem::forbidden(
            "the Origin of the request is neither this server's own nor one of CORS_ALLOWED_ORIGINS",
        ));
    }
    // Whoever may not propose is told of no tool that does.
    let may = who.may(Permission::AssistantPropose);
    let wisher = Wisher::of(&who.user, Uuid::new_v4()).filter(|_| may);
    let mcp = Mcp::new(app.assistant.clone(), who.workspace.id, wisher);
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        // Who may call is known from the token already, so the name under which the server is reached says nothing more.
        .with_allowed_hosts(Vec::<String>::new());
    let service = StreamableHttpService::new(
        move || Ok(mcp.clone()),
        Arc::new(LocalSessionManager::default()),
        config,
    );
    let mut asked = http::Request::builder()
        .method(http::Method::POST)
        .uri("/mcp");
    for name in HEADERS {
        for value in request.headers().get_all(*name) {
            asked = asked.header(*name, value.as_bytes());
        }
    }
    let asked = asked
        .body(Full::new(body))
        .map_err(|error| Problem::bad_request(error.to_string()))?;
    let (head, body) = service.handle(asked).await.into_parts();
    let body = match body.collect().await {
        Ok(body) => body.to_bytes(),
        Err(never) => match never {},
    };
    let status = StatusCode::from_u16(head.status.as_u16());
    let mut response = HttpResponse::build(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    for (name, value) in &head.headers {
        response.append_header((name.as_str(), value.as_bytes()));
    }
    Ok(response.body(body))
}
