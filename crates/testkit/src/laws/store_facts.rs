//! Laws of [`ports::store_facts::StoreFacts`].

use super::tools::connected;
use crate::Stores;
use crate::builders::{OrderBuilder, ProductBuilder, at, currency};
use chrono::{DateTime, Duration, Utc};
use domain::catalog::CostBook;
use domain::customer::Customer;
use domain::ids::{
    CustomerId, InventoryItemId, LocationId, OrderId, PayoutId, ProductId, StoreScope,
};
use domain::inventory::{InventoryLevel, Location};
use domain::payout::Payout;
use domain::sync::FactKind;
use ports::store_facts::FactCount;

fn start() -> DateTime<Utc> {
    at("2026-02-01")
}

fn customer(id: i64, minute: i64) -> Customer {
    Customer {
        id: CustomerId(id),
        created_at: start(),
        updated_at: start() + Duration::minutes(minute),
        orders_count: Some(minute),
        country: Some("DE".to_owned()),
        display_name: (minute % 2 == 1).then(|| format!("Ada {id}")),
        email: None,
    }
}

fn level(item: i64, location: i64, minute: i64) -> InventoryLevel {
    InventoryLevel {
        item: InventoryItemId(item),
        location: LocationId(location),
        available: Some(-minute),
        on_hand: None,
        committed: Some(minute),
        incoming: Some(0),
        updated_at: start() + Duration::minutes(minute),
    }
}

fn location(id: i64) -> Location {
    Location {
        id: LocationId(id),
        name: format!("Warehouse {id}"),
        country: None,
        active: id % 2 == 0,
    }
}

fn payout(id: i64, day: i64) -> Payout {
    Payout {
        id: PayoutId(id),
        issued_at: start() + Duration::days(day),
        status: "paid".to_owned(),
        currency: currency("USD"),
        net: 100 * id,
        fees: None,
    }
}

async fn levels(stores: &Stores, scope: StoreScope, items: &[i64]) -> Vec<InventoryLevel> {
    let items: Vec<_> = items.iter().copied().map(InventoryItemId).collect();
    let mut found = stores.facts.levels(scope, &items).await.expect("read");
    found.sort_by_key(|l| (l.item, l.location));
    found
}

/// In the order of the kinds.
async fn counts(stores: &Stores, scope: StoreScope) -> Vec<FactCount> {
    let mut counts = stores.facts.counts(scope).await.expect("counted");
    counts.sort_by_key(|c| c.kind);
    counts
}

pub async fn a_customer_is_replaced_by_newer_or_equal_ones(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let save = async |customer: Customer| {
        let saved = stores
            .facts
            .save_customers(scope, &[customer], start())
            .await;
        saved.expect("saved");
    };
    let find = async || {
        stores
            .facts
            .customer(scope, CustomerId(1))
            .await
            .expect("asked")
    };
    assert_eq!(find().await, None);
    for (minute, kept) in [(5, 5), (7, 7), (6, 7)] {
        save(customer(1, minute)).await;
        assert_eq!(find().await, Some(customer(1, kept)), "minute {minute}");
    }
    let other = Customer {
        email: Some("ada@example.com".to_owned()),
        ..customer(1, 7)
    };
    save(other.clone()).await;
    assert_eq!(find().await, Some(other));
}

pub async fn it_shows_whether_people_have_names(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let named = async || stores.facts.has_named_customer(scope).await.expect("asked");
    assert_eq!(named().await, None);
    for (batch, expected) in [(customer(1, 2), Some(false)), (customer(2, 3), Some(true))] {
        let saved = stores.facts.save_customers(scope, &[batch], start()).await;
        saved.expect("saved");
        assert_eq!(named().await, expected);
    }
    let removed = stores.facts.remove_customers(scope, &[CustomerId(2)]).await;
    removed.expect("removed");
    assert_eq!(named().await, Some(false));
}

pub async fn a_level_is_replaced_by_newer_or_equal_ones(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let batch = [
        level(1, 1, 5),
        level(1, 2, 5),
        level(2, 1, 5),
        level(3, 1, 5),
    ];
    for _ in 0..2 {
        stores
            .facts
            .save_levels(scope, &batch, start())
            .await
            .expect("saved");
    }
    assert_eq!(levels(&stores, scope, &[2, 1, 9]).await, batch[..3]);
    assert!(levels(&stores, scope, &[]).await.is_empty());
    let equal = InventoryLevel {
        on_hand: Some(3),
        ..level(2, 1, 5)
    };
    let next = [level(1, 1, 4), level(1, 2, 6), equal.clone()];
    stores
        .facts
        .save_levels(scope, &next, start())
        .await
        .expect("saved");
    let expected = [level(1, 1, 5), level(1, 2, 6), equal];
    assert_eq!(levels(&stores, scope, &[1, 2]).await, expected);
}

pub async fn the_newest_of_copies_in_one_batch_stays(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let customers = [customer(1, 2), customer(1, 9), customer(1, 4)];
    stores
        .facts
        .save_customers(scope, &customers, start())
        .await
        .expect("saved");
    let found = stores
        .facts
        .customer(scope, CustomerId(1))
        .await
        .expect("asked");
    assert_eq!(found, Some(customer(1, 9)));
    let batch = [level(1, 1, 2), level(1, 1, 9), level(1, 1, 4)];
    stores
        .facts
        .save_levels(scope, &batch, start())
        .await
        .expect("saved");
    assert_eq!(levels(&stores, scope, &[1]).await, [level(1, 1, 9)]);
}

pub async fn counts_name_every_kind_zeros_included(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let kinds = [
        FactKind::Locations,
        FactKind::Products,
        FactKind::Orders,
        FactKind::Inventory,
        FactKind::Customers,
        FactKind::Payouts,
    ];
    let none = |kind| FactCount {
        kind,
        count: 0,
        newest_at: None,
    };
    assert_eq!(counts(&stores, scope).await, kinds.map(none));
}

/// Orders 1 to 3 and products 1 to 2, of which the last ones are deleted again.
async fn save_and_remove(stores: &Stores, scope: StoreScope) {
    let orders = [1, 2, 3].map(|id| {
        let updated_at = start() + Duration::hours(id);
        OrderBuilder::new(id)
            .updated_at(updated_at)
            .booked(&CostBook::default())
    });
    stores
        .orders
        .save(scope, &orders, start())
        .await
        .expect("saved");
    let products = [1, 2].map(|id| {
        let updated_at = start() + Duration::days(id);
        ProductBuilder::new(id).updated_at(updated_at).build()
    });
    stores
        .catalog
        .save(scope, &products, start())
        .await
        .expect("saved");
    let later = start() + Duration::days(30);
    stores
        .orders
        .remove(scope, &[OrderId(3)], later)
        .await
        .expect("removed");
    stores
        .catalog
        .remove(scope, &[ProductId(2)], later)
        .await
        .expect("removed");
}

pub async fn counts_follow_what_is_stored(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let facts = &stores.facts;
    for _ in 0..2 {
        let locations = [location(1), location(2)];
        facts
            .save_locations(scope, &locations, start())
            .await
            .expect("saved");
        let payouts = [payout(1, 9), payout(2, 3)];
        facts
            .save_payouts(scope, &payouts, start())
            .await
            .expect("saved");
        let batch = [customer(1, 1), customer(2, 8), customer(3, 2)];
        facts
            .save_customers(scope, &batch, start())
            .await
            .expect("saved");
        facts
            .save_levels(scope, &[level(1, 1, 4)], start())
            .await
            .expect("saved");
    }
    save_and_remove(&stores, scope).await;
    let counts = counts(&stores, scope).await;
    let of = |kind| {
        counts
            .iter()
            .find(|c| c.kind == kind)
            .expect("a row of the kind")
    };
    assert_eq!(of(FactKind::Locations).count, 2);
    for (kind, count, newest_at) in [
        (FactKind::Products, 1, start() + Duration::days(1)),
        (FactKind::Orders, 2, start() + Duration::hours(2)),
        (FactKind::Inventory, 1, start() + Duration::minutes(4)),
        (FactKind::Customers, 3, start() + Duration::minutes(8)),
        (FactKind::Payouts, 2, start() + Duration::days(9)),
    ] {
        let expected = FactCount {
            kind,
            count,
            newest_at: Some(newest_at),
        };
        assert_eq!(*of(kind), expected);
    }
}

#[macro_export]
macro_rules! store_facts_laws {
    ($make:ident) => {
        $crate::laws!(
            store_facts,
            $make,
            [
                a_customer_is_replaced_by_newer_or_equal_ones,
                it_shows_whether_people_have_names,
                a_level_is_replaced_by_newer_or_equal_ones,
                the_newest_of_copies_in_one_batch_stays,
                counts_name_every_kind_zeros_included,
                counts_follow_what_is_stored,
            ]
        );
    };
}
