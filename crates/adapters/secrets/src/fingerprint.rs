//! What tells two values apart without showing either: HMAC-SHA-256 under a random key of the installation, which is itself
//! sealed, so that rotation keeps fingerprints as they are.

use adapter_kit::mac::hmac_sha256;
use chrono::Utc;
use domain::ids::WorkspaceId;
use ports::secrets::SecretName;
use ports::{Kind, PortResult};
use tokio::sync::OnceCell;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::entropy;
use crate::envelope::NotOpened;
use crate::vault::{Vault, does_not_open, no_entropy};

/// 64 bit: too few to search for the value by, enough to tell a few thousand apart.
const SHOWN_BYTES: usize = 8;

#[derive(Default)]
pub(crate) struct Fingerprints(OnceCell<Zeroizing<[u8; 32]>>);

impl Fingerprints {
    pub(crate) async fn of(&self, vault: &Vault, value: &[u8]) -> PortResult<String> {
        let key = self.0.get_or_try_init(|| key(vault)).await?;
        Ok(hex::encode(
            &hmac_sha256(key.as_slice(), value)[..SHOWN_BYTES],
        ))
    }
}

/// Of no workspace, so that no list of a workspace shows it.
fn name() -> SecretName {
    SecretName {
        workspace: WorkspaceId(Uuid::nil()),
        name: "royal/fingerprint-key".to_owned(),
    }
}

async fn key(vault: &Vault) -> PortResult<Zeroizing<[u8; 32]>> {
    let name = name();
    loop {
        if let Some(sealed) = vault.blobs.load(&name).await? {
            let bytes = vault.unseal(&sealed).map_err(|e| does_not_open(&name, e))?;
            let key = <[u8; 32]>::try_from(bytes.as_slice());
            return key
                .map(Zeroizing::new)
                .map_err(|_| does_not_open(&name, NotOpened::Altered));
        }
        let fresh = entropy::secret::<32>().map_err(no_entropy)?;
        let sealed = vault.seal(&name, fresh.as_slice(), 1, Utc::now()).await?;
        match vault.blobs.store(&sealed).await {
            Ok(()) => return Ok(fresh),
            // Another process was faster: its key is the installation's.
            Err(e) if e.kind == Kind::Conflict => {}
            Err(e) => return Err(e),
        }
    }
}
