//! Time that passes, and clocks that jump: the server by a clock of the test, over HTTP and against the sandbox.

use crate::changes::{World, ended, first_edit, with_status};
use chrono::{DateTime, Utc};
use ports::clock::Clock;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// This machine's time, and so many seconds.
#[derive(Debug, Clone, Default)]
struct Shifted(Arc<AtomicI64>);

impl Shifted {
    fn hours(&self, by: i64) {
        self.0.fetch_add(by * 3600, Ordering::SeqCst);
    }
}

impl Clock for Shifted {
    fn now(&self) -> DateTime<Utc> {
        Utc::now() + chrono::Duration::seconds(self.0.load(Ordering::SeqCst))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_decided_on_in_time_is_not_applied_any_more() {
    let clock = Shifted::default();
    let world = World::by(Arc::new(clock.clone())).await;
    let set = world
        .propose(vec![first_edit(&world.owner, 90).await])
        .await;
    let expires: DateTime<Utc> = set["expires_at"].as_str().unwrap().parse().unwrap();
    let hours = (expires - Utc::now()).num_hours();
    clock.hours(hours + 1);
    let body = json!({ "digest": set["digest"] });
    let refused = world.decide(&set, "approve", body).await;
    let problem = with_status(refused, 409).await;
    assert_eq!(problem["type"], "/problems/expired");
    assert_eq!(world.writes().await, []);
    // A clock that is put back makes nothing of it valid that was told to be over.
    let id = set["id"].as_str().unwrap();
    let path = format!("/v1/change-sets/{id}");
    let found = world.owner.read(&path).await;
    assert!(["expired", "proposed"].contains(&found["status"].as_str().unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_neither_stops_nor_doubles_a_change() {
    let clock = Shifted::default();
    let world = World::by(Arc::new(clock.clone())).await;
    let mut prices = Vec::new();
    for (percent, hours) in [(104, -5), (103, 20), (102, -20)] {
        let set = world
            .propose(vec![first_edit(&world.owner, percent).await])
            .await;
        clock.hours(hours);
        world.approve(&set).await;
        let set = ended(&world.owner, set["id"].as_str().unwrap()).await;
        assert_eq!(set["status"], "applied", "{hours} {set}");
        prices.push(set["operations"][0]["after"].clone());
    }
    assert_eq!(world.writes().await.len(), prices.len());
    let audit = world.owner.read("/v1/audit/check").await;
    assert!(audit["broken_at"].is_null(), "{audit}");
}
