//! A passkey as the API writes it.

use chrono::{DateTime, Utc};
use domain::passkey::Passkey;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Passkey)]
pub(crate) struct PasskeyBody {
    #[schema(format = "uuid")]
    id: String,
    name: String,
    created_at: DateTime<Utc>,
    /// Null when it was never used.
    last_used_at: Option<DateTime<Utc>>,
}

impl PasskeyBody {
    pub(crate) fn of(passkey: &Passkey) -> Self {
        Self {
            id: passkey.id.to_string(),
            name: passkey.name.clone(),
            created_at: passkey.created_at,
            last_used_at: passkey.last_used_at,
        }
    }
}

/// What a browser hands to an authenticator.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PasskeyChallenge)]
pub(crate) struct ChallengeBody {
    /// `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON` of WebAuthn level 3. Good for one answer
    /// within five minutes.
    #[schema(value_type = Object)]
    pub(crate) options: Value,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PasskeyName)]
pub(crate) struct NameBody {
    #[schema(min_length = 1, max_length = 100)]
    pub(crate) name: String,
}

/// The authenticator's answer, as the library reads it.
pub(crate) fn bytes(answer: &Value) -> Vec<u8> {
    // A value that was read from JSON always becomes JSON again.
    serde_json::to_vec(answer).unwrap_or_default()
}
