//! Our own sealed store as a place of the chain.

use async_trait::async_trait;
use ports::PortResult;
use ports::secrets::{SecretName, SecretPlace, SecretSource, SecretVault};
use secrecy::SecretString;
use std::sync::Arc;

pub struct SealedStore(Arc<dyn SecretVault>);

impl SealedStore {
    #[must_use]
    pub fn new(vault: Arc<dyn SecretVault>) -> Self {
        Self(vault)
    }
}

#[async_trait]
impl SecretPlace for SealedStore {
    fn source(&self) -> SecretSource {
        SecretSource::Store
    }

    fn whereabouts(&self) -> String {
        "the database, sealed".to_owned()
    }

    async fn look_up(&self, name: &SecretName) -> PortResult<Option<SecretString>> {
        self.0.get(name).await
    }
}
