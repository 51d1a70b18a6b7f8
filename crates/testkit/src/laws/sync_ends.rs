//! Laws of how runs end and go on again.

use super::syncs::{claim, end, find, lease, now, queue, shop};
use super::tools::refused;
use crate::Stores;
use crate::builders::{scope, sync_run};
use chrono::Duration;
use domain::sync::{FactKind, SyncFailure, SyncStatus};
use ports::Kind;

pub async fn a_queued_run_is_cancelled_at_once(stores: Stores) {
    let shop = shop(&stores, 1).await;
    let run = queue(&stores, &shop, 1).await;
    let cancelled = stores
        .syncs
        .request_cancel(run.scope.workspace, run.id, now())
        .await;
    let cancelled = cancelled.expect("cancelled");
    assert_eq!(cancelled.status, SyncStatus::Cancelled);
    assert_eq!(cancelled.finished_at, Some(now()));
    assert_eq!(find(&stores, &run).await, cancelled);
    assert_eq!(claim(&stores, now()).await, None);
    queue(&stores, &shop, 2).await;
}

pub async fn a_running_run_is_asked_to_stop_and_the_wish_is_kept(stores: Stores) {
    let shop = shop(&stores, 1).await;
    let run = queue(&stores, &shop, 1).await;
    let mut held = claim(&stores, now()).await.expect("a run");
    for _ in 0..2 {
        let asked = stores
            .syncs
            .request_cancel(run.scope.workspace, run.id, now())
            .await;
        assert_eq!(asked.expect("asked").status, SyncStatus::Cancelling);
    }
    held.run.step_mut(FactKind::Products).expect("a step").done = 3;
    let answered = stores
        .syncs
        .advance(&held, now(), lease())
        .await
        .expect("saved");
    assert_eq!(answered.status, SyncStatus::Cancelling);
    assert_eq!(answered.steps, held.run.steps);
    assert_eq!(find(&stores, &run).await, answered);
    let after_a_crash = claim(&stores, now() + Duration::hours(1))
        .await
        .expect("a run");
    assert_eq!(after_a_crash.run.status, SyncStatus::Cancelling);
    let mut ended = after_a_crash;
    ended.run.status = SyncStatus::Cancelled;
    let answered = stores
        .syncs
        .advance(&ended, now(), lease())
        .await
        .expect("saved");
    assert_eq!(answered.status, SyncStatus::Cancelled);
}

pub async fn what_has_ended_cannot_be_cancelled(stores: Stores) {
    let shop = shop(&stores, 1).await;
    let run = queue(&stores, &shop, 1).await;
    end(&stores, SyncStatus::Succeeded).await;
    let workspace = run.scope.workspace;
    refused(
        stores.syncs.request_cancel(workspace, run.id, now()).await,
        Kind::Conflict,
    );
    let unknown = sync_run(&shop, 2).id;
    refused(
        stores.syncs.request_cancel(workspace, unknown, now()).await,
        Kind::NotFound,
    );
    let foreign = scope(2, 1).workspace;
    refused(
        stores.syncs.request_cancel(foreign, run.id, now()).await,
        Kind::NotFound,
    );
}

pub async fn a_closed_run_gives_up_its_lease(stores: Stores) {
    let shop = shop(&stores, 1).await;
    let run = queue(&stores, &shop, 1).await;
    let mut closed = end(&stores, SyncStatus::Failed).await;
    assert_eq!(claim(&stores, now() + Duration::hours(1)).await, None);
    closed.run.status = SyncStatus::Running;
    refused(
        stores.syncs.advance(&closed, now(), lease()).await,
        Kind::Conflict,
    );
    assert_eq!(find(&stores, &run).await.status, SyncStatus::Failed);
}

pub async fn a_stopped_run_goes_on_where_it_stopped(stores: Stores) {
    let shop = shop(&stores, 1).await;
    let run = queue(&stores, &shop, 1).await;
    let workspace = run.scope.workspace;
    refused(
        stores.syncs.requeue(workspace, run.id, now()).await,
        Kind::Conflict,
    );
    let mut held = claim(&stores, now()).await.expect("a run");
    held.run.step_mut(FactKind::Orders).expect("a step").done = 7;
    held.run.status = SyncStatus::Failed;
    held.run.finished_at = Some(now());
    held.run.error = Some(SyncFailure {
        message: "no answer".to_owned(),
        remedy: "try again".to_owned(),
    });
    stores
        .syncs
        .advance(&held, now(), lease())
        .await
        .expect("ended");
    let queued = stores
        .syncs
        .requeue(workspace, run.id, now())
        .await
        .expect("queued");
    assert_eq!(queued.status, SyncStatus::Queued);
    assert_eq!((queued.finished_at, &queued.error), (None, &None));
    assert_eq!(find(&stores, &run).await, queued);
    let again = claim(&stores, now())
        .await
        .expect("at once: its lease was given up");
    assert_eq!((&again.run.steps, again.run.resumed), (&held.run.steps, 1));
    refused(
        stores.syncs.advance(&held, now(), lease()).await,
        Kind::Conflict,
    );
}

pub async fn a_stopped_run_waits_while_another_is_open(stores: Stores) {
    let shop = shop(&stores, 1).await;
    let run = queue(&stores, &shop, 1).await;
    end(&stores, SyncStatus::Cancelled).await;
    queue(&stores, &shop, 2).await;
    let workspace = run.scope.workspace;
    refused(
        stores.syncs.requeue(workspace, run.id, now()).await,
        Kind::Conflict,
    );
    end(&stores, SyncStatus::Succeeded).await;
    stores
        .syncs
        .requeue(workspace, run.id, now())
        .await
        .expect("queued");
    refused(
        stores.syncs.create(&sync_run(&shop, 3), None).await,
        Kind::Conflict,
    );
    refused(
        stores
            .syncs
            .requeue(workspace, sync_run(&shop, 9).id, now())
            .await,
        Kind::NotFound,
    );
}

pub async fn a_success_cannot_be_queued_again(stores: Stores) {
    let shop = shop(&stores, 1).await;
    let run = queue(&stores, &shop, 1).await;
    end(&stores, SyncStatus::Succeeded).await;
    refused(
        stores
            .syncs
            .requeue(run.scope.workspace, run.id, now())
            .await,
        Kind::Conflict,
    );
}
