//! Change-sets that are applied twice, guards that are asked too early, stops that are forgotten.

use super::{caught, let_others_in, saboteur, sound};
use chrono::{DateTime, Duration, Utc};
use domain::audit::NewEntry;
use domain::changes::ChangeSet;
use domain::ids::{ChangeSetId, StoreScope, WorkspaceId};
use ports::changes::{
    ChangeFilter, ChangeLease, ChangeSetStore, Guard, Intended, Intent, Past, Stop, StopScope,
    Stops,
};
use ports::{Kind, Page, PageRequest, PortResult};
use std::sync::Arc;
use testkit::Stores;
use testkit::fakes::FakeDatabase;
use testkit::laws::{change_claims, change_intents, change_sets, stops};

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    /// A lease does not keep others off.
    Shares,
    /// The guard is asked, others come in, and then the intent is stored.
    AsksEarly,
    /// Whoever decides on an old version is told that it counted.
    LastWins,
    /// Says no, and stores it all the same.
    StoresRefused,
    /// Nobody looks at the fence.
    NoFence,
    /// Entries of the audit are lost.
    NoEntries,
    /// Expires what has a second left.
    Impatient,
    /// Lists are of all statuses.
    ListsAll,
    /// Lists are of all runs.
    ListsAllRuns,
}

struct Changes {
    db: Arc<FakeDatabase>,
    flaw: Flaw,
}

fn with(flaw: Flaw) -> Stores {
    let (db, stores) = sound();
    Stores {
        changes: Arc::new(Changes { db, flaw }),
        ..stores
    }
}

fn yes(_: &Past) -> Result<(), String> {
    Ok(())
}

saboteur! {
    ChangeSetStore for Changes {
        async fn claim(&self, now: DateTime<Utc>, lease: Duration) -> PortResult<Option<ChangeLease>> {
            let lease = if self.flaw == Flaw::Shares { Duration::zero() } else { lease };
            ChangeSetStore::claim(&*self.db, now, lease).await
        }

        async fn list(
            &self,
            workspace: WorkspaceId,
            filter: &ChangeFilter,
            page: &PageRequest,
        ) -> PortResult<Page<ChangeSet>> {
            let mut filter = filter.clone();
            if self.flaw == Flaw::ListsAll {
                filter.status = None;
            }
            if self.flaw == Flaw::ListsAllRuns {
                filter.run = None;
            }
            ChangeSetStore::list(&*self.db, workspace, &filter, page).await
        }

        async fn decide(&self, set: &ChangeSet, entry: &NewEntry) -> PortResult<ChangeSet> {
            match self.db.decide(set, entry).await {
                Err(e) if e.kind == Kind::Conflict && self.flaw == Flaw::LastWins => Ok(set.clone()),
                answer => answer,
            }
        }

        async fn expire(&self, now: DateTime<Utc>) -> PortResult<u64> {
            let early = Duration::seconds(i64::from(self.flaw == Flaw::Impatient));
            self.db.expire(now + early).await
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
            let intents = self.db.intents(set.scope, since).await?;
            let stops = self.db.stops(set.scope.workspace).await?;
            let early = guard(&Past { intents, stops });
            match (self.flaw, early) {
                (Flaw::AsksEarly, Ok(())) => {
                    let_others_in().await;
                    self.db.intend(lease, set, no, since, &yes, now, prolong).await
                }
                (Flaw::StoresRefused, Err(sentence)) => {
                    self.db.intend(lease, set, no, since, &yes, now, prolong).await?;
                    Ok(Intended::Refused(sentence))
                }
                _ => self.db.intend(lease, set, no, since, guard, now, prolong).await,
            }
        }

        async fn advance(
            &self,
            lease: &ChangeLease,
            set: &ChangeSet,
            entries: &[NewEntry],
            now: DateTime<Utc>,
            prolong: Duration,
        ) -> PortResult<ChangeSet> {
            let entries = if self.flaw == Flaw::NoEntries { &[] } else { entries };
            match ChangeSetStore::advance(&*self.db, lease, set, entries, now, prolong).await {
                Err(e) if e.kind == Kind::Conflict && self.flaw == Flaw::NoFence => Ok(set.clone()),
                answer => answer,
            }
        }
    } else self {
        fn propose(set: &ChangeSet, entry: &NewEntry) -> ();
        fn find(workspace: WorkspaceId, id: ChangeSetId) -> Option<ChangeSet>;
        fn intents(scope: StoreScope, since: DateTime<Utc>) -> Vec<Intent>;
    }
}

#[tokio::test]
async fn a_set_that_two_apply_is_caught() {
    caught(change_claims::of_many_that_claim_one_wins(with(
        Flaw::Shares,
    )))
    .await;
    let shared = with(Flaw::Shares);
    caught(change_claims::of_one_store_one_set_at_a_time_is_claimed(
        shared,
    ))
    .await;
    let shared = with(Flaw::Shares);
    caught(change_claims::of_many_claims_at_once_each_store_gives_one(
        shared,
    ))
    .await;
}

#[tokio::test]
async fn a_guard_that_is_asked_too_early_is_caught() {
    let early = with(Flaw::AsksEarly);
    caught(change_intents::of_many_at_once_only_as_many_pass_as_the_guard_lets_through(early))
        .await;
}

#[tokio::test]
async fn an_intent_that_was_refused_and_stored_is_caught() {
    let stores = with(Flaw::StoresRefused);
    caught(change_intents::what_the_guard_forbids_is_not_stored(stores)).await;
}

#[tokio::test]
async fn a_decision_on_what_was_not_seen_is_caught() {
    let stores = with(Flaw::LastWins);
    caught(change_sets::a_decision_on_another_version_changes_nothing(
        stores,
    ))
    .await;
    caught(change_sets::of_many_decisions_at_once_one_counts(with(
        Flaw::LastWins,
    )))
    .await;
}

#[tokio::test]
async fn a_late_worker_is_caught() {
    caught(change_claims::an_old_fence_saves_nothing(with(
        Flaw::NoFence,
    )))
    .await;
}

#[tokio::test]
async fn work_without_its_entries_is_caught() {
    let stores = with(Flaw::NoEntries);
    caught(change_claims::an_advance_saves_the_work_with_its_entries(
        stores,
    ))
    .await;
}

#[tokio::test]
async fn a_proposal_that_expires_too_early_is_caught() {
    let stores = with(Flaw::Impatient);
    caught(change_sets::proposals_whose_time_is_over_expire(stores)).await;
}

/// Stops that are lifted with everything else, and that lifting never refuses.
struct Careless {
    db: Arc<FakeDatabase>,
}

saboteur! {
    Stops for Careless {
        async fn lift(
            &self,
            workspace: WorkspaceId,
            scope: &StopScope,
            entry: &NewEntry,
        ) -> PortResult<()> {
            match self.db.lift(workspace, scope, entry).await {
                Err(e) if e.kind == Kind::NotFound => Ok(()),
                answer => answer,
            }
        }

        /// Of one scope only.
        async fn stops(&self, workspace: WorkspaceId) -> PortResult<Vec<Stop>> {
            let mut stops = self.db.stops(workspace).await?;
            stops.truncate(1);
            Ok(stops)
        }
    } else self {
        fn stop(workspace: WorkspaceId, stop: &Stop, entry: &NewEntry) -> ();
    }
}

#[tokio::test]
async fn stops_that_are_forgotten_are_caught() {
    let careless = || {
        let (db, stores) = sound();
        Stores {
            stops: Arc::new(Careless { db }),
            ..stores
        }
    };
    caught(stops::stops_are_kept_by_scope_in_their_workspace(careless())).await;
    caught(stops::a_stop_replaces_one_of_the_same_scope(careless())).await;
    caught(stops::of_many_that_lift_one_does(careless())).await;
}

#[tokio::test]
async fn a_list_that_is_not_narrowed_is_caught() {
    let stores = with(Flaw::ListsAll);
    caught(change_sets::sets_are_listed_newest_first_by_store_and_status(stores)).await;
    let stores = with(Flaw::ListsAllRuns);
    caught(change_sets::sets_are_listed_by_the_agent_and_by_the_run_that_proposed_them(stores))
        .await;
}
