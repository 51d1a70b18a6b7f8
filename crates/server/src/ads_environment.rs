//! Ad accounts that the environment names: connected once there is a store, and kept equal to the settings.

use crate::compose::Composed;
use crate::config::Settings;
use crate::worker::Workers;
use application::ads::{AdEnvironment, AdError};
use domain::ads::{AdAccount, AdPlatform};
use ports::PortResult;
use ports::ad_platforms::AdAuth;
use ports::secrets::SecretName;
use secrecy::SecretString;
use std::time::Duration;

/// While the platform does not answer.
const TRY_AGAIN: Duration = Duration::from_secs(30);
/// Between two looks whether there is a store by now, which asks no platform.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

impl Workers {
    /// Each until it is there, or can never be with these settings.
    pub(crate) fn connect_ads(&self, composed: &Composed, settings: &Settings) {
        let place = &settings.ads;
        if place.meta_account.is_none() && place.google_account.is_none() {
            return;
        }
        let (composed, settings) = (composed.clone(), settings.clone());
        let stop = self.stop_token();
        self.spawn(async move {
            let mut left = vec![AdPlatform::Meta, AdPlatform::GoogleAds];
            while !left.is_empty() {
                let mut again = Vec::new();
                let mut wait = LOOK_AGAIN;
                for platform in left {
                    if let Some(after) = ensure(&composed, &settings, platform).await {
                        again.push(platform);
                        wait = wait.max(after);
                    }
                }
                left = again;
                if left.is_empty() {
                    return;
                }
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(wait) => {}
                }
            }
        });
    }
}

/// How long to wait for the next try; `None` when it is there, or can never be with these settings.
async fn ensure(
    composed: &Composed,
    settings: &Settings,
    platform: AdPlatform,
) -> Option<Duration> {
    let wanted = match wanted(composed, settings, platform).await {
        Ok(Some(wanted)) => wanted,
        Ok(None) => return None,
        Err(error) => {
            tracing::warn!(%error, "the environment's ad account could not be looked up; it is tried again");
            return Some(TRY_AGAIN);
        }
    };
    match composed.ads.ensure_from_environment(&wanted).await {
        Ok(Some(account)) => {
            tracing::info!(
                account = account.external_id,
                platform = platform.as_str(),
                "the environment's ad account is connected"
            );
            first_reading(composed, &account).await;
            None
        }
        Ok(None) => Some(LOOK_AGAIN),
        Err(AdError::Port(error)) => {
            tracing::warn!(%error, "the environment's ad account does not answer; it is tried again");
            Some(TRY_AGAIN)
        }
        Err(error) => {
            tracing::error!(%error, platform = platform.as_str(), "the environment's ad account cannot be connected: check its number and credentials");
            None
        }
    }
}

/// Whoever put an account into the environment wants it read.
async fn first_reading(composed: &Composed, account: &AdAccount) {
    let latest = composed.ads.latest(account).await;
    if latest.is_ok_and(|latest| latest.is_none())
        && let Err(error) = composed
            .ads
            .start(account.scope.workspace, account.id)
            .await
    {
        tracing::warn!(%error, "the first reading of the environment's ad account could not be queued");
    }
}

/// `None` where the environment names none, or nothing has its credentials; while there is no workspace it is asked again.
async fn wanted(
    composed: &Composed,
    settings: &Settings,
    platform: AdPlatform,
) -> PortResult<Option<AdEnvironment>> {
    let place = &settings.ads;
    let account = match platform {
        AdPlatform::Meta => place.meta_account.clone(),
        AdPlatform::GoogleAds => place.google_account.clone(),
    };
    let Some(external_id) = account else {
        return Ok(None);
    };
    let workspaces = composed.ports.accounts.workspaces().await?;
    let look_up = async |name: &str| -> Option<SecretString> {
        let resolver = &composed.ports.resolver;
        let name = SecretName {
            workspace: workspaces.first()?.id,
            name: name.to_owned(),
        };
        let found = resolver.resolve(&name, composed.ports.clock.now()).await;
        found.found.map(|found| found.value)
    };
    let auth = match platform {
        AdPlatform::Meta => match look_up("META_ACCESS_TOKEN").await {
            Some(token) => Some(AdAuth::Token {
                token,
                app_secret: look_up("META_APP_SECRET").await,
            }),
            None => None,
        },
        AdPlatform::GoogleAds => {
            let secret = look_up("GOOGLE_ADS_CLIENT_SECRET").await;
            let refresh = look_up("GOOGLE_ADS_REFRESH_TOKEN").await;
            let client = place.google_client_id.clone();
            match (client, secret, refresh) {
                (Some(client_id), Some(client_secret), Some(refresh_token)) => {
                    Some(AdAuth::Refresh {
                        client_id,
                        client_secret,
                        refresh_token,
                        developer_token: look_up("GOOGLE_ADS_DEVELOPER_TOKEN").await,
                    })
                }
                _ => None,
            }
        }
    };
    let Some(auth) = auth else {
        if !workspaces.is_empty() {
            tracing::warn!(
                platform = platform.as_str(),
                "the environment names an ad account, but no place of secrets has its credentials"
            );
            return Ok(None);
        }
        // Whose it would be is not known yet: no credentials are asked for.
        let auth = AdAuth::Token {
            token: SecretString::from(String::new()),
            app_secret: None,
        };
        return Ok(Some(environment(settings, platform, external_id, auth)));
    };
    Ok(Some(environment(settings, platform, external_id, auth)))
}

fn environment(
    settings: &Settings,
    platform: AdPlatform,
    external_id: String,
    auth: AdAuth,
) -> AdEnvironment {
    AdEnvironment {
        platform,
        external_id,
        login_account: match platform {
            AdPlatform::GoogleAds => settings.ads.google_login.clone(),
            AdPlatform::Meta => None,
        },
        base_url: None,
        api_version: None,
        auth,
    }
}
