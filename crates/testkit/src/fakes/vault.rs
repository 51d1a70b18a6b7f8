//! A vault without a lock, for tests that are not about sealing.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use ports::PortResult;
use ports::secrets::{SecretName, SecretVault};
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Secrets in memory, as they are.
#[derive(Default)]
pub struct PlainVault(Mutex<BTreeMap<SecretName, SecretString>>);

#[async_trait]
impl SecretVault for PlainVault {
    async fn put(
        &self,
        name: &SecretName,
        value: &SecretString,
        _now: DateTime<Utc>,
    ) -> PortResult<()> {
        let mut secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.insert(name.clone(), value.clone());
        Ok(())
    }

    async fn get(&self, name: &SecretName) -> PortResult<Option<SecretString>> {
        let secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(secrets.get(name).cloned())
    }

    async fn delete(&self, name: &SecretName) -> PortResult<()> {
        let mut secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.remove(name);
        Ok(())
    }
}
