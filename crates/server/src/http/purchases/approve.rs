//! `POST /v1/purchase-orders/{id}/approve`

use super::view::OrderBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PurchaseApproval)]
pub(crate) struct Body {
    /// Of the draft that was looked at.
    version: i64,
}

#[utoipa::path(
    post, path = "/v1/purchase-orders/{id}/approve", operation_id = "approve_purchase_order", tag = "inventory",
    summary = "Says yes to a draft; its goods count as coming from then on",
    params(("id" = String, Path, format = "uuid")),
    request_body = Body,
    responses(
        (status = 200, body = OrderBody), (status = 404, response = crate::openapi::ProblemResponse),
        (status = 403, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "orders of this size need somebody else's yes, or an admin's"),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it is no draft, or was changed meanwhile"),
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
        .approve(who.workspace.id, id, body.version, (&by, who.user.role))
        .await?;
    Ok(web::Json(OrderBody::of(&app, &who, &order).await?))
}
