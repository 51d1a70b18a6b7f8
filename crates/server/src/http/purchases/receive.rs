//! `POST /v1/purchase-orders/{id}/receive`

use super::view::OrderBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::purchases::Came;
use chrono::NaiveDate;
use domain::purchase::ReceivedLine;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PurchaseReceivedDraft)]
pub(crate) struct LineBody {
    line: usize,
    quantity: i64,
    note: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PurchaseReceiving)]
pub(crate) struct Body {
    /// Of the order that was looked at.
    version: i64,
    /// Today when left out.
    received_on: Option<NaiveDate>,
    lines: Vec<LineBody>,
    note: Option<String>,
}

#[utoipa::path(
    post, path = "/v1/purchase-orders/{id}/receive", operation_id = "receive_purchase_order", tag = "inventory",
    summary = "Adds goods that came, all or in part",
    description = "Stock itself is counted by the shop; what came is no longer on order.",
    params(("id" = String, Path, format = "uuid")),
    request_body = Body,
    responses(
        (status = 200, body = OrderBody), (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it was not sent, or was changed meanwhile"),
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
    let body = body.into_inner();
    let lines = body.lines.into_iter().map(|l| ReceivedLine {
        line: l.line,
        quantity: l.quantity,
        note: l.note,
    });
    let came = Came {
        received_on: body.received_on,
        lines: lines.collect(),
        note: body.note,
    };
    let by = who.actor();
    let order = app
        .purchases
        .receive(who.workspace.id, id, body.version, came, &by)
        .await?;
    Ok(web::Json(OrderBody::of(&app, &who, &order).await?))
}
