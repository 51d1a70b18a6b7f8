//! Laws of [`ports::changes::ChangeSetStore`]: intents, and the guard before them.

use super::change_claims::claim;
use super::change_sets::{approve, find, propose, told};
use super::stops::{here, put, stop};
use super::syncs::{lease, now, shop};
use super::tools::{RACERS, race, refused};
use crate::Stores;
use crate::builders::{approved_change_set, audit_entry, scope};
use chrono::{DateTime, Duration, Utc};
use domain::changes::budget::most_calls;
use domain::changes::{Action, ChangeSet, Operation, OperationState, Origin};
use domain::connection::Connection;
use domain::ids::RunId;
use ports::changes::{ChangeLease, Intended, Intent, Past, StopScope};
use ports::{Kind, PortResult};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

fn second(n: u32) -> DateTime<Utc> {
    now() + Duration::seconds(i64::from(n))
}

/// As a worker marks the operation before it writes.
fn marked(set: &ChangeSet, no: u32, at: DateTime<Utc>) -> ChangeSet {
    let mut set = set.clone();
    for operation in set.operations.iter_mut().filter(|o| o.no == no) {
        operation.state = OperationState::Intended;
        operation.intended_at = Some(at);
        operation.tries += 1;
    }
    set
}

fn expected(set: &ChangeSet, no: u32, at: DateTime<Utc>) -> Intent {
    let operation = set.operation(no).expect("an operation");
    Intent {
        set: set.id,
        no,
        agent: None,
        action: operation.action.clone(),
        at,
        stake: set.stake(),
        calls: operation.tries.max(1) * most_calls(&operation.action),
        alone: None,
    }
}

async fn intend(stores: &Stores, held: &ChangeLease, no: u32, at: DateTime<Utc>) -> ChangeSet {
    let set = marked(&held.set, no, at);
    let answer = stores
        .changes
        .intend(held, &set, no, now(), &|_| Ok(()), at, lease())
        .await;
    match answer.expect("answered") {
        Intended::Stored(set) => set,
        Intended::Refused(sentence) => panic!("refused: {sentence}"),
    }
}

async fn intents(stores: &Stores, set: &ChangeSet, since: DateTime<Utc>) -> Vec<Intent> {
    let found = stores.changes.intents(set.scope, since).await;
    found.expect("read")
}

pub async fn an_intent_is_stored_with_the_state_of_its_operation(stores: Stores) {
    let shop = shop(&stores, 1).await;
    let of_agent = ChangeSet {
        origin: Origin::Agent {
            agent: "pricing".to_owned(),
            run: RunId(uuid::Uuid::from_u128(1)),
        },
        ..approved_change_set(&shop, 1)
    };
    propose(&stores, &of_agent).await;
    let held = claim(&stores, now()).await.expect("a set");
    let stored = intend(&stores, &held, 2, second(5)).await;
    assert_eq!(
        stored,
        ChangeSet {
            version: held.set.version + 1,
            ..marked(&held.set, 2, second(5))
        }
    );
    assert_eq!(find(&stores, &stored).await, stored);
    let told = told(&stores, &stored).await;
    assert_eq!(told.last().map(|t| t.0), Some(stored.version));
    let intent = Intent {
        agent: Some("pricing".to_owned()),
        ..expected(&stored, 2, second(5))
    };
    assert_eq!(intents(&stores, &stored, now()).await, [intent]);
}

pub async fn what_the_guard_forbids_is_not_stored(stores: Stores) {
    approve(&stores, &shop(&stores, 1).await, 1).await;
    let held = claim(&stores, now()).await.expect("a set");
    let set = marked(&held.set, 1, now());
    let guard = |_: &Past| Err("More than 20% at once.".to_owned());
    let (changes, later) = (&stores.changes, now() + lease() / 2);
    let answer = changes.intend(&held, &set, 1, now(), &guard, later, lease());
    let sentence = "More than 20% at once.".to_owned();
    assert_eq!(answer.await.expect("answered"), Intended::Refused(sentence));
    assert_eq!(find(&stores, &set).await, held.set);
    assert_eq!(intents(&stores, &set, now()).await, []);
    assert_eq!(told(&stores, &set).await.len(), 2);
    // Nor was the lease prolonged.
    assert!(claim(&stores, now() + lease()).await.is_some());
}

/// What a guard is shown that asks for everything since an instant.
async fn past(stores: &Stores, held: &ChangeLease, since: DateTime<Utc>) -> Past {
    let seen = Mutex::new(None);
    let guard = |past: &Past| {
        *seen.lock().expect("one guard") = Some(past.clone());
        Err("Only looking.".to_owned())
    };
    let (changes, set) = (&stores.changes, &held.set);
    let answer = changes.intend(held, set, 1, since, &guard, now(), lease());
    answer.await.expect("answered");
    let seen = seen.lock().expect("one guard").take();
    seen.expect("the guard was asked")
}

pub async fn the_guard_sees_the_store_s_past_and_the_workspace_s_stops(stores: Stores) {
    let (ours, other) = (shop(&stores, 1).await, shop(&stores, 2).await);
    approve(&stores, &ours, 1).await;
    approve(&stores, &other, 2).await;
    let held = claim(&stores, now()).await.expect("a set");
    let elsewhere = claim(&stores, now()).await.expect("a set");
    assert_eq!(past(&stores, &held, now()).await, Past::default());
    let all = stop(StopScope::All, "Something is wrong");
    put(&stores, here(), &all).await;
    put(&stores, scope(2, 1).workspace, &all).await;
    let agent = stop(StopScope::Agent("pricing".to_owned()), "Too eager");
    put(&stores, here(), &agent).await;
    intend(&stores, &elsewhere, 1, second(1)).await;
    intend(&stores, &held, 2, second(2)).await;
    intend(&stores, &held, 1, second(3)).await;
    let intents = [(2, 2), (1, 3)].map(|(no, at)| expected(&held.set, no, second(at)));
    for (since, count) in [(now(), 2), (second(2), 2), (second(3), 1), (second(4), 0)] {
        let seen = past(&stores, &held, since).await;
        assert_eq!(seen.intents, intents[2 - count..], "since {since}");
        assert_eq!(seen.stops, [all.clone(), agent.clone()]);
        let listed = super::change_intents::intents(&stores, &held.set, since).await;
        assert_eq!(listed, seen.intents);
    }
}

pub async fn an_intent_needs_the_lease_and_prolongs_it(stores: Stores) {
    approve(&stores, &shop(&stores, 1).await, 1).await;
    let old = claim(&stores, now()).await.expect("a set");
    let held = claim(&stores, now() + lease()).await.expect("a set");
    let late = |no| {
        let set = marked(&old.set, no, now());
        let (changes, old) = (stores.changes.clone(), old.clone());
        async move {
            let guard = |_: &Past| Ok(());
            let answer = changes.intend(&old, &set, no, now(), &guard, now(), lease());
            answer.await
        }
    };
    refused(late(1).await, Kind::Conflict);
    refused(late(9).await, Kind::Rejected);
    assert_eq!(intents(&stores, &held.set, now()).await, []);
    assert_eq!(find(&stores, &held.set).await, held.set);
    let later = now() + lease() * 2 - Duration::seconds(1);
    intend(&stores, &held, 1, later).await;
    let end = later + lease();
    assert_eq!(claim(&stores, end - Duration::seconds(1)).await, None);
    assert!(claim(&stores, end).await.is_some());
}

pub async fn an_operation_has_one_intent(stores: Stores) {
    approve(&stores, &shop(&stores, 1).await, 1).await;
    let held = claim(&stores, now()).await.expect("a set");
    intend(&stores, &held, 1, second(1)).await;
    intend(&stores, &held, 1, second(9)).await;
    let again = expected(&held.set, 1, second(9));
    assert_eq!(intents(&stores, &held.set, now()).await, [again]);
}

/// By how much the intents changed prices, in sum.
fn sum(past: &Past) -> i64 {
    let of = past.intents.iter().map(|intent| match intent.action {
        Action::Price { before, after, .. } => after - before,
        _ => 0,
    });
    of.sum()
}

/// With an operation for each racer.
async fn large(stores: &Stores, shop: &Connection, number: u32) {
    let mut set = approved_change_set(shop, number);
    let template = set.operations[0].clone();
    let operation = |no| Operation {
        no,
        ..template.clone()
    };
    set.operations = (1..=RACERS).map(operation).collect();
    propose(stores, &set).await;
}

/// Three sets, two of them of one store: an intent of one store takes nothing from the other's limit.
pub async fn of_many_at_once_only_as_many_pass_as_the_guard_lets_through(stores: Stores) {
    const PASS: u32 = 3;
    let (first, second) = (shop(&stores, 1).await, shop(&stores, 2).await);
    large(&stores, &first, 1).await;
    let mut waiting = claim(&stores, now()).await.expect("a set");
    waiting.set.next_try_at = Some(now() + lease());
    let let_go = stores
        .changes
        .advance(&waiting, &waiting.set, &[], now(), Duration::zero());
    let_go.await.expect("saved");
    large(&stores, &first, 2).await;
    large(&stores, &second, 3).await;
    let held = [
        waiting,
        claim(&stores, now()).await.expect("a set"),
        claim(&stores, now()).await.expect("a set"),
    ];
    let outcomes: Vec<PortResult<Intended>> = race(|no| {
        let (changes, held) = (stores.changes.clone(), held[no as usize % 3].clone());
        async move {
            // Each changes a price by 100.
            let guard = |past: &Past| match sum(past) + 100 > i64::from(PASS) * 100 {
                true => Err("The limit is reached.".to_owned()),
                false => Ok(()),
            };
            let set = marked(&held.set, no, now());
            let answer = changes.intend(&held, &set, no, now(), &guard, now(), lease());
            answer.await
        }
    })
    .await;
    let mut stored = 0;
    for outcome in outcomes {
        match outcome.expect("answered") {
            Intended::Stored(_) => stored += 1,
            Intended::Refused(sentence) => assert_eq!(sentence, "The limit is reached."),
        }
    }
    assert_eq!(stored, 2 * PASS);
    for held in &held {
        let of_store = intents(&stores, &held.set, now()).await;
        assert_eq!(of_store.len(), PASS as usize);
    }
}

pub async fn no_intent_misses_a_stop_that_was_answered(stores: Stores) {
    large(&stores, &shop(&stores, 1).await, 1).await;
    let held = claim(&stores, now()).await.expect("a set");
    let (answered, missed) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicBool::new(false)),
    );
    race(|no| {
        let (changes, stops, held) = (stores.changes.clone(), stores.stops.clone(), held.clone());
        let (answered, missed) = (answered.clone(), missed.clone());
        async move {
            if no == RACERS / 2 {
                let entry = audit_entry(here(), "stop");
                let stop = stop(StopScope::All, "Something is wrong");
                stops.stop(here(), &stop, &entry).await.expect("stopped");
                answered.store(true, Ordering::SeqCst);
                return;
            }
            let guard = |past: &Past| {
                if past.stops.is_empty() {
                    if answered.load(Ordering::SeqCst) {
                        missed.store(true, Ordering::SeqCst);
                    }
                    return Ok(());
                }
                Err("All writes are stopped.".to_owned())
            };
            let set = marked(&held.set, no, now());
            let answer = changes.intend(&held, &set, no, now(), &guard, now(), lease());
            answer.await.expect("answered");
        }
    })
    .await;
    assert!(!missed.load(Ordering::SeqCst), "a stop was missed");
    assert_eq!(past(&stores, &held, now()).await.stops.len(), 1);
}

pub async fn intents_of_another_store_are_not_seen(stores: Stores) {
    approve(&stores, &shop(&stores, 1).await, 1).await;
    let held = claim(&stores, now()).await.expect("a set");
    intend(&stores, &held, 1, now()).await;
    let borrowed = domain::ids::StoreScope {
        workspace: scope(2, 1).workspace,
        store: held.set.scope.store,
    };
    for other in [scope(1, 2), scope(2, 1), borrowed] {
        let found = stores.changes.intents(other, now()).await;
        assert_eq!(found.expect("read"), []);
        // Nor can a set be worked on from another workspace.
        let set = ChangeSet {
            scope: other,
            ..held.set.clone()
        };
        if other.workspace != held.set.scope.workspace {
            let saved = stores.changes.advance(&held, &set, &[], now(), lease());
            refused(saved.await, Kind::Conflict);
            let (changes, guard) = (&stores.changes, |_: &Past| Ok(()));
            let stored = changes.intend(&held, &set, 1, now(), &guard, now(), lease());
            refused(stored.await, Kind::Conflict);
        }
    }
    assert_eq!(intents(&stores, &held.set, now()).await.len(), 1);
}
