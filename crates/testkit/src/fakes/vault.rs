//! A vault without a lock, for tests that are not about sealing.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::WorkspaceId;
use ports::secrets::{
    KeyCheck, KeyState, Resolution, ResolvedSecret, RewrapBatch, SealedSecret, SecretEntry,
    SecretKeys, SecretName, SecretResolver, SecretSource, SecretVault, TriedPlace,
};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret as _, SecretString};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Secrets in memory, as they are, with version and time; and, as the only place of its own chain, their resolver.
#[derive(Default)]
pub struct PlainVault(Mutex<BTreeMap<SecretName, Kept>>);

/// Value, version, time of entry.
type Kept = (SecretString, i64, DateTime<Utc>);

impl PlainVault {
    fn count(&self) -> u64 {
        let secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.len() as u64
    }
}

/// It seals nothing: there is one key, which is none.
const KEY: &str = "plain";

#[async_trait]
impl SecretKeys for PlainVault {
    async fn rotate(&self) -> PortResult<String> {
        let detail = "a vault without a lock has no key to change";
        Err(PortError::new(
            Kind::Configuration,
            Retry::Never,
            "fake",
            "secrets.rotate",
            detail,
        ))
    }

    async fn rewrap(&self, _after: Option<&SecretName>, _limit: u32) -> PortResult<RewrapBatch> {
        Ok(RewrapBatch {
            seen: self.count(),
            ..RewrapBatch::default()
        })
    }

    async fn destroy(&self, key_id: &str) -> PortResult<()> {
        let kind = if key_id == KEY {
            Kind::Conflict
        } else {
            Kind::NotFound
        };
        Err(PortError::new(
            kind,
            Retry::Never,
            "fake",
            "secrets.destroy",
            key_id,
        ))
    }

    async fn check(&self) -> PortResult<KeyCheck> {
        let key = KeyState {
            id: KEY.to_owned(),
            primary: true,
            uses: 0,
            secrets: self.count(),
        };
        Ok(KeyCheck {
            keys: vec![key],
            damaged: Vec::new(),
        })
    }

    async fn export(&self, _workspace: WorkspaceId) -> PortResult<Vec<SealedSecret>> {
        let detail = "a vault without a lock has nothing sealed to give";
        Err(PortError::new(
            Kind::Unsupported,
            Retry::Never,
            "fake",
            "secrets.export",
            detail,
        ))
    }
}

#[async_trait]
impl SecretResolver for PlainVault {
    async fn resolve(&self, name: &SecretName, now: DateTime<Utc>) -> Resolution {
        let whereabouts = || "memory".to_owned();
        let value = self.get(name).await.ok().flatten();
        let tried = value.is_none().then(|| TriedPlace {
            source: SecretSource::Store,
            whereabouts: whereabouts(),
            failure: None,
        });
        Resolution {
            found: value.map(|value| ResolvedSecret {
                value,
                source: SecretSource::Store,
                whereabouts: whereabouts(),
                obtained_at: now,
                stale: false,
            }),
            tried: tried.into_iter().collect(),
        }
    }

    fn forget(&self, _name: &SecretName) {}
}

#[async_trait]
impl SecretVault for PlainVault {
    async fn put(
        &self,
        name: &SecretName,
        value: &SecretString,
        now: DateTime<Utc>,
    ) -> PortResult<()> {
        let mut secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let version = secrets.get(name).map_or(0, |(_, version, _)| *version) + 1;
        secrets.insert(name.clone(), (value.clone(), version, now));
        Ok(())
    }

    async fn get(&self, name: &SecretName) -> PortResult<Option<SecretString>> {
        let secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(secrets.get(name).map(|(value, ..)| value.clone()))
    }

    async fn delete(&self, name: &SecretName) -> PortResult<()> {
        let mut secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.remove(name);
        Ok(())
    }

    async fn list(&self, workspace: WorkspaceId) -> PortResult<Vec<SecretEntry>> {
        let secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = secrets
            .iter()
            .filter(|(name, _)| name.workspace == workspace);
        let listed = own.map(|(name, (value, version, at))| SecretEntry {
            name: name.name.clone(),
            version: *version,
            created_at: *at,
            last_used_at: None,
            key_id: KEY.to_owned(),
            // Equal for equal values, which is all that a test may ask of it.
            fingerprint: Some(format!("{:?}", value.expose_secret().as_bytes())),
        });
        Ok(listed.collect())
    }
}
