//! Laws of the ledger under any history of an order.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod customer_laws;
mod history;
mod imports;
mod ledger_laws;
mod notifications;
mod reconciliation;
mod rollup_laws;
