//! Laws of [`ports::reports::ReportStore::labels`].

use super::reports::save;
use super::tools::connected;
use crate::Stores;
use crate::builders::{LineBuilder, OrderBuilder, ProductBuilder, VariantBuilder, at};
use domain::catalog::Product;
use domain::ids::{ProductId, StoreScope};
use domain::rollup::Dimension;
use std::collections::BTreeMap;

async fn save_products(stores: &Stores, scope: StoreScope, products: &[Product]) {
    let saved = stores.catalog.save(scope, products, at("2026-02-01")).await;
    saved.expect("saved");
}

pub async fn labels_come_from_the_catalogue(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let line = LineBuilder::new(10, 1, 100)
        .titled("Old shirt")
        .variant_titled(Some("Old"));
    save(&stores, scope, vec![OrderBuilder::new(1).line(line)]).await;
    let shirt = ProductBuilder::new(1)
        .titled("Shirt")
        .variant(VariantBuilder::new(10, 100).titled("Red / L"));
    let cap = ProductBuilder::new(2)
        .titled("Cap")
        .variant(VariantBuilder::new(20, 100).titled("Default Title"));
    save_products(&stores, scope, &[shirt.build(), cap.build()]).await;
    let products = labels(&stores, scope, Dimension::Product, &["1", "2"]).await;
    assert_eq!(products, named(&[("1", "Shirt"), ("2", "Cap")]));
    let variants = labels(&stores, scope, Dimension::Variant, &["10", "20"]).await;
    assert_eq!(variants, named(&[("10", "Shirt · Red / L"), ("20", "Cap")]));
}

pub async fn labels_fall_back_to_the_latest_order_line(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let sold = |id, text, title: &str, variant: Option<&str>| {
        let line = LineBuilder::new(10, 1, 100)
            .titled(title)
            .variant_titled(variant);
        OrderBuilder::new(id).sold_at(at(text)).line(line)
    };
    let single = LineBuilder::new(30, 1, 100)
        .titled("Mug")
        .variant_titled(Some("Default Title"));
    save(
        &stores,
        scope,
        vec![
            sold(3, "2026-01-03", "Middle", Some("M")),
            sold(1, "2026-01-05", "Latest", Some("L")),
            sold(2, "2026-01-01", "First", Some("F")),
            OrderBuilder::new(4).line(single),
        ],
    )
    .await;
    let known = ProductBuilder::new(1)
        .titled("Known")
        .variant(VariantBuilder::new(10, 1))
        .build();
    save_products(&stores, scope, &[known]).await;
    let removed = stores
        .catalog
        .remove(scope, &[ProductId(1)], at("2026-02-02"))
        .await;
    assert_eq!(removed.expect("removed"), 1);
    let products = labels(&stores, scope, Dimension::Product, &["1", "3"]).await;
    assert_eq!(products, named(&[("1", "Latest"), ("3", "Mug")]));
    let variants = labels(&stores, scope, Dimension::Variant, &["10", "30"]).await;
    assert_eq!(variants, named(&[("10", "Latest · L"), ("30", "Mug")]));
}

pub async fn unknown_keys_have_no_label(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    save(
        &stores,
        scope,
        vec![OrderBuilder::new(1).line(LineBuilder::custom("Card", 1, 5))],
    )
    .await;
    let keys = [
        "99",
        "custom",
        "order",
        "",
        "no number",
        "99999999999999999999",
    ];
    for dimension in Dimension::ALL {
        assert!(
            labels(&stores, scope, dimension, &keys).await.is_empty(),
            "{dimension:?}"
        );
    }
    assert!(
        labels(&stores, scope, Dimension::Product, &[])
            .await
            .is_empty()
    );
}

async fn labels(
    stores: &Stores,
    scope: StoreScope,
    dimension: Dimension,
    keys: &[&str],
) -> BTreeMap<String, String> {
    let keys: Vec<_> = keys.iter().map(|k| (*k).to_owned()).collect();
    let labels = stores.reports.labels(scope, dimension, &keys).await;
    labels.expect("labels")
}

fn named(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let own = |(key, label): &(&str, &str)| ((*key).to_owned(), (*label).to_owned());
    pairs.iter().map(own).collect()
}
