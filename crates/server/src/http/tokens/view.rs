//! A token as the API writes it: never its secret.

use chrono::{DateTime, Utc};
use domain::people::ApiToken;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiToken)]
pub(crate) struct TokenBody {
    #[schema(format = "uuid")]
    id: String,
    name: String,
    #[schema(format = "uuid")]
    user_id: String,
    /// Whom it acts for: an address, or the name of a service account.
    user: String,
    /// Empty: everything that its user may do.
    scopes: Vec<String>,
    created_at: DateTime<Utc>,
    /// Null: for ever.
    expires_at: Option<DateTime<Utc>>,
    is_expired: bool,
    /// To the minute; null when it was never used.
    last_used_at: Option<DateTime<Utc>>,
}

impl TokenBody {
    pub(crate) fn of(
        token: &ApiToken,
        user: &str,
        last_used_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id: token.id.to_string(),
            name: token.name.clone(),
            user_id: token.user.to_string(),
            user: user.to_owned(),
            scopes: token.scopes.clone(),
            created_at: token.created_at,
            expires_at: token.expires_at,
            is_expired: token.expires_at.is_some_and(|at| at <= now),
            last_used_at,
        }
    }
}
