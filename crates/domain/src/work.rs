//! Work that lasts: a worker claims it for a while, carries it on, and it ends. What its kinds have in common, so that
//! every store of them goes through the same states. Leases and fences are the stores' own.
//!
//! Must not know: how work is stored, who does it.

use crate::ads::AdSyncRun;
use crate::agents::{AgentRun, RunStatus};
use crate::changes::{ChangeSet, ChangeSetStatus};
use crate::forecast::ForecastRun;
use crate::ids::WorkspaceId;
use crate::import::{Import, ImportStatus};
use crate::reconciliation::ReconciliationRun;
use crate::recost::RecostRun;
use crate::supplier::SupplierSyncRun;
use crate::sync::{SyncRun, SyncStatus};
use chrono::{DateTime, Utc};
use uuid::Uuid;

pub trait Work: Clone {
    fn id(&self) -> Uuid;
    fn workspace(&self) -> WorkspaceId;
    fn created_at(&self) -> DateTime<Utc>;
    /// The word of its status.
    fn status(&self) -> &'static str;
    /// Whether there is something left that a worker does.
    fn is_open(&self) -> bool;
    /// A worker takes it up; `again` when one had it before.
    fn take_up(&mut self, now: DateTime<Utc>, again: bool);
    /// It becomes what its worker has made of it; a wish to cancel that came meanwhile stays.
    fn carry_on(&mut self, worked: &Self);
}

/// Work in the usual states: queued, running, and an end.
pub trait Run: Work {
    fn status_mut(&mut self) -> &mut SyncStatus;
    fn finished_at_mut(&mut self) -> &mut Option<DateTime<Utc>>;
    fn forget_error(&mut self);

    /// What nobody works on ends at once; what somebody works on ends when its worker sees the wish.
    ///
    /// # Errors
    /// It has ended already.
    fn cancel(&mut self, now: DateTime<Utc>) -> Result<(), &'static str> {
        match *self.status_mut() {
            SyncStatus::Queued => {
                *self.status_mut() = SyncStatus::Cancelled;
                *self.finished_at_mut() = Some(now);
            }
            SyncStatus::Running | SyncStatus::Cancelling => {
                *self.status_mut() = SyncStatus::Cancelling;
            }
            SyncStatus::Cancelled | SyncStatus::Succeeded | SyncStatus::Failed => {
                return Err("the run has ended");
            }
        }
        Ok(())
    }

    /// It goes on from where it ended.
    fn requeue(&mut self) {
        *self.status_mut() = SyncStatus::Queued;
        *self.finished_at_mut() = None;
        self.forget_error();
    }
}

/// By which fields any of them is found.
macro_rules! named {
    () => {
        fn id(&self) -> Uuid {
            self.id.0
        }

        fn workspace(&self) -> WorkspaceId {
            self.scope.workspace
        }

        fn created_at(&self) -> DateTime<Utc> {
            self.created_at
        }

        fn status(&self) -> &'static str {
            self.status.as_str()
        }
    };
}

macro_rules! run {
    ($run:ty) => {
        impl Work for $run {
            named!();

            fn is_open(&self) -> bool {
                self.status.is_open()
            }

            /// It counts from its first start, not from a lease: a run that was queued again has had no lease since.
            fn take_up(&mut self, now: DateTime<Utc>, _again: bool) {
                if self.status == SyncStatus::Queued {
                    self.status = SyncStatus::Running;
                }
                if self.started_at.is_some() {
                    self.resumed += 1;
                } else {
                    self.started_at = Some(now);
                }
            }

            fn carry_on(&mut self, worked: &Self) {
                let cancelling = self.status == SyncStatus::Cancelling;
                self.clone_from(worked);
                if cancelling && self.status.is_open() {
                    self.status = SyncStatus::Cancelling;
                }
            }
        }

        impl Run for $run {
            fn status_mut(&mut self) -> &mut SyncStatus {
                &mut self.status
            }

            fn finished_at_mut(&mut self) -> &mut Option<DateTime<Utc>> {
                &mut self.finished_at
            }

            fn forget_error(&mut self) {
                self.error = None;
            }
        }
    };
}

run!(SyncRun);
run!(RecostRun);
run!(ReconciliationRun);
run!(ForecastRun);
run!(AdSyncRun);
run!(SupplierSyncRun);

impl Work for Import {
    named!();

    fn is_open(&self) -> bool {
        self.status.is_work()
    }

    fn take_up(&mut self, _now: DateTime<Utc>, again: bool) {
        self.resumed += u32::from(again);
        self.version += 1;
    }

    fn carry_on(&mut self, worked: &Self) {
        let version = self.version + 1;
        let cancelling = self.status == ImportStatus::Cancelling;
        self.clone_from(worked);
        self.version = version;
        if cancelling && self.status.is_work() {
            self.status = ImportStatus::Cancelling;
        }
    }
}

impl Work for ChangeSet {
    named!();

    fn is_open(&self) -> bool {
        self.status.is_work()
    }

    /// It counts from its first start, however often it has to be taken up.
    fn take_up(&mut self, now: DateTime<Utc>, _again: bool) {
        self.status = ChangeSetStatus::Applying;
        self.started_at.get_or_insert(now);
        self.version += 1;
    }

    fn carry_on(&mut self, worked: &Self) {
        let version = self.version + 1;
        self.clone_from(worked);
        self.version = version;
    }
}

impl Work for AgentRun {
    named!();

    fn is_open(&self) -> bool {
        self.status.is_open()
    }

    /// Whoever took it up before and did not put it down has died with it: what is waited for has no lease.
    fn take_up(&mut self, now: DateTime<Utc>, again: bool) {
        self.crashes += u32::from(again);
        if self.status == RunStatus::Queued {
            self.status = RunStatus::Running;
        }
        self.started_at.get_or_insert(now);
    }

    fn carry_on(&mut self, worked: &Self) {
        let cancelling = self.status == RunStatus::Cancelling;
        self.clone_from(worked);
        if cancelling && self.status.is_open() {
            self.status = RunStatus::Cancelling;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ConnectionId, StoreId, StoreScope, SyncId};
    use crate::sync::SyncKind;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn queued() -> SyncRun {
        let scope = StoreScope {
            workspace: WorkspaceId(Uuid::from_u128(1)),
            store: StoreId(Uuid::from_u128(2)),
        };
        let connection = ConnectionId(Uuid::from_u128(3));
        let id = SyncId(Uuid::from_u128(4));
        SyncRun::queued(id, scope, connection, SyncKind::Backfill, at(0))
    }

    #[test]
    fn the_first_start_is_kept_and_later_ones_are_counted() {
        let mut run = queued();
        run.take_up(at(5), false);
        assert_eq!(run.status, SyncStatus::Running);
        assert_eq!((run.started_at, run.resumed), (Some(at(5)), 0));
        run.take_up(at(9), true);
        assert_eq!((run.started_at, run.resumed), (Some(at(5)), 1));
    }

    #[test]
    fn a_wish_to_cancel_outlives_the_work_that_did_not_see_it() {
        let mut stored = queued();
        stored.take_up(at(1), false);
        let mut worked = stored.clone();
        stored.cancel(at(2)).unwrap();
        stored.carry_on(&worked);
        assert_eq!(stored.status, SyncStatus::Cancelling);
        // What has ended meanwhile has ended.
        worked.status = SyncStatus::Succeeded;
        stored.carry_on(&worked);
        assert_eq!(stored.status, SyncStatus::Succeeded);
        assert_eq!(stored.cancel(at(3)), Err("the run has ended"));
    }

    #[test]
    fn what_nobody_works_on_is_cancelled_at_once_and_can_be_queued_again() {
        let mut run = queued();
        run.cancel(at(2)).unwrap();
        assert_eq!(
            (run.status, run.finished_at),
            (SyncStatus::Cancelled, Some(at(2)))
        );
        run.requeue();
        assert_eq!((run.status, run.finished_at), (SyncStatus::Queued, None));
    }
}
