//! The tables, their columns and types.

use crate::rollup::Measures;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    Text,
    Whole,
    /// Exact, 38 digits, 9 of them after the point.
    Decimal,
    Day,
    Time,
    Truth,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub kind: ColumnType,
    /// Whether every row has it.
    pub required: bool,
}

const fn column(name: &'static str, kind: ColumnType) -> Column {
    Column {
        name,
        kind,
        required: true,
    }
}

const fn maybe(name: &'static str, kind: ColumnType) -> Column {
    Column {
        name,
        kind,
        required: false,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MirrorTable {
    Orders,
    LedgerEntries,
    ProfitDays,
    AdSpend,
}

const ORDERS: &[Column] = &[
    column("store", ColumnType::Text),
    column("day", ColumnType::Day),
    column("order_id", ColumnType::Whole),
    column("currency", ColumnType::Text),
    column("test", ColumnType::Truth),
    column("processed_at", ColumnType::Time),
    column("updated_at", ColumnType::Time),
    maybe("cancelled_at", ColumnType::Time),
    column("channel", ColumnType::Text),
    maybe("country", ColumnType::Text),
    column("financial_status", ColumnType::Text),
    column("fulfillment_status", ColumnType::Text),
    column("edited", ColumnType::Truth),
    column("lines", ColumnType::Whole),
    column("subtotal", ColumnType::Decimal),
    column("discounts", ColumnType::Decimal),
    column("shipping", ColumnType::Decimal),
    column("tax", ColumnType::Decimal),
    column("duties", ColumnType::Decimal),
    column("tips", ColumnType::Decimal),
    column("total", ColumnType::Decimal),
    column("current_total", ColumnType::Decimal),
    column("refunded", ColumnType::Decimal),
];

const LEDGER: &[Column] = &[
    column("store", ColumnType::Text),
    column("day", ColumnType::Day),
    column("order_id", ColumnType::Whole),
    // Its place among the entries of its order, from 0.
    column("entry", ColumnType::Whole),
    column("at", ColumnType::Time),
    column("kind", ColumnType::Text),
    column("reason", ColumnType::Text),
    column("currency", ColumnType::Text),
    column("amount", ColumnType::Decimal),
    column("quantity", ColumnType::Whole),
    maybe("line_id", ColumnType::Whole),
    maybe("product_id", ColumnType::Whole),
    maybe("variant_id", ColumnType::Whole),
    column("cost_basis", ColumnType::Text),
];

const SPEND: &[Column] = &[
    column("store", ColumnType::Text),
    column("day", ColumnType::Day),
    column("account", ColumnType::Text),
    column("platform", ColumnType::Text),
    column("currency", ColumnType::Text),
    column("spend", ColumnType::Decimal),
];

/// Measures that count; the others are amounts.
const COUNTS: [&str; 5] = [
    "orders",
    "orders_containing",
    "units",
    "units_returned",
    "entries",
];

/// Whether a measure counts things; an amount otherwise.
pub(super) fn is_count(measure: &str) -> bool {
    COUNTS.contains(&measure)
}

impl MirrorTable {
    pub const ALL: [Self; 4] = [
        Self::Orders,
        Self::LedgerEntries,
        Self::ProfitDays,
        Self::AdSpend,
    ];

    /// As its table is called, before the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::LedgerEntries => "ledger_entries",
            Self::ProfitDays => "profit_days",
            Self::AdSpend => "ad_spend",
        }
    }

    /// `day` is the store's, but for ad spend: there it is the account's.
    #[must_use]
    pub fn columns(self) -> Vec<Column> {
        match self {
            Self::Orders => ORDERS.to_vec(),
            Self::LedgerEntries => LEDGER.to_vec(),
            Self::AdSpend => SPEND.to_vec(),
            Self::ProfitDays => {
                let mut all = vec![
                    column("store", ColumnType::Text),
                    column("day", ColumnType::Day),
                    column("currency", ColumnType::Text),
                ];
                all.extend(Measures::NAMES.iter().map(|name| {
                    let kind = if is_count(name) {
                        ColumnType::Whole
                    } else {
                        ColumnType::Decimal
                    };
                    column(name, kind)
                }));
                all
            }
        }
    }
}
