//! `GET /openapi.json`

use actix_web::HttpResponse;

#[utoipa::path(
    get, path = "/openapi.json", operation_id = "openapi", tag = "service",
    summary = "This description",
    responses((status = 200, body = Object))
)]
pub(crate) async fn handle() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(crate::openapi::text())
}
