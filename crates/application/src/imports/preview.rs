//! The first rows of a file, as they stand and as they are understood.

use super::catalogue::Catalogue;
use super::read;
use super::survey::{Reading, refused};
use super::things::{Outcome, Thing, Things};
use super::upload::blocking;
use super::{ImportError, Imports};
use domain::ids::{ImportId, WorkspaceId};
use domain::import::{Evidence, Layout, Row, RowProblem, Styles, TableRow};
use domain::money::format_minor;
use domain::supplier::{OfferRow, Presence};
use std::sync::Arc;

const RAW_ROWS: usize = 8;
const THINGS: usize = 8;
/// Rows that decide how numbers and dates of the preview are read; the check looks at all.
const LOOK_AT: usize = 500;

#[derive(Debug, Clone)]
pub struct PreviewThing {
    pub first_row: u64,
    /// What it was understood as; `None` when it would be refused.
    pub text: Option<String>,
    pub problems: Vec<RowProblem>,
}

#[derive(Debug, Clone, Default)]
pub struct Preview {
    /// Row number and cells, as they stand.
    pub rows: Vec<(u64, Vec<String>)>,
    pub things: Vec<PreviewThing>,
}

impl Imports {
    /// Empty when the file is not kept any more.
    pub async fn preview(
        &self,
        workspace: WorkspaceId,
        id: ImportId,
    ) -> Result<Preview, ImportError> {
        let import = self.find(workspace, id).await?;
        if import.status.is_over() {
            return Ok(Preview::default());
        }
        let store = self.store_of(&import).await?;
        let calendar = crate::ingest::calendar(&store)?;
        let catalogue = Arc::new(Catalogue::read(&self.ports, import.scope).await?);
        let files = Arc::clone(&self.ports.import_files);
        let preview = blocking(move || {
            let open = || read::open(files.open(id)?).map_err(|e| refused(&e));
            let head = open()?
                .rows
                .take(LOOK_AT)
                .filter_map(Result::ok)
                .collect::<Vec<Row>>();
            let mut preview = Preview {
                rows: head.iter().take(RAW_ROWS).map(raw).collect(),
                things: Vec::new(),
            };
            let Some(mapping) = import.mapping.as_ref().filter(|_| import.faults.is_empty()) else {
                return Ok(preview);
            };
            let mut layout = Layout::new(mapping, &import.file.headers, Styles::default());
            let mut evidence = Evidence::default();
            head.iter().for_each(|row| evidence.look_at(row, &layout));
            layout.styles = evidence.decide(&layout).0;
            let reading = Reading {
                store,
                calendar,
                catalogue,
                layout: Arc::new(layout),
            };
            let table = open()?;
            preview.things = reading.with(|context| {
                let mut things = Things::new(table.rows, &reading.layout, context);
                let mut shown = Vec::new();
                while shown.len() < THINGS {
                    // What cannot be read further on is the check's to tell.
                    let Ok(Some(found)) = things.next() else {
                        break;
                    };
                    let first_row = found.last_row + 1 - found.rows;
                    let (text, problems) = match found.outcome {
                        Outcome::Good(thing, notes) => (Some(describe(&thing)), notes),
                        Outcome::Repeated(note) => (None, vec![note]),
                        Outcome::Refused(problems) => (None, problems),
                    };
                    shown.push(PreviewThing {
                        first_row,
                        text,
                        problems,
                    });
                }
                shown
            });
            Ok(preview)
        })
        .await?;
        Ok(preview)
    }
}

fn raw(row: &Row) -> (u64, Vec<String>) {
    let cut = |cell: &str| cell.chars().take(80).collect();
    (row.number, row.cells().map(cut).collect())
}

fn describe(thing: &Thing) -> String {
    match thing {
        Thing::Order(order) => {
            let total = format_minor(order.totals.total, order.currency);
            let lines = order.lines.len();
            let s = if lines == 1 { "" } else { "s" };
            let at = order.processed_at.format("%Y-%m-%d %H:%M UTC");
            format!(
                "Order {} · {at} · {total} {} · {lines} line{s}",
                order.name, order.currency
            )
        }
        Thing::Product(product) => {
            let n = product.variants.len();
            let s = if n == 1 { "" } else { "s" };
            let costs = product
                .variants
                .iter()
                .filter(|v| v.unit_cost.is_some())
                .count();
            format!("{} · {n} variant{s}, {costs} with a cost", product.title)
        }
        Thing::Row(row) => describe_row(row),
    }
}

fn describe_offer(row: &OfferRow) -> String {
    let title = row.title.as_deref().unwrap_or(row.product_key());
    let name = row
        .name
        .as_ref()
        .map_or(String::new(), |n| format!(" · {n}"));
    let currency = row.currency.map_or(String::new(), |c| format!(" {c}"));
    let cost = match row.cost {
        None => "no cost told".to_owned(),
        Some(cost) if cost.single().is_some() => format!("costs {}{currency}", cost.low),
        Some(cost) => format!("costs {} to {}{currency}", cost.low, cost.high),
    };
    let stock = match row.stock.map(|s| (s.presence, s.quantity)) {
        Some((_, Some(quantity))) => format!(" · {quantity} in stock"),
        Some((Presence::In, None)) => " · in stock".to_owned(),
        Some((Presence::Out, None)) => " · out of stock".to_owned(),
        Some((Presence::Unknown, None)) | None => String::new(),
    };
    format!("{title}{name} · {cost}{stock}")
}

fn describe_row(row: &TableRow) -> String {
    let since =
        |day: Option<chrono::NaiveDate>| day.map_or(String::new(), |d| format!(" from {d}"));
    match row {
        TableRow::Cost(r) => {
            let item = r
                .sku
                .clone()
                .or(r.variant.map(|v| v.to_string()))
                .unwrap_or_default();
            format!(
                "{item} costs {} {}{}",
                r.cost,
                r.currency,
                since(r.valid_from)
            )
        }
        TableRow::Shipping(r) => {
            let to = r.country.as_deref().unwrap_or("everywhere else");
            format!(
                "Shipping to {to} costs {} {}{}",
                format_minor(r.cost, r.currency),
                r.currency,
                since(r.valid_from)
            )
        }
        TableRow::Fee(r) => {
            let percent = r.percent.map_or(String::new(), |p| format!("{p} %"));
            let fixed = r.fixed.map_or(String::new(), |f| {
                format!("{} {}", format_minor(f, r.currency), r.currency)
            });
            let plus = if r.percent.is_some() && r.fixed.is_some() {
                " + "
            } else {
                ""
            };
            format!(
                "{} keeps {percent}{plus}{fixed}{}",
                r.gateway,
                since(r.valid_from)
            )
        }
        TableRow::AdSpend(r) => {
            let campaign = r
                .campaign
                .as_ref()
                .map_or(String::new(), |c| format!(" · {c}"));
            let days = if r.period.from == r.period.to {
                r.period.from.to_string()
            } else {
                format!("{} to {}", r.period.from, r.period.to)
            };
            format!(
                "{}{campaign} · {days} · {} {}",
                r.channel,
                format_minor(r.spend, r.currency),
                r.currency
            )
        }
        TableRow::FixedCost(r) => {
            let days = if r.period.from == r.period.to {
                r.period.from.to_string()
            } else {
                format!("{} to {}", r.period.from, r.period.to)
            };
            format!(
                "{} · {days} · {} {}",
                r.name,
                format_minor(r.amount, r.currency),
                r.currency
            )
        }
        TableRow::Rate(r) => format!("{}: 1 {} is {} {}", r.day, r.base, r.rate, r.quote),
        TableRow::Offer(r) => describe_offer(r),
    }
}
