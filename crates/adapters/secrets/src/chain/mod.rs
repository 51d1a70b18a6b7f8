//! Credentials that others keep: the places in their order, each answer with its source, each miss with what was tried.
//!
//! A place that says *there is none* lets the next one speak. A place that cannot be asked is passed over with a warning and stays
//! named in the answer; its value of before is used when no other place has one, and marked as stale. Nothing is ever replaced by
//! a default.

mod aws;
mod aws_credentials;
mod environment;
mod files;
mod kv;
mod store;

pub use aws::{AwsSecretsManager, AwsSettings};
pub use aws_credentials::{AgentToken, AwsCredentials, AwsKeys};
pub use environment::Environment;
pub use files::MountedFiles;
pub use kv::{VaultAuth, VaultKv, VaultSettings};
pub use store::SealedStore;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use ports::secrets::{
    Resolution, ResolvedSecret, SecretName, SecretPlace, SecretResolver, TriedPlace,
};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crate::vault::locked;

/// How long a found value is used before it is asked for again.
pub const FRESH_FOR: TimeDelta = TimeDelta::seconds(300);

/// The places in their order, and what they said last.
pub struct Chain {
    places: Vec<Arc<dyn SecretPlace>>,
    known: Mutex<HashMap<SecretName, ResolvedSecret>>,
}

impl std::fmt::Debug for Chain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let places = self.places.iter().map(|place| place.source().as_str());
        f.debug_list().entries(places).finish()
    }
}

impl Chain {
    #[must_use]
    pub fn new(places: Vec<Arc<dyn SecretPlace>>) -> Self {
        Self {
            places,
            known: Mutex::default(),
        }
    }

    fn known(&self, name: &SecretName) -> Option<ResolvedSecret> {
        locked(&self.known).get(name).cloned()
    }
}

fn is_fresh(known: &ResolvedSecret, now: DateTime<Utc>) -> bool {
    // A clock that was set back does not keep a value for ever.
    (now - known.obtained_at).abs() < FRESH_FOR
}

#[async_trait]
impl SecretResolver for Chain {
    async fn resolve(&self, name: &SecretName, now: DateTime<Utc>) -> Resolution {
        let known = self.known(name);
        if let Some(fresh) = known.clone().filter(|known| is_fresh(known, now)) {
            return Resolution {
                found: Some(fresh),
                tried: Vec::new(),
            };
        }
        let mut tried = Vec::new();
        for place in &self.places {
            let failure = match place.look_up(name).await {
                Ok(Some(value)) => {
                    let found = ResolvedSecret {
                        value,
                        source: place.source(),
                        whereabouts: place.whereabouts(),
                        obtained_at: now,
                        stale: false,
                    };
                    locked(&self.known).insert(name.clone(), found.clone());
                    return Resolution {
                        found: Some(found),
                        tried,
                    };
                }
                Ok(None) => None,
                Err(error) => {
                    let (source, name) = (place.source().as_str(), &name.name);
                    tracing::warn!(source, name, %error, "a place of secrets could not be asked");
                    Some(error.detail)
                }
            };
            tried.push(TriedPlace {
                source: place.source(),
                whereabouts: place.whereabouts(),
                failure,
            });
        }
        let cut_off = |known: &ResolvedSecret| {
            let same = |place: &&TriedPlace| place.source == known.source;
            tried.iter().find(same).is_some_and(|p| p.failure.is_some())
        };
        let found = known.filter(cut_off).map(|known| ResolvedSecret {
            stale: true,
            ..known
        });
        if found.is_none() {
            // Every place that had it says that it is gone.
            self.forget(name);
        }
        Resolution { found, tried }
    }

    fn forget(&self, name: &SecretName) {
        locked(&self.known).remove(name);
    }
}
