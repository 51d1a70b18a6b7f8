//! Failure modes of credentials, names, versions, limits, and of values that were never seen before.

use crate::scripted::{Answer, Scripted, cost, error, page, refused};
use crate::shop::{exports, gid, identity, money, order, rows, with};
use crate::support::{all, export, open, open_with, settings, token};
use domain::order::{SaleKind, TransactionKind};
use domain::sync::FactKind;
use ports::source::{ChangeCursor, Fact, SourceAuth, StoreSources as _};
use ports::{Kind, PortResult};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};

fn app() -> SourceAuth {
    SourceAuth::ClientCredentials {
        client_id: "id".to_owned(),
        client_secret: SecretString::from("secret"),
    }
}

const TOKEN: &str = "POST /admin/oauth/access_token";

fn granted(nth: usize) -> Answer {
    Answer::Json(
        json!({ "access_token": format!("t{nth}"), "scope": "read_orders", "expires_in": 86_399 }),
    )
}

#[tokio::test]
async fn mode_33_a_token_that_died_is_fetched_anew_once_for_all() {
    // The first token is dead; 12 calls find out at the same time.
    let shop = Scripted::start(|asked| match asked.name.as_str() {
        TOKEN => granted(asked.nth),
        _ if asked.token == "t0" => Answer::Status(401, &[]),
        _ => identity(&[]),
    })
    .await;
    let opened = open_with(&shop.base, app(), |_| {});
    let calls = (0..12).map(|_| opened.source.identify());
    for result in futures::future::join_all(calls).await {
        result.unwrap();
    }
    assert_eq!(shop.times(TOKEN), 2);
    // Another source of the same account uses the token that is there.
    let again = opened.sources.open(settings(&shop.base, app())).unwrap();
    again.identify().await.unwrap();
    assert_eq!(shop.times(TOKEN), 2);
}

#[tokio::test]
async fn mode_33_a_token_that_is_about_to_die_is_fetched_before_the_call() {
    let shop = Scripted::start(|asked| match asked.name.as_str() {
        TOKEN => {
            Answer::Json(json!({ "access_token": format!("t{}", asked.nth), "expires_in": 0 }))
        }
        _ => identity(&[]),
    })
    .await;
    let opened = open_with(&shop.base, app(), |_| {});
    for n in 0..3 {
        opened.source.identify().await.unwrap();
        assert_eq!(shop.last("Identity").token, format!("t{n}"));
    }
}

#[tokio::test]
async fn mode_34_refused_credentials_are_told_at_once_with_the_remedy() {
    let shop = Scripted::start(|_| Answer::Status(401, &[])).await;
    let opened = open(&shop.base);
    let error = opened.source.identify().await.unwrap_err();
    assert_eq!(
        (error.kind, error.is_transient()),
        (Kind::Unauthorized, false)
    );
    assert!(
        error.detail.contains("acme.myshopify.com") && error.detail.contains("API credentials"),
        "{error}"
    );
    assert_eq!(shop.times("Identity"), 1, "not tried again");
    // Nothing more is sent until there are new ones.
    let error = opened.source.totals().await.unwrap_err();
    assert_eq!(
        (error.kind, shop.times("TotalOrders")),
        (Kind::Unauthorized, 0),
        "{error}"
    );
    // New credentials, or a deliberate look, get through again.
    let new = opened
        .sources
        .open(settings(&shop.base, token("other")))
        .unwrap();
    let _ = new.totals().await;
    assert_eq!(shop.times("TotalOrders"), 1);

    let shop = Scripted::start(|asked| match asked.name.as_str() {
        TOKEN => granted(asked.nth),
        _ => Answer::Status(401, &[]),
    })
    .await;
    let error = open_with(&shop.base, app(), |_| {})
        .source
        .identify()
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind, shop.times("Identity"), shop.times(TOKEN)),
        (Kind::Unauthorized, 2, 2)
    );
}

#[tokio::test]
async fn mode_34_a_shop_that_is_closed_says_why() {
    for (status, kind, words) in [
        (402, Kind::Rejected, "frozen"),
        (403, Kind::Unauthorized, "installed"),
        (404, Kind::Configuration, "no shop"),
        (423, Kind::Rejected, "locked"),
    ] {
        let shop = Scripted::start(move |_| Answer::Status(status, &[])).await;
        let error = open(&shop.base).source.identify().await.unwrap_err();
        assert_eq!((error.kind, shop.times("Identity")), (kind, 1), "{error}");
        assert!(
            error.detail.contains(words) && !error.is_transient(),
            "{error}"
        );
    }
}

#[tokio::test]
async fn mode_35_another_name_of_the_shop_is_told() {
    let shop = Scripted::start(|_| {
        Answer::Status(301, &[("Location", "https://real.myshopify.com/admin/api")])
    })
    .await;
    let error = open(&shop.base).source.identify().await.unwrap_err();
    assert_eq!(error.kind, Kind::Configuration);
    assert!(
        error.detail.contains("redirects to real.myshopify.com"),
        "{error}"
    );

    let opened = open("http://127.0.0.1:1");
    let names = [
        "acme",
        "https://acme.myshopify.com/admin",
        "admin.shopify.com/store/acme",
    ];
    for name in names {
        let (domain, base) = opened.sources.resolve(name, None).unwrap();
        assert_eq!(
            (domain.as_str(), base.as_str()),
            ("acme.myshopify.com", "https://acme.myshopify.com")
        );
    }
    assert!(opened.sources.resolve("not a shop", None).is_err());
}

#[tokio::test]
async fn mode_36_an_older_version_that_answers_is_told() {
    let shop = crate::sandbox_store::with_version("2026-07").await;
    let identity = open(&shop.base_url).source.identify().await.unwrap();
    assert_eq!(identity.api_version, "2026-07");
    let told = identity
        .warnings
        .iter()
        .find(|w| w.code == "version_fell_forward")
        .unwrap();
    assert!(
        told.message.contains("2026-10") && told.message.contains("2026-07"),
        "{told:?}"
    );
}

#[tokio::test]
async fn mode_36_a_field_that_was_removed_costs_one_column_or_is_told() {
    let unknown = |field: &'static str| {
        Answer::Json(
            json!({ "errors": [{ "message": format!("Field '{field}' doesn't exist on type 'Customer'"),
            "path": ["query CustomersPage", "customers", "nodes", field],
            "extensions": { "code": "undefinedField", "typeName": "Customer", "fieldName": field } }] }),
        )
    };
    let shop = Scripted::start(move |asked| {
        if asked.query.contains("defaultEmailAddress") {
            unknown("defaultEmailAddress")
        } else {
            page("customers", vec![], None)
        }
    })
    .await;
    let cursor = ChangeCursor {
        since: "2026-05-01T00:00:00Z".parse().unwrap(),
        page: None,
    };
    let page = open(&shop.base)
        .source
        .changes(FactKind::Customers, &cursor)
        .await
        .unwrap();
    assert_eq!(page.warnings[0].code, "field_unknown");
    let shop = Scripted::start(move |_| unknown("numberOfOrders")).await;
    let error = open(&shop.base)
        .source
        .changes(FactKind::Customers, &cursor)
        .await
        .unwrap_err();
    assert!(
        error.kind == Kind::Configuration && error.detail.contains("numberOfOrders"),
        "{error}"
    );
}

/// What an order becomes that is exported with these rows.
async fn exported(lines: Vec<Value>) -> crate::support::Exported {
    let shop = Scripted::starting(|base| move |asked| exports(&base, asked, &lines)).await;
    export(&*open(&shop.base).source, all(FactKind::Orders), None).await
}

#[tokio::test]
async fn mode_37_an_unknown_word_is_kept_apart_and_told() {
    let mut lines = rows(1);
    lines[0]["transactions"] = json!([{ "id": gid("OrderTransaction", 1), "kind": "TELEPATHY", "status": "SUCCESS", "gateway": "X",
        "test": false, "processedAt": "2026-05-01T10:00:00Z", "amountSet": money("10.0"), "fees": [] }]);
    lines[0]["displayFinancialStatus"] = json!("BRAND_NEW");
    lines[3]["lineType"] = json!("CARBON_OFFSET");
    let seen = exported(lines).await.whole();
    let order = &seen.orders()[0];
    assert_eq!(order.agreements[0].sales[0].kind, SaleKind::Unknown);
    assert_eq!(order.transactions[0].kind, TransactionKind::Other);
    assert_eq!(order.financial_status, "brand_new");
    for word in ["CARBON_OFFSET", "TELEPATHY"] {
        assert!(
            seen.warnings
                .iter()
                .any(|w| w.code == "unknown_enum" && w.message.contains(word)),
            "{:?}",
            seen.warnings
        );
    }
}

#[tokio::test]
async fn mode_37_a_null_is_survived_or_refused_by_name() {
    // Without these the figures stand.
    let mut lines = rows(1);
    for field in [
        "tags",
        "displayFinancialStatus",
        "sourceName",
        "edited",
        "test",
        "refunds",
        "transactions",
        "subtotalPriceSet",
    ] {
        lines[0][field] = Value::Null;
    }
    lines[1]["title"] = Value::Null;
    lines[1]["taxLines"] = Value::Null;
    lines[3]["quantity"] = Value::Null;
    assert_eq!(exported(lines).await.whole().facts.len(), 1);
    // Without these they would be wrong.
    for (row, field) in [
        (0, "currencyCode"),
        (0, "currentTotalPriceSet"),
        (0, "createdAt"),
        (1, "quantity"),
        (1, "originalUnitPriceSet"),
        (2, "happenedAt"),
        (3, "totalAmount"),
    ] {
        let mut lines = rows(1);
        lines[row][field] = Value::Null;
        let seen = exported(lines).await;
        let error = seen.error.unwrap();
        assert_eq!((error.kind, seen.end), (Kind::Corrupt, None));
        assert!(
            error.detail.contains(field) && error.detail.contains("#1 (gid://shopify/Order/1)"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn mode_37_money_that_cannot_be_read_is_refused_by_name() {
    let usd = |amount: &str, code: &str| json!({ "shopMoney": { "amount": amount, "currencyCode": code } });
    for (value, words) in [
        (usd("1.0", "XBT"), "XBT"),
        (usd("1.0", "EUR"), "EUR"),
        (usd("1.005", "USD"), "more decimals"),
        (usd("1,00", "USD"), "1,00"),
    ] {
        let mut lines = rows(1);
        lines[3]["totalAmount"] = value;
        let error = exported(lines).await.error.unwrap();
        assert!(
            error.detail.contains(words) && error.detail.contains("#1"),
            "{error}"
        );
    }
    let unknown = with(order(1), "currencyCode", json!("XBT"));
    let error = exported(vec![unknown]).await.error.unwrap();
    assert!(
        error.detail.contains("order #1") && error.detail.contains("XBT"),
        "{error}"
    );
}

#[tokio::test]
async fn mode_38_times_are_instants_whatever_their_offset() {
    let mut lines = rows(1);
    lines[0]["processedAt"] = json!("2026-05-01T06:00:00-04:00");
    let seen = exported(lines).await.whole();
    let order = &seen.orders()[0];
    assert_eq!(order.processed_at, order.created_at);
}

#[tokio::test]
async fn mode_39_a_refused_field_beside_data_is_unknown_and_told() {
    let nameless = json!({ "id": gid("Customer", 2), "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z",
        "numberOfOrders": "1", "displayName": null, "defaultEmailAddress": null, "defaultAddress": null });
    let shop = Scripted::start(move |_| {
        Answer::Json(json!({ "data": { "customers": { "nodes": [nameless.clone()], "pageInfo": { "hasNextPage": false } } },
            "errors": [error("ACCESS_DENIED", &["customers", "nodes", "displayName"])] }))
    })
    .await;
    let cursor = ChangeCursor {
        since: "2026-05-01T00:00:00Z".parse().unwrap(),
        page: None,
    };
    let page = open(&shop.base)
        .source
        .changes(FactKind::Customers, &cursor)
        .await
        .unwrap();
    let Fact::Customer(customer) = &page.facts[0] else {
        panic!()
    };
    assert_eq!(customer.display_name, None);
    assert!(
        page.warnings
            .iter()
            .any(|w| w.code == "scope_missing" && w.message.contains("protected customer data")),
        "{:?}",
        page.warnings
    );
}

#[tokio::test]
async fn mode_39_a_refusal_without_data_is_asked_again_without_the_field() {
    let shop = Scripted::start(|asked| {
        if asked.query.contains("displayName") {
            refused("ACCESS_DENIED", &["customers", "nodes", "displayName"])
        } else {
            page("customers", vec![], None)
        }
    })
    .await;
    let opened = open(&shop.base);
    let cursor = ChangeCursor {
        since: "2026-05-01T00:00:00Z".parse().unwrap(),
        page: None,
    };
    for times in [2, 3] {
        opened
            .source
            .changes(FactKind::Customers, &cursor)
            .await
            .unwrap();
        assert_eq!(shop.times("CustomersPage"), times, "it is remembered");
    }
}

#[tokio::test]
async fn throttling_is_waited_out_for_as_long_as_the_bucket_needs() {
    let shop = Scripted::start(|asked| {
        if asked.nth > 0 {
            return identity(&[]);
        }
        let mut cost = cost(0.0);
        cost["actualQueryCost"] = Value::Null;
        cost["requestedQueryCost"] = json!(200);
        Answer::Json(json!({ "errors": [{ "message": "Throttled", "extensions": { "code": "THROTTLED" } }], "extensions": { "cost": cost } }))
    })
    .await;
    let opened = open(&shop.base);
    let begun = std::time::Instant::now();
    opened.source.identify().await.unwrap();
    // 200 points at 1000 a second.
    assert!(
        begun.elapsed() >= std::time::Duration::from_millis(190),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(shop.times("Identity"), 2);
}

#[tokio::test]
async fn fees_are_summed_or_unknown_and_never_guessed() {
    let fee = |amount: &str, tax: &str, currency: &str| json!({ "amount": { "amount": amount, "currencyCode": currency }, "taxAmount": { "amount": tax, "currencyCode": currency } });
    let cases: [(&str, &str, Value, Option<i64>); 7] = [
        (
            "shopify_payments",
            "SALE",
            json!([fee("0.59", "0.0", "USD"), fee("0.10", "0.02", "USD")]),
            Some(71),
        ),
        ("shopify_payments", "SALE", json!([]), None),
        ("shopify_payments", "CAPTURE", json!([]), None),
        ("shopify_payments", "REFUND", json!([]), Some(0)),
        (
            "Shopify_Payments",
            "SALE",
            json!([fee("1.0", "0.0", "EUR")]),
            None,
        ),
        ("paypal", "SALE", json!([]), None),
        ("manual", "REFUND", json!([]), None),
    ];
    for (gateway, kind, fees, expected) in cases {
        let mut lines = rows(1);
        lines[0]["transactions"] = json!([{ "id": gid("OrderTransaction", 1), "kind": kind, "status": "SUCCESS", "gateway": gateway,
            "test": false, "processedAt": null, "createdAt": "2026-05-01T10:00:00Z", "amountSet": money("10.0"), "fees": fees }]);
        let seen = exported(lines).await.whole();
        let transaction = &seen.orders()[0].transactions[0];
        assert_eq!(transaction.fee, expected, "{gateway} {kind}");
        assert_eq!(transaction.gateway, gateway.to_lowercase());
    }
}

#[tokio::test]
async fn the_channel_of_an_app_s_number_is_its_handle() {
    let cases = [
        (json!("Web"), Value::Null, Value::Null, "web"),
        (
            json!("1354745"),
            json!({ "handle": "TikTok" }),
            json!({ "name": "Tok" }),
            "tiktok",
        ),
        (
            json!("1354745"),
            Value::Null,
            json!({ "name": "Tok" }),
            "tok",
        ),
        (json!("1354745"), Value::Null, Value::Null, "1354745"),
        (Value::Null, Value::Null, Value::Null, ""),
    ];
    for (source, attribution, app, channel) in cases {
        let mut lines = rows(1);
        lines[0]["sourceName"] = source;
        lines[0]["attribution"] = attribution;
        lines[0]["app"] = app;
        assert_eq!(exported(lines).await.whole().orders()[0].channel, channel);
    }
}

#[tokio::test]
async fn nonsense_and_silence_are_failures_that_may_pass() {
    for nonsense in [
        json!("text"),
        json!([]),
        json!({ "errors": "text" }),
        json!({}),
    ] {
        let shop = Scripted::start(move |_| Answer::Json(nonsense.clone())).await;
        let error = open(&shop.base).source.identify().await.unwrap_err();
        assert_eq!(error.kind, Kind::Corrupt, "{error}");
    }
    let folder = tempfile::tempdir().unwrap();
    let mut quick = crate::support::quick();
    quick.limits.first_byte = std::time::Duration::from_millis(50);
    let registry = adapter_kit::Registry::new(quick);
    let sources =
        adapter_shopify::ShopifySources::new(registry, crate::support::config(folder.path()));
    let shop = Scripted::start(|_| Answer::Silence).await;
    let source = sources.open(settings(&shop.base, token("t"))).unwrap();
    let error = source.identify().await.unwrap_err();
    assert!(
        error.kind == Kind::Unavailable && error.is_transient(),
        "{error}"
    );
    assert_eq!(shop.times("Identity"), 3);
}

#[tokio::test]
async fn the_state_of_the_ways_to_the_shop_is_shown() {
    let calls = AtomicUsize::new(0);
    let shop = Scripted::start(move |_| match calls.fetch_add(1, Ordering::SeqCst) {
        0 => identity(&[]),
        _ => Answer::Status(500, &[]),
    })
    .await;
    let opened = open(&shop.base);
    opened.source.identify().await.unwrap();
    let _ = opened.source.identify().await;
    let links = opened.sources.links();
    let link = links
        .iter()
        .find(|l| l.account == "acme.myshopify.com" && l.effect == "read")
        .unwrap();
    assert_eq!(
        (link.provider.as_str(), link.breaker),
        ("shopify", "closed")
    );
    assert!(
        link.last_success_at.is_some() && link.last_failure.as_ref().unwrap().contains("500"),
        "{link:?}"
    );
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_without_a_call() {
    let opened = open("http://127.0.0.1:1");
    let refuse = |change: fn(&mut ports::source::SourceSettings)| {
        let mut wrong = settings("http://127.0.0.1:1", token("t"));
        change(&mut wrong);
        let result: PortResult<_> = opened.sources.open(wrong);
        result.map(drop).unwrap_err()
    };
    for error in [
        refuse(|s| s.shop = "no shop".to_owned()),
        refuse(|s| s.base_url = Some("nowhere".to_owned())),
        refuse(|s| s.api_version = Some("latest".to_owned())),
    ] {
        assert_eq!(error.kind, Kind::Configuration, "{error}");
    }
    let mut wrong = settings("http://127.0.0.1:1", token("line\nbreak"));
    wrong.account = "other".to_owned();
    let error = opened
        .sources
        .open(wrong)
        .unwrap()
        .identify()
        .await
        .unwrap_err();
    assert!(!error.detail.contains("break"), "{error}");
}
