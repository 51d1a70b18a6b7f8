//! A decision to apply, bound to exactly what was looked at.

use super::set::Operation;
use crate::audit::Actor;
use crate::ids::StoreScope;
use crate::people::Role;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// SHA-256 over the operations and the state that they were planned on, as hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(pub String);

impl Digest {
    /// Of the operations with their states before and after, and of where they are made. What became of them is no part of it.
    #[must_use]
    pub fn of(scope: StoreScope, operations: &[Operation]) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"royal-change-set-v1\0");
        hash.update(scope.workspace.0.as_bytes());
        hash.update(scope.store.0.as_bytes());
        for operation in operations {
            hash.update(operation.no.to_be_bytes());
            let action = serde_json::to_vec(&operation.action).unwrap_or_default();
            hash.update((action.len() as u64).to_be_bytes());
            hash.update(action);
        }
        Self(hash.finalize().iter().map(|b| format!("{b:02x}")).collect())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who let it be applied: a person, or the policy of an agent that may act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    pub by: Actor,
    pub at: DateTime<Utc>,
    pub digest: Digest,
    pub note: Option<String>,
    /// Of the person who approved; `None`: a policy did, or it was before roles were kept.
    #[serde(default)]
    pub role: Option<Role>,
}
