//! Laws of [`ports::catalog::CatalogStore`] about writing, costs and prices.

use super::tools::{connected, events_of, race};
use crate::Stores;
use crate::builders::{ProductBuilder, VariantBuilder, at};
use chrono::{DateTime, Duration, Utc};
use domain::catalog::{CostBook, CostRecord, CostSource, Product, UnitCost};
use domain::ids::{ProductId, StoreScope, VariantId};
use domain::prices::PriceRecord;
use ports::catalog::{CatalogReport, StoredProduct};
use ports::events::{PRODUCTS_CHANGED, products_changed, products_removed};

fn seen() -> DateTime<Utc> {
    at("2026-02-01T00:00:00Z")
}

/// Last updated at `minute`; its one variant costs what is said.
fn product(id: i64, minute: i64, cost: Option<&str>) -> Product {
    let variant = VariantBuilder::new(id * 10, 1999);
    let variant = match cost {
        Some(cost) => variant.cost(cost, "USD"),
        None => variant,
    };
    ProductBuilder::new(id)
        .titled(&format!("Product {id}, {minute}"))
        .updated_at(at("2026-01-20") + Duration::minutes(minute))
        .variant(variant)
        .build()
}

fn ids(numbers: &[i64]) -> Vec<ProductId> {
    numbers.iter().copied().map(ProductId).collect()
}

async fn save(stores: &Stores, scope: StoreScope, batch: &[Product]) -> CatalogReport {
    stores
        .catalog
        .save(scope, batch, seen())
        .await
        .expect("saved")
}

async fn find(stores: &Stores, scope: StoreScope, id: i64) -> Option<StoredProduct> {
    stores
        .catalog
        .find(scope, ProductId(id))
        .await
        .expect("asked")
}

async fn history(stores: &Stores, scope: StoreScope, variant: i64) -> Vec<CostRecord> {
    let history = stores.catalog.cost_history(scope, VariantId(variant)).await;
    history.expect("read")
}

fn unit_cost(product: &Product) -> Option<UnitCost> {
    product.variants[0].unit_cost
}

pub async fn a_saved_product_reads_back_whole(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let mut product = product(i64::MAX / 10, 1, Some("4.125"));
    product.tags = vec!["a".to_owned(), "ä, b".to_owned()];
    product.image_url = Some("https://cdn.example/1.png".to_owned());
    product.variants.extend(
        ProductBuilder::new(1)
            .variant(VariantBuilder::new(7, 0))
            .build()
            .variants,
    );
    let saved = save(&stores, scope, std::slice::from_ref(&product)).await;
    assert_eq!(saved.created, [product.id]);
    let expected = StoredProduct {
        product,
        version: 1,
        observed_at: seen(),
    };
    assert_eq!(find(&stores, scope, i64::MAX / 10).await, Some(expected));
    assert_eq!(find(&stores, scope, 1).await, None);
}

pub async fn a_newer_copy_replaces_an_older_one_is_stale(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    save(
        &stores,
        scope,
        &[
            product(1, 1, None),
            product(2, 5, None),
            product(3, 5, None),
        ],
    )
    .await;
    let batch = [
        product(2, 4, None),
        product(1, 2, None),
        product(3, 5, None),
        product(4, 1, None),
    ];
    let saved = save(&stores, scope, &batch).await;
    let expected = CatalogReport {
        created: ids(&[4]),
        changed: ids(&[1]),
        unchanged: ids(&[3]),
        stale: ids(&[2]),
        costs: Vec::new(),
    };
    assert_eq!(saved, expected);
    for (id, minute, version) in [(1, 2, 2), (2, 5, 1), (3, 5, 1)] {
        let found = find(&stores, scope, id).await.expect("there");
        assert_eq!(
            (found.product, found.version),
            (product(id, minute, None), version)
        );
    }
}

pub async fn equal_in_time_with_other_content_replaces(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    save(&stores, scope, &[product(1, 1, None)]).await;
    let mut other = product(1, 1, None);
    other.variants[0].inventory_quantity = Some(3);
    let saved = save(&stores, scope, std::slice::from_ref(&other)).await;
    assert_eq!(saved.changed, ids(&[1]));
    let found = find(&stores, scope, 1).await.expect("there");
    assert_eq!((found.product, found.version), (other, 2));
}

pub async fn a_save_that_writes_emits_one_event(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let first = save(
        &stores,
        scope,
        &[product(1, 1, Some("2")), product(2, 1, None)],
    )
    .await;
    let second = save(&stores, scope, &[product(1, 2, None), product(3, 1, None)]).await;
    save(&stores, scope, &[product(1, 2, None), product(1, 1, None)]).await;
    save(&stores, scope, &[]).await;
    let expected: Vec<_> = [first, second]
        .iter()
        .filter_map(|report| products_changed(scope, report, seen()))
        .map(|e| e.data)
        .collect();
    let emitted = events_of(&stores, scope, PRODUCTS_CHANGED).await;
    assert_eq!(
        emitted.into_iter().map(|e| e.data).collect::<Vec<_>>(),
        expected
    );
}

pub async fn a_first_cost_is_carried_back_and_a_change_counts_from_then_on(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let mut book = CostBook::default();
    let mut expected = Vec::new();
    let steps = [
        None,
        Some("4.125"),
        Some("4.1250"),
        Some("5"),
        None,
        Some("0"),
    ];
    for (cost, minute) in steps.iter().zip(1..) {
        let product = product(1, minute, *cost);
        let now = seen() + Duration::minutes(minute);
        let record = book.observe(VariantId(10), unit_cost(&product), now);
        let saved = stores
            .catalog
            .save(scope, &[product], now)
            .await
            .expect("saved");
        let recorded: Vec<_> = record.into_iter().collect();
        assert_eq!(saved.costs, recorded, "minute {minute}");
        recorded.iter().for_each(|r| book.insert(r.clone()));
        expected.extend(recorded);
    }
    assert_eq!(expected.len(), 4);
    assert_eq!(expected[0].valid_from, None);
    assert_eq!(expected[0].source, CostSource::Store);
    assert_eq!(history(&stores, scope, 10).await, expected);
    assert_eq!(stores.catalog.cost_book(scope).await.expect("read"), book);
    assert!(history(&stores, scope, 99).await.is_empty());
}

pub async fn a_stale_or_equal_product_records_no_cost(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    save(&stores, scope, &[product(1, 5, Some("4"))]).await;
    let stale = save(&stores, scope, &[product(1, 4, Some("9"))]).await;
    assert_eq!((stale.stale, stale.costs), (ids(&[1]), Vec::new()));
    let equal = save(&stores, scope, &[product(1, 5, Some("4"))]).await;
    assert_eq!((equal.unchanged, equal.costs), (ids(&[1]), Vec::new()));
    stores
        .catalog
        .remove(scope, &ids(&[1]), seen())
        .await
        .expect("removed");
    let deleted = save(&stores, scope, &[product(1, 6, Some("9"))]).await;
    assert_eq!((deleted.stale, deleted.costs), (ids(&[1]), Vec::new()));
    assert_eq!(history(&stores, scope, 10).await.len(), 1);
}

async fn prices(stores: &Stores, scope: StoreScope, variants: &[i64]) -> Vec<PriceRecord> {
    let variants: Vec<_> = variants.iter().copied().map(VariantId).collect();
    let history = stores.catalog.price_history(scope, &variants).await;
    history.expect("read")
}

pub async fn a_price_is_recorded_when_it_is_another(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let other = connected(&stores, 1, 2).await;
    let priced = |minute: i64, price: i64, before: Option<i64>| {
        let mut product = product(1, minute, None);
        product.variants[0].price = price;
        product.variants[0].compare_at_price = before;
        product
    };
    let steps = [
        (5, 500, None),
        (6, 500, None),
        (7, 450, Some(500)),
        (4, 9, None),
        (8, 500, None),
        (8, 500, None),
        (9, 500, Some(500)),
    ];
    let mut expected = Vec::new();
    for ((minute, price, before), tick) in steps.into_iter().zip(1..) {
        let now = seen() + Duration::minutes(tick);
        let batch = [priced(minute, price, before)];
        stores
            .catalog
            .save(scope, &batch, now)
            .await
            .expect("saved");
        // The second shows nothing new, the fourth is stale, the sixth is equal.
        if ![2, 4, 6].contains(&tick) {
            expected.push(PriceRecord {
                variant: VariantId(10),
                price,
                compare_at_price: before,
                seen_at: now,
            });
        }
    }
    assert_eq!(prices(&stores, scope, &[10, 99]).await, expected);
    assert!(prices(&stores, scope, &[99]).await.is_empty());
    assert!(prices(&stores, scope, &[]).await.is_empty());
    assert!(
        prices(&stores, other, &[10]).await.is_empty(),
        "of another store"
    );
    let removed = stores.catalog.remove(scope, &ids(&[1]), seen()).await;
    removed.expect("removed");
    assert_eq!(prices(&stores, scope, &[10]).await, expected, "they stay");
}

pub async fn a_removed_product_keeps_its_costs_and_stays_deleted(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    save(
        &stores,
        scope,
        &[product(1, 1, Some("4")), product(2, 1, None)],
    )
    .await;
    let deleted_at = product(1, 10, None).updated_at;
    let removed = stores
        .catalog
        .remove(scope, &ids(&[1, 9, 1]), deleted_at)
        .await;
    assert_eq!(removed.expect("removed"), 1, "those that were there");
    assert_eq!(find(&stores, scope, 1).await, None);
    assert_eq!(
        history(&stores, scope, 10).await.len(),
        1,
        "past sales keep their cost"
    );
    let late = save(&stores, scope, &[product(1, 10, None), product(9, 3, None)]).await;
    assert_eq!(late.stale, ids(&[1, 9]));
    let later = save(&stores, scope, &[product(1, 11, Some("4"))]).await;
    assert_eq!((later.created, later.costs), (ids(&[1]), Vec::new()));
}

pub async fn a_removal_emits_one_event_of_those_that_were_there(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    save(&stores, scope, &[product(1, 1, None)]).await;
    for _ in 0..2 {
        stores
            .catalog
            .remove(scope, &ids(&[1, 2]), seen())
            .await
            .expect("removed");
    }
    let emitted = events_of(&stores, scope, PRODUCTS_CHANGED).await;
    assert_eq!(emitted.len(), 2, "a save and a removal");
    let expected = products_removed(scope, &ids(&[1]), seen()).expect("an event");
    assert_eq!(emitted[1].data, expected.data);
}

pub async fn the_same_product_at_once_is_saved_once(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let results = race(|_| {
        let catalog = stores.catalog.clone();
        let batch = [product(1, 1, Some("4")), product(2, 1, Some("5"))];
        async move { catalog.save(scope, &batch, seen()).await }
    })
    .await;
    let reports: Vec<_> = results.into_iter().map(|r| r.expect("saved")).collect();
    assert_eq!(reports.iter().map(|r| r.created.len()).sum::<usize>(), 2);
    assert_eq!(reports.iter().map(|r| r.costs.len()).sum::<usize>(), 2);
    assert_eq!(history(&stores, scope, 10).await.len(), 1);
    assert_eq!(events_of(&stores, scope, PRODUCTS_CHANGED).await.len(), 1);
}

#[macro_export]
macro_rules! catalog_laws {
    ($make:ident) => {
        $crate::laws!(
            catalog,
            $make,
            [
                a_saved_product_reads_back_whole,
                a_newer_copy_replaces_an_older_one_is_stale,
                equal_in_time_with_other_content_replaces,
                a_save_that_writes_emits_one_event,
                a_first_cost_is_carried_back_and_a_change_counts_from_then_on,
                a_stale_or_equal_product_records_no_cost,
                a_price_is_recorded_when_it_is_another,
                a_removed_product_keeps_its_costs_and_stays_deleted,
                a_removal_emits_one_event_of_those_that_were_there,
                the_same_product_at_once_is_saved_once,
            ]
        );
        $crate::laws!(
            catalog_lists,
            $make,
            [
                every_product_is_on_exactly_one_page_in_every_sort,
                a_cursor_of_another_sort_is_refused,
                text_finds_titles_vendors_types_skus_and_numbers,
                filters_are_joined_by_and,
                deleted_products_are_not_listed,
            ]
        );
    };
}
