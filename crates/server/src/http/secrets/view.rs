//! A secret without its value.

use chrono::{DateTime, Utc};
use ports::secrets::SecretEntry;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Secret)]
pub(crate) struct SecretBody {
    #[schema(example = "SHOPIFY_ACCESS_TOKEN")]
    name: String,
    /// 1 at first, one more with each new value.
    version: i64,
    created_at: DateTime<Utc>,
    /// To the hour.
    last_used_at: Option<DateTime<Utc>>,
    /// Equal for equal values, and says nothing else of them; null when it does not open.
    fingerprint: Option<String>,
    key_id: String,
    /// Belongs to a connection or a channel and goes with it; else a person entered it.
    managed: bool,
}

impl From<SecretEntry> for SecretBody {
    fn from(entry: SecretEntry) -> Self {
        Self {
            managed: entry.name.contains('/'),
            name: entry.name,
            version: entry.version,
            created_at: entry.created_at,
            last_used_at: entry.last_used_at,
            fingerprint: entry.fingerprint,
            key_id: entry.key_id,
        }
    }
}
