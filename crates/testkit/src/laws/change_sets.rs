//! Laws of [`ports::changes::ChangeSetStore`]: proposals, decisions and lists.

use super::members::actions;
use super::syncs::{now, shop};
use super::tools::{one_wins, race, refused};
use crate::Stores;
use crate::builders::{approved_change_set, audit_entry, change_set, connection, scope};
use chrono::Duration;
use domain::changes::{ChangeSet, ChangeSetStatus, Origin};
use domain::connection::Connection;
use domain::ids::{RunId, WorkspaceId};
use ports::changes::ChangeFilter;
use ports::events::CHANGE_SET_CHANGED;
use ports::{Kind, PageRequest};

pub(super) async fn propose(stores: &Stores, set: &ChangeSet) {
    let entry = audit_entry(set.scope.workspace, "change_set.propose");
    let proposed = stores.changes.propose(set, &entry).await;
    proposed.expect("proposed");
}

pub(super) async fn approve(stores: &Stores, shop: &Connection, number: u32) -> ChangeSet {
    let set = approved_change_set(shop, number);
    propose(stores, &set).await;
    set
}

pub(super) async fn find(stores: &Stores, set: &ChangeSet) -> ChangeSet {
    let found = stores.changes.find(set.scope.workspace, set.id).await;
    found.expect("answered").expect("there")
}

/// Versions and statuses that the log tells of the set, oldest first.
pub(super) async fn told(stores: &Stores, set: &ChangeSet) -> Vec<(i64, String)> {
    let events = stores.events.since(set.scope.workspace, 0, 1000).await;
    let events = events.expect("read").into_iter().map(|e| e.event);
    let of = events.filter(|e| e.kind == CHANGE_SET_CHANGED && e.entity_kind == "change_set");
    of.filter(|e| e.entity_id == set.id.to_string())
        .map(|e| {
            let status = e.data["status"].as_str().expect("a status");
            (e.version.expect("a version"), status.to_owned())
        })
        .collect()
}

async fn decide(
    stores: &Stores,
    set: &ChangeSet,
    status: ChangeSetStatus,
) -> ports::PortResult<ChangeSet> {
    let decided = ChangeSet {
        status,
        ..set.clone()
    };
    let entry = audit_entry(set.scope.workspace, "change_set.decide");
    stores.changes.decide(&decided, &entry).await
}

pub async fn a_proposal_reads_back_whole_in_its_workspace_only(stores: Stores) {
    let set = change_set(&shop(&stores, 1).await, 1);
    propose(&stores, &set).await;
    assert_eq!(find(&stores, &set).await, set);
    let other = scope(2, 1).workspace;
    let found = stores.changes.find(other, set.id).await;
    assert_eq!(found.expect("answered"), None);
}

pub async fn a_proposal_comes_with_its_entry_and_its_event_or_not_at_all(stores: Stores) {
    let set = change_set(&shop(&stores, 1).await, 1);
    propose(&stores, &set).await;
    let again = ChangeSet {
        title: "Another".to_owned(),
        ..set.clone()
    };
    let entry = audit_entry(set.scope.workspace, "again");
    refused(stores.changes.propose(&again, &entry).await, Kind::Conflict);
    assert_eq!(find(&stores, &set).await, set);
    let entries = actions(&stores, set.scope.workspace).await;
    assert_eq!(entries, ["change_set.propose"]);
    assert_eq!(told(&stores, &set).await, [(1, "proposed".to_owned())]);
}

async fn listed(stores: &Stores, of: WorkspaceId, filter: &ChangeFilter) -> Vec<ChangeSet> {
    let mut page = PageRequest::first(2);
    let mut seen = Vec::new();
    let mut total = None;
    loop {
        let found = stores.changes.list(of, filter, &page).await;
        let found = found.expect("a page");
        total = total.or(found.total);
        seen.extend(found.items);
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            assert_eq!(total, Some(seen.len() as u64));
            return seen;
        }
    }
}

pub async fn sets_are_listed_newest_first_by_store_and_status(stores: Stores) {
    let (first, second) = (shop(&stores, 1).await, shop(&stores, 2).await);
    let mut all = Vec::new();
    for number in [3, 1, 5, 2, 4] {
        let of = if number == 3 { &second } else { &first };
        let set = match number {
            1 | 3 | 5 => change_set(of, number),
            _ => approved_change_set(of, number),
        };
        propose(&stores, &set).await;
        all.push(set);
    }
    propose(&stores, &change_set(&connection(2, 1), 9)).await;
    all.sort_by_key(|set| std::cmp::Reverse(set.created_at));
    for store in [None, Some(first.store), Some(second.store)] {
        for status in [
            None,
            Some(ChangeSetStatus::Proposed),
            Some(ChangeSetStatus::Approved),
            Some(ChangeSetStatus::Failed),
        ] {
            let filter = ChangeFilter {
                store,
                status,
                ..ChangeFilter::default()
            };
            let mut expected = all.clone();
            expected.retain(|set| store.is_none_or(|s| s == set.scope.store));
            expected.retain(|set| status.is_none_or(|s| s == set.status));
            let found = listed(&stores, first.workspace, &filter).await;
            assert_eq!(found, expected, "{filter:?}");
        }
    }
}

pub async fn sets_are_listed_by_the_agent_and_by_the_run_that_proposed_them(stores: Stores) {
    let shop = shop(&stores, 1).await;
    let run = |number| RunId(uuid::Uuid::from_u128(number));
    let mut all = vec![change_set(&shop, 1)];
    for (number, agent, of) in [(2, "pricing", 1), (3, "pricing", 2), (4, "orders", 3)] {
        let (agent, run) = (agent.to_owned(), run(of));
        all.push(ChangeSet {
            origin: Origin::Agent { agent, run },
            ..change_set(&shop, number)
        });
    }
    for set in &all {
        propose(&stores, set).await;
    }
    for (agent, of, expected) in [
        (Some("pricing"), None, vec![&all[2], &all[1]]),
        (None, Some(3), vec![&all[3]]),
        (Some("pricing"), Some(2), vec![&all[2]]),
        (Some("orders"), Some(2), vec![]),
        (Some("nobody"), None, vec![]),
    ] {
        let filter = ChangeFilter {
            agent: agent.map(str::to_owned),
            run: of.map(run),
            ..ChangeFilter::default()
        };
        let found = listed(&stores, shop.workspace, &filter).await;
        let found: Vec<_> = found.iter().collect();
        assert_eq!(found, expected, "{filter:?}");
    }
}

pub async fn a_decision_is_kept_with_its_entry_and_its_event(stores: Stores) {
    let set = change_set(&shop(&stores, 1).await, 1);
    propose(&stores, &set).await;
    let wanted = approved_change_set(&connection(1, 1), 1);
    let entry = audit_entry(set.scope.workspace, "change_set.approve");
    let decided = stores.changes.decide(&wanted, &entry).await;
    let decided = decided.expect("decided");
    assert_eq!(
        decided,
        ChangeSet {
            version: 2,
            ..wanted
        }
    );
    assert_eq!(find(&stores, &set).await, decided);
    let entries = actions(&stores, set.scope.workspace).await;
    assert_eq!(entries, ["change_set.propose", "change_set.approve"]);
    let expected = [(1, "proposed".to_owned()), (2, "approved".to_owned())];
    assert_eq!(told(&stores, &set).await, expected);
}

pub async fn a_decision_on_another_version_changes_nothing(stores: Stores) {
    let set = change_set(&shop(&stores, 1).await, 1);
    let rejected = decide(&stores, &set, ChangeSetStatus::Rejected).await;
    refused(rejected, Kind::NotFound);
    propose(&stores, &set).await;
    let elsewhere = ChangeSet {
        scope: scope(2, 1),
        ..set.clone()
    };
    let rejected = decide(&stores, &elsewhere, ChangeSetStatus::Rejected).await;
    refused(rejected, Kind::NotFound);
    for version in [0, 2] {
        let other = ChangeSet {
            version,
            ..set.clone()
        };
        let approved = decide(&stores, &other, ChangeSetStatus::Approved).await;
        refused(approved, Kind::Conflict);
    }
    assert_eq!(find(&stores, &set).await, set);
    let entries = actions(&stores, set.scope.workspace).await;
    assert_eq!(entries, ["change_set.propose"]);
    assert_eq!(told(&stores, &set).await.len(), 1);
}

pub async fn of_many_decisions_at_once_one_counts(stores: Stores) {
    let set = change_set(&shop(&stores, 1).await, 1);
    propose(&stores, &set).await;
    let results = race(|n| {
        let (changes, mut set) = (stores.changes.clone(), set.clone());
        async move {
            set.title = format!("As {n} saw it");
            set.status = ChangeSetStatus::Approved;
            let entry = audit_entry(set.scope.workspace, "change_set.decide");
            changes.decide(&set, &entry).await
        }
    })
    .await;
    one_wins(&results);
    let winner = results.into_iter().find_map(Result::ok);
    assert_eq!(Some(find(&stores, &set).await), winner);
    let entries = actions(&stores, set.scope.workspace).await;
    assert_eq!(entries.len(), 2, "{entries:?}");
}

pub async fn proposals_whose_time_is_over_expire(stores: Stores) {
    let shop = shop(&stores, 1).await;
    let over = |number, seconds| ChangeSet {
        expires_at: now() + Duration::seconds(seconds),
        ..change_set(&shop, number)
    };
    let (before, exactly, after) = (over(1, -1), over(2, 0), over(3, 1));
    let decided = ChangeSet {
        status: ChangeSetStatus::Approved,
        ..over(4, -1)
    };
    for set in [&before, &exactly, &after, &decided] {
        propose(&stores, set).await;
    }
    assert_eq!(stores.changes.expire(now()).await.expect("expired"), 2);
    for set in [&before, &exactly] {
        let expired = ChangeSet {
            status: ChangeSetStatus::Expired,
            version: 2,
            ..set.clone()
        };
        assert_eq!(find(&stores, set).await, expired);
        let told = told(&stores, set).await;
        assert_eq!(told.last(), Some(&(2, "expired".to_owned())));
    }
    for set in [&after, &decided] {
        assert_eq!(&find(&stores, set).await, set);
    }
    assert_eq!(stores.changes.expire(now()).await.expect("expired"), 0);
    // Who looked at it before it expired decides on something else.
    let late = decide(&stores, &before, ChangeSetStatus::Approved).await;
    refused(late, Kind::Conflict);
}

#[macro_export]
macro_rules! change_set_laws {
    ($make:ident) => {
        $crate::laws!(
            change_sets,
            $make,
            [
                a_proposal_reads_back_whole_in_its_workspace_only,
                a_proposal_comes_with_its_entry_and_its_event_or_not_at_all,
                sets_are_listed_newest_first_by_store_and_status,
                sets_are_listed_by_the_agent_and_by_the_run_that_proposed_them,
                a_decision_is_kept_with_its_entry_and_its_event,
                a_decision_on_another_version_changes_nothing,
                of_many_decisions_at_once_one_counts,
                proposals_whose_time_is_over_expire,
            ]
        );
        $crate::laws!(
            change_claims,
            $make,
            [
                the_oldest_decided_set_is_claimed_and_is_applying_from_then_on,
                of_one_store_one_set_at_a_time_is_claimed,
                a_lease_that_is_over_is_claimed_again_and_one_that_waits_is_not,
                of_many_that_claim_one_wins,
                of_many_claims_at_once_each_store_gives_one,
                an_advance_saves_the_work_with_its_entries,
                an_old_fence_saves_nothing,
                what_has_ended_gives_up_its_lease,
                a_removed_connection_takes_what_nobody_applied_with_it,
                a_purge_leaves_no_set_and_no_intent,
            ]
        );
        $crate::laws!(
            change_intents,
            $make,
            [
                an_intent_is_stored_with_the_state_of_its_operation,
                what_the_guard_forbids_is_not_stored,
                the_guard_sees_the_store_s_past_and_the_workspace_s_stops,
                an_intent_needs_the_lease_and_prolongs_it,
                an_operation_has_one_intent,
                of_many_at_once_only_as_many_pass_as_the_guard_lets_through,
                no_intent_misses_a_stop_that_was_answered,
                intents_of_another_store_are_not_seen,
            ]
        );
    };
}
