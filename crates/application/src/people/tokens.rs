//! API tokens: shown once, stored as a hash.

use super::secrets::{hash_secret, random_secret};
use super::{People, Principal, Via};
use chrono::Duration;
use domain::ids::TokenId;
use domain::people::{ApiToken, Email};
use ports::{PortError, PortResult};
use uuid::Uuid;

/// Makes a token recognisable, for people and for scanners of leaked secrets.
const PREFIX: &str = "royal_";

#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    #[error("there is no user with the address {0:?}")]
    UnknownUser(String),
    #[error("the name of a token is not empty and has at most 100 characters")]
    BadName,
    #[error("a token is valid for at least a second")]
    BadExpiry,
    #[error(transparent)]
    Port(#[from] PortError),
}

impl People {
    /// The token itself, which nobody can read again.
    pub async fn create_token(
        &self,
        email: &str,
        name: &str,
        scopes: Vec<String>,
        valid_for: Option<Duration>,
    ) -> Result<(String, ApiToken), TokenError> {
        let unknown = || TokenError::UnknownUser(email.to_owned());
        let address = Email::parse(email).map_err(|_| unknown())?;
        let (user, _) = self
            .ports
            .accounts
            .user_by_email(&address)
            .await?
            .ok_or_else(unknown)?;
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 100 {
            return Err(TokenError::BadName);
        }
        if valid_for.is_some_and(|d| d < Duration::seconds(1)) {
            return Err(TokenError::BadExpiry);
        }
        let now = self.ports.clock.now();
        let secret = format!("{PREFIX}{}", random_secret());
        let token = ApiToken {
            id: TokenId(Uuid::now_v7()),
            workspace: user.workspace,
            user: user.id,
            name: name.to_owned(),
            scopes,
            created_at: now,
            expires_at: valid_for.map(|d| now + d),
        };
        self.ports
            .credentials
            .create_token(&token, &hash_secret(&secret))
            .await?;
        Ok((secret, token))
    }

    /// `None` for an unknown or expired token, or one whose user is gone.
    pub async fn by_token(&self, secret: &str) -> PortResult<Option<Principal>> {
        let now = self.ports.clock.now();
        let Some(token) = self
            .ports
            .credentials
            .token(&hash_secret(secret), now)
            .await?
        else {
            return Ok(None);
        };
        let user = self.ports.accounts.user(token.user).await?;
        let via = Via::Token {
            scopes: token.scopes,
        };
        Ok(user.map(|(user, workspace)| Principal {
            user,
            workspace,
            via,
        }))
    }
}
