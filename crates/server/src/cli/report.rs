//! `royal report profit`: the same figures and the same shape as the API.

use super::{Exit, open, print, print_json};
use crate::compose::Composed;
use crate::config::Settings;
use crate::http::reports::figures::Row;
use crate::http::reports::profit::ProfitBody;
use crate::http::reports::query::{self, By};
use application::reports::{CurrencyChoice, ReportQuery, StoreChoice};
use chrono::NaiveDate;
use clap::{Subcommand, ValueEnum};
use comfy_table::{CellAlignment, Table, presets};
use domain::calendar::Comparison;
use domain::ids::WorkspaceId;

#[derive(Debug, Subcommand)]
pub(super) enum Report {
    /// Profit by day, week, month, store, product, variant, channel or country
    Profit(Profit),
}

#[derive(Debug, clap::Args)]
pub(super) struct Profit {
    /// First day of the store's calendar (default: thirty days up to --to)
    #[arg(long, value_name = "DAY")]
    from: Option<NaiveDate>,
    /// Last day, included (default: today)
    #[arg(long, value_name = "DAY")]
    to: Option<NaiveDate>,
    /// What the rows are
    #[arg(long, value_enum, default_value_t = By::Day)]
    by: By,
    /// Compare with the days before, or with the same days a year earlier
    #[arg(long, value_enum)]
    compare: Option<Compare>,
    /// Id of the store, or all (default: the first one)
    #[arg(long, value_name = "ID", value_parser = chosen_store)]
    store: Option<StoreChoice>,
    /// Currency of the amounts: a code, or workspace (default: the store's own; the workspace's for all)
    #[arg(long, value_name = "CODE", value_parser = chosen_currency)]
    currency: Option<CurrencyChoice>,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Compare {
    Previous,
    Year,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    Csv,
    Json,
}

pub(super) async fn run(settings: Settings, report: Report) -> Result<(), Exit> {
    let Report::Profit(args) = report;
    let composed = open(&settings).await?;
    let asked = ReportQuery {
        workspace: workspace(&composed, args.store).await?,
        store: args.store.unwrap_or_default(),
        currency: args.currency.unwrap_or_default(),
        from: args.from,
        to: args.to,
        compare: args.compare.map(|c| match c {
            Compare::Previous => Comparison::Previous,
            Compare::Year => Comparison::Year,
        }),
    };
    let report = composed.reports.profit(&asked, args.by.split()).await?;
    let body = ProfitBody::of(&report, args.by);
    composed.database.close().await;
    match args.format {
        Format::Json => print_json(&body),
        Format::Csv => print(&String::from_utf8_lossy(&body.csv())),
        Format::Table => print(&table(&body)),
    }
}

pub(super) fn chosen_store(text: &str) -> Result<StoreChoice, String> {
    query::store_choice(Some(text)).ok_or_else(|| "the id of a store, or all".to_owned())
}

pub(super) fn chosen_currency(text: &str) -> Result<CurrencyChoice, String> {
    query::currency_choice(Some(text))
        .ok_or_else(|| "a currency of ISO 4217 such as EUR, store, or workspace".to_owned())
}

/// The one that has the store; without one, the first that has any.
pub(super) async fn workspace(
    composed: &Composed,
    store: Option<StoreChoice>,
) -> Result<WorkspaceId, Exit> {
    let stores = composed.doctor.stores().await?;
    let wanted = match store {
        Some(StoreChoice::One(id)) => Some(id),
        _ => None,
    };
    let found = stores
        .iter()
        .find(|s| wanted.is_none_or(|id| s.scope.store == id));
    match (found, wanted) {
        (Some(found), _) => Ok(found.scope.workspace),
        (None, Some(id)) => Err(Exit::data(format!("there is no store {id}"))),
        (None, None) => Err(Exit::data("no store is connected yet")),
    }
}

const COLUMNS: [&str; 14] = [
    "",
    "orders",
    "units",
    "gross sales",
    "discounts",
    "returns",
    "net sales",
    "cost of goods",
    "shipping cost",
    "fees",
    "ad spend",
    "fixed costs",
    "net profit",
    "covered",
];

fn table(report: &ProfitBody) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(COLUMNS);
    for row in report.rows.iter().chain(std::iter::once(&report.total)) {
        table.add_row(cells(row));
    }
    for (at, column) in table.column_iter_mut().enumerate() {
        let alignment = if at == 0 {
            CellAlignment::Left
        } else {
            CellAlignment::Right
        };
        column.set_cell_alignment(alignment);
    }
    let mut out = format!(
        "{} · {} to {} · {} · {}\n{table}\n",
        report.store.name,
        report.from,
        report.to,
        report.currency,
        report
            .timezone
            .as_deref()
            .unwrap_or("each store's own days")
    );
    for rate in &report.rates {
        out.push_str(&format!("converted: {}\n", rate.in_words()));
    }
    for (field, reason) in &report.unavailable {
        out.push_str(&format!("{field}: {reason}\n"));
    }
    for note in &report.notes {
        out.push_str(&format!("note: {}\n", note.message));
    }
    out
}

fn cells(row: &Row) -> [String; COLUMNS.len()] {
    let known = |value: &Option<String>| value.clone().unwrap_or_else(|| "?".to_owned());
    [
        row.label.clone(),
        row.orders.to_string(),
        row.units.to_string(),
        known(&row.gross_sales),
        known(&row.discounts),
        known(&row.returns),
        known(&row.net_sales),
        known(&row.cost_of_goods),
        known(&row.shipping_cost),
        known(&row.payment_fees),
        known(&row.ad_spend),
        known(&row.fixed_costs),
        known(&row.net_profit),
        row.coverage
            .cost_known()
            .map_or_else(|| "-".to_owned(), |share| format!("{:.0} %", share * 100.0)),
    ]
}
