//! Deterministic facts: the same calls give the same values, and each order is consistent in itself, so that the sum of its
//! agreements is the provider's total.

mod ads;
mod changes;
mod goods;
mod inputs;
mod line;
mod notices;
mod offers;
mod order;
mod order_events;
mod people;
mod product;
mod random;
mod reconciliation;
mod runs;
mod store;
mod supplier_accounts;
mod supplier_book;

pub use ads::{ad_account, ad_sync_run, insight};
pub use changes::{approved_change_set, change_set};
pub use goods::{
    day_scores, forecast, forecast_run, inventory_settings, level, purchase, supplier,
};
pub use inputs::{ad_spend, imported, origin, recost_run, recost_run_of, variant_cost};
pub use line::LineBuilder;
pub use notices::{channel, delivery, news};
pub use offers::{heard, offer_row, offered, opportunity, trend_series};
pub use order::OrderBuilder;
pub use people::{api_token, audit_entry, invitation, session, user, workspace};
pub use product::{ProductBuilder, VariantBuilder};
pub use random::{Dice, random_order};
pub use reconciliation::{days, reconciled, reconciliation};
pub use runs::{agent_config, agent_run, guardrails, log_line};
pub use store::{connection, connection_of, scope, store, store_of, sync_run};
pub use supplier_accounts::{supplier_account, supplier_sync_run};
pub use supplier_book::{supplier_mapping, supplier_order};

use chrono::{DateTime, NaiveDate, Utc};
use domain::money::Currency;

/// RFC 3339, or a day alone (its first instant).
///
/// # Panics
/// When it is neither.
#[must_use]
pub fn at(text: &str) -> DateTime<Utc> {
    let full = if text.contains('T') {
        text.to_owned()
    } else {
        format!("{text}T00:00:00Z")
    };
    full.parse().expect("an RFC 3339 time")
}

/// # Panics
/// When the text is no day of the form `2026-01-31`.
#[must_use]
pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// # Panics
/// When there is no such currency.
#[must_use]
pub fn currency(code: &str) -> Currency {
    Currency::parse(code).expect("a currency of ISO 4217")
}
