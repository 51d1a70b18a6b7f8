//! `POST /v1/purchase-orders`

use super::view::OrderBody;
use crate::auth::Caller;
use crate::http::reports::query::store_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use application::purchases::{LineWanted, OrderDraft};
use chrono::NaiveDate;
use domain::money::parse_decimal;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PurchaseLineDraft)]
pub(crate) struct LineBody {
    variant_id: String,
    quantity: i64,
    /// In the supplier's currency.
    unit_cost: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = PurchaseOrderDraft)]
pub(crate) struct DraftBody {
    #[schema(format = "uuid")]
    supplier_id: String,
    expected_on: Option<NaiveDate>,
    pay_on: Option<NaiveDate>,
    note: Option<String>,
    lines: Vec<LineBody>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewPurchaseOrder)]
pub(crate) struct Body {
    #[schema(format = "uuid")]
    store_id: Option<String>,
    #[serde(flatten)]
    draft: DraftBody,
}

/// Everything that cannot be read, by its field.
pub(super) fn read(body: &DraftBody) -> Result<OrderDraft, Problem> {
    let mut errors = Vec::new();
    let supplier = body.supplier_id.parse().ok();
    if supplier.is_none() {
        errors.push(FieldError::new("supplier_id", "is no supplier's id"));
    }
    let mut lines = Vec::with_capacity(body.lines.len());
    for (at, line) in body.lines.iter().enumerate() {
        let variant = line.variant_id.parse().ok();
        if variant.is_none() {
            let field = format!("lines[{at}].variant_id");
            errors.push(FieldError::new(&field, "is no variant's number"));
        }
        let unit_cost = parse_decimal(&line.unit_cost).map_err(|error| {
            let field = format!("lines[{at}].unit_cost");
            errors.push(FieldError::new(&field, error.to_string()));
        });
        if let (Some(variant), Ok(unit_cost)) = (variant, unit_cost) {
            lines.push(LineWanted {
                variant,
                quantity: line.quantity,
                unit_cost,
            });
        }
    }
    match supplier.filter(|_| errors.is_empty()) {
        Some(supplier) => Ok(OrderDraft {
            supplier,
            expected_on: body.expected_on,
            pay_on: body.pay_on,
            note: body.note.clone(),
            lines,
        }),
        None => Err(Problem::unprocessable("order-refused", errors)),
    }
}

#[utoipa::path(
    post, path = "/v1/purchase-orders", operation_id = "create_purchase_order", tag = "inventory",
    summary = "Writes a draft",
    request_body = Body,
    responses(
        (status = 201, body = OrderBody),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "`errors` names each"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let store = store_id(body.store_id.as_deref())?;
    let draft = read(&body.draft)?;
    let by = who.actor();
    let workspace = who.workspace.id;
    let order = app.purchases.create(workspace, store, draft, &by).await?;
    let place = format!("/v1/purchase-orders/{}", order.id);
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, place))
        .json(OrderBody::of(&app, &who, &order).await?))
}
