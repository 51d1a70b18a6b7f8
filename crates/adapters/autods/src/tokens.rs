//! Tokens: sealed in the vault, taken from there by every process, and refreshed before they end.

use crate::oauth::{Grant, Granted, ask, error, sealed};
use adapter_kit::Registry;
use chrono::{DateTime, Duration, Utc};
use ports::clock::Clock;
use ports::secrets::{SecretName, SecretVault};
use ports::{Kind, PortResult};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::sync::Mutex;

/// So long before its end a token is not used any more.
const SPARE: Duration = Duration::minutes(2);
/// Of a token whose end is not told.
const UNTOLD: Duration = Duration::minutes(30);

#[derive(Clone, Serialize, Deserialize)]
struct Held {
    access: String,
    until: DateTime<Utc>,
    /// The newest one: a server may give another with each token.
    refresh: String,
    /// Of the login that it came of: a new login ends what is held.
    login: String,
}

pub(crate) struct Tokens {
    pub(crate) grant: Grant,
    pub(crate) registry: Registry,
    pub(crate) vault: Arc<dyn SecretVault>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) name: SecretName,
    held: Mutex<Option<Held>>,
}

impl Tokens {
    pub(crate) fn new(
        grant: Grant,
        registry: Registry,
        vault: Arc<dyn SecretVault>,
        clock: Arc<dyn Clock>,
        name: SecretName,
    ) -> Self {
        Self {
            grant,
            registry,
            vault,
            clock,
            name,
            held: Mutex::default(),
        }
    }

    pub(crate) async fn get(&self) -> PortResult<SecretString> {
        self.sound(None).await
    }

    /// One in the place of another that was refused.
    pub(crate) async fn instead_of(&self, refused: &SecretString) -> PortResult<SecretString> {
        self.sound(Some(refused.expose_secret())).await
    }

    async fn sound(&self, refused: Option<&str>) -> PortResult<SecretString> {
        let now = self.clock.now();
        let fits = |held: &&Held| held.until - SPARE > now && Some(&*held.access) != refused;
        let mut place = self.held.lock().await;
        if let Some(held) = place.as_ref().filter(fits) {
            return Ok(held.access.clone().into());
        }
        // Another process may have been here.
        let stored = self.stored().await?;
        if let Some(held) = stored.as_ref().filter(fits) {
            *place = Some(held.clone());
            return Ok(held.access.clone().into());
        }
        let refresh = stored.map_or_else(|| self.grant.refresh.clone(), |held| held.refresh);
        let fresh = match self.refreshed(refresh, now).await {
            Ok(fresh) => fresh,
            Err(error) => {
                // Each may hold once: another process may have used it a moment ago.
                let theirs = self.stored().await?.filter(|held| fits(&held));
                let theirs = theirs.ok_or(error)?;
                *place = Some(theirs.clone());
                return Ok(theirs.access.into());
            }
        };
        let (access, text) = (fresh.access.clone(), sealed(&fresh)?);
        // Kept here even where it cannot be stored: the one before holds no more.
        *place = Some(fresh);
        self.vault.put(&self.name, &text, now).await?;
        Ok(access.into())
    }

    async fn stored(&self) -> PortResult<Option<Held>> {
        let text = self.vault.get(&self.name).await?;
        let stored: Option<Held> = text.and_then(|t| serde_json::from_str(t.expose_secret()).ok());
        Ok(stored.filter(|held| held.login == self.grant.refresh))
    }

    async fn refreshed(&self, refresh: String, now: DateTime<Utc>) -> PortResult<Held> {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", &*refresh),
            ("client_id", &*self.grant.client_id),
        ];
        let granted = ask(&self.grant.token_endpoint, &fields, &self.registry).await?;
        let Some(granted) = granted else {
            let detail = "AutoDS ended the login; connect it again";
            return Err(error(Kind::Unauthorized, detail));
        };
        let Granted {
            access_token,
            refresh_token,
            expires_in,
        } = granted;
        let lasts = expires_in.and_then(Duration::try_seconds).unwrap_or(UNTOLD);
        Ok(Held {
            access: access_token,
            until: now + lasts,
            refresh: refresh_token.unwrap_or(refresh),
            login: self.grant.refresh.clone(),
        })
    }
}
