//! `GET /v1/recommendations/export`

use super::list::Query;
use crate::auth::Caller;
use crate::http::reports::csv::safe;
use crate::problem::Problem;
use crate::state::App;
use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web;
use application::agents::Recommended;
use domain::agents::recommendation::{Affinity, Facts};
use domain::ids::ProductId;

const COLUMNS: [&str; 22] = [
    "kind",
    "product_a",
    "title_a",
    "product_b",
    "title_b",
    "product_c",
    "title_c",
    "orders_a",
    "orders_b",
    "orders_c",
    "orders_together",
    "orders_expected",
    "orders_counted",
    "support",
    "support_low",
    "support_high",
    "confidence",
    "confidence_backward",
    "lift",
    "lift_low",
    "lift_high",
    "p",
];

#[utoipa::path(
    get, path = "/v1/recommendations/export", operation_id = "export_recommendations", tag = "analysis",
    summary = "All that is bought together, as CSV",
    description = "One row a pair, then one a bundle of three. A bundle's confidence is from the two others to the product of which chance would explain \
        the most. Without a run there is the head alone.",
    params(Query),
    responses((status = 200, content((String = "text/csv"))))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    let (_, found) = query.found(&app, who.workspace.id).await?;
    let body = write(found.as_ref());
    let name = "attachment; filename=\"recommendations.csv\"";
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .body(body))
}

fn write(found: Option<&Recommended>) -> Vec<u8> {
    // Spreadsheets take a file without the mark for the machine's own character set.
    let mut out = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let mut lines: Vec<Vec<String>> = vec![COLUMNS.map(str::to_owned).into()];
    if let Some(Recommended { facts, found, .. }) = found {
        lines.extend(found.pairs.iter().map(|p| {
            row(
                "pair",
                facts,
                &p.products,
                &p.counts,
                p.together,
                &p.affinity,
            )
        }));
        lines.extend(found.bundles.iter().map(|b| {
            row(
                "bundle",
                facts,
                &b.products,
                &b.counts,
                b.together,
                &b.affinity,
            )
        }));
    }
    for line in lines {
        // Writing to memory cannot fail, and all records have the same length.
        let written = out.write_record(line.iter().map(|c| safe(c).into_owned()));
        debug_assert!(written.is_ok());
    }
    out.into_inner().unwrap_or_default()
}

fn row(
    kind: &str,
    facts: &Facts,
    products: &[ProductId],
    counts: &[u64],
    together: u64,
    of: &Affinity,
) -> Vec<String> {
    let mut cells = vec![kind.to_owned()];
    for at in 0..3 {
        let product = products.get(at);
        cells.push(product.map(ToString::to_string).unwrap_or_default());
        cells.push(product.map(|p| facts.title(*p)).unwrap_or_default());
    }
    for at in 0..3 {
        let count = counts.get(at);
        cells.push(count.map(|n| n.to_string()).unwrap_or_default());
    }
    cells.extend([together.to_string(), format!("{:.3}", of.expected)]);
    cells.push(facts.counted.baskets.to_string());
    let shares = [
        of.support.value,
        of.support.low,
        of.support.high,
        of.confidence.value,
        of.backward.value,
    ];
    cells.extend(shares.map(|share| format!("{share:.6}")));
    cells.extend([of.lift.value, of.lift.low, of.lift.high].map(|lift| format!("{lift:.4}")));
    cells.push(format!("{:e}", of.p));
    cells
}
