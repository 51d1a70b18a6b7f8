//! Dockets: small documents about things that stand with somebody outside, for instance an issue of a tracker or a day in a warehouse. Each is
//! replaced only by who saw its newest version, so that of two workers one goes on and the other begins anew.

use crate::PortResult;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::WorkspaceId;
use serde_json::Value;

/// What is kept under a name of a desk, e.g. `incidents`.
#[derive(Debug, Clone, PartialEq)]
pub struct Docket {
    pub workspace: WorkspaceId,
    pub desk: String,
    /// Unique at the desk of the workspace; up to 200 bytes.
    pub name: String,
    /// From 1; one more with every change.
    pub version: i64,
    /// When somebody has to do something about it; `None`: nobody has to.
    pub due_at: Option<DateTime<Utc>>,
    pub document: Value,
}

#[async_trait]
pub trait Dockets: Send + Sync {
    async fn docket(
        &self,
        workspace: WorkspaceId,
        desk: &str,
        name: &str,
    ) -> PortResult<Option<Docket>>;

    /// All of a desk, by name.
    async fn dockets(&self, workspace: WorkspaceId, desk: &str) -> PortResult<Vec<Docket>>;

    /// At most `most` of a desk that are due, over all workspaces, the longest due first.
    async fn due_dockets(
        &self,
        desk: &str,
        now: DateTime<Utc>,
        most: u32,
    ) -> PortResult<Vec<Docket>>;

    /// Stores it when its version is 1 and there is none, or follows the stored one; `false`, and nothing stored, when somebody else was first.
    async fn put_docket(&self, docket: &Docket) -> PortResult<bool>;

    /// Takes it away at this very version; `false` when it is another, or not there.
    async fn remove_docket(&self, docket: &Docket) -> PortResult<bool>;
}
