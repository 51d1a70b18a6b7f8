//! Runs that two work on, or that do not stop.

use super::{caught, saboteur, sound};
use chrono::{DateTime, Duration, Utc};
use domain::audit::NewEntry;
use domain::ids::{ConnectionId, SyncId, WorkspaceId};
use domain::sync::{SyncRun, SyncStatus};
use ports::syncs::{Lease, SyncStore};
use ports::{Kind, Page, PageRequest, PortResult};
use serde_json::Value;
use std::sync::{Arc, Mutex};
use testkit::Stores;
use testkit::fakes::FakeDatabase;
use testkit::laws::{sync_ends, syncs};

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    /// Says yes to a second open run.
    NoConflict,
    /// A run that was claimed is given to the next one, too.
    ClaimedTwice,
    /// Nobody looks at the fence.
    NoFence,
    /// Progress overwrites the wish to stop.
    WishLost,
}

struct Syncs {
    db: Arc<FakeDatabase>,
    flaw: Flaw,
    last: Mutex<Option<Lease>>,
}

fn with(flaw: Flaw) -> Stores {
    let (db, stores) = sound();
    let last = Mutex::new(None);
    Stores {
        syncs: Arc::new(Syncs { db, flaw, last }),
        ..stores
    }
}

saboteur! {
    SyncStore for Syncs {
        async fn create(&self, run: &SyncRun, entry: Option<&NewEntry>) -> PortResult<()> {
            match self.db.create(run, entry).await {
                Err(e) if e.kind == Kind::Conflict && self.flaw == Flaw::NoConflict => Ok(()),
                answer => answer,
            }
        }

        async fn claim(&self, now: DateTime<Utc>, lease: Duration) -> PortResult<Option<Lease>> {
            let claimed = SyncStore::claim(&*self.db, now, lease).await?;
            let mut last = self.last.lock().unwrap();
            if claimed.is_none() && self.flaw == Flaw::ClaimedTwice {
                return Ok(last.clone());
            }
            last.clone_from(&claimed);
            Ok(claimed)
        }

        async fn advance(
            &self,
            lease: &Lease,
            now: DateTime<Utc>,
            prolong: Duration,
        ) -> PortResult<SyncRun> {
            match self.db.advance(lease, now, prolong).await {
                Err(e) if e.kind == Kind::Conflict && self.flaw == Flaw::NoFence => {
                    Ok(lease.run.clone())
                }
                Ok(mut run) if self.flaw == Flaw::WishLost => {
                    run.status = SyncStatus::Running;
                    Ok(run)
                }
                answer => answer,
            }
        }
    } else self {
        fn find(workspace: WorkspaceId, id: SyncId) -> Option<SyncRun>;
        fn list(
            workspace: WorkspaceId,
            connection: Option<ConnectionId>,
            page: &PageRequest,
        ) -> Page<SyncRun>;
        fn request_cancel(workspace: WorkspaceId, id: SyncId, now: DateTime<Utc>) -> SyncRun;
        fn requeue(workspace: WorkspaceId, id: SyncId, now: DateTime<Utc>) -> SyncRun;
        fn checkpoint(connection: ConnectionId, name: &str) -> Option<Value>;
        fn set_checkpoint(connection: ConnectionId, name: &str, value: Option<&Value>) -> ();
    }
}

#[tokio::test]
async fn a_second_open_run_is_caught() {
    caught(syncs::a_connection_has_one_open_run(with(Flaw::NoConflict))).await;
    caught(syncs::of_many_runs_at_once_one_is_created(with(
        Flaw::NoConflict,
    )))
    .await;
}

#[tokio::test]
async fn a_run_that_two_work_on_is_caught() {
    caught(syncs::a_run_is_claimed_by_one_caller_only(with(
        Flaw::ClaimedTwice,
    )))
    .await;
}

#[tokio::test]
async fn a_late_writer_is_caught() {
    caught(syncs::an_old_fence_writes_nothing(with(Flaw::NoFence))).await;
    caught(sync_ends::a_closed_run_gives_up_its_lease(with(
        Flaw::NoFence,
    )))
    .await;
}

#[tokio::test]
async fn a_lost_wish_to_stop_is_caught() {
    let flaw = Flaw::WishLost;
    caught(sync_ends::a_running_run_is_asked_to_stop_and_the_wish_is_kept(with(flaw))).await;
}
