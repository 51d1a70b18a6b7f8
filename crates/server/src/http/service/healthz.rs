//! `GET /healthz`, `/v1/healthz`: the process answers. Looks at nothing else, so that a broken database restarts nobody.

use actix_web::{HttpResponse, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Liveness)]
pub(crate) struct Body {
    status: String,
    service: String,
    timestamp: DateTime<Utc>,
}

#[utoipa::path(
    get, path = "/healthz", operation_id = "liveness", tag = "service",
    summary = "Alive",
    responses((status = 200, body = String, content_type = "text/plain", description = "`ok`"))
)]
pub(crate) async fn text() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body("ok")
}

#[utoipa::path(
    get, path = "/v1/healthz", operation_id = "liveness_json", tag = "service",
    summary = "Alive, as JSON",
    responses((status = 200, body = Body))
)]
pub(crate) async fn json(app: web::Data<crate::state::App>) -> web::Json<Body> {
    web::Json(Body {
        status: "ok".to_owned(),
        service: crate::SERVICE.to_owned(),
        timestamp: app.now(),
    })
}
