//! Logging in at a supplier that has no keys to enter: the person goes there, and brings the address at which their browser ended.

use super::{SupplierError, Suppliers};
use chrono::{DateTime, Duration, Utc};
use domain::ids::WorkspaceId;
use domain::supplier::{Capability, Platform};
use ports::Kind;
use ports::secrets::SecretName;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Codes hold for some minutes; whoever takes longer begins again.
const LASTS: Duration = Duration::minutes(15);

/// A login that was begun.
#[derive(Debug, Clone)]
pub struct SupplierLogin {
    pub id: Uuid,
    /// Where the person goes.
    pub address: String,
    pub until: DateTime<Utc>,
}

/// As it lies in the vault.
#[derive(Serialize, Deserialize)]
struct Kept {
    platform: Platform,
    until: DateTime<Utc>,
    kept: String,
}

fn name(workspace: WorkspaceId, id: Uuid) -> SecretName {
    SecretName {
        workspace,
        name: format!("supplier/login/{id}"),
    }
}

impl Suppliers {
    /// Nothing is connected by it yet.
    pub async fn begin_login(
        &self,
        workspace: WorkspaceId,
        platform: Platform,
        base_url: Option<&str>,
    ) -> Result<SupplierLogin, SupplierError> {
        platform.by_interface(Capability::Discover)?;
        let platforms = &self.ports.supplier_platforms;
        let begun = platforms.begin_login(platform, base_url).await;
        let begun = begun.map_err(|error| match error.kind {
            Kind::Unsupported => SupplierError::NoLogin(platform.name()),
            _ => SupplierError::Port(error),
        })?;
        let (id, now) = (Uuid::new_v4(), self.ports.clock.now());
        let kept = Kept {
            platform,
            until: now + LASTS,
            kept: begun.kept.expose_secret().to_owned(),
        };
        let until = kept.until;
        let text = serde_json::to_string(&kept).map_err(|_| SupplierError::LoginOver)?;
        let vault = &self.ports.vault;
        vault
            .put(&name(workspace, id), &SecretString::from(text), now)
            .await?;
        Ok(SupplierLogin {
            id,
            address: begun.address,
            until,
        })
    }

    /// The key that it gave. A login is used once.
    pub async fn finish_login(
        &self,
        workspace: WorkspaceId,
        platform: Platform,
        id: Uuid,
        came_to: &str,
    ) -> Result<SecretString, SupplierError> {
        let (name, now) = (name(workspace, id), self.ports.clock.now());
        let vault = &self.ports.vault;
        let text = vault.get(&name).await?.ok_or(SupplierError::LoginOver)?;
        let kept: Kept =
            serde_json::from_str(text.expose_secret()).map_err(|_| SupplierError::LoginOver)?;
        if kept.until < now || kept.platform != platform {
            vault.delete(&name).await?;
            return Err(SupplierError::LoginOver);
        }
        let platforms = &self.ports.supplier_platforms;
        let kept = SecretString::from(kept.kept);
        let given = platforms.finish_login(platform, &kept, came_to).await;
        let given = given.map_err(|error| match error.kind {
            Kind::Unauthorized => SupplierError::BadLogin(error.detail),
            _ => SupplierError::Port(error),
        })?;
        vault.delete(&name).await?;
        Ok(given)
    }
}
