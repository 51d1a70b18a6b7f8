//! Laws of [`ports::events::EventLog`].

use super::tools::{RACERS, race};
use crate::Stores;
use crate::builders::{at, scope};
use chrono::{DateTime, Duration, Utc};
use domain::ids::WorkspaceId;
use ports::events::{Event, NewEvent};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

fn start() -> DateTime<Utc> {
    at("2026-02-01T12:00:00Z")
}

fn workspace(number: u32) -> WorkspaceId {
    scope(number, 0).workspace
}

fn event(number: u32, minute: i64) -> NewEvent {
    NewEvent {
        workspace: workspace(number),
        kind: "sync.progress".to_owned(),
        entity_kind: "sync".to_owned(),
        entity_id: format!("{number}-{minute}"),
        version: (minute % 2 == 0).then_some(minute),
        at: start() + Duration::minutes(minute),
        data: json!({"minute": minute, "text": "ä\n\"", "none": null, "share": 0.5}),
    }
}

async fn append(stores: &Stores, events: &[NewEvent]) {
    stores.events.append(events).await.expect("appended");
}

async fn since(stores: &Stores, number: u32, seq: i64, limit: u32) -> Vec<Event> {
    let events = stores.events.since(workspace(number), seq, limit).await;
    events.expect("read")
}

pub async fn events_come_back_whole_oldest_first(stores: Stores) {
    assert_eq!(stores.events.latest().await.expect("asked"), 0);
    append(&stores, &[event(1, 5), event(1, 1)]).await;
    append(&stores, &[]).await;
    append(&stores, &[event(1, 3)]).await;
    let events = since(&stores, 1, 0, 10).await;
    assert!(events.is_sorted_by(|a, b| a.seq < b.seq), "numbers grow");
    assert!(events[0].seq > 0, "0 is before all");
    let told: Vec<_> = events.into_iter().map(|e| e.event).collect();
    assert_eq!(told, [event(1, 5), event(1, 1), event(1, 3)]);
}

pub async fn a_reader_goes_on_from_the_last_number_it_saw(stores: Stores) {
    let all: Vec<_> = (0..7).map(|minute| event(1, minute)).collect();
    append(&stores, &all).await;
    let (mut told, mut seq) = (Vec::new(), 0);
    loop {
        let next = since(&stores, 1, seq, 3).await;
        assert!(next.len() <= 3, "a reader gets no more than it asked for");
        let Some(last) = next.last() else { break };
        seq = last.seq;
        told.extend(next.into_iter().map(|e| e.event));
    }
    assert_eq!(told, all);
}

pub async fn the_newest_number_is_over_all_workspaces(stores: Stores) {
    append(&stores, &[event(1, 1)]).await;
    append(&stores, &[event(2, 1)]).await;
    let of_second = since(&stores, 2, 0, 10).await;
    assert_eq!(of_second.len(), 1);
    assert_eq!(
        stores.events.latest().await.expect("asked"),
        of_second[0].seq
    );
    assert!(of_second[0].seq > since(&stores, 1, 0, 10).await[0].seq);
}

pub async fn pruning_forgets_what_is_older(stores: Stores) {
    append(
        &stores,
        &[event(1, 1), event(2, 2), event(1, 3), event(1, 4)],
    )
    .await;
    let pruned = stores.events.prune(start() + Duration::minutes(3)).await;
    assert_eq!(pruned.expect("pruned"), 2);
    let left: Vec<_> = since(&stores, 1, 0, 10)
        .await
        .into_iter()
        .map(|e| e.event)
        .collect();
    assert_eq!(left, [event(1, 3), event(1, 4)]);
}

pub async fn numbers_never_go_back(stores: Stores) {
    append(&stores, &[event(1, 1), event(1, 2)]).await;
    let last = since(&stores, 1, 0, 10).await[1].seq;
    let pruned = stores.events.prune(start() + Duration::days(1)).await;
    assert_eq!(pruned.expect("pruned"), 2);
    append(&stores, &[event(1, 3)]).await;
    assert_eq!(
        since(&stores, 1, last, 10).await.len(),
        1,
        "even when all were pruned"
    );
}

/// Writers of unlike length append while a reader follows: a number that becomes visible after a larger one would be lost.
pub async fn no_event_is_skipped_while_many_append(stores: Stores) {
    const EACH: i64 = 10;
    let expected = RACERS as usize * EACH as usize;
    let events = stores.events.clone();
    let done = Arc::new(AtomicBool::new(false));
    let all_written = done.clone();
    let reader = tokio::spawn(async move {
        let (mut told, mut seq): (Vec<String>, i64) = (Vec::new(), 0);
        loop {
            // Asked before reading, so that what was written until then is in the answer.
            let last_look = all_written.load(Ordering::SeqCst);
            let next = events.since(workspace(1), seq, 7).await.expect("read");
            if next.is_empty() && last_look {
                return told;
            }
            seq = next.last().map_or(seq, |e| e.seq);
            told.extend(next.into_iter().map(|e| e.event.entity_id));
            tokio::task::yield_now().await;
        }
    });
    race(|n| {
        let events = stores.events.clone();
        async move {
            for minute in (0..EACH).step_by(2) {
                let minute = i64::from(n) * 100 + minute;
                let pair = [event(1, minute), event(1, minute + 1)];
                events.append(&pair).await.expect("appended");
            }
        }
    })
    .await;
    done.store(true, Ordering::SeqCst);
    let mut told = reader.await.expect("the reader ends");
    told.sort();
    told.dedup();
    assert_eq!(told.len(), expected, "each event was told");
}

#[macro_export]
macro_rules! event_laws {
    ($make:ident) => {
        $crate::laws!(
            events,
            $make,
            [
                events_come_back_whole_oldest_first,
                a_reader_goes_on_from_the_last_number_it_saw,
                the_newest_number_is_over_all_workspaces,
                pruning_forgets_what_is_older,
                numbers_never_go_back,
                no_event_is_skipped_while_many_append,
            ]
        );
    };
}
