//! What is wrong as issues of a tracker: one for a cause, whatever gets lost, and closed when it is over.

use crate::world::World;
use application::notifications::Notifications;
use application::people::People;
use application::tracking::{TOKEN, Tracking, TrackingError};
use chrono::Duration;
use domain::audit::Actor;
use domain::sync::{SyncFailure, SyncRun, SyncStatus};
use ports::secrets::SecretName;
use serde_json::json;
use std::sync::Arc;
use testkit::builders::sync_run;
use testkit::fakes::FakeTracker;

struct Watched {
    world: World,
    notices: Notifications,
    tracking: Tracking,
    tracker: Arc<FakeTracker>,
}

async fn watched() -> Watched {
    let world = World::new().await;
    let people = People::new(world.ports.clone());
    let url = Some("https://royal.example/".to_owned());
    let tracker = Arc::new(FakeTracker::default());
    let own: Arc<dyn ports::tracker::Tracker> = tracker.clone();
    let (ports, hub) = (world.ports.clone(), world.hub.clone());
    let name = SecretName {
        workspace: world.workspace,
        name: TOKEN.to_owned(),
    };
    let token = "github_pat".into();
    ports.vault.put(&name, &token, world.now()).await.unwrap();
    Watched {
        notices: Notifications::new(ports.clone(), hub, people.clone(), url.clone()),
        tracking: Tracking::new(ports, people, Some(own), url),
        tracker,
        world,
    }
}

impl Watched {
    /// A sync of the only connection ends now.
    async fn sync(&self, number: u32, status: SyncStatus) {
        let ports = &self.world.ports;
        let connection = ports.connections.list(None).await.unwrap().remove(0);
        let now = self.world.now();
        let run = SyncRun {
            status,
            created_at: now,
            started_at: Some(now),
            finished_at: Some(now),
            error: (status == SyncStatus::Failed).then(|| SyncFailure {
                message: "ada@example.com is unknown".to_owned(),
                remedy: "ask Ada".to_owned(),
            }),
            ..sync_run(&connection, number)
        };
        ports.syncs.create(&run, None).await.unwrap();
    }

    async fn look(&self) {
        self.notices.sweep().await.unwrap();
        self.tracking.look().await.unwrap();
        self.tracking.tell_due().await.unwrap();
    }

    fn later(&self, time: Duration) {
        self.world.clock.advance(time);
    }
}

#[tokio::test(start_paused = true)]
async fn one_issue_goes_from_the_first_failure_to_the_end_and_back() {
    let it = watched().await;
    it.world.connected().await;
    it.sync(1, SyncStatus::Failed).await;
    it.look().await;
    it.look().await;
    let issues = it.tracker.issues();
    assert_eq!(issues.len(), 1);
    let first = &issues[&1];
    assert_eq!(first.issue.title, "A sync failed");
    assert!(!first.issue.body.contains("ada@example.com"));
    assert!(first.issue.body.contains("https://royal.example/syncs/"));
    // It happens again: told once an hour.
    it.later(Duration::minutes(10));
    it.sync(2, SyncStatus::Failed).await;
    it.look().await;
    assert!(it.tracker.issues()[&1].comments.is_empty());
    it.later(Duration::minutes(50));
    it.look().await;
    let comments = it.tracker.issues()[&1].comments.clone();
    assert_eq!(comments.len(), 1);
    assert!(comments[0].contains("happened again"), "{comments:?}");
    // It succeeds: over, and closed.
    it.later(Duration::minutes(5));
    it.sync(3, SyncStatus::Succeeded).await;
    it.look().await;
    it.look().await;
    let closed = it.tracker.issues()[&1].clone();
    assert!(!closed.open);
    assert!(
        closed.comments[1].contains("done again and succeeded"),
        "{closed:?}"
    );
    // And fails anew: the same issue is open again.
    it.later(Duration::minutes(5));
    it.sync(4, SyncStatus::Failed).await;
    it.look().await;
    let issues = it.tracker.issues();
    assert_eq!((issues.len(), issues[&1].open), (1, true));
    assert!(issues[&1].comments[2].contains("came back"));
    let told = it.tracking.standing(it.world.workspace).await.unwrap();
    assert_eq!(told.incidents.len(), 1);
    assert_eq!(told.incidents[0].issue.as_ref().unwrap().number, 1);
}

#[tokio::test(start_paused = true)]
async fn lost_answers_and_workers_that_die_bring_no_second_issue_and_no_second_comment() {
    let it = watched().await;
    it.world.connected().await;
    it.sync(1, SyncStatus::Failed).await;
    it.tracker.lose(1);
    it.look().await;
    assert_eq!(it.tracker.issues().len(), 1);
    let told = it.tracking.standing(it.world.workspace).await.unwrap();
    assert_eq!(
        (told.incidents[0].issue.clone(), told.incidents[0].tries),
        (None, 1)
    );
    // Not before what was on its way has arrived.
    it.look().await;
    assert_eq!(it.tracking.tell_due().await.unwrap(), 0);
    it.later(Duration::seconds(61));
    it.look().await;
    assert_eq!(it.tracker.issues().len(), 1);
    let told = it.tracking.standing(it.world.workspace).await.unwrap();
    assert_eq!(told.incidents[0].issue.as_ref().unwrap().number, 1);
    // The comment arrives twice as often as its answer.
    it.later(Duration::minutes(5));
    it.sync(2, SyncStatus::Succeeded).await;
    it.tracker.lose(2);
    for _ in 0..4 {
        it.look().await;
        it.later(Duration::minutes(5));
    }
    let issue = it.tracker.issues()[&1].clone();
    assert_eq!((issue.open, issue.comments.len()), (false, 1), "{issue:?}");
}

#[tokio::test(start_paused = true)]
async fn of_two_workers_at_once_one_opens_the_issue() {
    let it = watched().await;
    it.world.connected().await;
    it.sync(1, SyncStatus::Failed).await;
    it.notices.sweep().await.unwrap();
    let look = || async {
        it.tracking.look().await.unwrap();
        it.tracking.tell_due().await.unwrap()
    };
    futures::future::join_all((0..8).map(|_| look())).await;
    assert_eq!(it.tracker.issues().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_deleted_issue_is_opened_anew_and_a_tracker_that_is_down_is_waited_for() {
    let it = watched().await;
    it.world.connected().await;
    it.tracker.set_down(true);
    it.sync(1, SyncStatus::Failed).await;
    it.look().await;
    let told = it.tracking.standing(it.world.workspace).await.unwrap();
    assert!(told.incidents[0].last_error.is_some());
    it.tracker.set_down(false);
    it.later(Duration::seconds(61));
    it.look().await;
    assert_eq!(it.tracker.issues().len(), 1);
    it.tracker.delete(1);
    it.later(Duration::minutes(70));
    it.sync(2, SyncStatus::Failed).await;
    it.look().await;
    let issues = it.tracker.issues();
    assert_eq!(issues.len(), 1);
    assert!(issues.values().all(|kept| kept.open));
}

#[tokio::test(start_paused = true)]
async fn a_signal_is_recorded_and_sent_once() {
    let it = watched().await;
    let payload = json!({"theme": "winter"});
    let (workspace, by) = (it.world.workspace, Actor::system());
    let send = || {
        it.tracking
            .signal(workspace, by.clone(), "deploy", &payload)
    };
    send().await.unwrap();
    it.tracker.lose(1);
    let lost = send().await.unwrap_err();
    assert!(matches!(lost, TrackingError::Port(e) if e.retry == ports::Retry::Reconcile));
    assert_eq!(it.tracker.signals.lock().unwrap().len(), 2);
    let entries = it.world.ports.audit.walk(workspace, 0, 50).await.unwrap();
    let signals = entries.iter().filter(|e| e.entry.action == "github.signal");
    assert_eq!(signals.count(), 2);
    let elsewhere = domain::ids::WorkspaceId(uuid::Uuid::from_u128(99));
    let refused = it
        .tracking
        .signal(elsewhere, by.clone(), "deploy", &payload);
    assert!(matches!(refused.await, Err(TrackingError::Unset)));
}
