//! Nothing of one workspace can be seen, changed or deleted from another.

use super::isolation::{fill, now, three};
use super::tools::connected;
use crate::Stores;
use crate::builders::{connection, scope, store, sync_run};
use ports::{Kind, PageRequest};

pub async fn connections_of_another_workspace_are_not_seen(stores: Stores) {
    connected(&stores, 1, 1).await;
    connected(&stores, 2, 1).await;
    let (ours, theirs) = (connection(1, 1), connection(2, 1));
    let find = async |workspace, id| {
        stores
            .connections
            .find(workspace, id)
            .await
            .expect("answered")
    };
    assert_eq!(find(theirs.workspace, ours.id).await, None);
    assert_eq!(find(ours.workspace, ours.id).await, Some(ours.clone()));
    let list = stores
        .connections
        .list(Some(theirs.workspace))
        .await
        .expect("listed");
    assert_eq!(list, std::slice::from_ref(&theirs));
    let kept = stores
        .connections
        .stores(theirs.workspace)
        .await
        .expect("listed");
    assert_eq!(kept, [store(2, 1)]);
    let nobody = scope(3, 1).workspace;
    assert!(
        stores
            .connections
            .list(Some(nobody))
            .await
            .expect("listed")
            .is_empty()
    );
}

pub async fn connections_of_another_workspace_are_not_removed(stores: Stores) {
    let (filled, [_, foreign]) = three(&stores).await;
    fill(&stores, filled).await;
    let (ours, theirs) = (connection(1, 1), connection(2, 1));
    // Whether it answers or refuses is its own affair; what is ours stays.
    let purge = Some(filled.store);
    let _ = stores
        .connections
        .remove(foreign.workspace, ours.id, purge)
        .await;
    let _ = stores
        .connections
        .remove(foreign.workspace, theirs.id, purge)
        .await;
    let found = stores
        .connections
        .find_anywhere(ours.id)
        .await
        .expect("answered");
    assert_eq!(found, Some(ours));
    assert_eq!(stores.orders.count(filled).await.expect("asked"), 1);
    assert!(!stores.reports.all(filled).await.expect("read").is_empty());
    let kept = stores
        .connections
        .stores(filled.workspace)
        .await
        .expect("listed");
    assert!(kept.contains(&store(1, 1)));
}

pub async fn a_connection_is_not_updated_from_another_workspace(stores: Stores) {
    connected(&stores, 1, 1).await;
    connected(&stores, 2, 1).await;
    let mut moved = connection(1, 1);
    moved.workspace = scope(2, 1).workspace;
    moved.name = "Taken".to_owned();
    assert_eq!(
        stores.connections.update(&moved).await.map_err(|e| e.kind),
        Err(Kind::NotFound)
    );
    let found = stores
        .connections
        .find_anywhere(moved.id)
        .await
        .expect("answered");
    assert_eq!(found, Some(connection(1, 1)));
}

pub async fn runs_of_another_workspace_are_not_seen(stores: Stores) {
    connected(&stores, 1, 1).await;
    connected(&stores, 2, 1).await;
    let run = sync_run(&connection(1, 1), 1);
    stores.syncs.create(&run, None).await.expect("created");
    let foreign = scope(2, 1).workspace;
    assert_eq!(
        stores.syncs.find(foreign, run.id).await.expect("asked"),
        None
    );
    for of in [None, Some(run.connection)] {
        let page = stores
            .syncs
            .list(foreign, of, &PageRequest::first(10))
            .await;
        assert!(page.expect("a page").items.is_empty());
    }
    let cancelled = stores.syncs.request_cancel(foreign, run.id, now()).await;
    assert_eq!(cancelled.map_err(|e| e.kind), Err(Kind::NotFound));
    let queued = stores.syncs.requeue(foreign, run.id, now()).await;
    assert_eq!(queued.map_err(|e| e.kind), Err(Kind::NotFound));
    let found = stores
        .syncs
        .find(run.scope.workspace, run.id)
        .await
        .expect("asked");
    assert_eq!(found, Some(run));
}

pub async fn events_of_another_workspace_are_not_seen(stores: Stores) {
    let (filled, [_, foreign]) = three(&stores).await;
    fill(&stores, filled).await;
    let seen = stores
        .events
        .since(foreign.workspace, 0, 100)
        .await
        .expect("read");
    assert!(seen.is_empty());
    let own = stores
        .events
        .since(filled.workspace, 0, 100)
        .await
        .expect("read");
    assert_eq!(own.len(), 2, "an order and a product");
}
