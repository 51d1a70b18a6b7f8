//! Meta's Marketing API (v26) told in the words of `AdSource` and `AdWriter`.
//!
//! Money comes as decimal texts in the account's currency, budgets as texts in Meta's own minor units ([`offset`]); a number that
//! is nothing is left out. Short reports are asked for at once, long ones as jobs ([`report`]). What throttles, what is broken and
//! what needs a person is told by codes, whatever the HTTP status ([`errors`]).

mod ads_of;
mod client;
mod errors;
mod offset;
mod read;
mod report;
mod usage;
mod wire;
mod write;

pub use client::MetaAds;
pub use read::{ACCOUNT_FIELDS, INSIGHT_FIELDS, fields_of};
pub use report::ReportLimits;

/// The version that this release was made for; Meta ends versions two years after they came, and calls of a dead one fail.
pub const DEFAULT_VERSION: &str = "v26.0";
pub const DEFAULT_BASE: &str = "https://graph.facebook.com";
