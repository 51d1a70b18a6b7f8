//! Requests that are sent twice and done once.

use crate::PortResult;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::WorkspaceId;

/// Whose request, to which operation, under which name of the caller's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestKey {
    pub workspace: WorkspaceId,
    pub principal: String,
    /// Method and path as the route table writes it.
    pub route: String,
    pub key: String,
}

/// An answer as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAnswer {
    pub status: u16,
    pub content_type: Option<String>,
    pub location: Option<String>,
    pub body: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Nobody did it yet: the caller does, and then calls `finish` or `release`.
    Mine,
    /// Somebody is doing it.
    Running,
    Done(StoredAnswer),
    /// The key was used for something else.
    Different,
}

#[async_trait]
pub trait Idempotency: Send + Sync {
    /// Of many at once one is told `Mine`. A claim that was neither finished nor released is free again after `until`.
    async fn claim(
        &self,
        key: &RequestKey,
        fingerprint: &[u8; 32],
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> PortResult<Claim>;
    /// The caller is still at it: moves the end of a claim that was neither finished nor released.
    async fn extend(&self, key: &RequestKey, until: DateTime<Utc>) -> PortResult<()>;
    /// From now on the key is answered with this.
    async fn finish(&self, key: &RequestKey, answer: &StoredAnswer) -> PortResult<()>;
    /// Forgets a claim that was not finished: nothing happened.
    async fn release(&self, key: &RequestKey) -> PortResult<()>;
    /// Forgets keys that were first seen before; answers how many.
    async fn forget(&self, before: DateTime<Utc>) -> PortResult<u64>;
}
