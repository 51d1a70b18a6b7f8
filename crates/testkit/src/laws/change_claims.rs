//! Laws of [`ports::changes::ChangeSetStore`]: claims, what becomes of them, and removals.

use super::change_sets::{approve, find, propose, told};
use super::members::actions;
use super::syncs::{lease, now, shop};
use super::tools::{connected, one_claims, race, refused};
use crate::Stores;
use crate::builders::{approved_change_set, audit_entry, change_set, connection};
use chrono::{DateTime, Duration, Utc};
use domain::changes::{ChangeSet, ChangeSetStatus};
use domain::ids::WorkspaceId;
use ports::changes::{ChangeFilter, ChangeLease, Intended, Stop, StopScope};
use ports::{Kind, PageRequest};
use std::collections::BTreeSet;

pub(super) async fn claim(stores: &Stores, at: DateTime<Utc>) -> Option<ChangeLease> {
    stores.changes.claim(at, lease()).await.expect("answered")
}

async fn advance(stores: &Stores, held: &ChangeLease, set: &ChangeSet) -> ChangeSet {
    let saved = stores.changes.advance(held, set, &[], now(), lease()).await;
    saved.expect("saved")
}

pub async fn the_oldest_decided_set_is_claimed_and_is_applying_from_then_on(stores: Stores) {
    let shops = [
        shop(&stores, 1).await,
        shop(&stores, 2).await,
        shop(&stores, 3).await,
    ];
    propose(&stores, &change_set(&shops[0], 1)).await;
    let rejected = ChangeSet {
        status: ChangeSetStatus::Rejected,
        ..change_set(&shops[0], 2)
    };
    propose(&stores, &rejected).await;
    let young = approve(&stores, &shops[1], 9).await;
    let old = approve(&stores, &shops[2], 5).await;
    for expected in [old, young] {
        let held = claim(&stores, now()).await.expect("a set");
        let applying = ChangeSet {
            status: ChangeSetStatus::Applying,
            started_at: Some(now()),
            version: 2,
            ..expected
        };
        assert_eq!(held.set, applying);
        assert_eq!(find(&stores, &applying).await, applying);
        let told = told(&stores, &applying).await;
        assert_eq!(told.last(), Some(&(2, "applying".to_owned())));
    }
    assert_eq!(claim(&stores, now()).await, None);
}

pub async fn of_one_store_one_set_at_a_time_is_claimed(stores: Stores) {
    let (ours, other) = (shop(&stores, 1).await, shop(&stores, 2).await);
    let first = approve(&stores, &ours, 1).await;
    let second = approve(&stores, &ours, 2).await;
    let elsewhere = approve(&stores, &other, 3).await;
    let mut held = claim(&stores, now()).await.expect("a set");
    assert_eq!(held.set.id, first.id);
    let next = claim(&stores, now()).await.expect("a set");
    assert_eq!(next.set.id, elsewhere.id);
    assert_eq!(claim(&stores, now()).await, None);
    held.set.status = ChangeSetStatus::Applied;
    advance(&stores, &held, &held.set).await;
    let next = claim(&stores, now()).await.expect("a set");
    assert_eq!(next.set.id, second.id);
}

pub async fn a_lease_that_is_over_is_claimed_again_and_one_that_waits_is_not(stores: Stores) {
    let shop = shop(&stores, 1).await;
    approve(&stores, &shop, 1).await;
    let mut held = claim(&stores, now()).await.expect("a set");
    let almost = now() + lease() - Duration::seconds(1);
    assert_eq!(claim(&stores, almost).await, None);
    let due = now() + lease() * 3;
    held.set.next_try_at = Some(due);
    advance(&stores, &held, &held.set).await;
    let later = now() + lease();
    assert_eq!(claim(&stores, due - Duration::seconds(1)).await, None);
    // Meanwhile another set of the store has its turn.
    let second = approve(&stores, &shop, 2).await;
    let other = claim(&stores, later).await.expect("a set");
    assert_eq!(other.set.id, second.id);
    let again = claim(&stores, due).await.expect("a set");
    assert_eq!(again.set.id, held.set.id);
    assert!(again.fence > held.fence);
    assert_eq!(again.set.started_at, Some(now()));
    assert_eq!(again.set.version, held.set.version + 2);
}

pub async fn of_many_that_claim_one_wins(stores: Stores) {
    approve(&stores, &shop(&stores, 1).await, 1).await;
    let claims = race(|_| {
        let changes = stores.changes.clone();
        async move { changes.claim(now(), lease()).await }
    })
    .await;
    one_claims(&claims);
}

pub async fn of_many_claims_at_once_each_store_gives_one(stores: Stores) {
    for number in 1..=3 {
        let shop = shop(&stores, number).await;
        for set in 1..=4 {
            approve(&stores, &shop, number * 10 + set).await;
        }
    }
    let claims = race(|_| {
        let changes = stores.changes.clone();
        async move { changes.claim(now(), lease()).await }
    })
    .await;
    let claimed = claims.into_iter().filter_map(|c| c.expect("answered"));
    let scopes: Vec<_> = claimed.map(|held| held.set.scope).collect();
    assert_eq!(scopes.len(), 3, "{scopes:?}");
    assert_eq!(scopes.iter().collect::<BTreeSet<_>>().len(), 3);
}

pub async fn an_advance_saves_the_work_with_its_entries(stores: Stores) {
    let workspace = connected(&stores, 1, 1).await.workspace;
    approve(&stores, &connection(1, 1), 1).await;
    let held = claim(&stores, now()).await.expect("a set");
    let mut worked = held.set.clone();
    worked.operations[0].tries = 1;
    let entries = ["change.write", "change.read"].map(|action| audit_entry(workspace, action));
    let later = now() + lease() - Duration::seconds(1);
    let saved = stores
        .changes
        .advance(&held, &worked, &entries, later, lease())
        .await
        .expect("saved");
    assert_eq!(
        saved,
        ChangeSet {
            version: held.set.version + 1,
            ..worked
        }
    );
    assert_eq!(find(&stores, &saved).await, saved);
    assert_eq!(
        actions(&stores, workspace).await,
        ["change_set.propose", "change.write", "change.read"]
    );
    let told = told(&stores, &saved).await;
    assert_eq!(told.last(), Some(&(saved.version, "applying".to_owned())));
    // The lease was prolonged.
    let end = later + lease();
    assert_eq!(claim(&stores, end - Duration::seconds(1)).await, None);
    assert!(claim(&stores, end).await.is_some());
}

pub async fn an_old_fence_saves_nothing(stores: Stores) {
    let workspace = connected(&stores, 1, 1).await.workspace;
    approve(&stores, &connection(1, 1), 1).await;
    let old = claim(&stores, now()).await.expect("a set");
    let new = claim(&stores, now() + lease()).await.expect("a set");
    let mut worked = old.set.clone();
    worked.status = ChangeSetStatus::Failed;
    let entries = [audit_entry(workspace, "late")];
    let late = stores
        .changes
        .advance(&old, &worked, &entries, now(), lease());
    refused(late.await, Kind::Conflict);
    assert_eq!(find(&stores, &new.set).await, new.set);
    assert_eq!(actions(&stores, workspace).await, ["change_set.propose"]);
    assert_eq!(told(&stores, &new.set).await.len(), 3);
}

pub async fn what_has_ended_gives_up_its_lease(stores: Stores) {
    approve(&stores, &shop(&stores, 1).await, 1).await;
    let held = claim(&stores, now()).await.expect("a set");
    let mut worked = held.set.clone();
    worked.status = ChangeSetStatus::Unknown;
    let ended = advance(&stores, &held, &worked).await;
    let again = stores.changes.advance(&held, &worked, &[], now(), lease());
    refused(again.await, Kind::Conflict);
    // A person looked, and it is applied again.
    let approved = ChangeSet {
        status: ChangeSetStatus::Approved,
        ..ended
    };
    let entry = audit_entry(approved.scope.workspace, "change_set.decide");
    let decided = stores.changes.decide(&approved, &entry).await;
    decided.expect("decided");
    assert!(claim(&stores, now()).await.is_some());
}

async fn ids(stores: &Stores, workspace: WorkspaceId) -> Vec<domain::ids::ChangeSetId> {
    let filter = ChangeFilter::default();
    let page = PageRequest::first(50);
    let page = stores.changes.list(workspace, &filter, &page).await;
    page.expect("a page").items.iter().map(|s| s.id).collect()
}

/// Puts the store's first set through one intent, and leaves two sets that nobody applied.
async fn fill(stores: &Stores, number: u32) -> ChangeSet {
    let shop = shop(stores, number).await;
    let applying = approve(stores, &shop, 1).await;
    let held = claim(stores, now()).await.expect("a set");
    let changes = &stores.changes;
    let guard = |_: &_| Ok(());
    let intended = changes.intend(&held, &held.set, 1, now(), &guard, now(), lease());
    let intended = intended.await.expect("answered");
    assert!(matches!(intended, Intended::Stored(_)), "{intended:?}");
    propose(stores, &change_set(&shop, 2)).await;
    propose(stores, &approved_change_set(&shop, 3)).await;
    let stop = Stop {
        scope: StopScope::Connection(shop.id.to_string()),
        reason: "A wrong price".to_owned(),
        by: domain::audit::Actor::system(),
        at: now(),
    };
    let entry = audit_entry(shop.workspace, "stop");
    let stopped = stores.stops.stop(shop.workspace, &stop, &entry).await;
    stopped.expect("stopped");
    applying
}

pub async fn a_removed_connection_takes_what_nobody_applied_with_it(stores: Stores) {
    let applying = fill(&stores, 1).await;
    fill(&stores, 2).await;
    let (gone, kept) = (connection(1, 1), connection(1, 2));
    let removed = stores.connections.remove(gone.workspace, gone.id, None);
    removed.await.expect("removed");
    let mut left = ids(&stores, gone.workspace).await;
    left.sort_unstable();
    let mut expected: Vec<_> = (1..=3).map(|n| change_set(&kept, n).id).collect();
    expected.push(applying.id);
    expected.sort_unstable();
    assert_eq!(left, expected);
    let stops = stores.stops.stops(gone.workspace).await.expect("read");
    let scopes: Vec<_> = stops.into_iter().map(|stop| stop.scope).collect();
    assert_eq!(scopes, [StopScope::Connection(kept.id.to_string())]);
    let intents = stores.changes.intents(applying.scope, now()).await;
    assert_eq!(intents.expect("read").len(), 1);
}

pub async fn a_purge_leaves_no_set_and_no_intent(stores: Stores) {
    let purged = fill(&stores, 1).await;
    let stays = fill(&stores, 2).await;
    let gone = connection(1, 1);
    let removed = stores
        .connections
        .remove(gone.workspace, gone.id, Some(gone.store));
    removed.await.expect("removed");
    assert_eq!(ids(&stores, gone.workspace).await.len(), 3);
    let found = stores.changes.find(gone.workspace, purged.id).await;
    assert_eq!(found.expect("answered"), None);
    for (scope, count) in [(purged.scope, 0), (stays.scope, 1)] {
        let intents = stores.changes.intents(scope, now()).await;
        assert_eq!(intents.expect("read").len(), count);
    }
}
