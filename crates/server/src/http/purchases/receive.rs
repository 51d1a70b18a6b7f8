//! `POST /v1/purchase-orders/{id}/receive`

use super::view::OrderBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use application::purchases::Came;
use chrono::NaiveDate;
use domain::money::parse_decimal;
use domain::purchase::ReceivedLine;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PurchaseReceivedDraft)]
pub(crate) struct LineBody {
    line: usize,
    quantity: i64,
    /// Of these, how many cannot be sold; left out: nobody looked.
    damaged: Option<i64>,
    /// What one was charged at, in the order's currency; left out: nobody said.
    charged_unit_cost: Option<String>,
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

/// Everything that cannot be read, by its field.
fn read(lines: Vec<LineBody>) -> Result<Vec<ReceivedLine>, Problem> {
    let mut errors = Vec::new();
    let mut read = Vec::with_capacity(lines.len());
    for (at, line) in lines.into_iter().enumerate() {
        let charged = line.charged_unit_cost.as_deref().map(parse_decimal);
        let charged = charged.transpose().unwrap_or_else(|error| {
            let field = format!("lines[{at}].charged_unit_cost");
            errors.push(FieldError::new(&field, error.to_string()));
            None
        });
        read.push(ReceivedLine {
            line: line.line,
            quantity: line.quantity,
            damaged: line.damaged,
            charged,
            shelf: None,
            note: line.note,
        });
    }
    if errors.is_empty() {
        Ok(read)
    } else {
        Err(Problem::unprocessable("order-refused", errors))
    }
}

#[utoipa::path(
    post, path = "/v1/purchase-orders/{id}/receive", operation_id = "receive_purchase_order", tag = "inventory",
    summary = "Adds goods that came, all or in part",
    description = "Stock itself is counted by the shop; what came is no longer on order, and counts as coming until the shop's count has grown by it (at most 14 days).",
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
    let lines = read(body.lines)?;
    let came = Came {
        received_on: body.received_on,
        lines,
        note: body.note,
    };
    let by = who.actor();
    let order = app
        .purchases
        .receive(who.workspace.id, id, body.version, came, &by)
        .await?;
    Ok(web::Json(OrderBody::of(&app, &who, &order).await?))
}
