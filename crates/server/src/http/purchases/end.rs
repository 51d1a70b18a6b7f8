//! `POST /v1/purchase-orders/{id}/close`, `POST /v1/purchase-orders/{id}/cancel`

use super::view::OrderBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::purchases::Closing;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PurchaseEnd)]
pub(crate) struct Body {
    /// Of the order that was looked at.
    version: i64,
    reason: Option<String>,
}

#[utoipa::path(
    post, path = "/v1/purchase-orders/{id}/close", operation_id = "close_purchase_order", tag = "inventory",
    summary = "Ends an order of which nothing more comes; what is missing stays as a difference",
    params(("id" = String, Path, format = "uuid")),
    request_body = Body,
    responses(
        (status = 200, body = OrderBody), (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "nothing was received, or it was changed meanwhile"),
    )
)]
pub(crate) async fn close(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<Body>,
) -> Result<web::Json<OrderBody>, Problem> {
    end(&app, &who, &id, (Closing::Close, body.into_inner())).await
}

#[utoipa::path(
    post, path = "/v1/purchase-orders/{id}/cancel", operation_id = "cancel_purchase_order", tag = "inventory",
    summary = "Cancels an order of which nothing came",
    params(("id" = String, Path, format = "uuid")),
    request_body = Body,
    responses(
        (status = 200, body = OrderBody), (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "something was received, it has ended, or it was changed meanwhile"),
    )
)]
pub(crate) async fn cancel(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<Body>,
) -> Result<web::Json<OrderBody>, Problem> {
    end(&app, &who, &id, (Closing::Cancel, body.into_inner())).await
}

async fn end(
    app: &App,
    who: &Caller,
    id: &str,
    (how, body): (Closing, Body),
) -> Result<web::Json<OrderBody>, Problem> {
    let id = own_id(id, "purchase order")?;
    let by = who.actor();
    let how = (how, body.reason);
    let order = app
        .purchases
        .end(who.workspace.id, id, body.version, how, &by)
        .await?;
    Ok(web::Json(OrderBody::of(app, who, &order).await?))
}
