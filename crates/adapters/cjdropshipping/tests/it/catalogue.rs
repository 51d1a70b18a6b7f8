//! Search, products, stock, quotes; and what comes in their place.

use crate::{Shop, shop};
use adapter_cjdropshipping::KEPT_POINTS;
use domain::supplier::{PlaceLine, Presence, QuoteFor, Search, on_all};
use ports::supplier_platforms::{Purpose, SupplierSource as _};
use ports::{Kind, Retry};
use sandbox::cj::CJ_API_KEY;
use serde_json::json;
use testkit::laws::supplier_platforms as laws;

fn search(text: &str) -> Search {
    Search {
        text: Some(text.to_owned()),
        ..Search::default()
    }
}

fn quote(shop: &Shop, from: &str, to: &str) -> QuoteFor {
    let vid = shop.product()["variants"][0]["vid"].clone();
    QuoteFor {
        from: from.to_owned(),
        to: to.to_owned(),
        postcode: None,
        lines: vec![PlaceLine {
            variant: vid.as_str().unwrap().to_owned(),
            quantity: 2,
        }],
    }
}

#[tokio::test]
async fn it_obeys_the_laws_of_its_port() {
    let shop = shop().await;
    let cj = shop.open();
    laws::each_product_is_found_once_over_all_pages(&cj, &search("camping")).await;
    laws::a_product_has_prices_and_stock_by_the_same_variants(&cj, &shop.pid()).await;
    laws::what_is_not_there_is_nothing_and_no_error(&cj).await;
    let (to, never) = (quote(&shop, "CN", "DE"), quote(&shop, "CN", "AQ"));
    laws::what_cannot_be_sent_has_no_quote(&cj, &to, &never).await;
    shop.points(0);
    laws::without_quota_nothing_is_made_up(&cj, &shop.pid()).await;
}

#[tokio::test]
async fn a_product_is_told_as_the_supplier_has_it() {
    let shop = shop().await;
    let cj = shop.open();
    let own = shop.product();
    let told = cj.product(&shop.pid()).await.unwrap().unwrap();
    assert_eq!(told.title.as_deref(), own["name"].as_str());
    assert_eq!(told.on_sale, Some(true));
    assert_eq!(told.unread, [""; 0]);
    let description = told.description.unwrap();
    assert!(!description.contains('<'), "{description}");
    let variants = own["variants"].as_array().unwrap();
    assert_eq!(told.variants.len(), variants.len());
    for (told, own) in told.variants.iter().zip(variants) {
        let price = told.price.unwrap();
        let cents = price.range.single().unwrap() * rust_decimal::Decimal::ONE_HUNDRED;
        assert_eq!(cents, own["price"].as_i64().unwrap().into());
        assert_eq!(price.currency.to_string(), "USD");
        assert_eq!(told.sku.as_deref(), own["sku"].as_str());
    }
    let stock = cj.stock(&shop.pid()).await.unwrap().unwrap();
    for (shelves, own) in stock.iter().zip(variants) {
        let counted = own["us"].as_u64().unwrap();
        let all = on_all(&shelves.shelves);
        if counted == 0 {
            assert_eq!(all.presence, Presence::Unknown, "a factory counts nothing");
        } else {
            assert_eq!(all.quantity.map(u64::from), Some(counted));
        }
    }
}

#[tokio::test]
async fn a_range_where_a_price_is_needed_is_no_price_and_is_told() {
    let shop = shop().await;
    shop.change(json!({"product": shop.pid(), "range": "1.20-3.50"}));
    let told = shop.open().product(&shop.pid()).await.unwrap().unwrap();
    assert!(told.variants.iter().all(|v| v.price.is_none()));
    assert_eq!(told.unread.len(), told.variants.len());
    assert!(
        told.unread[0].contains("1.2-3.5 is a range"),
        "{:?}",
        told.unread
    );
}

#[tokio::test]
async fn what_is_off_the_shelf_or_gone_is_told_so() {
    let shop = shop().await;
    let cj = shop.open();
    shop.change(json!({"product": shop.pid(), "delist": true}));
    let told = cj.product(&shop.pid()).await.unwrap().unwrap();
    assert_eq!(told.on_sale, Some(false));
    shop.change(json!({"product": shop.pid(), "remove": true}));
    assert_eq!(cj.product(&shop.pid()).await.unwrap(), None);
}

#[tokio::test]
async fn a_page_of_a_browser_in_place_of_an_answer_is_nonsense_and_asked_for_again() {
    let shop = shop().await;
    let cj = shop.open();
    cj.identify().await.unwrap();
    shop.fault("cj_html", 1.0);
    let error = cj.product(&shop.pid()).await.unwrap_err();
    assert_eq!(error.kind, Kind::Corrupt, "{error}");
    shop.fault("cj_html", 0.0);
    shop.fault("cj_busy", 1.0);
    shop.fault("limit", 1.0);
    assert!(cj.product(&shop.pid()).await.unwrap().is_some());
}

/// Fifty calls at one a second would outlast the limit of each.
#[tokio::test]
async fn the_pace_that_the_supplier_tells_holds_at_once() {
    let shop = shop().await;
    let cj = shop.open_at(CJ_API_KEY, Purpose::Catalogue, None);
    assert_eq!(cj.identify().await.unwrap().per_second, Some(1_000));
    let pid = shop.pid();
    let calls = (0..50).map(|_| cj.product(&pid));
    let all = futures::future::join_all(calls);
    let all = tokio::time::timeout(std::time::Duration::from_secs(20), all).await;
    assert!(
        all.expect("it keeps to one call a second")
            .iter()
            .all(Result::is_ok)
    );
}

#[tokio::test]
async fn too_many_calls_a_second_are_waited_out() {
    let shop = shop().await;
    let cj = shop.open();
    cj.identify().await.unwrap();
    shop.fault("cj_qps", 1.0);
    shop.fault("limit", 1.0);
    assert!(cj.product(&shop.pid()).await.unwrap().is_some());
}

#[tokio::test]
async fn a_catalogue_leaves_points_to_orders() {
    let shop = shop().await;
    let cj = shop.open();
    shop.points(KEPT_POINTS + 25);
    // What is left is known after the first answer.
    assert!(cj.product(&shop.pid()).await.unwrap().is_some());
    assert_eq!(cj.quota().unwrap().left, KEPT_POINTS + 15);
    assert!(cj.product(&shop.pid()).await.unwrap().is_some());
    let before = shop.told()["calls"]["product/query"].clone();
    let error = cj.product(&shop.pid()).await.unwrap_err();
    assert_eq!(error.kind, Kind::RateLimited);
    assert!(matches!(error.retry, Retry::After(_)), "{:?}", error.retry);
    assert!(error.detail.contains("kept for orders"), "{error}");
    assert_eq!(
        shop.told()["calls"]["product/query"],
        before,
        "it was asked"
    );
    let orders = shop.open_with(CJ_API_KEY, Purpose::Orders);
    assert!(orders.stock(&shop.pid()).await.unwrap().is_some());
}

#[tokio::test]
async fn points_that_end_in_the_middle_stop_only_what_costs_points() {
    let shop = shop().await;
    let cj = shop.open_with(CJ_API_KEY, Purpose::Orders);
    shop.points(15);
    assert!(cj.product(&shop.pid()).await.unwrap().is_some());
    let error = cj.product(&shop.pid()).await.unwrap_err();
    assert_eq!(error.kind, Kind::RateLimited, "{error}");
    let told = cj.identify().await.unwrap();
    assert_eq!(told.balance.unwrap().minor, 500_000);
    assert_eq!((told.is_sandbox, told.per_second), (true, Some(1_000)));
}
