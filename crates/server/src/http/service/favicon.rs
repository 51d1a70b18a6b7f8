//! `GET /favicon.ico`

use super::command_center::{Dist, embedded};
use crate::problem::Problem;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};

#[utoipa::path(
    get, path = "/favicon.ico", operation_id = "favicon", tag = "service",
    summary = "The icon",
    responses((status = 200, description = "the icon"))
)]
pub(crate) async fn handle(request: HttpRequest) -> Result<HttpResponse, Problem> {
    for name in ["favicon.ico", "icon.svg"] {
        if Dist::get(name).is_some() {
            return embedded(&request, name, "public, max-age=86400");
        }
    }
    Ok(HttpResponse::Ok()
        .content_type("image/svg+xml")
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(include_str!("../../../assets/favicon.svg")))
}
