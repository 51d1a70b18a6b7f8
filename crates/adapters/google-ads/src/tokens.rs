//! Tokens that live for an hour, fetched with the refresh token; one at a time.

use crate::client::PROVIDER;
use adapter_kit::{
    Effect, HttpClient, Method, Outcome, Request, Response, Verdict, status_outcome,
};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

const OPERATION: &str = "ads.token";

pub(crate) struct Tokens {
    pub(crate) http: HttpClient,
    pub(crate) client_id: String,
    pub(crate) client_secret: SecretString,
    pub(crate) refresh_token: SecretString,
    pub(crate) held: Mutex<Option<(SecretString, Instant)>>,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: Option<u64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Refused {
    error: String,
}

impl Tokens {
    pub(crate) async fn get(&self) -> PortResult<SecretString> {
        let mut held = self.held.lock().await;
        if let Some((token, until)) = held.as_ref()
            && Instant::now() < *until
        {
            return Ok(token.clone());
        }
        let (token, life) = self.fetch().await?;
        // A tenth of its life before its end, at most five minutes.
        let spare = (life / 10).min(Duration::from_secs(300));
        *held = Some((token.clone(), Instant::now() + life.saturating_sub(spare)));
        Ok(token)
    }

    /// Drops a token that was refused, unless somebody replaced it already.
    pub(crate) async fn drop_refused(&self, refused: &SecretString) {
        let mut held = self.held.lock().await;
        let same = |t: &SecretString| t.expose_secret() == refused.expose_secret();
        if held.as_ref().is_some_and(|(t, _)| same(t)) {
            *held = None;
        }
    }

    async fn fetch(&self) -> PortResult<(SecretString, Duration)> {
        let effect = Effect::Write { idempotent: true };
        let request = Request::new(OPERATION, Method::POST, "", effect)
            .form(&[
                ("grant_type", "refresh_token"),
                ("client_id", &self.client_id),
                ("client_secret", self.client_secret.expose_secret()),
                ("refresh_token", self.refresh_token.expose_secret()),
            ])
            .classify(verdict);
        let response = self.http.send(&request).await?;
        let error =
            |kind, detail: String| PortError::new(kind, Retry::Never, PROVIDER, OPERATION, detail);
        if !response.status.is_success() {
            let refused: Refused = serde_json::from_slice(&response.body).unwrap_or_default();
            let detail = match refused.error.as_str() {
                "invalid_grant" => "Google has withdrawn the refresh token, or it has expired (7 days, while the app is in testing). Grant access again, and enter the new one.".to_owned(),
                "invalid_client" | "unauthorized_client" => "Google does not know this OAuth client. Check GOOGLE_ADS_CLIENT_ID and GOOGLE_ADS_CLIENT_SECRET.".to_owned(),
                other => format!("Google gave no token: {} {other}", response.status),
            };
            return Err(error(Kind::Unauthorized, detail));
        }
        let granted: Granted = response.json()?;
        if granted.access_token.is_empty() {
            return Err(error(
                Kind::Corrupt,
                "Google answered without a token.".to_owned(),
            ));
        }
        let life = Duration::from_secs(granted.expires_in.unwrap_or(3600).clamp(1, 86_400));
        Ok((SecretString::from(granted.access_token), life))
    }
}

/// Refusals are read here, not taken for broken credentials of the account.
fn verdict(response: &Response) -> Verdict {
    match status_outcome(response.status, &response.headers) {
        Outcome::CredentialsBroken => Outcome::Success.into(),
        other => other.into(),
    }
}
