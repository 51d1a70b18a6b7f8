//! Tokens: sealed in the vault, taken from there by every process, refreshed before they end, and asked for with the key only where
//! nothing else is left. Nobody logs in twice within five minutes: CJ answers such calls with the same token, or not at all.

use crate::client::PROVIDER;
use crate::codes::{Head, Meaning, verdict};
use crate::loose::Loose;
use crate::wire::Granted;
use adapter_kit::{Effect, HttpClient, Method, Request};
use chrono::{DateTime, Duration, Utc};
use ports::clock::Clock;
use ports::secrets::{SecretName, SecretVault};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::Mutex;

const OPERATION: &str = "supplier.token";
/// So long before its end a token is not used any more.
const SPARE: Duration = Duration::hours(1);
const BETWEEN_LOGINS: Duration = Duration::minutes(5);
/// Of a token whose end is not told.
const UNTOLD: Duration = Duration::days(1);

/// As it lies in the vault.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Held {
    access: String,
    access_until: DateTime<Utc>,
    refresh: String,
    refresh_until: DateTime<Utc>,
    /// In digits; messages of the supplier are signed with it.
    open_id: String,
    logged_in_at: DateTime<Utc>,
}

pub(crate) struct Tokens {
    pub(crate) http: HttpClient,
    pub(crate) api_key: SecretString,
    pub(crate) vault: Arc<dyn SecretVault>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) name: SecretName,
    /// One at a time asks for tokens, and what it got is remembered.
    pub(crate) held: Mutex<Option<Held>>,
}

fn error(kind: Kind, retry: Retry, detail: impl Into<String>) -> PortError {
    PortError::new(kind, retry, PROVIDER, OPERATION, detail)
}

fn instant(told: &Loose, else_: DateTime<Utc>) -> DateTime<Utc> {
    let text = told.text();
    let read = text.and_then(|t| DateTime::parse_from_rfc3339(&t).ok());
    read.map_or(else_, |t| t.with_timezone(&Utc))
}

impl Tokens {
    pub(crate) async fn get(&self) -> PortResult<SecretString> {
        self.sound(None).await.map(|held| held.access.into())
    }

    /// One in the place of another that was refused, whatever its date says.
    pub(crate) async fn instead_of(&self, refused: &SecretString) -> PortResult<SecretString> {
        let held = self.sound(Some(refused.expose_secret())).await?;
        Ok(held.access.into())
    }

    pub(crate) async fn open_id(&self) -> PortResult<SecretString> {
        self.sound(None).await.map(|held| held.open_id.into())
    }

    async fn sound(&self, refused: Option<&str>) -> PortResult<Held> {
        let now = self.clock.now();
        let fits = |held: &Held| held.access_until - SPARE > now && Some(&*held.access) != refused;
        let mut place = self.held.lock().await;
        if let Some(held) = place.as_ref().filter(|h| fits(h)) {
            return Ok(held.clone());
        }
        // Another process may have been here.
        let stored = self.stored().await?;
        if let Some(held) = stored.as_ref().filter(|h| fits(h)) {
            *place = Some(held.clone());
            return Ok(held.clone());
        }
        let fresh = self.renewed(stored, now).await?;
        let text = serde_json::to_string(&fresh)
            .map_err(|_| error(Kind::Corrupt, Retry::Never, "tokens cannot be written"))?;
        self.vault
            .put(&self.name, &SecretString::from(text), now)
            .await?;
        *place = Some(fresh.clone());
        Ok(fresh)
    }

    async fn stored(&self) -> PortResult<Option<Held>> {
        let text = self.vault.get(&self.name).await?;
        // What cannot be read is as good as none; its text is never told.
        Ok(text.and_then(|t| serde_json::from_str(t.expose_secret()).ok()))
    }

    async fn renewed(&self, stored: Option<Held>, now: DateTime<Utc>) -> PortResult<Held> {
        if let Some(held) = stored.as_ref().filter(|h| h.refresh_until - SPARE > now) {
            let body = json!({"refreshToken": held.refresh});
            let asked = self.ask("authentication/refreshAccessToken", &body).await?;
            if let Ok(granted) = asked {
                return Ok(self.held(granted, held.logged_in_at, now));
            }
        }
        if let Some(held) = stored.filter(|h| now - h.logged_in_at < BETWEEN_LOGINS) {
            let wait = BETWEEN_LOGINS - (now - held.logged_in_at);
            let detail = "CJdropshipping refuses a token that it has just given; it is asked for another one later";
            let wait = wait.to_std().unwrap_or_default();
            return Err(error(Kind::RateLimited, Retry::After(wait), detail));
        }
        let body = json!({"apiKey": self.api_key.expose_secret()});
        match self.ask("authentication/getAccessToken", &body).await? {
            Ok(granted) => Ok(self.held(granted, now, now)),
            Err(head) => {
                let detail = format!(
                    "CJdropshipping does not accept the API key (code {}). Make a new one under My CJ, Authorization, API, and enter it.",
                    head.code
                );
                Err(error(Kind::Unauthorized, Retry::Never, detail))
            }
        }
    }

    fn held(&self, granted: Granted, logged_in_at: DateTime<Utc>, now: DateTime<Utc>) -> Held {
        Held {
            access_until: instant(&granted.access_token_expiry_date, now + UNTOLD),
            refresh_until: instant(&granted.refresh_token_expiry_date, now + UNTOLD),
            access: granted.access_token,
            refresh: granted.refresh_token,
            open_id: granted.open_id.text().unwrap_or_default(),
            logged_in_at,
        }
    }

    async fn ask(&self, path: &str, body: &Value) -> PortResult<Result<Granted, Head>> {
        let effect = Effect::Write { idempotent: true };
        let request = Request::new(OPERATION, Method::POST, path, effect)
            .json(body)
            .classify(verdict);
        let response = self.http.send(&request).await?;
        let head = Head::of(&response).unwrap_or_default();
        match head.meaning() {
            Meaning::Fine => {
                #[derive(Deserialize)]
                struct Whole {
                    data: Granted,
                }
                Ok(Ok(response.json::<Whole>()?.data))
            }
            Meaning::Token | Meaning::Refused => Ok(Err(head)),
            _ => Err(error(
                Kind::RateLimited,
                Retry::After(std::time::Duration::from_secs(300)),
                head.told(),
            )),
        }
    }
}
