//! Those who watch the log are told what it holds, and it is read once for all of them.

use application::events::EventHub;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::WorkspaceId;
use ports::PortResult;
use ports::events::{Event, EventLog, NewEvent};
use proptest::prelude::*;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use testkit::Stores;
use testkit::builders::{at, scope};
use testkit::fakes::ManualClock;

struct Counted {
    log: Arc<dyn EventLog>,
    readings: AtomicUsize,
}

#[async_trait]
impl EventLog for Counted {
    async fn append(&self, events: &[NewEvent]) -> PortResult<()> {
        self.log.append(events).await
    }

    async fn since(&self, workspace: WorkspaceId, seq: i64, limit: u32) -> PortResult<Vec<Event>> {
        self.readings.fetch_add(1, Ordering::Relaxed);
        // Others get their turn while a database is asked.
        tokio::task::yield_now().await;
        self.log.since(workspace, seq, limit).await
    }

    async fn latest(&self) -> PortResult<i64> {
        self.log.latest().await
    }

    async fn prune(&self, before: DateTime<Utc>) -> PortResult<u64> {
        self.log.prune(before).await
    }
}

fn hub() -> (Arc<Counted>, EventHub) {
    let log = Arc::new(Counted {
        log: Stores::fake().events,
        readings: AtomicUsize::new(0),
    });
    let clock = Arc::new(ManualClock::at(at("2026-07-01T12:00:00Z")));
    (log.clone(), EventHub::over(log, clock))
}

fn workspace(number: u32) -> WorkspaceId {
    scope(number, 0).workspace
}

/// Reads on, then tells.
async fn told(hub: &EventHub, of: u32, seq: i64, limit: u32) -> Vec<Arc<Event>> {
    hub.refresh(workspace(of)).await.unwrap();
    hub.watched(workspace(of), seq, limit).await.unwrap()
}

async fn say(hub: &EventHub, of: u32, what: usize) {
    let entity = ("sync", what.to_string());
    hub.publish(workspace(of), "sync.progress", entity, json!({}))
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_log_is_read_once_for_all_who_watch() {
    let (log, hub) = hub();
    say(&hub, 1, 0).await;
    let seen = hub.latest().await.unwrap();
    let watch =
        || async { futures::future::join_all((0..1_000).map(|_| told(&hub, 1, seen, 100))).await };
    assert!(watch().await.iter().all(Vec::is_empty));
    say(&hub, 1, 1).await;
    for one in watch().await {
        let told: Vec<_> = one.iter().map(|of| of.event.entity_id.as_str()).collect();
        assert_eq!(told, ["1"]);
    }
    assert_eq!(log.readings.load(Ordering::Relaxed), 2, "one a call");
    watch().await;
    assert_eq!(log.readings.load(Ordering::Relaxed), 2, "nobody called");
    // Another process wrote, and nobody called here.
    let entity = |of: &Arc<Event>| of.event.entity_id.clone();
    let mut other = hub.since(workspace(1), seen, 1).await.unwrap()[0]
        .event
        .clone();
    other.entity_id = "2".to_owned();
    log.append(&[other]).await.unwrap();
    tokio::time::advance(Duration::from_millis(1_001)).await;
    let told = told(&hub, 1, seen, 100).await;
    assert_eq!(told.iter().map(entity).collect::<Vec<_>>(), ["1", "2"]);
}

/// Who takes waits for nobody, and the number tells when there is something to take.
#[tokio::test]
async fn what_is_told_is_of_the_last_reading() {
    let (log, hub) = hub();
    say(&hub, 1, 0).await;
    let before = hub.refresh(workspace(1)).await.unwrap();
    let seen = hub.latest().await.unwrap();
    say(&hub, 2, 1).await;
    assert_eq!(
        hub.refresh(workspace(1)).await.unwrap(),
        before,
        "another's"
    );
    say(&hub, 1, 2).await;
    let readings = log.readings.load(Ordering::Relaxed);
    assert!(
        hub.watched(workspace(1), seen, 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(log.readings.load(Ordering::Relaxed), readings);
    let after = hub.refresh(workspace(1)).await.unwrap();
    assert!(after > before);
    let told = hub.watched(workspace(1), seen, 10).await.unwrap();
    assert_eq!(told.last().map(|last| last.seq), Some(after));
}

#[tokio::test]
async fn who_is_far_behind_is_told_everything() {
    let (_, hub) = hub();
    assert!(told(&hub, 1, 0, 10).await.is_empty());
    for what in 0..700 {
        say(&hub, 1 + u32::from(what % 7 == 0), what).await;
    }
    for of in [1, 2] {
        let (mut seen, mut heard) = (0, Vec::new());
        loop {
            let next = told(&hub, of, seen, 90).await;
            let Some(last) = next.last() else { break };
            seen = last.seq;
            heard.extend(next);
        }
        let all = hub.since(workspace(of), 0, 1_000).await.unwrap();
        assert!(heard.iter().map(Arc::as_ref).eq(&all));
    }
}

proptest! {
    /// However events and questions follow each other, who watches is told what the log holds.
    #[test]
    fn who_watches_is_told_what_the_log_holds(steps in proptest::collection::vec((0_u8..4, 1_u32..3, 0_i64..40, 1_u32..8), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let (_, hub) = hub();
            for (n, (what, of, back, limit)) in steps.into_iter().enumerate() {
                if what == 0 {
                    say(&hub, of, n).await;
                } else {
                    let seq = (hub.latest().await.unwrap() - back).max(0);
                    let told = told(&hub, of, seq, limit).await;
                    let all = hub.since(workspace(of), seq, limit).await.unwrap();
                    assert!(told.iter().map(Arc::as_ref).eq(&all));
                }
            }
        });
    }
}
