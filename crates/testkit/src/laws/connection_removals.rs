//! Laws of [`ports::connections::ConnectionStore::remove`].

use super::tools::connected;
use crate::Stores;
use crate::builders::{
    LineBuilder, OrderBuilder, ProductBuilder, VariantBuilder, at, connection, connection_of, day,
    store, store_of, sync_run,
};
use chrono::Duration;
use domain::calendar::DayRange;
use domain::catalog::CostBook;
use domain::connection::Connection;
use domain::ids::{OrderId, ProductId, StoreScope, VariantId};
use domain::rollup::Dimension;
use ports::inbox::{Delivery, InboxState};
use ports::orders::OrderSpan;
use serde_json::json;

/// An order, a product with a cost, a delivery, a run and a checkpoint.
async fn fill(stores: &Stores, scope: StoreScope, of: &Connection) {
    let now = at("2026-02-01");
    let order = OrderBuilder::new(1)
        .line(LineBuilder::new(10, 1, 100))
        .customer(1);
    let booked = order.booked(&CostBook::default());
    stores
        .orders
        .save(scope, &[booked], now)
        .await
        .expect("saved");
    let product = ProductBuilder::new(1).variant(VariantBuilder::new(10, 100).cost("4", "USD"));
    stores
        .catalog
        .save(scope, &[product.build()], now)
        .await
        .expect("saved");
    let delivery = Delivery {
        connection: of.id,
        topic: "orders/updated".to_owned(),
        dedupe_key: "key".to_owned(),
        delivery_id: None,
        triggered_at: None,
        received_at: now,
        body: Vec::new(),
        trace: None,
    };
    stores.inbox.accept(&delivery).await.expect("accepted");
    stores
        .syncs
        .create(&sync_run(of, 1), None)
        .await
        .expect("created");
    let place = json!(1);
    stores
        .syncs
        .set_checkpoint(of.id, "orders", Some(&place))
        .await
        .expect("written");
}

pub async fn a_removed_connection_takes_its_webhooks_and_sync_state_with_it(stores: Stores) {
    let (gone, kept) = (connection(1, 1), connection(1, 2));
    for connection in [&gone, &kept] {
        let scope = connected(&stores, 1, if connection.id == gone.id { 1 } else { 2 }).await;
        fill(&stores, scope, connection).await;
    }
    stores
        .connections
        .remove(gone.workspace, gone.id, None)
        .await
        .expect("removed");
    assert_eq!(
        stores.connections.list(None).await.expect("listed"),
        std::slice::from_ref(&kept)
    );
    let inbox = stores.inbox.state(Some(gone.id)).await.expect("asked");
    assert_eq!(inbox, InboxState::default());
    assert_eq!(
        stores
            .syncs
            .checkpoint(gone.id, "orders")
            .await
            .expect("read"),
        None
    );
    let now = at("2026-02-01");
    let lease = stores
        .syncs
        .claim(now, Duration::minutes(1))
        .await
        .expect("answered");
    assert_eq!(lease.expect("the other's run").run.connection, kept.id);
    let none = stores
        .syncs
        .claim(now, Duration::minutes(1))
        .await
        .expect("answered");
    assert_eq!(none, None);
    assert_eq!(
        stores
            .inbox
            .state(Some(kept.id))
            .await
            .expect("asked")
            .pending,
        1
    );
    let place = stores
        .syncs
        .checkpoint(kept.id, "orders")
        .await
        .expect("read");
    assert_eq!(place, Some(json!(1)));
}

pub async fn a_store_outlives_its_connection(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    fill(&stores, scope, &connection(1, 1)).await;
    let rollups = stores.reports.all(scope).await.expect("read");
    stores
        .connections
        .remove(scope.workspace, connection(1, 1).id, None)
        .await
        .expect("removed");
    assert_eq!(
        stores
            .connections
            .stores(scope.workspace)
            .await
            .expect("listed"),
        [store(1, 1)]
    );
    assert_eq!(stores.orders.count(scope).await.expect("asked"), 1);
    assert_eq!(stores.reports.all(scope).await.expect("read"), rollups);
    // The shop can be connected again, to the same store.
    let again = connection_of(scope, connection(1, 7).id, 1);
    stores
        .connections
        .save(&again, &store_of(&again))
        .await
        .expect("saved");
    let kept = stores
        .connections
        .stores(scope.workspace)
        .await
        .expect("listed");
    assert_eq!(kept, [store_of(&again)]);
}

pub async fn a_purge_leaves_nothing_of_the_store(stores: Stores) {
    let scopes = [
        connected(&stores, 1, 1).await,
        connected(&stores, 1, 2).await,
    ];
    for (scope, number) in scopes.iter().zip(1..) {
        fill(&stores, *scope, &connection(1, number)).await;
    }
    let [gone, kept] = scopes;
    let removed = stores
        .connections
        .remove(gone.workspace, connection(1, 1).id, Some(gone.store));
    removed.await.expect("removed");
    assert_eq!(
        stores
            .connections
            .stores(gone.workspace)
            .await
            .expect("listed"),
        [store(1, 2)]
    );
    assert_eq!(
        stores.orders.span(gone).await.expect("asked"),
        OrderSpan::default()
    );
    assert_eq!(
        stores.orders.find(gone, OrderId(1)).await.expect("asked"),
        None
    );
    assert_eq!(
        stores
            .catalog
            .find(gone, ProductId(1))
            .await
            .expect("asked"),
        None
    );
    let costs = stores
        .catalog
        .cost_history(gone, VariantId(10))
        .await
        .expect("read");
    assert!(costs.is_empty());
    assert!(stores.reports.all(gone).await.expect("read").is_empty());
    let counts = stores.facts.counts(gone).await.expect("counted");
    assert!(counts.iter().all(|c| c.count == 0), "{counts:?}");

    assert_eq!(stores.orders.count(kept).await.expect("asked"), 1);
    let range = DayRange {
        from: day("2026-01-01"),
        to: day("2026-01-31"),
    };
    let usd = crate::builders::currency("USD");
    let rows = stores
        .reports
        .by_day(kept, usd, range, Dimension::Total, "")
        .await;
    assert_eq!(rows.expect("rows").len(), 1);
    let costs = stores
        .catalog
        .cost_history(kept, VariantId(10))
        .await
        .expect("read");
    assert_eq!(costs.len(), 1);
}
