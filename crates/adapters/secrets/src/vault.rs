//! The vault: seals into and opens from the database's blobs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use ports::secrets::{SealedSecret, SecretBlobs, SecretName, SecretVault};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret, SecretString};

use crate::canary;
use crate::entropy::NoEntropy;
use crate::envelope::{self, Context, NotOpened};
use crate::keyring::Keyring;

const PROVIDER: &str = "secrets";
/// Longest value: no credential is longer, and one that is was put into the wrong field.
const MOST_BYTES: usize = 64 * 1024;
/// Writers of one name at the same moment.
const MOST_RACES: usize = 16;

/// Opened with [`Vault::open`].
pub struct Vault {
    blobs: Arc<dyn SecretBlobs>,
    keyring: Keyring,
    /// Whether the database has the canary of the key that seals.
    has_canary: AtomicBool,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault")
            .field("keyring", &self.keyring)
            .finish_non_exhaustive()
    }
}

impl Vault {
    pub(crate) fn new(blobs: Arc<dyn SecretBlobs>, keyring: Keyring, has_canary: bool) -> Self {
        Self {
            blobs,
            keyring,
            has_canary: AtomicBool::new(has_canary),
        }
    }

    pub(crate) fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Before the key seals anything, the database knows it.
    pub(crate) async fn put_canary(&self) -> PortResult<()> {
        if self.has_canary.load(Ordering::Acquire) {
            return Ok(());
        }
        let kek = self.keyring.primary();
        let canary = canary::seal(kek).map_err(no_entropy)?;
        match self.blobs.put_canary(&kek.id().to_string(), &canary).await {
            // Another process with the same key was faster.
            Err(e) if e.kind == Kind::Conflict => {}
            result => result?,
        }
        self.has_canary.store(true, Ordering::Release);
        Ok(())
    }

    fn seal(
        &self,
        name: &SecretName,
        value: &SecretString,
        version: i64,
        now: DateTime<Utc>,
    ) -> PortResult<SealedSecret> {
        let workspace = name.workspace.0.into_bytes();
        let sealed = envelope::seal(
            self.keyring.primary(),
            context(&workspace, name, version),
            value.expose_secret().as_bytes(),
        );
        let blob = sealed.map_err(no_entropy)?;
        Ok(SealedSecret {
            name: name.clone(),
            version,
            blob,
            created_at: now,
        })
    }
}

#[async_trait]
impl SecretVault for Vault {
    async fn put(
        &self,
        name: &SecretName,
        value: &SecretString,
        now: DateTime<Utc>,
    ) -> PortResult<()> {
        if value.expose_secret().len() > MOST_BYTES {
            let detail = format!(
                "The value of {} is longer than {MOST_BYTES} bytes: no credential is.",
                name.name
            );
            return Err(PortError::new(
                Kind::Rejected,
                Retry::Never,
                PROVIDER,
                "secrets.put",
                detail,
            ));
        }
        self.put_canary().await?;
        let mut races = 0;
        loop {
            let stored = self
                .blobs
                .load(name)
                .await?
                .map_or(0, |sealed| sealed.version);
            let sealed = self.seal(name, value, stored + 1, now)?;
            match self.blobs.store(&sealed).await {
                // Somebody stored one in between; the later writer wins.
                Err(e) if e.kind == Kind::Conflict && races < MOST_RACES => races += 1,
                result => return result,
            }
        }
    }

    async fn get(&self, name: &SecretName) -> PortResult<Option<SecretString>> {
        let Some(sealed) = self.blobs.load(name).await? else {
            return Ok(None);
        };
        let workspace = name.workspace.0.into_bytes();
        let opened = envelope::open(
            &self.keyring,
            context(&workspace, name, sealed.version),
            &sealed.blob,
        );
        let value = opened.map_err(|e| does_not_open(name, e))?;
        let text =
            std::str::from_utf8(&value).map_err(|_| does_not_open(name, NotOpened::Altered))?;
        Ok(Some(SecretString::from(text)))
    }

    async fn delete(&self, name: &SecretName) -> PortResult<()> {
        self.blobs.erase(name).await
    }
}

fn context<'a>(workspace: &'a [u8; 16], name: &'a SecretName, version: i64) -> Context<'a> {
    Context {
        workspace,
        name: &name.name,
        version,
        purpose: "secret",
    }
}

fn no_entropy(e: NoEntropy) -> PortError {
    let wait = Retry::After(Duration::from_secs(1));
    PortError::new(
        Kind::Unavailable,
        wait,
        PROVIDER,
        "secrets.put",
        format!("Nothing can be sealed: {e}."),
    )
}

fn does_not_open(name: &SecretName, why: NotOpened) -> PortError {
    let detail = format!(
        "The secret {} does not open: {why}. Enter it again.",
        name.name
    );
    PortError::new(Kind::Corrupt, Retry::Never, PROVIDER, "secrets.get", detail).with_source(why)
}
