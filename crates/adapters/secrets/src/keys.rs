//! What the operator does with the keys: replace the one that seals, seal everything again with it, let go of old ones.

use async_trait::async_trait;
use domain::ids::WorkspaceId;
use ports::secrets::{
    KeyCheck, KeyState, ListedSecret, RewrapBatch, SealedSecret, SecretKeys, SecretName,
};
use ports::{Kind, PortResult};
use std::collections::BTreeMap;

use crate::envelope::key_id_of;
use crate::keyfile::{self, KeyFileError};
use crate::keyring::{Kek, Keyring};
use crate::vault::{PAGE, Vault, refused};

impl Vault {
    /// A new key that seals; the file keeps the old one to open.
    pub(crate) async fn replace_key(&self) -> PortResult<String> {
        let operation = "secrets.rotate";
        if let Some(setting) = self.source.setting() {
            let detail = format!(
                "the key that seals comes from {setting}, which this program cannot change: set a new {setting}, keep the old value in \
                 SECRET_KEY_PREVIOUS, restart, and run `royal secrets rewrap`"
            );
            return Err(refused(Kind::Configuration, operation, detail));
        }
        let changed = keyfile::change(&self.source.file, |old| {
            Ok(Keyring::new(Kek::generate()?, old))
        });
        let file = self.changed(operation, changed)?;
        let id = file.primary().id().to_string();
        self.adopt(file, None);
        self.put_canary().await?;
        Ok(id)
    }

    fn changed(
        &self,
        operation: &'static str,
        changed: Result<Option<Keyring>, KeyFileError>,
    ) -> PortResult<Keyring> {
        let changed = changed
            .map_err(|e| refused(Kind::Configuration, operation, e.to_string()).with_source(e))?;
        changed.ok_or_else(|| {
            let file = self.source.file.display();
            let detail = format!("the keyring {file} is gone: put its backup back");
            refused(Kind::Configuration, operation, detail)
        })
    }

    /// Every secret of the database, page by page.
    async fn each(&self, mut see: impl FnMut(&ListedSecret)) -> PortResult<()> {
        let mut after: Option<SecretName> = None;
        loop {
            let page = self.blobs.walk(after.as_ref(), PAGE).await?;
            page.iter().for_each(&mut see);
            match page.last() {
                Some(last) if page.len() == PAGE as usize => {
                    after = Some(last.sealed.name.clone());
                }
                _ => return Ok(()),
            }
        }
    }

    /// Whether it was sealed again; `None` when it does not open.
    async fn rewrap_one(&self, sealed: &SealedSecret) -> PortResult<Option<bool>> {
        let primary = self.keyring().primary().id();
        if key_id_of(&sealed.blob) == Ok(primary) {
            return Ok(Some(false));
        }
        let Ok(value) = self.unseal(sealed) else {
            return Ok(None);
        };
        let again = self
            .seal(&sealed.name, &value, sealed.version, sealed.created_at)
            .await?;
        // A new value that was written meanwhile was sealed by the primary key already.
        self.blobs.replace(&again, &sealed.blob).await.map(Some)
    }
}

#[async_trait]
impl SecretKeys for Vault {
    async fn rotate(&self) -> PortResult<String> {
        self.replace_key().await
    }

    async fn rewrap(&self, after: Option<&SecretName>, limit: u32) -> PortResult<RewrapBatch> {
        let page = self.blobs.walk(after, limit.max(1)).await?;
        let mut batch = RewrapBatch::default();
        for listed in &page {
            batch.seen += 1;
            match self.rewrap_one(&listed.sealed).await? {
                Some(true) => batch.rewrapped += 1,
                Some(false) => {}
                None => batch.damaged.push(listed.sealed.name.clone()),
            }
        }
        if page.len() == limit.max(1) as usize {
            batch.next = page.last().map(|listed| listed.sealed.name.clone());
        }
        Ok(batch)
    }

    async fn destroy(&self, key_id: &str) -> PortResult<()> {
        let operation = "secrets.destroy";
        let keyring = self.keyring();
        let known: Vec<String> = keyring.ids().map(|id| id.to_string()).collect();
        if !known.iter().any(|id| id == key_id) {
            let detail = format!("there is no key {key_id} in the keyring");
            return Err(refused(Kind::NotFound, operation, detail));
        }
        if known[0] == key_id {
            let detail = "it is the key that seals: rotate first";
            return Err(refused(Kind::Conflict, operation, detail));
        }
        let mut sealed = 0_u64;
        self.each(|listed| {
            let by = key_id_of(&listed.sealed.blob).map(|id| id.to_string());
            sealed += u64::from(by.as_deref() == Ok(key_id));
        })
        .await?;
        if sealed > 0 {
            let detail =
                format!("{sealed} secrets are sealed with it: run `royal secrets rewrap` first");
            return Err(refused(Kind::Conflict, operation, detail));
        }
        self.records.erase_canary(key_id).await?;
        if !self.source.file.exists() {
            return Err(refused(
                Kind::Configuration,
                operation,
                "the key comes from a setting: take it out of SECRET_KEY_PREVIOUS",
            ));
        }
        let changed = keyfile::change(&self.source.file, |old| {
            let mut left = old.into_iter().filter(|key| key.id().to_string() != key_id);
            // The file of a keyring whose first key comes from a setting may have only this one.
            let first = match left.next() {
                Some(first) => first,
                None => Kek::generate()?,
            };
            Ok(Keyring::new(first, left.collect()))
        });
        self.adopt(self.changed(operation, changed)?, Some(key_id));
        Ok(())
    }

    async fn check(&self) -> PortResult<KeyCheck> {
        let keyring = self.keyring();
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        let mut damaged = Vec::new();
        self.each(|listed| {
            if let Ok(id) = key_id_of(&listed.sealed.blob) {
                *counts.entry(id.to_string()).or_default() += 1;
            }
            if let Err(why) = self.unseal(&listed.sealed) {
                damaged.push((listed.sealed.name.clone(), why.to_string()));
            }
        })
        .await?;
        let mut keys = Vec::new();
        for (at, id) in keyring.ids().enumerate() {
            let id = id.to_string();
            keys.push(KeyState {
                primary: at == 0,
                uses: self.records.count_uses(&id, 0).await?,
                secrets: counts.get(&id).copied().unwrap_or_default(),
                id,
            });
        }
        Ok(KeyCheck { keys, damaged })
    }

    async fn export(&self, workspace: WorkspaceId) -> PortResult<Vec<SealedSecret>> {
        let all = self.of_workspace(workspace).await?;
        Ok(all.into_iter().map(|listed| listed.sealed).collect())
    }
}
