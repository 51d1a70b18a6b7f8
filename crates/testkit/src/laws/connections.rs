//! Laws of [`ports::connections::ConnectionStore`].

use super::tools::{connected, one_wins, race, refused};
use crate::Stores;
use crate::builders::{
    LineBuilder, OrderBuilder, ProductBuilder, VariantBuilder, at, connection, connection_of, day,
    scope, store, store_of, sync_run,
};
use chrono::Duration;
use domain::calendar::DayRange;
use domain::catalog::CostBook;
use domain::connection::{
    AuthKind, Connection, ConnectionState, LastError, MissingScope, WebhookState,
};
use domain::ids::{OrderId, ProductId, StoreScope, VariantId};
use domain::rollup::Dimension;
use ports::Kind;
use ports::inbox::{Delivery, InboxState};
use ports::orders::OrderSpan;
use serde_json::json;

/// The same shop as number 1 of workspace 1, under the id and store of `number`.
fn same_shop(number: u32) -> Connection {
    Connection {
        domain: connection(1, 1).domain,
        base_url: connection(1, 1).base_url,
        ..connection(1, number)
    }
}

pub async fn a_connection_reads_back_whole(stores: Stores) {
    connected(&stores, 1, 1).await;
    let mut full = connection(1, 2);
    full.api_version_answered = Some("2026-07".to_owned());
    full.is_sandbox = true;
    full.auth = AuthKind::ClientCredentials;
    full.state = ConnectionState::Degraded;
    full.state_reason = Some("no webhooks".to_owned());
    full.scopes.missing.push(MissingScope {
        scope: "read_customers".to_owned(),
        costs: "No customer is named.".to_owned(),
        required: false,
    });
    full.webhooks = WebhookState::Missing("the address is private".to_owned());
    full.backfill_from = Some(day("2020-02-29"));
    full.last_success_at = Some(at("2026-01-02T03:04:05Z"));
    full.last_error = Some(LastError {
        at: at("2026-01-02T03:04:06Z"),
        message: "no answer".to_owned(),
        remedy: "wait".to_owned(),
    });
    full.from_environment = true;
    stores
        .connections
        .save(&full, &store_of(&full))
        .await
        .expect("saved");
    let found = stores.connections.find(full.workspace, full.id).await;
    assert_eq!(found.expect("answered"), Some(full.clone()));
    let found = stores.connections.find_anywhere(full.id).await;
    assert_eq!(found.expect("answered"), Some(full.clone()));
    let kept = stores
        .connections
        .stores(full.workspace)
        .await
        .expect("listed");
    assert_eq!(kept, [store(1, 1), store_of(&full)]);
    let unknown = connection(1, 9).id;
    assert_eq!(
        stores
            .connections
            .find_anywhere(unknown)
            .await
            .expect("answered"),
        None
    );
}

pub async fn saving_again_replaces_connection_and_store(stores: Stores) {
    connected(&stores, 1, 1).await;
    let mut changed = connection(1, 1);
    changed.name = "Renamed".to_owned();
    changed.domain = "renamed.example".to_owned();
    let mut of = store_of(&changed);
    of.timezone = "Europe/Berlin".to_owned();
    stores.connections.save(&changed, &of).await.expect("saved");
    let listed = stores.connections.list(None).await.expect("listed");
    assert_eq!(listed, [changed.clone()]);
    assert_eq!(
        stores
            .connections
            .stores(changed.workspace)
            .await
            .expect("listed"),
        [of]
    );
}

pub async fn a_second_connection_to_the_same_shop_is_a_conflict(stores: Stores) {
    connected(&stores, 1, 1).await;
    let second = same_shop(2);
    refused(
        stores.connections.save(&second, &store_of(&second)).await,
        Kind::Conflict,
    );
    let found = stores
        .connections
        .find_anywhere(second.id)
        .await
        .expect("answered");
    assert_eq!(found, None);
    let kept = stores
        .connections
        .stores(second.workspace)
        .await
        .expect("listed");
    assert_eq!(kept, [store(1, 1)], "nothing was written");

    let sandbox = Connection {
        base_url: "http://127.0.0.1:4010".to_owned(),
        ..same_shop(3)
    };
    stores
        .connections
        .save(&sandbox, &store_of(&sandbox))
        .await
        .expect("another base URL");
    let elsewhere = Connection {
        domain: connection(1, 1).domain,
        base_url: connection(1, 1).base_url,
        ..connection(2, 1)
    };
    stores
        .connections
        .save(&elsewhere, &store_of(&elsewhere))
        .await
        .expect("another workspace");
}

pub async fn of_many_connections_to_one_shop_at_once_one_is_saved(stores: Stores) {
    let results = race(|n| {
        let (connections, connection) = (stores.connections.clone(), same_shop(n + 1));
        async move { connections.save(&connection, &store_of(&connection)).await }
    })
    .await;
    one_wins(&results);
    assert_eq!(
        stores.connections.list(None).await.expect("listed").len(),
        1
    );
}

pub async fn an_update_replaces_the_connection_alone(stores: Stores) {
    connected(&stores, 1, 1).await;
    let mut changed = connection(1, 1);
    changed.state = ConnectionState::Down;
    changed.name = "Renamed".to_owned();
    stores.connections.update(&changed).await.expect("updated");
    let found = stores
        .connections
        .find_anywhere(changed.id)
        .await
        .expect("answered");
    assert_eq!(found, Some(changed.clone()));
    let kept = stores
        .connections
        .stores(changed.workspace)
        .await
        .expect("listed");
    assert_eq!(kept, [store(1, 1)]);
    refused(
        stores.connections.update(&connection(1, 2)).await,
        Kind::NotFound,
    );
    assert_eq!(
        stores.connections.list(None).await.expect("listed").len(),
        1
    );
}

pub async fn connections_are_listed_oldest_first(stores: Stores) {
    for (workspace, number) in [(1, 3), (2, 2), (1, 1), (1, 4)] {
        connected(&stores, workspace, number).await;
    }
    let numbers = |list: &[Connection]| -> Vec<_> { list.iter().map(|c| c.name.clone()).collect() };
    let all = stores.connections.list(None).await.expect("listed");
    assert_eq!(numbers(&all), ["Shop 1", "Shop 2", "Shop 3", "Shop 4"]);
    let workspace = scope(1, 1).workspace;
    let own = stores
        .connections
        .list(Some(workspace))
        .await
        .expect("listed");
    assert_eq!(numbers(&own), ["Shop 1", "Shop 3", "Shop 4"]);
    let of: Vec<_> = stores.connections.stores(workspace).await.expect("listed");
    assert_eq!(of, [store(1, 1), store(1, 3), store(1, 4)]);
}

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
    };
    stores.inbox.accept(&delivery).await.expect("accepted");
    stores
        .syncs
        .create(&sync_run(of, 1))
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
    assert_eq!(stores.orders.span(scope).await.expect("asked").count, 1);
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

    assert_eq!(stores.orders.span(kept).await.expect("asked").count, 1);
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

#[macro_export]
macro_rules! connection_laws {
    ($make:ident) => {
        $crate::laws!(
            connections,
            $make,
            [
                a_connection_reads_back_whole,
                saving_again_replaces_connection_and_store,
                a_second_connection_to_the_same_shop_is_a_conflict,
                of_many_connections_to_one_shop_at_once_one_is_saved,
                an_update_replaces_the_connection_alone,
                connections_are_listed_oldest_first,
                a_removed_connection_takes_its_webhooks_and_sync_state_with_it,
                a_store_outlives_its_connection,
                a_purge_leaves_nothing_of_the_store,
            ]
        );
    };
}
