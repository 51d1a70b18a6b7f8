//! Nothing of one store or workspace can be seen, changed or deleted from another: the same ids, three scopes, every method.

use super::tools::{connected, events_of, fold_of};
use crate::Stores;
use crate::builders::{LineBuilder, OrderBuilder, ProductBuilder, VariantBuilder, at, currency};
use chrono::{DateTime, Duration, Utc};
use domain::catalog::CostBook;
use domain::customer::Customer;
use domain::ids::{
    CustomerId, InventoryItemId, LocationId, OrderId, PayoutId, ProductId, StoreScope, VariantId,
};
use domain::inventory::{InventoryLevel, Location};
use domain::payout::Payout;
use ports::PageRequest;
use ports::events::{ORDERS_CHANGED, PRODUCTS_CHANGED};
use ports::orders::{OrderQuery, OrderSpan};

pub(super) fn now() -> DateTime<Utc> {
    at("2026-02-01")
}

/// The store that is filled, its neighbour of the same workspace, and a store of another workspace.
pub(super) async fn three(stores: &Stores) -> (StoreScope, [StoreScope; 2]) {
    let filled = connected(stores, 1, 1).await;
    let others = [connected(stores, 1, 2).await, connected(stores, 2, 1).await];
    (filled, others)
}

/// Also the filled store's own id under another workspace: the id alone opens nothing.
pub(super) fn from_outside(filled: StoreScope, others: [StoreScope; 2]) -> [StoreScope; 3] {
    let borrowed = StoreScope {
        workspace: others[1].workspace,
        store: filled.store,
    };
    [others[0], others[1], borrowed]
}

pub(super) async fn fill(stores: &Stores, scope: StoreScope) {
    let order = OrderBuilder::new(1).line(LineBuilder::new(10, 1, 100).titled("Shirt"));
    let booked = order.booked(&CostBook::default());
    stores
        .orders
        .save(scope, &[booked], now())
        .await
        .expect("saved");
    let variant = VariantBuilder::new(20, 100).cost("4", "USD");
    let product = ProductBuilder::new(2).variant(variant).build();
    stores
        .catalog
        .save(scope, &[product], now())
        .await
        .expect("saved");
    let customer = Customer {
        id: CustomerId(1),
        created_at: now(),
        updated_at: now(),
        orders_count: None,
        country: None,
        display_name: None,
        email: None,
    };
    stores
        .facts
        .save_customers(scope, &[customer], now())
        .await
        .expect("saved");
    let level = InventoryLevel {
        item: InventoryItemId(1),
        location: LocationId(1),
        available: Some(1),
        on_hand: None,
        committed: None,
        incoming: None,
        updated_at: now(),
    };
    stores
        .facts
        .save_levels(scope, &[level], now())
        .await
        .expect("saved");
    let location = Location {
        id: LocationId(1),
        name: "Here".to_owned(),
        country: None,
        active: true,
    };
    stores
        .facts
        .save_locations(scope, &[location], now())
        .await
        .expect("saved");
    let payout = Payout {
        id: PayoutId(1),
        issued_at: now(),
        status: "paid".to_owned(),
        currency: currency("USD"),
        net: 1,
        fees: None,
    };
    stores
        .facts
        .save_payouts(scope, &[payout], now())
        .await
        .expect("saved");
}

pub async fn orders_of_another_store_are_not_seen(stores: Stores) {
    let (filled, others) = three(&stores).await;
    fill(&stores, filled).await;
    for other in from_outside(filled, others) {
        let orders = &stores.orders;
        assert_eq!(orders.find(other, OrderId(1)).await.expect("asked"), None);
        let query = OrderQuery::default();
        let page = orders
            .list(other, &query, &PageRequest::first(10))
            .await
            .expect("a page");
        assert!(page.items.is_empty() && page.total.unwrap_or(0) == 0);
        let variants = [VariantId(10)];
        for variants in [None, Some(&variants[..])] {
            let walked = orders
                .walk(other, None, variants, 10)
                .await
                .expect("walked");
            assert!(walked.is_empty());
        }
        assert_eq!(
            orders.span(other).await.expect("asked"),
            OrderSpan::default()
        );
        assert_eq!(orders.as_of(other).await.expect("asked"), None);
        assert_eq!(orders.count(other).await.expect("asked"), 0);
        assert!(events_of(&stores, other, ORDERS_CHANGED).await.is_empty());
    }
}

pub async fn orders_of_another_store_are_not_changed(stores: Stores) {
    let (filled, others) = three(&stores).await;
    fill(&stores, filled).await;
    let before = stores.orders.find(filled, OrderId(1)).await.expect("asked");
    for other in from_outside(filled, others) {
        let removed = stores
            .orders
            .remove(other, &[OrderId(1)], now() - Duration::days(30))
            .await;
        assert_eq!(removed.expect("removed"), 0);
    }
    for other in others {
        let newer = OrderBuilder::new(1).updated_at(now() + Duration::days(9));
        let booked = newer
            .line(LineBuilder::new(10, 9, 9))
            .booked(&CostBook::default());
        let saved = stores
            .orders
            .save(other, &[booked], now())
            .await
            .expect("saved");
        assert_eq!(saved.created, [OrderId(1)]);
    }
    let after = stores.orders.find(filled, OrderId(1)).await.expect("asked");
    assert_eq!(after, before);
    let rollups = stores.reports.all(filled).await.expect("read");
    assert_eq!(rollups, fold_of(&after.into_iter().collect::<Vec<_>>()));
}

pub async fn products_of_another_store_are_not_seen(stores: Stores) {
    let (filled, others) = three(&stores).await;
    fill(&stores, filled).await;
    for other in from_outside(filled, others) {
        let catalog = &stores.catalog;
        assert_eq!(
            catalog.find(other, ProductId(2)).await.expect("asked"),
            None
        );
        let page = catalog
            .list(other, &Default::default(), &PageRequest::first(10))
            .await;
        assert!(page.expect("a page").items.is_empty());
        let book = catalog.cost_book(other).await.expect("read");
        assert_eq!(book, CostBook::default());
        let history = catalog
            .cost_history(other, VariantId(20))
            .await
            .expect("read");
        assert!(history.is_empty());
        assert!(events_of(&stores, other, PRODUCTS_CHANGED).await.is_empty());
    }
}

pub async fn products_of_another_store_are_not_changed(stores: Stores) {
    let (filled, others) = three(&stores).await;
    fill(&stores, filled).await;
    let before = stores
        .catalog
        .find(filled, ProductId(2))
        .await
        .expect("asked");
    for other in from_outside(filled, others) {
        let removed = stores.catalog.remove(other, &[ProductId(2)], now()).await;
        assert_eq!(removed.expect("removed"), 0);
    }
    for other in others {
        let variant = VariantBuilder::new(20, 100).cost("9", "USD");
        let newer = ProductBuilder::new(2).updated_at(now() + Duration::days(9));
        let saved = stores
            .catalog
            .save(other, &[newer.variant(variant).build()], now())
            .await;
        let saved = saved.expect("saved");
        assert_eq!((saved.created.len(), saved.costs.len()), (1, 1));
        assert_eq!(saved.costs[0].valid_from, None, "its own first cost");
    }
    let after = stores
        .catalog
        .find(filled, ProductId(2))
        .await
        .expect("asked");
    assert_eq!(after, before);
    let history = stores
        .catalog
        .cost_history(filled, VariantId(20))
        .await
        .expect("read");
    assert_eq!(history.len(), 1);
}

pub async fn facts_of_another_store_are_not_seen(stores: Stores) {
    let (filled, others) = three(&stores).await;
    fill(&stores, filled).await;
    for other in from_outside(filled, others) {
        let customer = stores
            .facts
            .customer(other, CustomerId(1))
            .await
            .expect("asked");
        assert_eq!(customer, None);
        let levels = stores
            .facts
            .levels(other, &[InventoryItemId(1)])
            .await
            .expect("read");
        assert!(levels.is_empty());
        let counts = stores.facts.counts(other).await.expect("counted");
        assert!(
            counts.iter().all(|c| c.count == 0 && c.newest_at.is_none()),
            "{counts:?}"
        );
    }
}

pub async fn facts_of_another_store_are_not_changed(stores: Stores) {
    let (filled, others) = three(&stores).await;
    for other in others {
        fill(&stores, other).await;
    }
    let counts = stores.facts.counts(filled).await.expect("counted");
    assert!(counts.iter().all(|c| c.count == 0), "{counts:?}");
    fill(&stores, filled).await;
    for scope in [filled, others[0], others[1]] {
        let counts = stores.facts.counts(scope).await.expect("counted");
        assert!(counts.iter().all(|c| c.count == 1), "{counts:?}");
    }
}

#[macro_export]
macro_rules! isolation_laws {
    ($make:ident) => {
        $crate::laws!(
            isolation,
            $make,
            [
                orders_of_another_store_are_not_seen,
                orders_of_another_store_are_not_changed,
                products_of_another_store_are_not_seen,
                products_of_another_store_are_not_changed,
                facts_of_another_store_are_not_seen,
                facts_of_another_store_are_not_changed,
            ]
        );
        $crate::laws!(
            isolation_reports,
            $make,
            [
                reports_of_another_store_are_not_seen,
                reports_of_another_store_are_not_replaced,
            ]
        );
        $crate::laws!(
            workspaces,
            $make,
            [
                connections_of_another_workspace_are_not_seen,
                connections_of_another_workspace_are_not_removed,
                a_connection_is_not_updated_from_another_workspace,
                runs_of_another_workspace_are_not_seen,
                events_of_another_workspace_are_not_seen,
            ]
        );
    };
}
