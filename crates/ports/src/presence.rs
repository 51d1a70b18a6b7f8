//! Which processes of one installation are there.

use crate::PortResult;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// One process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replica {
    /// Made anew at each start.
    pub id: Uuid,
    /// Host and port, for people.
    pub name: String,
    /// `web`, `worker` or `all`.
    pub role: String,
    pub version: String,
    pub started_at: DateTime<Utc>,
}

#[async_trait]
pub trait Presence: Send + Sync {
    /// It is there, and counts as gone when it does not say so again within `keep` (at least a millisecond).
    async fn beat(&self, replica: &Replica, keep: Duration) -> PortResult<()>;
    /// It is gone from now on, as if it had never been there.
    async fn leave(&self, id: Uuid) -> PortResult<()>;
    /// Those that are there, oldest start first, then by id.
    async fn present(&self) -> PortResult<Vec<Replica>>;
}
