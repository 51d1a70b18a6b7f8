//! `GET /`: people go to the browser application, programs learn what is here.

use super::command_center::HOME;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ServiceInfo)]
pub(crate) struct Body {
    service: String,
    status: String,
    version: String,
    endpoints: BTreeMap<String, String>,
}

#[utoipa::path(
    get, path = "/", operation_id = "root", tag = "service",
    summary = "Redirects people, and tells programs what is here",
    responses(
        (status = 200, body = Body, description = "with `Accept: application/json`"),
        (status = 302, description = "to the browser application"),
    )
)]
pub(crate) async fn handle(request: HttpRequest) -> HttpResponse {
    if !wants_json(&request) {
        return HttpResponse::Found()
            .insert_header((header::LOCATION, HOME))
            .insert_header((header::VARY, "Accept"))
            .finish();
    }
    let endpoints = [
        ("command_center", HOME),
        ("docs", "/docs"),
        ("openapi", "/openapi.json"),
        ("health", "/health"),
        ("liveness", "/healthz"),
        ("readiness", "/readyz"),
        ("metrics", "/metrics"),
        ("api", "/v1"),
    ];
    let endpoints = endpoints.map(|(name, path)| (name.to_owned(), path.to_owned()));
    HttpResponse::Ok()
        .insert_header((header::VARY, "Accept"))
        .json(Body {
            service: crate::SERVICE.to_owned(),
            status: "running".to_owned(),
            version: crate::VERSION.to_owned(),
            endpoints: endpoints.into(),
        })
}

pub(super) fn wants_json(request: &HttpRequest) -> bool {
    let accept = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|v| v.to_str().ok());
    accept.is_some_and(|a| {
        a.split(',')
            .any(|part| part.trim().starts_with("application/json"))
    })
}

/// `GET /control-center`, `/dashboard`: addresses of the earlier system.
#[utoipa::path(
    get, path = "/control-center", operation_id = "control_center", tag = "service",
    summary = "Redirects to the browser application",
    responses((status = 307, description = "to the browser application"))
)]
pub(crate) async fn moved() -> HttpResponse {
    HttpResponse::TemporaryRedirect()
        .insert_header((header::LOCATION, HOME))
        .finish()
}

/// `GET /dashboard`
#[utoipa::path(
    get, path = "/dashboard", operation_id = "dashboard", tag = "service",
    summary = "Redirects to the browser application",
    responses((status = 307, description = "to the browser application"))
)]
pub(crate) async fn dashboard() -> HttpResponse {
    moved().await
}
