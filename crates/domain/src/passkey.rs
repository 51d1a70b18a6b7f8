//! Passkeys: key pairs whose private half never leaves a person's device.

use crate::ids::{PasskeyId, UserId};
use chrono::{DateTime, Utc};

/// More than anybody has devices.
pub const MOST_PASSKEYS: usize = 20;

/// What is known of a passkey. Nothing of it lets anybody in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    pub id: PasskeyId,
    pub user: UserId,
    /// As its person calls it.
    pub name: String,
    /// How the authenticator calls it.
    pub credential: Vec<u8>,
    /// The public key, with what stays as it was when the passkey was made.
    pub key: Vec<u8>,
    /// What each use may change: the count of uses, whether there are copies.
    pub state: Vec<u8>,
    pub created_at: DateTime<Utc>,
    pub last_used_at: Option<DateTime<Utc>>,
}
