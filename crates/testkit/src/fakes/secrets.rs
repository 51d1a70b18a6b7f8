//! Sealed blobs.

use super::database::{FakeDatabase, refuse};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use ports::secrets::{KeyRecords, ListedSecret, SealedSecret, SecretBlobs, SecretName};
use ports::{Kind, PortResult};
use std::ops::Bound;

#[async_trait]
impl SecretBlobs for FakeDatabase {
    async fn store(&self, sealed: &SealedSecret) -> PortResult<()> {
        let mut state = self.lock();
        let stored = state.secrets.get(&sealed.name).map_or(0, |s| s.version);
        if sealed.version != stored + 1 {
            let detail = format!(
                "version {stored} is stored, so {} is not next",
                sealed.version
            );
            return Err(refuse(Kind::Conflict, "secrets.store", detail));
        }
        state.secrets.insert(sealed.name.clone(), sealed.clone());
        Ok(())
    }

    async fn load(&self, name: &SecretName) -> PortResult<Option<SealedSecret>> {
        Ok(self.lock().secrets.get(name).cloned())
    }

    async fn erase(&self, name: &SecretName) -> PortResult<()> {
        let mut state = self.lock();
        state.secrets.remove(name);
        state.secret_uses.remove(name);
        Ok(())
    }

    async fn replace(&self, sealed: &SealedSecret, old: &[u8]) -> PortResult<bool> {
        let mut state = self.lock();
        let stored = state.secrets.get_mut(&sealed.name);
        let stored = stored.filter(|s| s.version == sealed.version && s.blob == old);
        let replaced = stored.map(|s| s.blob.clone_from(&sealed.blob));
        Ok(replaced.is_some())
    }

    async fn walk(&self, after: Option<&SecretName>, limit: u32) -> PortResult<Vec<ListedSecret>> {
        let state = self.lock();
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let range = state.secrets.range((from, Bound::Unbounded));
        let listed = range.map(|(name, sealed)| ListedSecret {
            sealed: sealed.clone(),
            last_used_at: state.secret_uses.get(name).copied(),
        });
        Ok(listed.take(limit as usize).collect())
    }

    async fn used(&self, name: &SecretName, at: DateTime<Utc>) -> PortResult<()> {
        let mut state = self.lock();
        if state.secrets.contains_key(name) {
            let noted = state.secret_uses.entry(name.clone()).or_insert(at);
            *noted = (*noted).max(at);
        }
        Ok(())
    }
}

#[async_trait]
impl KeyRecords for FakeDatabase {
    async fn put_canary(&self, key_id: &str, blob: &[u8]) -> PortResult<()> {
        let mut state = self.lock();
        if state.canaries.contains_key(key_id) {
            let detail = format!("key {key_id} has a canary already");
            return Err(refuse(Kind::Conflict, "secrets.put_canary", detail));
        }
        state.canaries.insert(key_id.to_owned(), blob.to_vec());
        Ok(())
    }

    async fn canaries(&self) -> PortResult<Vec<(String, Vec<u8>)>> {
        let state = self.lock();
        Ok(state
            .canaries
            .iter()
            .map(|(id, blob)| (id.clone(), blob.clone()))
            .collect())
    }

    async fn erase_canary(&self, key_id: &str) -> PortResult<()> {
        self.lock().canaries.remove(key_id);
        Ok(())
    }

    async fn count_uses(&self, key_id: &str, more: i64) -> PortResult<i64> {
        let mut state = self.lock();
        let uses = state.key_uses.entry(key_id.to_owned()).or_default();
        *uses += more;
        Ok(*uses)
    }

    async fn salt(&self, fresh: &[u8]) -> PortResult<Vec<u8>> {
        let mut state = self.lock();
        Ok(state.salt.get_or_insert_with(|| fresh.to_vec()).clone())
    }
}
