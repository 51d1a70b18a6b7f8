//! The access token: given by a person, or fetched with an app's client credentials and renewed before it dies.
//!
//! Any number of calls may find the token dead at the same time; one of them fetches a new one, the others wait for it.

use crate::errors::{About, Said, translate};
use adapter_kit::{
    Effect, HttpClient, Method, Outcome, Request, Response, Verdict, status_outcome,
};
use chrono::{DateTime, TimeDelta, Utc};
use ports::source::SourceAuth;
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;

const OPERATION: &str = "store.token";

/// A token that was fetched. Kept per account, so that opening a connection again costs no new token.
#[derive(Debug, Clone)]
pub(crate) struct Fetched {
    value: SecretString,
    /// From here on a new one is fetched before the next call.
    renew_at: DateTime<Utc>,
}

/// Where fetched tokens of an account are kept.
#[derive(Debug, Default)]
pub(crate) struct TokenCell(Mutex<Option<Fetched>>);

/// No `Debug`: it holds the token.
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    /// Seconds.
    expires_in: Option<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Refused {
    error: Option<String>,
}

impl TokenCell {
    /// A token that should still work.
    ///
    /// # Errors
    /// `Unauthorized` when the app's credentials are refused; else as [`HttpClient::send`].
    pub(crate) async fn get(
        &self,
        auth: &SourceAuth,
        http: &HttpClient,
        about: About<'_>,
    ) -> PortResult<SecretString> {
        let (id, secret) = match auth {
            SourceAuth::AccessToken(token) => return Ok(token.clone()),
            SourceAuth::ClientCredentials {
                client_id,
                client_secret,
            } => (client_id, client_secret),
        };
        let mut held = self.0.lock().await;
        if let Some(token) = held.as_ref().filter(|t| Utc::now() < t.renew_at) {
            return Ok(token.value.clone());
        }
        let token = fetch(id, secret, http, about).await?;
        Ok(held.insert(token).value.clone())
    }

    /// Drops a token that was refused, unless somebody replaced it already. `false`: there is nothing to renew.
    pub(crate) async fn drop_refused(&self, auth: &SourceAuth, refused: &SecretString) -> bool {
        if matches!(auth, SourceAuth::AccessToken(_)) {
            return false;
        }
        let mut held = self.0.lock().await;
        let same = |t: &Fetched| t.value.expose_secret() == refused.expose_secret();
        if held.as_ref().is_some_and(same) {
            *held = None;
        }
        true
    }
}

async fn fetch(
    id: &str,
    secret: &SecretString,
    http: &HttpClient,
    about: About<'_>,
) -> PortResult<Fetched> {
    let request = Request::new(
        OPERATION,
        Method::POST,
        "admin/oauth/access_token",
        // A second token does no harm: both work until they expire.
        Effect::Write { idempotent: true },
    )
    .form(&[
        ("client_id", id),
        ("client_secret", secret.expose_secret()),
        ("grant_type", "client_credentials"),
    ])
    .classify(verdict);
    let response = http.send(&request).await?;
    if !response.status.is_success() {
        let refused: Refused = serde_json::from_slice(&response.body).unwrap_or_default();
        let said = Said::Token {
            status: response.status.as_u16(),
            error: refused.error.as_deref().unwrap_or_default(),
        };
        let trouble = translate(said, about);
        return Err(PortError::new(
            trouble.kind,
            trouble.retry,
            "shopify",
            OPERATION,
            trouble.detail,
        ));
    }
    let granted: Granted = response.json()?;
    if granted.access_token.is_empty() {
        return Err(PortError::new(
            Kind::Corrupt,
            Retry::Never,
            "shopify",
            OPERATION,
            format!("{} answered without an access token.", about.shop),
        ));
    }
    Ok(Fetched {
        renew_at: renew_at(Utc::now(), granted.expires_in),
        value: SecretString::from(granted.access_token),
    })
}

/// Refusals are read here, not taken for broken credentials of the account: the sentence names the client secret.
fn verdict(response: &Response) -> Verdict {
    match status_outcome(response.status, &response.headers) {
        Outcome::CredentialsBroken => Outcome::Success.into(),
        other => other.into(),
    }
}

/// A tenth of its life before the end, at most five minutes; a token that names no end is kept for a day.
fn renew_at(now: DateTime<Utc>, seconds: Option<i64>) -> DateTime<Utc> {
    let life = seconds.unwrap_or(86_399).clamp(0, 366 * 86_400);
    now + TimeDelta::seconds(life - (life / 10).min(300))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_renewed_before_it_dies() {
        let now: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
        let after = |seconds| (renew_at(now, seconds) - now).num_seconds();
        assert_eq!(after(Some(86_399)), 86_099);
        assert_eq!(after(Some(10)), 9);
        assert_eq!(after(Some(-5)), 0);
        assert_eq!(after(None), 86_099);
    }
}
