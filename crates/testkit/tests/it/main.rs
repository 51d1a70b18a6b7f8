//! The fakes obey every law, and the laws catch what breaks them.

#![expect(
    clippy::unwrap_used,
    reason = "a poisoned lock or a refusal is a failed test"
)]

mod builders;
mod fakes;
mod saboteurs;
mod source;
mod supplier_orders;
mod supplier_platforms;
mod writer;
