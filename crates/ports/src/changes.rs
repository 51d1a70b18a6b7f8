//! Change-sets, the intents of their writes, and the switch that stops all writes.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::audit::{Actor, NewEntry};
use domain::changes::alone::given;
use domain::changes::budget::most_calls;
use domain::changes::{Action, ChangeSet, ChangeSetStatus};
use domain::ids::{ChangeSetId, RunId, StoreId, StoreScope, WorkspaceId};
use serde::{Deserialize, Serialize};

/// The right to apply a set; see [`crate::syncs::Lease`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeLease {
    pub set: ChangeSet,
    pub fence: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeFilter {
    pub store: Option<StoreId>,
    pub status: Option<ChangeSetStatus>,
    /// Proposed by this agent.
    pub agent: Option<String>,
    /// Proposed by this run of one.
    pub run: Option<RunId>,
}

/// A write that was let through: what limits on sums and counts are computed from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    pub set: ChangeSetId,
    pub no: u32,
    /// The agent whose proposal it was; `None` for a person's.
    pub agent: Option<String>,
    pub action: Action,
    pub at: DateTime<Utc>,
    /// What its change-set means in money; `None`: nobody can tell, or it was stored before it was asked.
    #[serde(default)]
    pub stake: Option<i64>,
    /// Calls of the provider, over all of its tries.
    #[serde(default)]
    pub calls: u32,
    /// Of a refund behind which one person stands alone: who it is.
    #[serde(default)]
    pub alone: Option<String>,
}

impl Intent {
    /// To make operation `no` of the set; `None` when it has no such one.
    #[must_use]
    pub fn of(set: &ChangeSet, no: u32, at: DateTime<Utc>) -> Option<Self> {
        let agent = set.origin.agent().map(|(agent, _)| agent.to_owned());
        set.operation(no).map(|operation| Self {
            set: set.id,
            no,
            agent,
            action: operation.action.clone(),
            alone: given(&operation.action).and_then(|_| set.alone()),
            at,
            stake: set.stake(),
            calls: operation
                .tries
                .max(1)
                .saturating_mul(most_calls(&operation.action)),
        })
    }
}

/// What a stop holds back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum StopScope {
    /// All writes of the workspace.
    All,
    Agent(String),
    /// A connection's id.
    Connection(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    pub scope: StopScope,
    pub reason: String,
    pub by: Actor,
    pub at: DateTime<Utc>,
}

/// What the guard looks at, inside the transaction of the intent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    /// Intents of the store since the instant that was asked for, oldest first.
    pub intents: Vec<Intent>,
    /// All stops that are on in the workspace.
    pub stops: Vec<Stop>,
}

/// Says why a write must not be made; a sentence.
pub type Guard<'a> = &'a (dyn Fn(&Past) -> Result<(), String> + Send + Sync);

#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "it lives for one match; the usual answer is the large one"
)]
pub enum Intended {
    /// The intent is stored: the write may be sent.
    Stored(ChangeSet),
    /// The guard's sentence; nothing is stored.
    Refused(String),
}

#[async_trait]
pub trait ChangeSetStore: Send + Sync {
    /// With the audit's entry, or not at all. `Conflict` when there is one of the same id.
    async fn propose(&self, set: &ChangeSet, entry: &NewEntry) -> PortResult<()>;
    /// `None` in another workspace.
    async fn find(&self, workspace: WorkspaceId, id: ChangeSetId) -> PortResult<Option<ChangeSet>>;
    /// Newest first.
    async fn list(
        &self,
        workspace: WorkspaceId,
        filter: &ChangeFilter,
        page: &PageRequest,
    ) -> PortResult<Page<ChangeSet>>;
    /// Stores what a person or a policy decided, with the audit's entry, or not at all. `Conflict` when the stored version is not
    /// `set.version`; the answered set's version is one more. `NotFound` when unknown.
    async fn decide(&self, set: &ChangeSet, entry: &NewEntry) -> PortResult<ChangeSet>;
    /// Proposed sets whose time is over become `Expired`; answers how many.
    async fn expire(&self, now: DateTime<Utc>) -> PortResult<u64>;
    /// The oldest approved or applying set whose lease is free or over and whose `next_try_at` has come; claimed by one caller only. It is
    /// `Applying` from then on. Of one store one set at a time is claimed.
    async fn claim(&self, now: DateTime<Utc>, lease: Duration) -> PortResult<Option<ChangeLease>>;
    /// Asks the guard and stores the intent of operation `no` (its state in `set` as given), in one transaction that no other intent of the store
    /// can interleave with: of many at once the guard of each sees all that were stored before, and every stop that was answered before. Prolongs
    /// the lease; `Conflict` when the fence is old. An operation whose intent is stored again has one intent, of the later time; `Rejected` when
    /// the set has no such operation.
    #[expect(
        clippy::too_many_arguments,
        reason = "what the guard and the lease need is told by one caller in one call"
    )]
    async fn intend(
        &self,
        lease: &ChangeLease,
        set: &ChangeSet,
        no: u32,
        since: DateTime<Utc>,
        guard: Guard<'_>,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<Intended>;
    /// Saves what became of it, with the audit's entries, in one transaction, and prolongs the lease; `Conflict` when the fence is old, and then
    /// nothing is saved. A set with nothing left to do gives up its lease.
    async fn advance(
        &self,
        lease: &ChangeLease,
        set: &ChangeSet,
        entries: &[NewEntry],
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<ChangeSet>;
    /// Intents of a store since an instant, oldest first.
    async fn intents(&self, scope: StoreScope, since: DateTime<Utc>) -> PortResult<Vec<Intent>>;
}

#[async_trait]
pub trait Stops: Send + Sync {
    /// Replaces one of the same scope; with the audit's entry, or not at all.
    async fn stop(&self, workspace: WorkspaceId, stop: &Stop, entry: &NewEntry) -> PortResult<()>;
    /// `NotFound` when it is not on; with the audit's entry, or not at all.
    async fn lift(
        &self,
        workspace: WorkspaceId,
        scope: &StopScope,
        entry: &NewEntry,
    ) -> PortResult<()>;
    /// Those that are on, by scope.
    async fn stops(&self, workspace: WorkspaceId) -> PortResult<Vec<Stop>>;
}
