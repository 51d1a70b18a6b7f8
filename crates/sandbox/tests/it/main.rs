//! The sandbox over real HTTP.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod bulk;
mod changes;
mod client;
mod days;
mod faults;
mod file;
mod graphql;
mod ledger;
mod risk;
mod webhooks;
