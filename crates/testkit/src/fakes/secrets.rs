//! Sealed blobs.

use super::database::{FakeDatabase, refuse};
use async_trait::async_trait;
use ports::secrets::{SealedSecret, SecretBlobs, SecretName};
use ports::{Kind, PortResult};

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
        self.lock().secrets.remove(name);
        Ok(())
    }

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
}
