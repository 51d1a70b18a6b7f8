//! Laws of [`ports::suppliers::SupplierCatalog`].

use super::tools::connected;
use crate::Stores;
use crate::builders::{at, audit_entry, connection, heard, offer_row, offered, scope};
use domain::ids::{StoreScope, SupplierProductId};
use domain::supplier::{
    OfferChange, OfferMatch, OfferNews, OfferPair, OfferRow, Platform, SupplierProduct, Verdict,
};
use ports::PageRequest;
use ports::suppliers::{ChangeFilter, OfferFilter};

async fn save(stores: &Stores, scope: StoreScope, row: &OfferRow, import: u32) -> SupplierProduct {
    let (product, prices) = offered(scope, row, &heard(import));
    let saved = stores
        .suppliers
        .save_offers(scope, std::slice::from_ref(&product), &prices, &[])
        .await;
    saved.expect("saved");
    product
}

async fn listed(stores: &Stores, scope: StoreScope, filter: OfferFilter) -> Vec<String> {
    let (mut page, mut seen) = (PageRequest::first(2), Vec::new());
    loop {
        let found = stores.suppliers.list_offers(scope, &filter, &page).await;
        let found = found.expect("a page");
        seen.extend(found.items.into_iter().filter_map(|p| p.external_id));
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            assert_eq!(found.total, Some(seen.len() as u64));
            seen.sort();
            return seen;
        }
    }
}

async fn history(stores: &Stores, product: &SupplierProduct) -> Vec<(String, String)> {
    let found = stores.suppliers.offer_prices(product.scope, product.id);
    let found = found.await.expect("answered").into_iter();
    found
        .map(|p| (p.price.range.low.to_string(), p.heard.by.source()))
        .collect()
}

pub async fn what_is_saved_is_found_whole_and_only_in_its_store(stores: Stores) {
    let (here, beside) = (
        connected(&stores, 1, 1).await,
        connected(&stores, 1, 2).await,
    );
    let product = save(&stores, here, &offer_row(1, 10), 1).await;
    let other = save(&stores, here, &offer_row(2, 10), 1).await;
    let find = |scope, ids: Vec<_>| {
        let port = stores.suppliers.clone();
        async move { port.offers(scope, &ids).await.expect("answered") }
    };
    let mut both = vec![product.clone(), other.clone()];
    both.sort_by_key(|p| p.id);
    assert_eq!(find(here, vec![product.id, other.id]).await, both);
    assert_eq!(find(here, vec![]).await, []);
    assert_eq!(find(beside, vec![product.id]).await, []);
    assert_eq!(find(scope(2, 1), vec![product.id]).await, []);
    let none = stores.suppliers.offer_prices(beside, product.id).await;
    assert_eq!(none.expect("answered"), []);
    let mut renamed = product.clone();
    renamed.title = Some("Another".to_owned());
    let saved = stores
        .suppliers
        .save_offers(here, std::slice::from_ref(&renamed), &[], &[]);
    saved.await.expect("saved");
    assert_eq!(find(here, vec![product.id]).await, [renamed]);
}

pub async fn products_are_listed_by_what_they_are(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    for number in 1..=4 {
        save(&stores, here, &offer_row(number, 10), 1).await;
    }
    let strange = OfferRow {
        platform: Platform::Spocket,
        supplier: Some("Zeta & Sons".to_owned()),
        title: Some("Mug".to_owned()),
        ..offer_row(5, 10)
    };
    save(&stores, here, &strange, 1).await;
    let filter = OfferFilter::default;
    let all = ["P-1", "P-2", "P-3", "P-4", "P-5"];
    assert_eq!(listed(&stores, here, filter()).await, all);
    let of_platform = OfferFilter {
        platform: Some(Platform::Autods),
        ..filter()
    };
    assert_eq!(listed(&stores, here, of_platform).await, all[..4]);
    let of_supplier = OfferFilter {
        supplier: Some("zeta & SONS".to_owned()),
        ..filter()
    };
    assert_eq!(listed(&stores, here, of_supplier).await, ["P-5"]);
    for (text, found) in [
        ("mug", &all[4..]),
        ("sku-2", &all[1..2]),
        ("p-3", &all[2..3]),
        (" ", &all[..]),
    ] {
        let of_text = OfferFilter {
            text: Some(text.to_owned()),
            ..filter()
        };
        assert_eq!(listed(&stores, here, of_text).await, found, "{text:?}");
    }
}

pub async fn the_history_of_a_price_tells_each_change_once_with_its_file(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let product = save(&stores, here, &offer_row(1, 10), 1).await;
    save(&stores, here, &offer_row(1, 12), 2).await;
    save(&stores, here, &offer_row(1, 12), 2).await;
    save(&stores, here, &offer_row(2, 99), 2).await;
    let told = history(&stores, &product).await;
    let expected = [("12", heard(2)), ("10", heard(1))];
    let expected = expected.map(|(price, heard)| (price.to_owned(), heard.by.source()));
    assert_eq!(told, expected);
}

/// A change of `product` that the import of this number told, and what was told of it before.
fn dearer(product: &SupplierProduct, import: u32) -> OfferChange {
    OfferChange {
        product: product.id,
        title: product.title.clone(),
        variant: product.variants[0].key.clone(),
        variant_name: None,
        news: OfferNews::Price {
            from: None,
            to: product.variants[0].cost.as_ref().map(|told| told.value),
        },
        heard: heard(import),
    }
}

pub async fn what_changed_is_told_once_the_newest_first(stores: Stores) {
    let (here, beside) = (
        connected(&stores, 1, 1).await,
        connected(&stores, 1, 2).await,
    );
    let one = save(&stores, here, &offer_row(1, 10), 1).await;
    let two = save(&stores, here, &offer_row(2, 10), 1).await;
    let gone = OfferChange {
        news: OfferNews::Gone,
        ..dearer(&one, 4)
    };
    let told = [dearer(&one, 2), dearer(&two, 3), gone];
    for _ in 0..2 {
        let saved = stores.suppliers.save_offers(here, &[], &[], &told).await;
        saved.expect("saved");
    }
    let changes = async |scope, filter: ChangeFilter| {
        let (mut page, mut seen) = (PageRequest::first(2), Vec::new());
        loop {
            let found = stores.suppliers.offer_changes(scope, &filter, &page).await;
            let found = found.expect("a page");
            seen.extend(found.items);
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                assert_eq!(found.total, Some(seen.len() as u64));
                return seen;
            }
        }
    };
    let newest = [told[2].clone(), told[1].clone(), told[0].clone()];
    assert_eq!(changes(here, ChangeFilter::default()).await, newest);
    assert_eq!(changes(beside, ChangeFilter::default()).await, []);
    let of_two = ChangeFilter {
        product: Some(two.id),
        kind: None,
    };
    assert_eq!(changes(here, of_two).await, told[1..2]);
    let prices = ChangeFilter {
        product: None,
        kind: Some("price".to_owned()),
    };
    assert_eq!(changes(here, prices).await, newest[1..]);
    let import = heard(3).by.import().expect("a file");
    let back = stores.suppliers.take_back_offers(here, import, &[], &[]);
    back.await.expect("taken back");
    let left = [told[2].clone(), told[0].clone()];
    assert_eq!(changes(here, ChangeFilter::default()).await, left);
}

pub async fn an_import_is_taken_back_with_its_prices(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let before = save(&stores, here, &offer_row(1, 10), 1).await;
    save(&stores, here, &offer_row(1, 12), 2).await;
    let fresh = save(&stores, here, &offer_row(2, 12), 2).await;
    for _ in 0..2 {
        let back = std::slice::from_ref(&before);
        let taken = stores
            .suppliers
            .take_back_offers(
                here,
                heard(2).by.import().expect("a file"),
                back,
                &[fresh.id],
            )
            .await;
        taken.expect("taken back");
        let found = stores.suppliers.offers(here, &[before.id, fresh.id]).await;
        assert_eq!(found.expect("answered"), std::slice::from_ref(&before));
        assert_eq!(history(&stores, &before).await.len(), 1);
        assert_eq!(history(&stores, &fresh).await, []);
    }
}

pub async fn the_last_word_on_a_pair_stands_and_can_be_taken_back(stores: Stores) {
    let (here, beside) = (
        connected(&stores, 1, 1).await,
        connected(&stores, 1, 2).await,
    );
    let id = |n| SupplierProductId(uuid::Uuid::from_u128(n));
    let said = |a, b, verdict| OfferMatch {
        scope: here,
        pair: OfferPair::of(id(a), id(b)).expect("two products"),
        verdict,
        reason: Some("seen".to_owned()),
        by: domain::audit::Actor::system(),
        at: at("2026-02-01T08:00:00Z"),
    };
    let set = |scope: StoreScope, all: Vec<OfferMatch>| {
        let port = stores.suppliers.clone();
        async move {
            let entry = audit_entry(scope.workspace, "supplier_match.set");
            let set = port.set_offer_matches(scope, &all, &entry).await;
            set.expect("set");
        }
    };
    let told = |scope: StoreScope| {
        let port = stores.suppliers.clone();
        async move { port.offer_matches(scope).await.expect("answered") }
    };
    let (same, different) = (said(1, 2, Verdict::Same), said(1, 3, Verdict::Different));
    set(here, vec![different.clone(), same.clone()]).await;
    assert_eq!(told(here).await, [same.clone(), different.clone()]);
    assert_eq!(told(beside).await, []);
    set(beside, vec![said(4, 5, Verdict::Same)]).await;
    assert_eq!(told(beside).await, [], "a store writes only its own");
    let other = said(2, 1, Verdict::Different);
    set(here, vec![other.clone()]).await;
    assert_eq!(told(here).await, [other, different.clone()]);
    set(here, vec![said(1, 2, Verdict::Open)]).await;
    assert_eq!(told(here).await, [different]);
    let connection = connection(1, 1);
    let removed = stores
        .connections
        .remove(here.workspace, connection.id, Some(connection.store))
        .await;
    removed.expect("removed");
    assert_eq!(told(here).await, []);
}

pub async fn offers_go_with_their_store(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let product = save(&stores, here, &offer_row(1, 10), 1).await;
    let connection = connection(1, 1);
    let removed = stores
        .connections
        .remove(here.workspace, connection.id, Some(connection.store))
        .await;
    removed.expect("removed");
    assert_eq!(listed(&stores, here, OfferFilter::default()).await, [""; 0]);
    assert_eq!(history(&stores, &product).await, []);
}

#[macro_export]
macro_rules! supplier_laws {
    ($make:ident) => {
        $crate::laws!(
            suppliers,
            $make,
            [
                what_is_saved_is_found_whole_and_only_in_its_store,
                products_are_listed_by_what_they_are,
                the_history_of_a_price_tells_each_change_once_with_its_file,
                what_changed_is_told_once_the_newest_first,
                an_import_is_taken_back_with_its_prices,
                offers_go_with_their_store,
                the_last_word_on_a_pair_stands_and_can_be_taken_back,
            ]
        );
    };
}
