//! `GET /v1/supplier-products/{id}/image`: the browser names a product, never an address.

use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

/// Whatever came of a supplier's file, nothing in it runs or loads anything.
const POLICY: &str = "default-src 'none'; sandbox";
/// The picture of a product may become another.
const CACHE: &str = "private, max-age=86400";

#[utoipa::path(
    get, path = "/v1/supplier-products/{id}/image", operation_id = "supplier_product_image", tag = "opportunities",
    summary = "The picture of a supplier's product",
    description = "Fetched from wherever the supplier says it is, scaled down to at most 480 pixels a side, encoded anew and kept for a day.",
    params(("id" = String, Path, format = "uuid")),
    responses(
        (status = 200, body = Vec<u8>, content_type = "image/jpeg"),
        (status = 304, description = "it is the one that If-None-Match names"),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 502, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the supplier's host does not answer as it should"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "supplier product")?;
    let picture = app.pictures.show(who.workspace.id, id).await?;
    let etag = format!("\"{}\"", picture.mark);
    let asked = request.headers().get(header::IF_NONE_MATCH);
    let asked = asked.and_then(|value| value.to_str().ok());
    let is_known = asked.is_some_and(|all| all.split(',').any(|one| one.trim() == etag));
    let mut response = if is_known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response.insert_header((header::CACHE_CONTROL, CACHE));
    response.insert_header((header::ETAG, etag));
    response.insert_header((header::CONTENT_SECURITY_POLICY, POLICY));
    if is_known {
        return Ok(response.finish());
    }
    Ok(response
        .content_type(picture.media_type)
        .body(picture.bytes))
}
