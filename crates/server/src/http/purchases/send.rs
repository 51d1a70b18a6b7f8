//! `POST /v1/purchase-orders/{id}/send`

use super::view::{HowBody, OrderBody};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PurchaseSending)]
pub(crate) struct Body {
    /// Of the order that was looked at.
    version: i64,
    by: HowBody,
}

#[utoipa::path(
    post, path = "/v1/purchase-orders/{id}/send", operation_id = "send_purchase_order", tag = "inventory",
    summary = "Sends an approved order by mail, or notes that somebody sent its file",
    params(("id" = String, Path, format = "uuid")),
    request_body = Body,
    responses(
        (status = 200, body = OrderBody), (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it is not approved, was changed meanwhile, or there is no relay or address"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<Body>,
) -> Result<web::Json<OrderBody>, Problem> {
    let id = own_id(&id, "purchase order")?;
    let by = who.actor();
    let order = app
        .purchases
        .send(who.workspace.id, id, body.version, body.by.into(), &by)
        .await?;
    Ok(web::Json(OrderBody::of(&app, &who, &order).await?))
}
