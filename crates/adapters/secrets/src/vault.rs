//! The vault: seals into and opens from the database's blobs.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::WorkspaceId;
use ports::secrets::{KeyRecords, SealedSecret, SecretBlobs, SecretEntry, SecretName, SecretVault};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::canary;
use crate::entropy::NoEntropy;
use crate::envelope::{self, Context, NotOpened, key_id_of};
use crate::fingerprint::Fingerprints;
use crate::keyfile;
use crate::keyring::Keyring;
use crate::open::KeySource;

pub(crate) const PROVIDER: &str = "secrets";
/// Longest value: no credential is longer, and one that is was put into the wrong field.
const MOST_BYTES: usize = 64 * 1024;
/// Writers of one name at the same moment.
const MOST_RACES: usize = 16;
/// How exactly the last use of a secret is noted.
const USE_GRAIN: TimeDelta = TimeDelta::hours(1);
/// Uses of a key after which a person is told (2^30), and after which it is replaced (2^31): random 96-bit nonces are safe up
/// to 2^32 (NIST SP 800-38D, 8.3).
pub(crate) const WARN_USES: i64 = 1 << 30;
pub(crate) const MOST_USES: i64 = 1 << 31;

/// Opened with [`Vault::open`].
pub struct Vault {
    pub(crate) blobs: Arc<dyn SecretBlobs>,
    pub(crate) records: Arc<dyn KeyRecords>,
    pub(crate) source: KeySource,
    keyring: RwLock<Arc<Keyring>>,
    /// Ids of the keys whose canary the database has.
    canaries: Mutex<BTreeSet<String>>,
    noted: Mutex<HashMap<SecretName, DateTime<Utc>>>,
    fingerprints: Fingerprints,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault")
            .field("keyring", &self.keyring())
            .finish_non_exhaustive()
    }
}

impl Vault {
    pub(crate) fn new(
        blobs: Arc<dyn SecretBlobs>,
        records: Arc<dyn KeyRecords>,
        source: KeySource,
        keyring: Keyring,
        canaries: BTreeSet<String>,
    ) -> Self {
        Self {
            blobs,
            records,
            source,
            keyring: RwLock::new(Arc::new(keyring)),
            canaries: Mutex::new(canaries),
            noted: Mutex::default(),
            fingerprints: Fingerprints::default(),
        }
    }

    pub(crate) fn keyring(&self) -> Arc<Keyring> {
        let keyring = self.keyring.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&keyring)
    }

    /// Takes over the keys of the file: before the ones that are known when its first one seals, else behind the setting's.
    pub(crate) fn adopt(&self, file: Keyring, without: Option<&str>) {
        let mut present = self.keyring.write().unwrap_or_else(PoisonError::into_inner);
        let (mut keys, mut known) = (file.into_keys(), present.keys().to_vec());
        if self.source.setting().is_some() {
            keys.insert(0, known.remove(0));
        }
        keys.append(&mut known);
        keys.retain(|key| without.is_none_or(|id| key.id().to_string() != id));
        let mut keys = keys.into_iter();
        if let Some(primary) = keys.next() {
            *present = Arc::new(Keyring::new(primary, keys.collect()));
        }
    }

    /// Before the key seals anything, the database knows it.
    pub(crate) async fn put_canary(&self) -> PortResult<()> {
        let keyring = self.keyring();
        let kek = keyring.primary();
        let id = kek.id().to_string();
        if locked(&self.canaries).contains(&id) {
            return Ok(());
        }
        let canary = canary::seal(kek).map_err(no_entropy)?;
        match self.records.put_canary(&id, &canary).await {
            // Another process with the same key was faster.
            Err(e) if e.kind == Kind::Conflict => {}
            result => result?,
        }
        locked(&self.canaries).insert(id);
        Ok(())
    }

    /// Seals with the key of now, which is counted, and replaced when it sealed too often.
    pub(crate) async fn seal(
        &self,
        name: &SecretName,
        value: &[u8],
        version: i64,
        now: DateTime<Utc>,
    ) -> PortResult<SealedSecret> {
        self.put_canary().await?;
        let mut keyring = self.keyring();
        let id = keyring.primary().id().to_string();
        let uses = self.records.count_uses(&id, 1).await?;
        if uses >= MOST_USES {
            self.replace_key().await?;
            self.put_canary().await?;
            keyring = self.keyring();
        } else if uses == WARN_USES {
            tracing::warn!(key = %id, "the key sealed 2^30 times: rotate it with `royal secrets rotate-key`");
        }
        let workspace = name.workspace.0.into_bytes();
        let sealed = envelope::seal(keyring.primary(), context(&workspace, name, version), value);
        Ok(SealedSecret {
            name: name.clone(),
            version,
            blob: sealed.map_err(no_entropy)?,
            created_at: now,
        })
    }

    /// Opens with the keyring of now, or, when another process rotated the key meanwhile, with the file's.
    pub(crate) fn unseal(&self, sealed: &SealedSecret) -> Result<Zeroizing<Vec<u8>>, NotOpened> {
        let workspace = sealed.name.workspace.0.into_bytes();
        let context = context(&workspace, &sealed.name, sealed.version);
        match envelope::open(&self.keyring(), context, &sealed.blob) {
            Err(NotOpened::UnknownKey(_)) if self.reload() => {
                envelope::open(&self.keyring(), context, &sealed.blob)
            }
            opened => opened,
        }
    }

    /// Reads the file again; whether it has other keys now.
    fn reload(&self) -> bool {
        let present = self.keyring();
        match keyfile::read(&self.source.file) {
            Ok(Some(file)) if file.ids().any(|id| present.find(id).is_none()) => {
                self.adopt(file, None);
                true
            }
            _ => false,
        }
    }

    /// At most once an hour for each name; that it cannot be noted harms nobody.
    async fn note_use(&self, name: &SecretName) {
        let now = Utc::now();
        {
            let mut noted = locked(&self.noted);
            if noted.get(name).is_some_and(|at| now - *at < USE_GRAIN) {
                return;
            }
            noted.insert(name.clone(), now);
        }
        if let Err(error) = self.blobs.used(name, now).await {
            tracing::debug!(%error, "the use of a secret was not noted");
        }
    }

    /// All secrets of a workspace, as they lie in the database.
    pub(crate) async fn of_workspace(
        &self,
        workspace: WorkspaceId,
    ) -> PortResult<Vec<ports::secrets::ListedSecret>> {
        let mut all = Vec::new();
        let mut after = SecretName {
            workspace,
            name: String::new(),
        };
        loop {
            let page = self.blobs.walk(Some(&after), PAGE).await?;
            let full = page.len() == PAGE as usize;
            let own = page
                .into_iter()
                .take_while(|listed| listed.sealed.name.workspace == workspace);
            let before = all.len();
            all.extend(own);
            match all.last() {
                Some(last) if full && all.len() - before == PAGE as usize => {
                    after.clone_from(&last.sealed.name);
                }
                _ => return Ok(all),
            }
        }
    }
}

/// Secrets that are read at once.
pub(crate) const PAGE: u32 = 250;

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
            return Err(refused(Kind::Rejected, "secrets.put", detail));
        }
        let mut races = 0;
        loop {
            let stored = self
                .blobs
                .load(name)
                .await?
                .map_or(0, |sealed| sealed.version);
            let bytes = value.expose_secret().as_bytes();
            let sealed = self.seal(name, bytes, stored + 1, now).await?;
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
        let value = self.unseal(&sealed).map_err(|e| does_not_open(name, e))?;
        let text =
            std::str::from_utf8(&value).map_err(|_| does_not_open(name, NotOpened::Altered))?;
        let secret = SecretString::from(text);
        self.note_use(name).await;
        Ok(Some(secret))
    }

    async fn delete(&self, name: &SecretName) -> PortResult<()> {
        self.blobs.erase(name).await?;
        locked(&self.noted).remove(name);
        Ok(())
    }

    async fn list(&self, workspace: WorkspaceId) -> PortResult<Vec<SecretEntry>> {
        let all = self.of_workspace(workspace).await?;
        let mut entries = Vec::with_capacity(all.len());
        for listed in all {
            let value = self.unseal(&listed.sealed).ok();
            let fingerprint = match &value {
                Some(value) => Some(self.fingerprints.of(self, value).await?),
                None => None,
            };
            entries.push(SecretEntry {
                key_id: key_id_of(&listed.sealed.blob)
                    .map_or_else(|_| String::new(), |id| id.to_string()),
                name: listed.sealed.name.name,
                version: listed.sealed.version,
                created_at: listed.sealed.created_at,
                last_used_at: listed.last_used_at,
                fingerprint,
            });
        }
        Ok(entries)
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

pub(crate) fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // Each holds no half-made state, so a panic elsewhere does not spoil it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn refused(kind: Kind, operation: &'static str, detail: impl Into<String>) -> PortError {
    PortError::new(kind, Retry::Never, PROVIDER, operation, detail)
}

pub(crate) fn no_entropy(e: NoEntropy) -> PortError {
    let wait = Retry::After(Duration::from_secs(1));
    PortError::new(
        Kind::Unavailable,
        wait,
        PROVIDER,
        "secrets.put",
        format!("Nothing can be sealed: {e}."),
    )
}

pub(crate) fn does_not_open(name: &SecretName, why: NotOpened) -> PortError {
    let detail = format!(
        "The secret {} does not open: {why}. Enter it again.",
        name.name
    );
    PortError::new(Kind::Corrupt, Retry::Never, PROVIDER, "secrets.get", detail).with_source(why)
}
