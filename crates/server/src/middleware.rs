//! Around every request: its id, its log line, its figures, and the headers that every answer carries.

use crate::headers;
use crate::request::{self, Current, ID_HEADER};
use crate::routes;
use crate::slow;
use crate::state::App;
use crate::traces;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::HeaderValue;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpRequest, web};
use std::sync::{Arc, LazyLock};
use tracing::Instrument as _;

/// The row of the table that answered, or had no such method; `none` where there is nothing.
fn route(current: &Current, request: &HttpRequest) -> &'static str {
    if let Some(row) = current.row.get() {
        return row;
    }
    let asked = request.match_pattern();
    let known = asked.and_then(|asked| ROWS.iter().find(|path| **path == asked));
    known.copied().unwrap_or("none")
}

static ROWS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| routes::table().iter().map(|entry| entry.path).collect());

pub(crate) async fn around<B: MessageBody>(
    mut service_request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let current = Arc::new(Current::new(
        request::id(service_request.headers()),
        service_request.path().to_owned(),
    ));
    let method = service_request.method().clone();
    if !method.is_safe() {
        let body = service_request.take_payload();
        // A file takes as long as it takes, if only it keeps coming.
        let body = if current.path == "/v1/imports" {
            slow::steady(body)
        } else {
            slow::in_time(body)
        };
        service_request.set_payload(body);
    }
    let app = service_request.app_data::<web::Data<App>>().cloned();
    let headers = service_request.headers();
    let span = traces::request(&current.id, method.as_str(), &current.path, headers);
    let answered = request::within(Arc::clone(&current), next.call(service_request))
        .instrument(span.clone())
        .await;
    if let Some(app) = app.as_ref().filter(|_| !method.is_safe()) {
        app.answers.changed();
    }
    let mut response = answered?;

    let status = response.status().as_u16();
    let took = current.asked.elapsed();
    let route = route(&current, response.request());
    if let Some(app) = &app {
        // Within it, so that the figure knows of whom it is.
        span.in_scope(|| app.figures.answered(method.as_str(), route, status, took));
    }
    traces::answered(&span, method.as_str(), route, status);
    // Probes and scrapes come every few seconds and say nothing when all is well.
    let routine = [
        "/healthz",
        "/v1/healthz",
        "/readyz",
        "/v1/readyz",
        "/metrics",
    ]
    .contains(&route);
    span.in_scope(|| {
        let (path, ms) = (&current.path, took.as_millis());
        if routine && status < 400 {
            tracing::debug!(%method, path, status, ms, "answered");
        } else {
            tracing::info!(%method, path, status, ms, "answered");
        }
    });

    let is_tls = app.is_some_and(|a| a.public.is_tls);
    let headers = response.headers_mut();
    headers::secure(headers, is_tls);
    if let Ok(id) = HeaderValue::from_str(&current.id) {
        headers.insert(ID_HEADER.clone(), id);
    }
    Ok(response)
}
