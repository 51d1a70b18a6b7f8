//! When a backup is due, and how many stay.

use crate::world::World;
use application::backups::{Backups, Schedule};
use application::notifications::Notifications;
use application::people::People;
use application::{PortSet, Ports};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::notifications::NoticeKind;
use ports::PageRequest;
use ports::backups::{BackupPlace, Kept};
use ports::notices::NoticeFilter;
use ports::{Kind, PortError, PortResult, Retry};
use std::sync::{Arc, Mutex};
use testkit::builders::user;

/// Keeps names in memory, or fails as it is told.
#[derive(Default)]
struct Shelf {
    kept: Mutex<Vec<Kept>>,
    fault: Mutex<Option<Kind>>,
    tries: Mutex<u32>,
}

#[async_trait]
impl BackupPlace for Shelf {
    async fn make(&self, now: DateTime<Utc>) -> PortResult<Kept> {
        *self.tries.lock().unwrap() += 1;
        if let Some(kind) = *self.fault.lock().unwrap() {
            let detail = "as it was told";
            return Err(PortError::new(kind, Retry::Never, "shelf", "make", detail));
        }
        let kept = Kept {
            name: now.to_rfc3339(),
            made_at: now,
            bytes: 1,
        };
        self.kept.lock().unwrap().insert(0, kept.clone());
        Ok(kept)
    }

    async fn list(&self) -> PortResult<Vec<Kept>> {
        Ok(self.kept.lock().unwrap().clone())
    }

    async fn remove(&self, name: &str) -> PortResult<()> {
        self.kept.lock().unwrap().retain(|k| k.name != name);
        Ok(())
    }
}

async fn backups() -> (World, Arc<Shelf>, Backups) {
    let (world, shelf) = (World::new().await, Arc::new(Shelf::default()));
    let ports = Ports::from(PortSet {
        backups: Some(Arc::clone(&shelf) as _),
        ..PortSet::clone(&world.ports)
    });
    let schedule = Schedule {
        every: Duration::hours(24),
        keep: 3,
    };
    (world, shelf, Backups::new(ports, schedule))
}

#[tokio::test]
async fn one_a_day_and_the_newest_three_stay() {
    let (world, shelf, backups) = backups().await;
    assert_eq!(backups.standing().await.unwrap().unwrap().newest, None);
    for day in 0..5 {
        let made = backups.make_due().await.unwrap();
        assert!(made.is_some(), "day {day}");
        world.clock.advance(Duration::hours(23));
        assert_eq!(backups.make_due().await.unwrap(), None, "day {day}");
        world.clock.advance(Duration::hours(1));
    }
    assert_eq!(shelf.kept.lock().unwrap().len(), 3);
    let standing = backups.standing().await.unwrap().unwrap();
    assert_eq!((standing.kept, standing.is_late), (3, false));
    world.clock.advance(Duration::hours(24));
    assert!(backups.standing().await.unwrap().unwrap().is_late);
}

#[tokio::test]
async fn a_failure_removes_nothing_is_told_and_tried_again() {
    let (world, shelf, backups) = backups().await;
    backups.make_due().await.unwrap();
    world.clock.advance(Duration::hours(24));
    *shelf.fault.lock().unwrap() = Some(Kind::StorageFull);
    backups.make_due().await.unwrap_err();
    // Not at each look.
    assert_eq!(backups.make_due().await.unwrap(), None);
    assert_eq!(*shelf.tries.lock().unwrap(), 2);
    let standing = backups.standing().await.unwrap().unwrap();
    assert_eq!(standing.failure.as_deref(), Some("as it was told"));
    assert_eq!(standing.kept, 1);
    *shelf.fault.lock().unwrap() = None;
    world.clock.advance(Duration::minutes(15));
    assert!(backups.make_due().await.unwrap().is_some());
    assert_eq!(backups.standing().await.unwrap().unwrap().failure, None);
}

#[tokio::test]
async fn who_comes_second_makes_none_and_it_is_no_failure() {
    let (_world, shelf, backups) = backups().await;
    *shelf.fault.lock().unwrap() = Some(Kind::Conflict);
    assert_eq!(backups.make_due().await.unwrap(), None);
    assert_eq!(backups.standing().await.unwrap().unwrap().failure, None);
}

/// Once a day while it goes on, whoever looks how often.
#[tokio::test]
async fn people_are_told_of_a_failure() {
    let (world, shelf, backups) = backups().await;
    *shelf.fault.lock().unwrap() = Some(Kind::StorageFull);
    let notified = |world: &World| {
        let people = People::new(world.ports.clone());
        Notifications::new(world.ports.clone(), world.hub.clone(), people, None)
    };
    for (hours, expected) in [(0, 1), (1, 1), (22, 1), (25, 2)] {
        world.clock.advance(Duration::hours(hours));
        backups.make_due().await.unwrap_err();
        notified(&world).follow().await.unwrap();
        let page = PageRequest::first(50);
        let filter = NoticeFilter::default();
        let found = notified(&world)
            .list(world.workspace, user(1, 1).id, &filter, &page)
            .await
            .unwrap();
        let told = found.items.into_iter().map(|l| l.notice);
        let told: Vec<_> = told
            .filter(|n| n.kind == NoticeKind::BackupFailed)
            .collect();
        assert_eq!(told.len(), expected, "after {hours} hours more");
        assert!(told.iter().all(|n| n.link == "/health"));
        // The reason may name folders of the machine.
        assert!(!format!("{told:?}").contains("as it was told"));
    }
    let entries = world
        .ports
        .audit
        .walk(world.workspace, 0, 100)
        .await
        .unwrap();
    let failed: Vec<_> = entries
        .iter()
        .filter(|e| e.entry.action == "backup.failed")
        .collect();
    assert_eq!(failed.len(), 2);
    assert_eq!(failed[0].entry.reason.as_deref(), Some("as it was told"));
}
