//! `GET /docs`: the interactive API reference, from the binary alone.
//!
//! The page of the vendored viewer is replaced by one whose addresses are absolute and which has no inline script.

use crate::headers::DOCS_POLICY;
use crate::problem::Problem;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use std::sync::Arc;
use utoipa_swagger_ui::Config;

const PAGE: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Royal Equips Orchestrator: API reference</title>
<link rel="icon" href="/favicon.ico">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"#;

/// A browser's own session needs the CSRF token with every state-changing call: it is fetched and added.
const START: &str = r#"'use strict'
let csrf = null
fetch('/v1/auth/me').then((r) => (r.ok ? r.json() : null)).then((me) => { csrf = me && me.csrf_token })
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
  requestInterceptor: (request) => {
    if (csrf && request.method && request.method !== 'GET') request.headers['X-CSRF-Token'] = csrf
    return request
  },
})
"#;

/// What the page needs of the viewer, and nothing else.
const FILES: [&str; 2] = ["swagger-ui.css", "swagger-ui-bundle.js"];

#[utoipa::path(
    get, path = "/docs", operation_id = "docs", tag = "service",
    summary = "Interactive API reference",
    responses((status = 200, body = String, content_type = "text/html"))
)]
pub(crate) async fn page() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, DOCS_POLICY))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(PAGE)
}

#[utoipa::path(
    get, path = "/docs/{file}", operation_id = "docs_file", tag = "service",
    summary = "Parts of the API reference's page",
    params(("file" = String, Path)),
    responses((status = 200, description = "the file"), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn file(name: web::Path<String>) -> Result<HttpResponse, Problem> {
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CONTENT_SECURITY_POLICY, DOCS_POLICY));
    response.insert_header((header::CACHE_CONTROL, "public, max-age=86400"));
    if name.as_str() == "start.js" {
        return Ok(response
            .content_type("text/javascript; charset=utf-8")
            .body(START));
    }
    if !FILES.contains(&name.as_str()) {
        return Err(Problem::not_found("file"));
    }
    let found = utoipa_swagger_ui::serve(&name, Arc::new(Config::from("/openapi.json")));
    let file = found
        .map_err(|e| {
            Problem::unavailable("the API reference cannot be shown").caused_by(e.to_string())
        })?
        .ok_or_else(|| Problem::not_found("file"))?;
    if file.gzpipped {
        response.insert_header((header::CONTENT_ENCODING, "gzip"));
    }
    Ok(response
        .content_type(file.content_type)
        .body(file.bytes.into_owned()))
}
