//! Change-sets with their leases, and the intents of their writes.

use super::database::{FakeDatabase, State, refuse};
use super::leased::WorkRow;
use super::paging;
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::audit::NewEntry;
use domain::changes::{ChangeSet, ChangeSetStatus};
use domain::ids::{ChangeSetId, StoreScope, WorkspaceId};
use domain::work::Work;
use ports::changes::{ChangeFilter, ChangeLease, ChangeSetStore, Guard, Intended, Intent, Past};
use ports::events::change_set_changed;
use ports::{Kind, Page, PageRequest, PortResult};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub(super) struct ChangesState {
    pub sets: BTreeMap<ChangeSetId, WorkRow<ChangeSet>>,
    pub intents: BTreeMap<(ChangeSetId, u32), (StoreScope, Intent)>,
}

impl ChangesState {
    fn since(&self, scope: StoreScope, since: DateTime<Utc>) -> Vec<Intent> {
        let of = self.intents.values().filter(|(of, _)| *of == scope);
        let mut found: Vec<Intent> = of.map(|(_, intent)| intent.clone()).collect();
        found.retain(|intent| intent.at >= since);
        found.sort_by_key(|intent| (intent.at, intent.set, intent.no));
        found
    }
}

impl State {
    fn carry_on(
        &mut self,
        operation: &'static str,
        lease: &ChangeLease,
        set: &ChangeSet,
        until: DateTime<Utc>,
    ) -> PortResult<ChangeSet> {
        let row = self.changes.sets.get_mut(&set.id);
        let row = row.filter(|row| row.work.scope.workspace == set.scope.workspace);
        WorkRow::advance(row, operation, set, lease.fence, until)
    }

    fn tell(&mut self, set: &ChangeSet, at: DateTime<Utc>) {
        self.emit([change_set_changed(set, at)]);
    }
}

#[async_trait]
impl ChangeSetStore for FakeDatabase {
    async fn propose(&self, set: &ChangeSet, entry: &NewEntry) -> PortResult<()> {
        let mut state = self.lock();
        if state.changes.sets.contains_key(&set.id) {
            let detail = "the id is taken";
            return Err(refuse(Kind::Conflict, "change_sets.propose", detail));
        }
        state.changes.sets.insert(set.id, WorkRow::new(set));
        state.record(std::slice::from_ref(entry));
        state.tell(set, entry.at);
        Ok(())
    }

    async fn find(&self, workspace: WorkspaceId, id: ChangeSetId) -> PortResult<Option<ChangeSet>> {
        let state = self.lock();
        let set = state.changes.sets.get(&id).map(|row| row.work.clone());
        Ok(set.filter(|set| set.scope.workspace == workspace))
    }

    async fn list(
        &self,
        workspace: WorkspaceId,
        filter: &ChangeFilter,
        page: &PageRequest,
    ) -> PortResult<Page<ChangeSet>> {
        let state = self.lock();
        let rows = state.changes.sets.values();
        let rows = rows
            .filter(|row| row.work.scope.workspace == workspace)
            .filter(|row| filter.store.is_none_or(|s| row.work.scope.store == s))
            .filter(|row| filter.status.is_none_or(|s| row.work.status == s))
            .filter(|row| {
                let (agent, run) = row.work.origin.agent().unzip();
                (filter.agent.is_none() || filter.agent.as_deref() == agent)
                    && (filter.run.is_none() || filter.run == run)
            })
            .map(|row| (row.key(), row.work.clone()))
            .collect();
        let list = format!("change_sets {filter:?}");
        paging::page(&list, "change_sets.list", rows, page)
    }

    async fn decide(&self, set: &ChangeSet, entry: &NewEntry) -> PortResult<ChangeSet> {
        let operation = "change_sets.decide";
        let mut state = self.lock();
        let row = state.changes.sets.get_mut(&set.id);
        let row = row
            .filter(|row| row.work.scope.workspace == set.scope.workspace)
            .ok_or_else(|| refuse(Kind::NotFound, operation, "there is no such set"))?;
        if row.work.version != set.version {
            return Err(refuse(Kind::Conflict, operation, "it was changed"));
        }
        row.work.carry_on(set);
        if !row.work.is_open() {
            row.leased_until = None;
        }
        let decided = row.work.clone();
        state.record(std::slice::from_ref(entry));
        state.tell(&decided, entry.at);
        Ok(decided)
    }

    async fn expire(&self, now: DateTime<Utc>) -> PortResult<u64> {
        let mut state = self.lock();
        let mut over = Vec::new();
        for row in state.changes.sets.values_mut() {
            let set = &mut row.work;
            if set.status == ChangeSetStatus::Proposed && set.expires_at <= now {
                set.status = ChangeSetStatus::Expired;
                set.version += 1;
                over.push(set.clone());
            }
        }
        for set in &over {
            state.tell(set, now);
        }
        Ok(over.len() as u64)
    }

    async fn claim(&self, now: DateTime<Utc>, lease: Duration) -> PortResult<Option<ChangeLease>> {
        let mut state = self.lock();
        let sets = &mut state.changes.sets;
        let held = sets.values().filter(|row| row.is_leased(now));
        let busy: BTreeSet<StoreScope> = held.map(|row| row.work.scope).collect();
        let due = |set: &ChangeSet| set.next_try_at.is_none_or(|at| at <= now);
        let rows = sets
            .values_mut()
            .filter(|row| due(&row.work) && !busy.contains(&row.work.scope));
        let claimed = WorkRow::claim(rows, now, lease).map(|row| ChangeLease {
            set: row.work.clone(),
            fence: row.fence,
        });
        if let Some(lease) = &claimed {
            state.tell(&lease.set, now);
        }
        Ok(claimed)
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
        let operation = "change_sets.intend";
        let intent = Intent::of(set, no, now)
            .ok_or_else(|| refuse(Kind::Rejected, operation, "there is no such operation"))?;
        let mut state = self.lock();
        let row = state.changes.sets.get(&set.id);
        if row.is_none_or(|row| row.fence != lease.fence || row.leased_until.is_none()) {
            let detail = "somebody else works on it";
            return Err(refuse(Kind::Conflict, operation, detail));
        }
        let past = Past {
            intents: state.changes.since(set.scope, since),
            stops: state.stops_of(set.scope.workspace),
        };
        if let Err(sentence) = guard(&past) {
            return Ok(Intended::Refused(sentence));
        }
        let stored = state.carry_on(operation, lease, set, now + prolong)?;
        let key = (intent.set, intent.no);
        state.changes.intents.insert(key, (set.scope, intent));
        state.tell(&stored, now);
        Ok(Intended::Stored(stored))
    }

    async fn advance(
        &self,
        lease: &ChangeLease,
        set: &ChangeSet,
        entries: &[NewEntry],
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<ChangeSet> {
        let mut state = self.lock();
        let saved = state.carry_on("change_sets.advance", lease, set, now + prolong)?;
        state.record(entries);
        state.tell(&saved, now);
        Ok(saved)
    }

    async fn intents(&self, scope: StoreScope, since: DateTime<Utc>) -> PortResult<Vec<Intent>> {
        Ok(self.lock().changes.since(scope, since))
    }
}
