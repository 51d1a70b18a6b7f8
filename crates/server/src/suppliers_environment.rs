//! Suppliers whose keys the environment has: connected once there is a store, and their keys kept equal to it.

use crate::compose::Composed;
use crate::config::Settings;
use crate::worker::Workers;
use application::suppliers::{SupplierEnvironment, SupplierError};
use domain::supplier::{Platform, SupplierAccount};
use ports::PortResult;
use ports::secrets::SecretName;
use std::time::Duration;

/// While the supplier does not answer.
const TRY_AGAIN: Duration = Duration::from_secs(30);
/// Between two looks whether there is a store by now, which asks no supplier.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

impl Workers {
    /// Each until it is there, or can never be with these settings. Without anything to look for nothing is connected.
    pub(crate) fn connect_suppliers(&self, composed: &Composed, settings: &Settings) {
        let searches = settings.suppliers.searches.clone();
        if searches.is_empty() {
            return;
        }
        let composed = composed.clone();
        let stop = self.stop_token();
        self.spawn(async move {
            let mut left = vec![Platform::Cjdropshipping, Platform::Printful];
            while !left.is_empty() {
                let mut again = Vec::new();
                let mut wait = LOOK_AGAIN;
                for platform in left {
                    if let Some(after) = ensure(&composed, &searches, platform).await {
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
async fn ensure(composed: &Composed, searches: &[String], platform: Platform) -> Option<Duration> {
    let wanted = match wanted(composed, searches, platform).await {
        Ok(Wanted::This(wanted)) => wanted,
        Ok(Wanted::Later) => return Some(LOOK_AGAIN),
        Ok(Wanted::Never) => return None,
        Err(error) => {
            tracing::warn!(%error, "the environment's supplier could not be looked up; it is tried again");
            return Some(TRY_AGAIN);
        }
    };
    match composed.suppliers.ensure_from_environment(&wanted).await {
        Ok(Some(account)) => {
            tracing::info!(
                platform = platform.as_str(),
                "the environment's supplier is connected"
            );
            first_reading(composed, &account).await;
            None
        }
        Ok(None) => Some(LOOK_AGAIN),
        Err(SupplierError::Port(error)) => {
            tracing::warn!(%error, "the environment's supplier does not answer; it is tried again");
            Some(TRY_AGAIN)
        }
        Err(error) => {
            tracing::error!(%error, platform = platform.as_str(), "the environment's supplier cannot be connected: check its key");
            None
        }
    }
}

/// Whoever put a key into the environment wants its supplier read.
async fn first_reading(composed: &Composed, account: &SupplierAccount) {
    let latest = composed.suppliers.latest(account).await;
    if latest.is_ok_and(|latest| latest.is_none())
        && let Err(error) = composed
            .suppliers
            .start(account.scope.workspace, account.id)
            .await
    {
        tracing::warn!(%error, "the first reading of the environment's supplier could not be queued");
    }
}

enum Wanted {
    This(SupplierEnvironment),
    /// There is no workspace yet whose it would be.
    Later,
    /// No place of secrets has a key.
    Never,
}

async fn wanted(
    composed: &Composed,
    searches: &[String],
    platform: Platform,
) -> PortResult<Wanted> {
    let name = match platform {
        Platform::Cjdropshipping => "CJ_API_KEY",
        Platform::Printful => "PRINTFUL_TOKEN",
        _ => return Ok(Wanted::Never),
    };
    let workspaces = composed.ports.accounts.workspaces().await?;
    let Some(workspace) = workspaces.first() else {
        return Ok(Wanted::Later);
    };
    let name = SecretName {
        workspace: workspace.id,
        name: name.to_owned(),
    };
    let now = composed.ports.clock.now();
    let found = composed.ports.resolver.resolve(&name, now).await.found;
    Ok(found.map_or(Wanted::Never, |found| {
        Wanted::This(SupplierEnvironment {
            platform,
            api_key: found.value,
            searches: searches.to_vec(),
        })
    }))
}
