//! `GET /v1/purchase-orders/{id}/file`

use super::paper;
use crate::auth::Caller;
use crate::http::amounts::{optional_amount, unit_amount};
use crate::http::ids::own_id;
use crate::http::reports::csv::safe;
use crate::problem::Problem;
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use domain::purchase::PurchaseOrder;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PurchaseFileFormat)]
pub(crate) enum Format {
    #[default]
    Csv,
    Pdf,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    #[serde(default)]
    #[param(value_type = Option<Format>)]
    format: Format,
}

#[utoipa::path(
    get, path = "/v1/purchase-orders/{id}/file", operation_id = "purchase_order_file", tag = "inventory",
    summary = "The order as a file for the supplier",
    description = "The PDF has the letters of Latin, Greek, Cyrillic, Armenian and Georgian; others, such as Chinese and Arabic, stand as question marks there, and as they are in the CSV.",
    params(("id" = String, Path, format = "uuid"), Query),
    responses(
        (status = 200, description = "the file", content((String = "text/csv"), (Vec<u8> = "application/pdf"))),
        (status = 404, response = crate::openapi::ProblemResponse),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "purchase order")?;
    let order = app.purchases.find(who.workspace.id, id).await?;
    let (kind, ending, bytes) = match query.format {
        Format::Csv => ("text/csv; charset=utf-8", "csv", csv(&order)),
        Format::Pdf => {
            let workspace = &who.workspace;
            let store = app
                .stores
                .pick(workspace.id, Some(order.scope.store))
                .await?;
            let calendar = store
                .calendar()
                .map_err(|e| Problem::bad_request(e.to_string()))?;
            let written_on = calendar.day_of(order.created.at);
            let bytes = paper::write(&order, &workspace.name, written_on);
            ("application/pdf", "pdf", bytes)
        }
    };
    let disposition = format!("attachment; filename=\"{}.{ending}\"", order.name());
    Ok(HttpResponse::Ok()
        .content_type(kind)
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .body(bytes))
}

const COLUMNS: [&str; 8] = [
    "number",
    "supplier",
    "sku",
    "title",
    "quantity",
    "unit_cost",
    "cost",
    "currency",
];

fn csv(order: &PurchaseOrder) -> Vec<u8> {
    // Spreadsheets take a file without the mark for the machine's own character set.
    let mut out = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let lines = order.lines.iter().map(|line| {
        let cells = [
            order.name(),
            order.supplier_name.clone(),
            line.sku.clone().unwrap_or_default(),
            line.title.clone(),
            line.quantity.to_string(),
            unit_amount(line.unit_cost, order.currency),
            optional_amount(line.cost(order.currency), order.currency).unwrap_or_default(),
            order.currency.to_string(),
        ];
        cells.map(|cell| safe(&cell).into_owned())
    });
    // Writing to memory cannot fail, and all records have the same length.
    let written = out
        .write_record(COLUMNS)
        .and_then(|()| lines.into_iter().try_for_each(|l| out.write_record(l)));
    debug_assert!(written.is_ok());
    out.into_inner().unwrap_or_default()
}
