//! What happened to a key, for the audit, the live stream and alarms.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::breaker::{Reason, State};
use crate::key::Key;

/// Sent to everybody who subscribed; a slow listener loses the oldest ones.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// A circuit changed its state.
    Circuit {
        key: Key,
        from: State,
        to: State,
        reason: Reason,
        at: DateTime<Utc>,
    },
    /// The provider asked us to wait, or its bucket is empty. Concerns reads and writes of the account.
    Paused {
        provider: &'static str,
        account: String,
        seconds: f64,
        at: DateTime<Utc>,
    },
    /// The credentials do not work: an alarm. No call of the account leaves until they are renewed.
    CredentialsBroken {
        provider: &'static str,
        account: String,
        at: DateTime<Utc>,
    },
    CredentialsRenewed {
        provider: &'static str,
        account: String,
        at: DateTime<Utc>,
    },
}
