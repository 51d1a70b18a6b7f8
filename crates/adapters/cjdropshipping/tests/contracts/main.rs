//! Recorded answers of CJ, read by the adapter; and its requests and the sandbox's answers beside them. `ROYAL_CONTRACTS` names the folder
//! of the records; without it this fails.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails at once")]

use adapter_cjdropshipping::Cj;
use adapter_kit::{Registry, Settings};
use domain::ids::{OrderId, StoreId, SupplierAccountId, WorkspaceId};
use domain::supplier::{
    OurRef, ParcelState, PlaceLine, Platform, QuoteFor, Recipient, Search, ToPlace, on_all,
};
use ports::supplier_orders::SupplierOrders as _;
use ports::supplier_platforms::{Purpose, SupplierSettings, SupplierSource as _};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use testkit::fakes::{ManualClock, PlainVault};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use uuid::Uuid;

fn sample(name: &str) -> Value {
    let folder = std::env::var("ROYAL_CONTRACTS").expect("ROYAL_CONTRACTS must be set");
    let file = format!("{folder}/cj/samples/{name}.json");
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// Answers the token, and then this to everything; remembers the last body.
async fn recorded(answer: Value) -> (Cj, Arc<Mutex<String>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let last = Arc::new(Mutex::new(String::new()));
    let seen = Arc::clone(&last);
    tokio::spawn(async move {
        loop {
            let (mut line, _) = listener.accept().await.unwrap();
            let (answer, seen) = (answer.clone(), Arc::clone(&seen));
            tokio::spawn(async move {
                let mut read = Vec::new();
                let mut piece = [0; 4096];
                loop {
                    let count = line.read(&mut piece).await.unwrap();
                    read.extend_from_slice(&piece[..count]);
                    let text = String::from_utf8_lossy(&read).into_owned();
                    let Some((head, body)) = text.split_once("\r\n\r\n") else {
                        continue;
                    };
                    let length = head.lines().find_map(|l| {
                        let l = l.to_lowercase();
                        l.strip_prefix("content-length:")?
                            .trim()
                            .parse::<usize>()
                            .ok()
                    });
                    if count == 0 || body.len() >= length.unwrap_or(0) {
                        let told = if head.contains("getAccessToken") {
                            sample("get_access_token")
                        } else {
                            *seen.lock().unwrap() = body.to_owned();
                            answer
                        };
                        let told = told.to_string();
                        let head = format!(
                            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                            told.len()
                        );
                        line.write_all(head.as_bytes()).await.unwrap();
                        line.write_all(told.as_bytes()).await.unwrap();
                        return;
                    }
                }
            });
        }
    });
    let settings = SupplierSettings {
        platform: Platform::Cjdropshipping,
        account: SupplierAccountId(Uuid::from_u128(1)),
        workspace: WorkspaceId(Uuid::from_u128(1)),
        base_url: Some(base),
        api_key: "CJ1@api@x".into(),
        per_second: Some(1_000),
        purpose: Purpose::Orders,
        designs: Vec::new(),
        rest: None,
    };
    let clock = ManualClock::at("2026-11-23T00:00:00Z".parse().unwrap());
    let registry = Registry::new(Settings::default());
    let vault = Arc::new(PlainVault::default());
    let cj = Cj::new(&settings, vault, Arc::new(clock), &registry).unwrap();
    (cj, last)
}

async fn of(name: &str) -> Cj {
    recorded(sample(name)).await.0
}

#[tokio::test]
async fn a_recorded_catalogue_is_read() {
    let found = of("product_listV2")
        .await
        .search(&Search::default())
        .await
        .unwrap();
    let price = |at: usize| found.items[at].price.unwrap();
    assert_eq!((found.items.len(), found.has_more), (2, false));
    assert_eq!(price(0).single().unwrap().to_string(), "11.85");
    assert_eq!(
        (price(1).single(), price(1).high.to_string()),
        (None, "3.5".to_owned())
    );
    let pid = "000B9312-456A-4D31-94BD-B083E2A198E8";
    let told = of("product_query")
        .await
        .product(pid)
        .await
        .unwrap()
        .unwrap();
    let variant = &told.variants[0];
    assert_eq!(told.on_sale, Some(true));
    assert_eq!(variant.price.unwrap().range.low.to_string(), "58.09");
    assert_eq!(variant.name.as_deref(), Some("Black"));
    assert_eq!(variant.weight.unwrap().normalize().to_string(), "1580");
    let stock = of("stock_getInventoryByPid")
        .await
        .stock("v")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(on_all(&stock[0].shelves).quantity, Some(7));
    assert_eq!(
        on_all(&stock[1].shelves).quantity,
        None,
        "nobody has counted it"
    );
    let quote = QuoteFor {
        from: "US".to_owned(),
        to: "US".to_owned(),
        postcode: None,
        lines: vec![],
    };
    let quotes = of("freightCalculate").await.quotes(&quote).await.unwrap();
    let days = quotes[0].days.unwrap();
    assert_eq!(
        (quotes[0].cost.minor, days.min_days, days.max_days),
        (471, 2, 5)
    );
}

#[tokio::test]
async fn a_recorded_order_and_its_parcel_are_read() {
    let number = sample("getOrderDetail")["data"]["orderNum"].clone();
    assert_eq!(number, "RE-100045");
    let parcels = of("trackInfo")
        .await
        .track("CJPKL7160102171YQ")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(parcels.state, ParcelState::InTransit);
    // The record is of an order with another number: it is not taken for ours.
    let our_ref = OurRef::of(StoreId(Uuid::from_u128(1)), OrderId(1), 0);
    let mut answer = sample("getOrderDetail");
    let (other, _) = recorded(answer.clone()).await;
    assert!(other.look_up(&our_ref).await.is_err());
    answer["data"]["orderNum"] = our_ref.as_str().into();
    let (cj, _) = recorded(answer).await;
    let placed = cj.look_up(&our_ref).await.unwrap().unwrap();
    assert_eq!(placed.total.unwrap().minor, 425);
    assert_eq!(placed.parcels[0].number, "CJPKL7160102171YQ");
}

#[tokio::test]
async fn every_field_of_a_new_order_is_one_of_the_recorded_request() {
    let our_ref = OurRef::of(StoreId(Uuid::from_u128(1)), OrderId(1), 0);
    let mut answer = sample("createOrderV2.response");
    answer["data"]["orderNumber"] = our_ref.as_str().into();
    let (cj, last) = recorded(answer).await;
    let order = ToPlace {
        our_ref,
        lines: vec![PlaceLine {
            variant: "V".to_owned(),
            quantity: 1,
        }],
        ships_from: "CN".to_owned(),
        service: "CJPacket Ordinary".to_owned(),
        recipient: Recipient {
            name: "A. Example".to_owned(),
            country: "DE".to_owned(),
            province: Some("Hamburg".to_owned()),
            province_code: None,
            city: "Hamburg".to_owned(),
            street: "Example St 1".to_owned(),
            postcode: Some("20095".to_owned()),
            phone: None,
        },
    };
    let placed = cj.create_unpaid(&order).await.unwrap();
    assert_eq!(placed.total.unwrap().minor, 1_920);
    assert_eq!(placed.held.len(), 1, "a reason without words is a reason");
    let sent: Value = serde_json::from_str(&last.lock().unwrap()).unwrap();
    let known = sample("createOrderV2.request");
    let keys = |v: &Value| {
        v.as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<BTreeSet<_>>()
    };
    assert!(keys(&sent).is_subset(&keys(&known)), "{:?}", keys(&sent));
    assert!(keys(&sent["products"][0]).is_subset(&keys(&known["products"][0])));
    assert_eq!(
        (&sent["payType"], &sent["shippingCountry"]),
        (&known["payType"], &known["shippingCountry"])
    );
}

#[tokio::test]
async fn recorded_errors_mean_what_they_say() {
    use ports::Kind;
    let errors = sample("errors");
    for (name, kind) in [
        ("param", Kind::Rejected),
        ("points_http_429", Kind::RateLimited),
        ("points_observed", Kind::RateLimited),
    ] {
        let (cj, _) = recorded(errors[name].clone()).await;
        assert_eq!(cj.product("x").await.unwrap_err().kind, kind, "{name}");
    }
}

#[tokio::test]
async fn the_sandbox_answers_fields_that_are_recorded() {
    let options = sandbox::Options {
        orders: 1,
        days: 1,
        ..sandbox::Options::default()
    };
    let sandbox = sandbox::start(options).await.unwrap();
    let told = sandbox.cj_sample();
    let keys = |v: &Value| {
        v.as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<BTreeSet<_>>()
    };
    for (name, path) in [
        ("product_listV2", "/content/0/productList/0"),
        ("product_query", ""),
        ("product_query", "/variants/0"),
        (
            "stock_getInventoryByPid",
            "/variantInventories/0/inventory/0",
        ),
        ("freightCalculate", "/0"),
    ] {
        let known = sample(name);
        let known = keys(known["data"].pointer(path).unwrap());
        let ours = keys(told[name].pointer(path).unwrap());
        let strange: Vec<_> = ours.difference(&known).collect();
        assert!(strange.is_empty(), "{name} {path}: {strange:?}");
    }
}
