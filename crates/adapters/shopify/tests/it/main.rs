//! The adapter over real HTTP: against the sandbox store, and against small servers that answer what a test says.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails at once")]

mod documents;
mod made;
mod modes_access;
mod modes_changes;
mod modes_export;
mod modes_webhooks;
mod outreach;
mod refunds;
mod sandbox_store;
mod scripted;
mod shop;
mod support;
mod writer;
