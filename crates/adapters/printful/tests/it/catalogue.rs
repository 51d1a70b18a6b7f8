//! Search, products, stock, quotes; and what comes in their place.

use crate::{Shop, shop};
use domain::supplier::{PlaceLine, Platform, Presence, QuoteFor, Search, on_all};
use ports::Kind;
use ports::supplier_platforms::SupplierSource as _;
use serde_json::json;
use testkit::laws::supplier_platforms as laws;

fn quote(shop: &Shop, to: &str) -> QuoteFor {
    QuoteFor {
        from: "EU".to_owned(),
        to: to.to_owned(),
        postcode: None,
        lines: vec![PlaceLine {
            variant: format!("{}:wolf", shop.variant()),
            quantity: 2,
        }],
    }
}

#[tokio::test]
async fn it_obeys_the_laws_of_its_port() {
    let shop = shop().await;
    let printful = shop.open();
    let any = Search::default();
    laws::each_product_is_found_once_over_all_pages(&printful, &any).await;
    laws::a_product_has_prices_and_stock_by_the_same_variants(&printful, &shop.id()).await;
    let printed = shop.design().on(&shop.id());
    laws::a_product_has_prices_and_stock_by_the_same_variants(&printful, &printed).await;
    laws::what_is_not_there_is_nothing_and_no_error(&printful).await;
    let (to, never) = (quote(&shop, "DE"), quote(&shop, "AQ"));
    laws::what_cannot_be_sent_has_no_quote(&printful, &to, &never).await;
    laws::what_it_cannot_do_is_refused_by_name(&printful, Platform::Printful, &to).await;
}

#[tokio::test]
async fn a_product_is_told_as_the_supplier_has_it() {
    let shop = shop().await;
    let printful = shop.open();
    let own = shop.product();
    let told = printful.product(&shop.id()).await.unwrap().unwrap();
    assert_eq!(told.title.as_deref(), own["name"].as_str());
    assert_eq!((told.on_sale, told.unread.len()), (Some(true), 0));
    assert!(!told.description.unwrap().contains('<'));
    let variants = own["variants"].as_array().unwrap();
    assert_eq!(told.variants.len(), variants.len());
    for (told, own) in told.variants.iter().zip(variants) {
        // Of the way of printing that it has by default, which does not stand first.
        let price = told.price.unwrap();
        let cents = price.range.single().unwrap() * rust_decimal::Decimal::ONE_HUNDRED;
        assert_eq!(cents, own["price"].as_i64().unwrap().into());
        assert_eq!(price.currency.to_string(), "USD");
    }
    let stock = printful.stock(&shop.id()).await.unwrap().unwrap();
    for (shelves, own) in stock.iter().zip(variants) {
        let there = own["there"].as_array().unwrap();
        let any = there.contains(&json!(true));
        let all = on_all(&shelves.shelves);
        let expected = if any { Presence::In } else { Presence::Out };
        assert_eq!((all.presence, all.quantity), (expected, None));
        let at = |country: &str| {
            let shelf = shelves.shelves.iter().find(|s| s.country == country);
            json!(shelf.unwrap().stock.presence == Presence::In)
        };
        assert_eq!((&at("US"), &at("EU")), (&there[0], &there[1]));
    }
}

#[tokio::test]
async fn a_design_is_a_product_of_its_own_found_whatever_is_looked_for() {
    let shop = shop().await;
    let printful = shop.open();
    let search = Search {
        text: Some("no such thing".to_owned()),
        ..Search::default()
    };
    let found = printful.search(&search).await.unwrap();
    let ids: Vec<_> = found.items.iter().map(|i| &*i.external_id).collect();
    assert_eq!(ids, [format!("{}:wolf", shop.id())]);
    let told = printful.product(ids[0]).await.unwrap().unwrap();
    assert!(told.title.unwrap().ends_with("– wolf"));
    assert!(
        told.variants
            .iter()
            .all(|v| v.external_id.ends_with(":wolf"))
    );
    // One that nobody knows is not there, though the thing without a print is.
    let other = format!("{}:bear", shop.id());
    assert_eq!(printful.product(&other).await.unwrap(), None);
    let search = Search {
        text: Some("enamel  MUG".to_owned()),
        ..Search::default()
    };
    let found = printful.search(&search).await.unwrap();
    let mugs = found.items.iter().skip(1);
    assert!(found.items.len() > 2);
    assert!(
        mugs.into_iter()
            .all(|i| i.title.as_ref().unwrap().starts_with("Enamel Mug"))
    );
}

#[tokio::test]
async fn what_lies_in_a_country_is_asked_by_its_region() {
    let shop = shop().await;
    let printful = shop.open();
    shop.change_product(json!({"stock": false}));
    let of = async |country: &str| {
        let search = Search {
            text: None,
            ships_from: Some(country.to_owned()),
            page: 1,
        };
        printful.search(&search).await
    };
    let found = of("US").await.unwrap();
    assert!(found.items.iter().all(|i| i.external_id != shop.id()));
    assert_eq!(of("CN").await.unwrap_err().kind, Kind::Rejected);
}

#[tokio::test]
async fn who_answers_is_one_store_with_its_currency() {
    let shop = shop().await;
    let told = shop.open().identify().await.unwrap();
    assert_eq!(
        (told.currency.unwrap().to_string(), told.is_sandbox),
        ("USD".to_owned(), true)
    );
    assert_eq!(told.balance, None, "it is not told");
    shop.fault("pf_stores", 1.0);
    let error = shop.open().identify().await.unwrap_err();
    assert!(error.detail.contains("2 stores"), "{error}");
    shop.fault("pf_stores", 0.0);
    let error = shop.open_with("pf_wrong").identify().await.unwrap_err();
    assert_eq!(error.kind, Kind::Unauthorized, "{error}");
    assert!(!error.to_string().contains("pf_wrong"), "{error}");
}

#[tokio::test]
async fn a_range_where_a_price_is_needed_is_no_price_and_is_told() {
    let shop = shop().await;
    shop.change_product(json!({"range": "9.50-12.00"}));
    let told = shop.open().product(&shop.id()).await.unwrap().unwrap();
    assert!(told.variants.iter().all(|v| v.price.is_none()));
    assert_eq!(told.unread.len(), told.variants.len());
    assert!(told.unread[0].contains("is a range"), "{:?}", told.unread);
}

#[tokio::test]
async fn without_a_currency_there_is_no_price_and_no_quote() {
    let shop = shop().await;
    let printful = shop.open();
    shop.fault("pf_currency", 1.0);
    let told = printful.product(&shop.id()).await.unwrap().unwrap();
    assert!(told.variants.iter().all(|v| v.price.is_none()));
    assert_eq!(told.unread, ["prices: no currency is told"]);
    let error = printful.quotes(&quote(&shop, "DE")).await.unwrap_err();
    assert_eq!(error.kind, Kind::Corrupt, "{error}");
    assert_eq!(printful.identify().await.unwrap_err().kind, Kind::Corrupt);
}

#[tokio::test]
async fn stock_that_is_told_otherwise_than_in_words_is_unknown() {
    let shop = shop().await;
    let printful = shop.open();
    for strange in [json!(true), json!(7), json!("plenty"), json!("unknown")] {
        shop.change_product(json!({"strange_stock": strange}));
        let stock = printful.stock(&shop.id()).await.unwrap().unwrap();
        for shelves in &stock {
            assert_eq!(
                on_all(&shelves.shelves).presence,
                Presence::Unknown,
                "{strange}"
            );
            assert!(shelves.shelves.iter().all(|s| !s.verified));
        }
    }
}

#[tokio::test]
async fn what_is_off_the_shelf_or_gone_is_told_so() {
    let shop = shop().await;
    let printful = shop.open();
    let id = shop.id();
    shop.change_product(json!({"delist": true}));
    let told = printful.product(&id).await.unwrap().unwrap();
    assert_eq!(told.on_sale, Some(false));
    shop.change_product(json!({"remove": true}));
    assert_eq!(printful.product(&id).await.unwrap(), None);
    assert_eq!(printful.stock(&id).await.unwrap(), None);
}

#[tokio::test]
async fn a_page_of_a_browser_in_place_of_an_answer_is_nonsense_and_asked_for_again() {
    let shop = shop().await;
    let printful = shop.open();
    shop.fault("pf_html", 1.0);
    let error = printful.product(&shop.id()).await.unwrap_err();
    assert_eq!(error.kind, Kind::Corrupt, "{error}");
    shop.fault("pf_html", 0.0);
    shop.fault("pf_busy", 1.0);
    shop.fault("limit", 1.0);
    assert!(printful.product(&shop.id()).await.unwrap().is_some());
}

#[tokio::test]
async fn a_pace_that_ends_in_the_middle_is_waited_out() {
    let shop = shop().await;
    let printful = shop.open();
    assert!(printful.product(&shop.id()).await.unwrap().is_some());
    shop.fault("pf_limit", 1.0);
    shop.fault("limit", 1.0);
    assert!(printful.stock(&shop.id()).await.unwrap().is_some());
}

#[tokio::test]
async fn where_a_state_is_wanted_and_none_is_known_rates_are_told_all_the_same() {
    let shop = shop().await;
    let quotes = shop.open().quotes(&quote(&shop, "US")).await.unwrap();
    let days = quotes[0].days.unwrap();
    assert_eq!(
        (&*quotes[0].service, quotes[0].cost.minor),
        ("STANDARD", 695)
    );
    assert_eq!((days.min_days, days.max_days), (3, 5));
}
