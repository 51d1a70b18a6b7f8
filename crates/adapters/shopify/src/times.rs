//! Instants as Shopify's search syntax writes them.

use chrono::{DateTime, SecondsFormat, Utc};

/// `2026-01-31T23:59:59Z`; Shopify's filters count in seconds.
#[must_use]
pub(crate) fn text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
