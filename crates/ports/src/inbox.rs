//! Webhooks, stored before they are acknowledged.

use crate::PortResult;
use crate::traces::TraceContext;
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::ids::ConnectionId;

/// A delivery whose signature was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub connection: ConnectionId,
    pub topic: String,
    /// What makes two deliveries the same, from signed content (topic and body), not from unsigned headers alone.
    pub dedupe_key: String,
    /// The provider's id of the delivery, when it sent one.
    pub delivery_id: Option<String>,
    pub triggered_at: Option<DateTime<Utc>>,
    pub received_at: DateTime<Utc>,
    pub body: Vec<u8>,
    /// The request that brought it.
    pub trace: Option<TraceContext>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    New,
    Duplicate,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    pub id: i64,
    pub delivery: Delivery,
    /// 1 for the first try.
    pub attempt: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InboxState {
    pub pending: u64,
    pub oldest_pending: Option<DateTime<Utc>>,
    /// Given up after too many tries; kept for a person.
    pub dead: u64,
    pub last_received: Option<DateTime<Utc>>,
}

#[async_trait]
pub trait Inbox: Send + Sync {
    /// Durable when it returns. Of equal dedupe keys of one connection, however simultaneous, exactly one is `New`.
    async fn accept(&self, delivery: &Delivery) -> PortResult<Accepted>;
    /// Up to `limit` deliveries that are due, oldest first, hidden from other claims for `lease`; a claim that is not settled in time comes back.
    async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
        limit: u32,
    ) -> PortResult<Vec<Claimed>>;
    /// Finished: never claimed again; its key stays known.
    async fn done(&self, ids: &[i64], now: DateTime<Utc>) -> PortResult<()>;
    /// Comes back at `again_at`; given up when that is `None`.
    async fn failed(&self, id: i64, error: &str, again_at: Option<DateTime<Utc>>)
    -> PortResult<()>;
    /// Of one connection, or of all.
    async fn state(&self, connection: Option<ConnectionId>) -> PortResult<InboxState>;
    /// Forgets bodies and keys of deliveries that were finished before; answers how many.
    async fn prune(&self, finished_before: DateTime<Utc>) -> PortResult<u64>;
}
