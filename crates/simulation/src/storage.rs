//! The database behind gates: change-sets, stops, syncs and webhooks. What is really stored is noted in the same breath.

use crate::gate::Gate;
use crate::plant::Plant;
use crate::tally::Moment;
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::audit::NewEntry;
use domain::changes::{ChangeSet, Origin};
use domain::ids::{ChangeSetId, ConnectionId, StoreScope, SyncId, WorkspaceId};
use domain::sync::SyncRun;
use ports::changes::{
    ChangeFilter, ChangeLease, ChangeSetStore, Guard, Intended, Intent, Past, Stop, StopScope,
    Stops,
};
use ports::inbox::{Accepted, Claimed, Delivery, Inbox, InboxState};
use ports::syncs::{Lease, SyncStore};
use ports::{Page, PageRequest, PortResult};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use testkit::fakes::FakeDatabase;

/// The newest fences that were handed out, for the planted mistake that lets old ones write.
pub(crate) type Fences = Arc<Mutex<BTreeMap<ChangeSetId, i64>>>;

pub(crate) struct Gated {
    pub(crate) gate: Arc<Gate>,
    pub(crate) database: Arc<FakeDatabase>,
    pub(crate) plant: Option<Plant>,
    pub(crate) fences: Fences,
}

impl Gated {
    fn is(&self, plant: Plant) -> bool {
        self.plant == Some(plant)
    }

    /// The lease as the storage takes it: with a planted mistake, whoever comes counts as the newest.
    fn taken(&self, lease: &ChangeLease) -> ChangeLease {
        let mut lease = lease.clone();
        if self.is(Plant::LeaseIgnored) {
            let fences = self.fences.lock().unwrap_or_else(PoisonError::into_inner);
            lease.fence = fences.get(&lease.set.id).copied().unwrap_or(lease.fence);
        }
        lease
    }

    fn prolonged(&self, prolong: Duration) -> Duration {
        match self.is(Plant::LeaseIgnored) {
            true => Duration::zero(),
            false => prolong,
        }
    }
}

/// Through the gate, there and back.
macro_rules! through {
    ($self:ident, $name:literal, $call:expr) => {{
        $self.gate.before($name).await?;
        let answer = $call.await;
        $self.gate.after($name).await?;
        answer
    }};
}
pub(crate) use through;

#[async_trait]
impl ChangeSetStore for Gated {
    async fn propose(&self, set: &ChangeSet, entry: &NewEntry) -> PortResult<()> {
        through!(self, "sets.propose", self.database.propose(set, entry))
    }

    async fn find(&self, workspace: WorkspaceId, id: ChangeSetId) -> PortResult<Option<ChangeSet>> {
        let database: &dyn ChangeSetStore = &*self.database;
        through!(self, "sets.find", database.find(workspace, id))
    }

    async fn list(
        &self,
        workspace: WorkspaceId,
        filter: &ChangeFilter,
        page: &PageRequest,
    ) -> PortResult<Page<ChangeSet>> {
        let database: &dyn ChangeSetStore = &*self.database;
        through!(self, "sets.list", database.list(workspace, filter, page))
    }

    async fn decide(&self, set: &ChangeSet, entry: &NewEntry) -> PortResult<ChangeSet> {
        through!(self, "sets.decide", self.database.decide(set, entry))
    }

    async fn expire(&self, now: DateTime<Utc>) -> PortResult<u64> {
        through!(self, "sets.expire", self.database.expire(now))
    }

    async fn claim(&self, now: DateTime<Utc>, lease: Duration) -> PortResult<Option<ChangeLease>> {
        self.gate.before("sets.claim").await?;
        let database: &dyn ChangeSetStore = &*self.database;
        let claimed = database.claim(now, self.prolonged(lease)).await;
        if let Ok(Some(lease)) = &claimed {
            let mut fences = self.fences.lock().unwrap_or_else(PoisonError::into_inner);
            fences.insert(lease.set.id, lease.fence);
        }
        self.gate.after("sets.claim").await?;
        claimed
    }

    async fn intend(
        &self,
        lease: &ChangeLease,
        set: &ChangeSet,
        no: u32,
        since: DateTime<Utc>,
        guard: Guard<'_>,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<Intended> {
        self.gate.before("sets.intend").await?;
        let (lease, prolong) = (self.taken(lease), self.prolonged(prolong));
        let stops: &dyn Stops = &*self.database;
        let intended = if self.is(Plant::IntentForgotten) {
            let past = Past {
                intents: self.database.intents(set.scope, since).await?,
                stops: stops.stops(set.scope.workspace).await?,
            };
            match guard(&past) {
                Err(sentence) => Ok(Intended::Refused(sentence)),
                Ok(()) => {
                    let database: &dyn ChangeSetStore = &*self.database;
                    let saved = database.advance(&lease, set, &[], now, prolong).await;
                    saved.map(Intended::Stored)
                }
            }
        } else if self.is(Plant::GuardOutside) {
            let past = Past {
                intents: self.database.intents(set.scope, since).await?,
                stops: stops.stops(set.scope.workspace).await?,
            };
            match guard(&past) {
                Err(sentence) => Ok(Intended::Refused(sentence)),
                Ok(()) => {
                    self.gate.slowly("sets.intend after the guard").await;
                    let yes = |_: &Past| Ok(());
                    let stored = self
                        .database
                        .intend(&lease, set, no, since, &yes, now, prolong);
                    stored.await
                }
            }
        } else {
            let stored = self
                .database
                .intend(&lease, set, no, since, guard, now, prolong);
            stored.await
        };
        if let Ok(Intended::Stored(_)) = &intended {
            let is_undo = matches!(set.origin, Origin::Undo { .. });
            let moment = Moment::Intent(set.id, no, is_undo);
            self.gate.tally.moment(moment);
        }
        self.gate.after("sets.intend").await?;
        intended
    }

    async fn advance(
        &self,
        lease: &ChangeLease,
        set: &ChangeSet,
        entries: &[NewEntry],
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<ChangeSet> {
        let (lease, prolong) = (self.taken(lease), self.prolonged(prolong));
        let entries = match self.is(Plant::AuditOmitted) {
            true => &[],
            false => entries,
        };
        let database: &dyn ChangeSetStore = &*self.database;
        let saved = database.advance(&lease, set, entries, now, prolong);
        through!(self, "sets.advance", saved)
    }

    async fn intents(&self, scope: StoreScope, since: DateTime<Utc>) -> PortResult<Vec<Intent>> {
        through!(self, "sets.intents", self.database.intents(scope, since))
    }
}

#[async_trait]
impl Stops for Gated {
    async fn stop(&self, workspace: WorkspaceId, stop: &Stop, entry: &NewEntry) -> PortResult<()> {
        self.gate.before("stops.stop").await?;
        let stopped = self.database.stop(workspace, stop, entry).await;
        if stopped.is_ok() {
            self.gate.tally.moment(Moment::StopOn);
        }
        self.gate.after("stops.stop").await?;
        stopped
    }

    async fn lift(
        &self,
        workspace: WorkspaceId,
        scope: &StopScope,
        entry: &NewEntry,
    ) -> PortResult<()> {
        self.gate.before("stops.lift").await?;
        let lifted = self.database.lift(workspace, scope, entry).await;
        if lifted.is_ok() {
            self.gate.tally.moment(Moment::StopOff);
        }
        self.gate.after("stops.lift").await?;
        lifted
    }

    async fn stops(&self, workspace: WorkspaceId) -> PortResult<Vec<Stop>> {
        through!(self, "stops.stops", self.database.stops(workspace))
    }
}

#[async_trait]
impl SyncStore for Gated {
    async fn create(&self, run: &SyncRun, entry: Option<&NewEntry>) -> PortResult<()> {
        let database: &dyn SyncStore = &*self.database;
        through!(self, "syncs.create", database.create(run, entry))
    }

    async fn find(&self, workspace: WorkspaceId, id: SyncId) -> PortResult<Option<SyncRun>> {
        let database: &dyn SyncStore = &*self.database;
        through!(self, "syncs.find", database.find(workspace, id))
    }

    async fn list(
        &self,
        workspace: WorkspaceId,
        connection: Option<ConnectionId>,
        page: &PageRequest,
    ) -> PortResult<Page<SyncRun>> {
        let database: &dyn SyncStore = &*self.database;
        let listed = database.list(workspace, connection, page);
        through!(self, "syncs.list", listed)
    }

    async fn claim(&self, now: DateTime<Utc>, lease: Duration) -> PortResult<Option<Lease>> {
        let database: &dyn SyncStore = &*self.database;
        through!(self, "syncs.claim", database.claim(now, lease))
    }

    async fn advance(
        &self,
        lease: &Lease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<SyncRun> {
        let database: &dyn SyncStore = &*self.database;
        through!(self, "syncs.advance", database.advance(lease, now, prolong))
    }

    async fn request_cancel(
        &self,
        workspace: WorkspaceId,
        id: SyncId,
        now: DateTime<Utc>,
    ) -> PortResult<SyncRun> {
        let database: &dyn SyncStore = &*self.database;
        let asked = database.request_cancel(workspace, id, now);
        through!(self, "syncs.cancel", asked)
    }

    async fn requeue(
        &self,
        workspace: WorkspaceId,
        id: SyncId,
        now: DateTime<Utc>,
    ) -> PortResult<SyncRun> {
        let database: &dyn SyncStore = &*self.database;
        through!(self, "syncs.requeue", database.requeue(workspace, id, now))
    }

    async fn checkpoint(
        &self,
        connection: ConnectionId,
        name: &str,
    ) -> PortResult<Option<serde_json::Value>> {
        let found = self.database.checkpoint(connection, name);
        through!(self, "syncs.checkpoint", found)
    }

    async fn set_checkpoint(
        &self,
        connection: ConnectionId,
        name: &str,
        value: Option<&serde_json::Value>,
    ) -> PortResult<()> {
        let set = self.database.set_checkpoint(connection, name, value);
        through!(self, "syncs.set_checkpoint", set)
    }
}

#[async_trait]
impl Inbox for Gated {
    async fn accept(&self, delivery: &Delivery) -> PortResult<Accepted> {
        let is_left_out = self.is(Plant::AcknowledgedUnstored) && self.gate.roll(|d| d.one_in(4));
        if is_left_out {
            return Ok(Accepted::New);
        }
        through!(self, "inbox.accept", self.database.accept(delivery))
    }

    async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
        limit: u32,
    ) -> PortResult<Vec<Claimed>> {
        self.gate.before("inbox.claim").await?;
        let database: &dyn Inbox = &*self.database;
        let claimed = database.claim(now, lease, limit).await;
        if let (true, Ok(claimed)) = (self.is(Plant::SettledFirst), &claimed) {
            let ids: Vec<i64> = claimed.iter().map(|c| c.id).collect();
            self.database.done(&ids, now).await?;
        }
        self.gate.after("inbox.claim").await?;
        claimed
    }

    async fn done(&self, ids: &[i64], now: DateTime<Utc>) -> PortResult<()> {
        through!(self, "inbox.done", self.database.done(ids, now))
    }

    async fn failed(
        &self,
        id: i64,
        error: &str,
        again_at: Option<DateTime<Utc>>,
    ) -> PortResult<()> {
        if self.is(Plant::SettledFirst) {
            return Ok(());
        }
        through!(
            self,
            "inbox.failed",
            self.database.failed(id, error, again_at)
        )
    }

    async fn state(&self, connection: Option<ConnectionId>) -> PortResult<InboxState> {
        through!(self, "inbox.state", self.database.state(connection))
    }

    async fn prune(&self, finished_before: DateTime<Utc>) -> PortResult<u64> {
        let database: &dyn Inbox = &*self.database;
        through!(self, "inbox.prune", database.prune(finished_before))
    }
}
