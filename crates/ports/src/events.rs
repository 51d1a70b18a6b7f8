//! The log of what changed, for live views: numbered, kept for a while, resumed by number.

use crate::PortResult;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::WorkspaceId;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewEvent {
    pub workspace: WorkspaceId,
    /// `orders.changed`, `sync.progress` …
    pub kind: String,
    /// What it is about: kind and id, e.g. `sync` and its id.
    pub entity_kind: String,
    pub entity_id: String,
    pub version: Option<i64>,
    pub at: DateTime<Utc>,
    pub data: serde_json::Value,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Grows over all workspaces; gaps are possible, going back is not.
    pub seq: i64,
    pub event: NewEvent,
}

#[async_trait]
pub trait EventLog: Send + Sync {
    async fn append(&self, events: &[NewEvent]) -> PortResult<()>;
    /// Events of the workspace after `seq`, oldest first, at most `limit`. None that was appended is ever skipped by a reader that goes on from the
    /// last number it saw.
    async fn since(&self, workspace: WorkspaceId, seq: i64, limit: u32) -> PortResult<Vec<Event>>;
    /// The newest number over all workspaces; 0 when there is none.
    async fn latest(&self) -> PortResult<i64>;
    async fn prune(&self, before: DateTime<Utc>) -> PortResult<u64>;
}
