//! Comparisons that two work on, or that forget.

use super::{caught, saboteur, sound};
use chrono::{DateTime, Duration, Utc};
use domain::calendar::DayRange;
use domain::ids::{ReconciliationId, StoreId, StoreScope, WorkspaceId};
use domain::reconciliation::{Reconciled, ReconciliationRun};
use ports::reconciliations::{CheckedDay, ReconciliationLease, ReconciliationStore};
use ports::{Kind, Page, PageRequest, PortResult};
use std::sync::Arc;
use testkit::Stores;
use testkit::fakes::FakeDatabase;
use testkit::laws::reconciliations;

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    /// Says yes to a second open run.
    NoConflict,
    /// Nobody looks at the fence.
    NoFence,
    /// What was found before stays.
    DaysLost,
}

struct Saboteur {
    db: Arc<FakeDatabase>,
    flaw: Flaw,
}

fn with(flaw: Flaw) -> Stores {
    let (db, stores) = sound();
    Stores {
        reconciliations: Arc::new(Saboteur { db, flaw }),
        ..stores
    }
}

saboteur! {
    ReconciliationStore for Saboteur {
        async fn create(&self, run: &ReconciliationRun) -> PortResult<()> {
            match ReconciliationStore::create(&*self.db, run).await {
                Err(e) if e.kind == Kind::Conflict && self.flaw == Flaw::NoConflict => Ok(()),
                answer => answer,
            }
        }

        async fn advance(
            &self,
            lease: &ReconciliationLease,
            found: &[Reconciled],
            now: DateTime<Utc>,
            prolong: Duration,
        ) -> PortResult<ReconciliationRun> {
            let found = if self.flaw == Flaw::DaysLost { &[] } else { found };
            match ReconciliationStore::advance(&*self.db, lease, found, now, prolong).await {
                Err(e) if e.kind == Kind::Conflict && self.flaw == Flaw::NoFence => {
                    Ok(lease.run.clone())
                }
                answer => answer,
            }
        }
    } else self {
        fn find(workspace: WorkspaceId, id: ReconciliationId) -> Option<ReconciliationRun>;
        fn list(
            workspace: WorkspaceId,
            store: Option<StoreId>,
            page: &PageRequest,
        ) -> Page<ReconciliationRun>;
        fn claim(now: DateTime<Utc>, lease: Duration) -> Option<ReconciliationLease>;
        fn request_cancel(
            workspace: WorkspaceId,
            id: ReconciliationId,
            now: DateTime<Utc>,
        ) -> ReconciliationRun;
        fn days(scope: StoreScope, range: DayRange) -> Vec<CheckedDay>;
    }
}

#[tokio::test]
async fn a_second_open_run_is_caught() {
    caught(reconciliations::a_store_has_one_open_run(with(
        Flaw::NoConflict,
    )))
    .await;
}

#[tokio::test]
async fn a_late_writer_is_caught() {
    let stores = with(Flaw::NoFence);
    caught(reconciliations::an_old_fence_saves_neither_progress_nor_days(stores)).await;
}

#[tokio::test]
async fn lost_days_are_caught() {
    caught(reconciliations::a_day_s_earlier_result_is_replaced(with(
        Flaw::DaysLost,
    )))
    .await;
}
