//! Who asked to be forgotten or told, who became whom, and what is remembered so that nobody comes back.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::{ConnectionId, CustomerId, OrderId, PrivacyRequestId, StoreScope, WorkspaceId};
use domain::privacy::{Identities, PrivacyRequest, PrivacyState};

/// What became of the personal data of a redaction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Redacted {
    /// Customer records that were deleted.
    pub profiles: u64,
    /// Orders of these customers: they stay, by number.
    pub orders: u64,
}

#[async_trait]
pub trait PrivacyStore: Send + Sync {
    /// Durable when it returns. The same request (store, kind, provider's key) is kept once; answers the stored one.
    async fn receive(&self, request: &PrivacyRequest) -> PortResult<PrivacyRequest>;

    /// Of one workspace, newest first; of all stores.
    async fn requests(
        &self,
        workspace: WorkspaceId,
        page: &PageRequest,
    ) -> PortResult<Page<PrivacyRequest>>;

    async fn request(
        &self,
        workspace: WorkspaceId,
        id: PrivacyRequestId,
    ) -> PortResult<Option<PrivacyRequest>>;

    /// Of all workspaces, in a state, oldest first, at most 100.
    async fn in_state(&self, state: PrivacyState) -> PortResult<Vec<PrivacyRequest>>;

    /// Moves a request to another state, with a sentence free of personal data.
    async fn settle(
        &self,
        id: PrivacyRequestId,
        state: PrivacyState,
        at: DateTime<Utc>,
        note: &str,
    ) -> PortResult<()>;

    /// Remembers that these are forgotten and deletes every record that names or describes them: from then on, customers among them are not
    /// saved any more.
    async fn forget(
        &self,
        scope: StoreScope,
        customers: &[CustomerId],
        orders: &[OrderId],
        at: DateTime<Utc>,
    ) -> PortResult<Redacted>;

    /// Remembers that one customer became another, and deletes the record of the one that is gone. A chain of merges leads to its end.
    async fn merge(
        &self,
        scope: StoreScope,
        from: CustomerId,
        into: CustomerId,
        at: DateTime<Utc>,
    ) -> PortResult<()>;

    /// Of these customers and orders: who is forgotten, and who became whom.
    async fn identities(
        &self,
        scope: StoreScope,
        customers: &[CustomerId],
        orders: &[OrderId],
    ) -> PortResult<Identities>;

    /// Deliveries of a connection that still have a body, to be reduced: number, topic, body.
    async fn bodies(&self, connection: ConnectionId, after: i64) -> PortResult<Vec<StoredBody>>;

    async fn replace_body(&self, id: i64, body: &[u8]) -> PortResult<()>;

    /// Makes sure that nothing of what was deleted can be read out of the database's own files. May take long.
    async fn wipe_deleted(&self) -> PortResult<()>;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBody {
    pub id: i64,
    pub topic: String,
    pub body: Vec<u8>,
}
