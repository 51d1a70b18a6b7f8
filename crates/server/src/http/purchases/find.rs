//! `GET /v1/purchase-orders/{id}`

use super::view::OrderBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;

#[utoipa::path(
    get, path = "/v1/purchase-orders/{id}", operation_id = "purchase_order", tag = "inventory",
    summary = "One order of goods",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = OrderBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<OrderBody>, Problem> {
    let id = own_id(&id, "purchase order")?;
    let order = app.purchases.find(who.workspace.id, id).await?;
    Ok(web::Json(OrderBody::of(&app, &who, &order).await?))
}
