//! `PUT /v1/purchase-orders/{id}`

use super::create::{DraftBody, read};
use super::view::OrderBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PurchaseOrderChange)]
pub(crate) struct Body {
    /// Of the draft that was looked at.
    version: i64,
    #[serde(flatten)]
    draft: DraftBody,
}

#[utoipa::path(
    put, path = "/v1/purchase-orders/{id}", operation_id = "write_purchase_order", tag = "inventory",
    summary = "Replaces what a draft says",
    params(("id" = String, Path, format = "uuid")),
    request_body = Body,
    responses(
        (status = 200, body = OrderBody), (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it is no draft, or was changed meanwhile"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "`errors` names each"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<Body>,
) -> Result<web::Json<OrderBody>, Problem> {
    let id = own_id(&id, "purchase order")?;
    let workspace = who.workspace.id;
    app.purchases.find(workspace, id).await?;
    let (draft, by) = (read(&body.draft)?, who.actor());
    let order = app
        .purchases
        .write(workspace, id, body.version, draft, &by)
        .await?;
    Ok(web::Json(OrderBody::of(&app, &who, &order).await?))
}
