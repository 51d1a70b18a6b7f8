//! Products by the pointers of a contract; what has none; what moved; and what comes in place of an answer.

use crate::{Shop, shop, without};
use domain::ids::{OrderId, StoreId};
use domain::money::{Currency, Money};
use domain::supplier::{
    CannotDo, Capability, OurRef, PlaceLine, Platform, QuoteFor, Recipient, RestField, Search,
    Stock, ToPlace, on_all,
};
use ports::supplier_platforms::SupplierSource as _;
use ports::{Kind, Retry};
use serde_json::json;
use std::time::Duration;
use testkit::laws::{supplier_orders, supplier_platforms as laws};
use uuid::Uuid;

fn line(shop: &Shop) -> PlaceLine {
    PlaceLine {
        variant: format!("{}:1", shop.id()),
        quantity: 1,
    }
}

fn quote(shop: &Shop) -> QuoteFor {
    QuoteFor {
        from: "US".to_owned(),
        to: "US".to_owned(),
        postcode: None,
        lines: vec![line(shop)],
    }
}

#[tokio::test]
async fn it_obeys_the_laws_of_its_port() {
    let shop = shop().await;
    let rest = shop.open();
    laws::each_product_is_found_once_over_all_pages(&rest, &Search::default()).await;
    laws::a_product_has_prices_and_stock_by_the_same_variants(&rest, &shop.id()).await;
    let contract = shop.contract();
    let can = |capability| {
        let platform = Platform::Spocket;
        // What sending costs is told beside the product, and not by country.
        let by_contract = contract.ability(platform, capability).is_by_interface();
        match by_contract && capability != Capability::Shipping {
            true => Ok(()),
            false => Err(CannotDo {
                platform,
                capability,
            }),
        }
    };
    laws::what_an_account_cannot_do_is_refused_by_name(&rest, can, &quote(&shop)).await;
    assert_eq!(rest.product("no-such-product").await.unwrap(), None);
    assert_eq!(rest.stock("no-such-product").await.unwrap(), None);
    shop.fault("rest_limit", 1.0);
    laws::without_quota_nothing_is_made_up(&shop.open(), &shop.id()).await;
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
    let rest = shop.open();
    let own = shop.product();
    let told = rest.product(&shop.id()).await.unwrap().unwrap();
    assert_eq!(told.title.as_deref(), own["title"].as_str());
    assert_eq!(told.url.as_deref(), own["link"].as_str());
    assert_eq!(told.ships_from.as_deref(), own["shipping"]["from"].as_str());
    assert_eq!(told.unread, [""; 0]);
    let stock = rest.stock(&shop.id()).await.unwrap().unwrap();
    let variants = own["variants"].as_array().unwrap();
    assert_eq!(told.variants.len(), variants.len());
    for ((told, shelves), own) in told.variants.iter().zip(&stock).zip(variants) {
        let price = told.price.unwrap();
        let cents = price.range.single().unwrap();
        assert_eq!(cents, own["price"].as_str().unwrap().parse().unwrap());
        assert_eq!(price.currency.to_string(), "USD");
        assert_eq!(told.sku.as_deref(), own["sku"].as_str());
        assert_eq!(told.barcode.as_deref(), own["barcode"].as_str());
        let pieces = own["inventory"].as_u64().unwrap();
        let pieces = Stock::counted(u32::try_from(pieces).unwrap());
        assert_eq!(
            (told.stock, on_all(&shelves.shelves)),
            (Some(pieces), pieces)
        );
        let sending = told.shipping.as_ref().unwrap();
        assert_eq!(
            u64::from(sending.days.unwrap().min_days),
            shop.product()["shipping"]["min"].as_u64().unwrap()
        );
        assert!(sending.cost.is_some() && sending.to.is_none());
    }
    assert_eq!(shop.calls("product"), 1, "calls are few");
    let told = rest.identify().await.unwrap();
    assert_eq!(
        (told.currency.unwrap().to_string(), told.is_sandbox),
        ("USD".to_owned(), true)
    );
}

#[tokio::test]
async fn a_product_without_a_list_of_variants_is_its_only_one() {
    let shop = shop().await;
    use RestField as F;
    let mut contract = without(
        shop.contract(),
        &[
            F::Variants,
            F::VariantId,
            F::VariantName,
            F::VariantSku,
            F::VariantBarcode,
            F::VariantCost,
            F::VariantStock,
        ],
    );
    contract.map.insert(F::Cost, "/price".to_owned());
    contract.map.insert(F::Stock, "/inventory".to_owned());
    let told = shop
        .by(contract)
        .product(&shop.id())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(told.variants.len(), 1);
    assert_eq!(told.variants[0].external_id, shop.id());
    assert!(told.variants[0].price.is_some());
}

#[tokio::test]
async fn what_has_no_path_or_no_pointer_is_refused_and_never_filled_in() {
    let shop = shop().await;
    let id = shop.id();
    let mut contract = shop.contract();
    contract.paths.search = None;
    let rest = shop.by(contract);
    let error = rest.search(&Search::default()).await.unwrap_err();
    assert_eq!(error.kind, Kind::Unsupported);
    assert!(error.detail.contains("Spocket"), "{error}");
    assert!(rest.product(&id).await.unwrap().is_some());

    let rest = shop.by(without(shop.contract(), &[RestField::VariantStock]));
    assert_eq!(rest.stock(&id).await.unwrap_err().kind, Kind::Unsupported);
    let told = rest.product(&id).await.unwrap().unwrap();
    assert!(told.variants.iter().all(|v| v.stock.is_none()));

    let rest = shop.by(without(shop.contract(), &[RestField::VariantCost]));
    let told = rest.product(&id).await.unwrap().unwrap();
    assert!(told.without_prices && told.variants.iter().all(|v| v.price.is_none()));

    use RestField as F;
    let sending = [F::ShippingCost, F::ShipDaysMin, F::ShipDaysMax];
    let told = shop
        .by(without(shop.contract(), &sending))
        .product(&id)
        .await
        .unwrap()
        .unwrap();
    assert!(told.variants.iter().all(|v| v.shipping.is_none()));
    assert_eq!(
        shop.open().quotes(&quote(&shop)).await.unwrap_err().kind,
        Kind::Unsupported
    );
}

#[tokio::test]
async fn a_range_or_a_price_without_a_currency_is_no_price_and_is_told() {
    let shop = shop().await;
    let id = shop.id();
    shop.fault("rest_range", 1.0);
    let told = shop.open().product(&id).await.unwrap().unwrap();
    assert!(told.variants.iter().all(|v| v.price.is_none()));
    assert!(told.unread[0].contains("is a range"), "{:?}", told.unread);
    shop.fault("rest_range", 0.0);

    let rest = shop.open();
    rest.identify().await.unwrap();
    shop.fault("rest_currency", 1.0);
    let told = rest.product(&id).await.unwrap().unwrap();
    assert!(told.variants.iter().all(|v| v.price.is_none()));
    assert!(
        told.unread
            .iter()
            .any(|u| u.contains("no currency is told")),
        "{:?}",
        told.unread
    );
    let error = shop.open().identify().await.unwrap_err();
    assert!(error.detail.contains("/currency of currency"), "{error}");
    let mut fixed = shop.contract();
    fixed.currency = Currency::parse("EUR").ok();
    let told = shop.by(fixed).product(&id).await.unwrap().unwrap();
    assert_eq!(told.variants[0].price.unwrap().currency.to_string(), "EUR");
}

#[tokio::test]
async fn stock_is_a_number_a_word_or_told_as_unreadable() {
    let shop = shop().await;
    let id = shop.id();
    for (told, stock) in [
        (json!("12"), Stock::counted(12)),
        (json!(true), Stock::said(true)),
        (json!("out of stock"), Stock::said(false)),
    ] {
        shop.change(json!({"product": id, "inventory": told}));
        let read = shop.open().product(&id).await.unwrap().unwrap();
        assert_eq!(read.variants[0].stock, Some(stock));
    }
    shop.change(json!({"product": id, "inventory": "plenty"}));
    let read = shop.open().product(&id).await.unwrap().unwrap();
    assert_eq!(read.variants[0].stock, Some(Stock::default()));
    assert!(read.unread[0].contains("plenty"), "{:?}", read.unread);
}

#[tokio::test]
async fn a_pointer_that_finds_nothing_any_more_is_told_by_name() {
    let shop = shop().await;
    let id = shop.id();
    shop.change(json!({"rename": {"price": "cost_price"}}));
    let error = shop.open().identify().await.unwrap_err();
    assert_eq!(error.kind, Kind::Corrupt);
    assert!(
        error
            .detail
            .contains("/price of variant_cost finds nothing"),
        "{error}"
    );
    let error = shop.open().product(&id).await.unwrap_err();
    assert!(error.detail.contains("/price of variant_cost"), "{error}");
    for (name, pointer) in [
        ("products", "/products of items"),
        ("id", "/id of id"),
        ("product", "/product of product"),
        ("variants", "/variants of variants"),
    ] {
        shop.change(json!({"rename": {name: "elsewhere"}}));
        let error = shop.open().identify().await.unwrap_err();
        assert_eq!(error.kind, Kind::Corrupt, "{name}");
        assert!(error.detail.contains(pointer), "{error}");
    }
}

/// The path of products leads elsewhere by now: each is not found, and none is gone.
#[tokio::test]
async fn nothing_is_called_gone_by_a_path_that_never_answered() {
    let shop = shop().await;
    let mut contract = shop.contract();
    contract.paths.product = Some("/items/{id}".to_owned());
    contract.paths.search = None;
    let rest = shop.by(contract);
    let error = rest.product(&shop.id()).await.unwrap_err();
    assert_eq!(error.kind, Kind::Corrupt);
    assert!(error.detail.contains("nothing is called gone"), "{error}");
    let rest = shop.open();
    assert!(rest.product(&shop.id()).await.unwrap().is_some());
    shop.change(json!({"product": shop.id(), "remove": true}));
    assert_eq!(rest.product(&shop.id()).await.unwrap(), None);
}

#[tokio::test]
async fn what_is_not_told_by_a_path_is_told_by_the_list_alone() {
    let shop = shop().await;
    let mut contract = shop.contract();
    contract.paths.product = None;
    let rest = shop.by(contract.clone());
    let found = rest.search(&Search::default()).await.unwrap();
    let first = &found.items[0].external_id;
    assert!(rest.product(first).await.unwrap().is_some());
    assert_eq!((shop.calls("product"), shop.calls("list")), (0, 1));
    let error = rest.product("SP-1069").await.unwrap_err();
    assert_eq!(error.kind, Kind::Unsupported);
    shop.change(json!({"rename": {"inventory": "qty"}}));
    let error = shop
        .by(contract)
        .search(&Search::default())
        .await
        .unwrap_err();
    assert!(
        error
            .detail
            .contains("/inventory of variant_stock finds nothing in all 25"),
        "{error}"
    );
}

#[tokio::test]
async fn what_comes_in_place_of_an_answer_is_told_for_what_it_is() {
    let shop = shop().await;
    let id = shop.id();
    shop.fault("rest_limit", 1.0);
    let error = shop.open().product(&id).await.unwrap_err();
    assert_eq!(error.kind, Kind::RateLimited);
    let Retry::After(wait) = error.retry else {
        panic!("{error}");
    };
    assert!(wait > Duration::from_secs(80), "{wait:?}");
    shop.fault("rest_limit", 0.0);
    shop.fault("rest_html", 1.0);
    let error = shop.open().product(&id).await.unwrap_err();
    assert_eq!(error.kind, Kind::Corrupt);
    assert!(error.detail.contains("text/html"), "{error}");
    shop.fault("rest_html", 0.0);
    shop.fault("rest_busy", 1.0);
    let error = shop.open().product(&id).await.unwrap_err();
    assert_eq!(error.kind, Kind::Unavailable);
    for fault in ["rest_busy", "rest_lost"] {
        shop.fault("rest_busy", 0.0);
        shop.fault(fault, 1.0);
        shop.fault("limit", 1.0);
        assert!(shop.open().product(&id).await.unwrap().is_some(), "{fault}");
        shop.fault(fault, 0.0);
    }
}

#[tokio::test]
async fn a_key_that_is_refused_or_missing_is_told_as_one() {
    let shop = shop().await;
    let rest = shop.try_open(shop.contract(), "wrong", true).unwrap();
    let error = rest.identify().await.unwrap_err();
    assert_eq!(error.kind, Kind::Unauthorized, "{error}");
    let error = shop.try_open(shop.contract(), " ", true).err().unwrap();
    assert_eq!(error.kind, Kind::Unauthorized, "{error}");
}

#[tokio::test]
async fn no_address_inside_a_network_is_called_that_nobody_named() {
    let shop = shop().await;
    let at = |base: &str| {
        let mut contract = shop.contract();
        contract.base_url = base.to_owned();
        shop.try_open(contract, "x", false)
    };
    let own = shop.contract().base_url;
    for base in [
        own.as_str(),
        "https://10.0.0.1/v1",
        "https://[::1]/",
        "http://api.example.com",
    ] {
        let error = at(base).err().unwrap();
        assert_eq!(error.kind, Kind::Configuration, "{base}");
    }
    // A name that leads inside is found out when it is called.
    let error = at("https://localhost:1/v1")
        .unwrap()
        .identify()
        .await
        .unwrap_err();
    assert_eq!(error.kind, Kind::Configuration, "{error}");
    assert!(error.detail.contains("inside a network"), "{error}");
}
