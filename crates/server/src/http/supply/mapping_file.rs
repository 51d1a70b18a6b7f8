//! `/v1/supplier-mapping-file`: mappings as a CSV file, and back from one after a look.

use crate::auth::Caller;
use crate::http::reports::csv::safe;
use crate::http::reports::query::store_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use application::supply::{FileRow, FileTold, MAPPING_COLUMNS, RowOutcome};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Rows of an answer; all are counted.
const MOST_SHOWN: usize = 500;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SupplierMappingFile)]
pub(crate) struct Body {
    /// The file itself: a header, then a row for each mapping. `variant_id` or `sku`, `supplier_product_id` or `supplier_external_id`,
    /// `supplier_variant`, `pieces`.
    text: String,
    /// Leaves refused rows out; without it a file with such rows changes nothing.
    #[serde(default)]
    good_rows_only: bool,
    #[schema(format = "uuid")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SupplierMappingFileOutcome)]
pub(crate) enum OutcomeBody {
    New,
    Changed,
    Unchanged,
    Refused,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierMappingFileRow)]
pub(crate) struct RowBody {
    /// In the file, from 1.
    line: u64,
    outcome: OutcomeBody,
    /// Why it is left out.
    reason: Option<String>,
    variant_id: Option<String>,
    title: Option<String>,
    #[schema(format = "uuid")]
    supplier_product_id: Option<String>,
    supplier_title: Option<String>,
    supplier_variant: Option<String>,
    pieces: Option<u32>,
}

impl From<&FileRow> for RowBody {
    fn from(row: &FileRow) -> Self {
        let (outcome, reason) = match &row.outcome {
            RowOutcome::New => (OutcomeBody::New, None),
            RowOutcome::Changed => (OutcomeBody::Changed, None),
            RowOutcome::Unchanged => (OutcomeBody::Unchanged, None),
            RowOutcome::Refused(why) => (OutcomeBody::Refused, Some(why.clone())),
        };
        Self {
            line: row.line,
            outcome,
            reason,
            variant_id: row.variant.map(|v| v.to_string()),
            title: row.title.clone(),
            supplier_product_id: row.product.map(|p| p.to_string()),
            supplier_title: row.supplier_title.clone(),
            supplier_variant: row.supplier_variant.clone(),
            pieces: row.pieces,
        }
    }
}

/// What the file would do, or has done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierMappingFileReport)]
pub(crate) struct ReportBody {
    applied: bool,
    new: usize,
    changed: usize,
    unchanged: usize,
    refused: usize,
    /// The refused ones first, at most 500.
    rows: Vec<RowBody>,
}

impl From<FileTold> for ReportBody {
    fn from(told: FileTold) -> Self {
        let is_refused = |row: &&FileRow| matches!(row.outcome, RowOutcome::Refused(_));
        let rows = told.rows.iter().filter(is_refused);
        let others = told.rows.iter().filter(|row| !is_refused(row));
        Self {
            applied: told.applied,
            new: told.count(|o| *o == RowOutcome::New),
            changed: told.count(|o| *o == RowOutcome::Changed),
            unchanged: told.count(|o| *o == RowOutcome::Unchanged),
            refused: told.count(|o| matches!(o, RowOutcome::Refused(_))),
            rows: rows
                .chain(others)
                .take(MOST_SHOWN)
                .map(Into::into)
                .collect(),
        }
    }
}

#[utoipa::path(
    get, path = "/v1/supplier-mapping-file", operation_id = "export_supplier_mappings", tag = "opportunities",
    summary = "All mappings as CSV, for a spreadsheet; the same columns are read back",
    params(Query),
    responses((status = 200, content((String = "text/csv"))))
)]
pub(crate) async fn export(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    let id = store_id(query.store_id.as_deref())?;
    let store = app.supply.store(who.workspace.id, id).await?;
    let rows = app.supply.mappings_as_rows(&store).await?;
    // Spreadsheets take a file without the mark for the machine's own character set.
    let mut out = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let lines = rows
        .iter()
        .map(|row| row.each_ref().map(|cell| safe(cell).into_owned()));
    // Writing to memory cannot fail, and all records have the same length.
    let written = out.write_record(MAPPING_COLUMNS).and_then(|()| {
        lines
            .into_iter()
            .try_for_each(|line| out.write_record(line))
    });
    debug_assert!(written.is_ok());
    let name = "attachment; filename=\"supplier-mappings.csv\"";
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .body(out.into_inner().unwrap_or_default()))
}

async fn told(
    app: &App,
    who: &Caller,
    body: Body,
    apply: bool,
) -> Result<web::Json<ReportBody>, Problem> {
    let id = store_id(body.store_id.as_deref())?;
    let store = app.supply.store(who.workspace.id, id).await?;
    let wish = (apply, body.good_rows_only);
    let told = app
        .supply
        .mappings_from_file(&store, body.text.into_bytes(), wish, &who.actor())
        .await?;
    Ok(web::Json(told.into()))
}

#[utoipa::path(
    post, path = "/v1/supplier-mapping-file/preview", operation_id = "preview_supplier_mappings", tag = "opportunities",
    summary = "Looks at a file of mappings row by row and changes nothing",
    request_body = Body,
    responses(
        (status = 200, body = ReportBody),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it is no such table; `errors` says why"),
    )
)]
pub(crate) async fn preview(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<web::Json<ReportBody>, Problem> {
    told(&app, &who, body.into_inner(), false).await
}

#[utoipa::path(
    post, path = "/v1/supplier-mapping-file", operation_id = "import_supplier_mappings", tag = "opportunities",
    summary = "Takes a file of mappings over, all of its good rows together; what it does not name stays",
    request_body = Body,
    responses(
        (status = 200, body = ReportBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "a mapping was changed otherwise meanwhile"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it is no such table, or has rows that cannot be taken over; `errors` says why"),
    )
)]
pub(crate) async fn import(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<web::Json<ReportBody>, Problem> {
    told(&app, &who, body.into_inner(), true).await
}
