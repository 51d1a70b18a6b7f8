//! The Google Ads API (v26, REST) told in the words of `AdSource` and `AdWriter`.
//!
//! Money is in micros of the account's currency, 64-bit numbers are texts, fields that are nothing are left out, and both answers
//! and errors of `searchStream` come as arrays. Rows that are zero throughout vanish once days are asked for, so what runs is asked
//! for without days. A token lives for an hour and is fetched with the refresh token.

mod client;
mod errors;
mod query;
mod read;
mod tokens;
mod wire;
mod write;

pub use client::GoogleAds;
pub use query::{insights as insights_query, structure as structure_query};

/// The version that this release was made for.
pub const DEFAULT_VERSION: &str = "v26";
pub const DEFAULT_BASE: &str = "https://googleads.googleapis.com";
pub const DEFAULT_TOKEN_URL: &str = "https://oauth2.googleapis.com/token";
