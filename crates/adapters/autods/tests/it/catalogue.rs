//! Search, products, stock, quotes; tools that are gone or other; and what comes in place of an answer.

use crate::{Shop, shop};
use domain::ids::{OrderId, StoreId};
use domain::money::{Currency, Money};
use domain::supplier::{
    OurRef, PlaceLine, Platform, Presence, QuoteFor, Recipient, Search, ToPlace, on_all,
};
use ports::supplier_platforms::SupplierSource as _;
use ports::{Kind, Retry};
use serde_json::json;
use std::time::Duration;
use testkit::laws::{supplier_orders, supplier_platforms as laws};
use uuid::Uuid;

fn line(shop: &Shop) -> PlaceLine {
    let variation = shop.product()["variations"][0]["id"].clone();
    PlaceLine {
        variant: format!("{}:{}", shop.id(), variation.as_str().unwrap()),
        quantity: 1,
    }
}

fn quote(shop: &Shop, to: &str) -> QuoteFor {
    QuoteFor {
        from: "US".to_owned(),
        to: to.to_owned(),
        postcode: None,
        lines: vec![line(shop)],
    }
}

#[tokio::test]
async fn it_obeys_the_laws_of_its_port() {
    let shop = shop().await;
    let autods = shop.open();
    laws::each_product_is_found_once_over_all_pages(&autods, &Search::default()).await;
    laws::a_product_has_prices_and_stock_by_the_same_variants(&autods, &shop.id()).await;
    let to = quote(&shop, "US");
    laws::what_it_cannot_do_is_refused_by_name(&autods, Platform::Autods, &to).await;
    assert_eq!(autods.product("no-such-product").await.unwrap(), None);
    assert_eq!(
        autods.stock("66de36fb28873e16ffffffff").await.unwrap(),
        None
    );
    shop.pass(chrono::Duration::minutes(2));
    shop.fault("autods_limit", 1.0);
    laws::without_quota_nothing_is_made_up(&autods, &shop.id()).await;
}

#[tokio::test]
async fn it_takes_no_orders_and_says_so() {
    let shop = shop().await;
    let order = ToPlace {
        our_ref: OurRef::of(StoreId(Uuid::from_u128(7)), OrderId(1), 0),
        lines: vec![line(&shop)],
        ships_from: "US".to_owned(),
        service: "any".to_owned(),
        recipient: Recipient {
            name: "Ada Example".to_owned(),
            country: "US".to_owned(),
            province: None,
            province_code: None,
            city: "Ulm".to_owned(),
            street: "Weg 1".to_owned(),
            postcode: None,
            phone: None,
        },
    };
    let sum = Money::new(1, Currency::parse("USD").unwrap());
    supplier_orders::one_that_takes_no_orders_refuses_each_call(&shop.open(), &order, sum).await;
}

#[tokio::test]
async fn a_product_is_told_as_the_supplier_has_it_in_one_call() {
    let shop = shop().await;
    let autods = shop.open();
    let own = shop.product();
    let told = autods.product(&shop.id()).await.unwrap().unwrap();
    assert_eq!(told.title.as_deref(), own["title"].as_str());
    assert_eq!(told.unread, [""; 0]);
    let stock = autods.stock(&shop.id()).await.unwrap().unwrap();
    let variations = own["variations"].as_array().unwrap();
    assert_eq!(told.variants.len(), variations.len());
    for ((told, shelves), own) in told.variants.iter().zip(&stock).zip(variations) {
        let price = told.price.unwrap();
        let cents = price.range.single().unwrap() * rust_decimal::Decimal::ONE_HUNDRED;
        assert_eq!(cents, own["price"].as_i64().unwrap().into());
        let all = on_all(&shelves.shelves);
        match own["us"].as_u64().unwrap() {
            0 => assert_eq!(all.presence, Presence::Out),
            us => assert_eq!(all.quantity.map(u64::from), Some(us)),
        }
    }
    let quotes = autods.quotes(&quote(&shop, "US")).await.unwrap();
    let first = &variations[0];
    assert_eq!(quotes[0].cost.minor, first["sending"].as_i64().unwrap());
    assert_eq!(
        u64::from(quotes[0].days.unwrap().max_days),
        first["days"].as_u64().unwrap()
    );
    assert_eq!(shop.calls("get_product_by_id"), 1, "calls are few");
    let elsewhere = autods.quotes(&quote(&shop, "DE")).await.unwrap_err();
    assert_eq!(elsewhere.kind, Kind::Rejected);
    assert!(elsewhere.detail.contains("US alone"), "{elsewhere}");
}

#[tokio::test]
async fn a_tool_that_is_gone_or_wants_more_is_not_called_and_that_is_told() {
    let shop = shop().await;
    assert_eq!(shop.open().identify().await.unwrap().off, [""; 0]);
    shop.change(json!({"without_tool": "get_product_by_id"}));
    let autods = shop.open();
    let told = autods.identify().await.unwrap();
    assert_eq!(
        told.off,
        ["AutoDS's tool get_product_by_id is not called: it is not there any more"]
    );
    let error = autods.product(&shop.id()).await.unwrap_err();
    assert_eq!(error.kind, Kind::Unsupported, "{error}");
    assert_eq!(shop.calls("get_product_by_id"), 0);
    assert!(
        !autods
            .search(&Search::default())
            .await
            .unwrap()
            .items
            .is_empty()
    );
    shop.change(json!({"stricter_tool": "search_products"}));
    let error = shop.open().search(&Search::default()).await.unwrap_err();
    assert_eq!(error.kind, Kind::Unsupported);
    assert!(error.detail.contains("wants store_id"), "{error}");
}

/// It was there when the tools were listed.
#[tokio::test]
async fn a_tool_that_vanishes_in_the_middle_is_refused_and_nothing_made_up() {
    let shop = shop().await;
    let autods = shop.open();
    autods.identify().await.unwrap();
    shop.change(json!({"without_tool": "get_product_by_id"}));
    let error = autods.product(&shop.id()).await.unwrap_err();
    assert_eq!(error.kind, Kind::Rejected, "{error}");
}

#[tokio::test]
async fn a_placeholder_or_a_range_is_no_price_and_is_told() {
    let shop = shop().await;
    let autods = shop.open();
    shop.change_product(json!({"price": "1.20-3.50"}));
    let told = autods.product(&shop.id()).await.unwrap().unwrap();
    assert!(told.variants.iter().all(|v| v.price.is_none()));
    assert!(told.unread[0].contains("range"), "{:?}", told.unread);
    shop.change_product(json!({"fail": true}));
    shop.pass(chrono::Duration::minutes(2));
    let told = autods.product(&shop.id()).await.unwrap().unwrap();
    assert!(told.variants.iter().all(|v| v.price.is_none()));
    assert!(
        told.unread[0].contains("doesn't exist"),
        "{:?}",
        told.unread
    );
    assert!(told.unread[1].contains("133.133"), "{:?}", told.unread);
    let stock = autods.stock(&shop.id()).await.unwrap().unwrap();
    assert!(
        stock
            .iter()
            .all(|s| on_all(&s.shelves).presence == Presence::Unknown)
    );
}

#[tokio::test]
async fn stock_is_a_yes_a_number_or_nothing() {
    let shop = shop().await;
    for (told, presence) in [
        (json!(true), Presence::In),
        (json!(false), Presence::Out),
        (json!(1), Presence::In),
        (json!(0), Presence::Out),
        (json!(null), Presence::Unknown),
    ] {
        shop.change_product(json!({ "in_stock": told }));
        if told.is_null() {
            shop.change_product(json!({ "in_stock": "who knows" }));
        }
        let stock = shop.open().stock(&shop.id()).await.unwrap().unwrap();
        assert_eq!(on_all(&stock[0].shelves).presence, presence, "{told}");
    }
}

#[tokio::test]
async fn without_a_currency_there_is_no_price() {
    let shop = shop().await;
    shop.fault("autods_currency", 1.0);
    let autods = shop.open();
    for error in [
        autods.identify().await.unwrap_err(),
        autods.product(&shop.id()).await.unwrap_err(),
        autods.search(&Search::default()).await.unwrap_err(),
    ] {
        assert_eq!(error.kind, Kind::Corrupt, "{error}");
        assert!(error.detail.contains("currency"), "{error}");
    }
}

#[tokio::test]
async fn limits_inside_of_results_say_how_long_to_wait() {
    let shop = shop().await;
    let autods = shop.open();
    autods.identify().await.unwrap();
    shop.fault("autods_limit", 1.0);
    let error = autods.product(&shop.id()).await.unwrap_err();
    assert_eq!(error.kind, Kind::RateLimited);
    assert_eq!(error.retry, Retry::After(Duration::from_secs(12)));
}

#[tokio::test]
async fn what_the_user_has_not_booked_is_not_asked_for_again() {
    let shop = shop().await;
    let autods = shop.open();
    shop.fault("autods_redirect", 1.0);
    let error = autods.product(&shop.id()).await.unwrap_err();
    assert_eq!((error.kind, error.retry), (Kind::Forbidden, Retry::Never));
    assert_eq!(shop.calls("get_product_by_id"), 1);
}

#[tokio::test]
async fn a_page_of_a_browser_is_nonsense_and_a_lost_answer_is_asked_for_again() {
    let shop = shop().await;
    let autods = shop.open();
    autods.identify().await.unwrap();
    shop.fault("autods_html", 1.0);
    let error = autods.product(&shop.id()).await.unwrap_err();
    assert_eq!(error.kind, Kind::Corrupt, "{error}");
    shop.fault("autods_html", 0.0);
    for fault in ["autods_lost", "autods_busy"] {
        shop.fault(fault, 1.0);
        shop.fault("limit", 1.0);
        shop.pass(chrono::Duration::minutes(2));
        assert!(
            autods.product(&shop.id()).await.unwrap().is_some(),
            "{fault}"
        );
        shop.fault(fault, 0.0);
    }
}
