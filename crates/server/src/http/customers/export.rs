//! `GET /v1/customers/segments/{segment}/export`

use super::list::segment;
use crate::auth::Caller;
use crate::http::amounts::{amount, optional_amount};
use crate::http::reports::csv::safe;
use crate::http::reports::query::store_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{self, Bytes};
use application::customers::{CustomerFilter, Customers, Listing, Visibility};
use domain::money::Currency;
use futures::stream;
use ports::customers::CustomerRow;
use ports::page::MAX_LIMIT;
use ports::{PageRequest, PortResult};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/customers/segments/{segment}/export", operation_id = "export_segment", tag = "customers",
    summary = "The customers of a segment as CSV",
    description = "Only numbers where names and mail addresses are not there. Whether somebody agreed to marketing is not in it: people who may be written to are those of `/v1/segments`.",
    params(("segment" = String, Path, description = "an id of /v1/customers/segments"), Query),
    responses((status = 200, content((String = "text/csv"))))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    name: web::Path<String>,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    let filter = CustomerFilter {
        segment: Some(segment(&name)?),
        ..CustomerFilter::default()
    };
    let store = store_id(query.store_id.as_deref())?;
    let customers = app.customers.clone();
    let listing = customers.listing(who.workspace.id, store, &filter).await?;
    let mut export = Export {
        customers,
        listing,
        cursor: None,
    };
    // The first page is read before anything is answered, so that a refusal is one.
    let first = export.next(true).await?;
    let rest = stream::try_unfold(export, |mut export| async move {
        if export.cursor.is_none() {
            return Ok(None);
        }
        // A broken line tells the reader that the file is cut.
        let page = export.next(false).await.map_err(|error| {
            tracing::error!(%error, "an export of customers is cut: the list could not be read on");
            std::io::Error::other(error)
        })?;
        Ok::<_, std::io::Error>(Some((Bytes::from(page), export)))
    });
    let body = futures::StreamExt::chain(stream::iter([Ok(Bytes::from(first))]), rest);
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"customers-{name}.csv\""),
        ))
        .streaming(body))
}

struct Export {
    customers: Customers,
    listing: Listing,
    cursor: Option<String>,
}

impl Export {
    async fn next(&mut self, first: bool) -> PortResult<Vec<u8>> {
        let page = PageRequest {
            cursor: self.cursor.take(),
            limit: MAX_LIMIT,
        };
        let page = self.customers.page(&self.listing, &page).await?;
        self.cursor = page.next_cursor;
        let (currency, visibility) = (self.listing.store.currency, self.listing.visibility);
        Ok(write(&page.items, currency, visibility, first))
    }
}

/// Names and mail addresses are columns only where they may be there.
fn write(
    rows: &[CustomerRow],
    currency: Currency,
    visibility: Visibility,
    with_head: bool,
) -> Vec<u8> {
    let named = visibility == Visibility::Granted;
    let mark = if with_head { "\u{feff}" } else { "" };
    let mut out = csv::Writer::from_writer(mark.as_bytes().to_vec());
    let mut head = vec!["customer_id"];
    if named {
        head.extend(["name", "email", "country"]);
    }
    head.extend([
        "first_order_on",
        "last_order_on",
        "orders",
        "net_revenue",
        "margin",
        "net_revenue_without_cost",
        "currency",
    ]);
    let mut lines = Vec::new();
    if with_head {
        lines.push(head.into_iter().map(str::to_owned).collect());
    }
    lines.extend(rows.iter().map(|row| line(row, currency, named)));
    for line in lines {
        let cells: Vec<String> = line;
        // Writing to memory cannot fail, and all records have the same length.
        let written = out.write_record(cells.iter().map(|c| safe(c).into_owned()));
        debug_assert!(written.is_ok());
    }
    out.into_inner().unwrap_or_default()
}

fn line(row: &CustomerRow, currency: Currency, named: bool) -> Vec<String> {
    let of = &row.standing;
    let mut cells = vec![of.customer.to_string()];
    if named {
        let person = row.profile.as_ref();
        cells.push(
            person
                .and_then(|p| p.display_name.clone())
                .unwrap_or_default(),
        );
        cells.push(person.and_then(|p| p.email.clone()).unwrap_or_default());
        cells.push(person.and_then(|p| p.country.clone()).unwrap_or_default());
    }
    let margin = super::figures::margin(of.cm2, of.net_revenue, of.net_revenue_without_cost);
    cells.extend([
        of.first_day.to_string(),
        of.last_day.to_string(),
        of.orders.to_string(),
        amount(of.net_revenue, currency),
        optional_amount(margin, currency).unwrap_or_default(),
        amount(of.net_revenue_without_cost, currency),
        currency.to_string(),
    ]);
    cells
}
