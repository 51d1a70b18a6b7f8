//! Tokens: one login for many processes, refreshed before their end, replaced when they are refused.

use crate::shop;
use chrono::Duration;
use ports::Kind;
use ports::supplier_platforms::{Purpose, SupplierSource as _};
use sandbox::cj::CJ_API_KEY;
use serde_json::json;

#[tokio::test]
async fn a_process_that_starts_takes_the_tokens_of_the_one_before() {
    let shop = shop().await;
    for _ in 0..3 {
        let cj = shop.open();
        cj.identify().await.unwrap();
        cj.product(&shop.pid()).await.unwrap();
    }
    let told = shop.told();
    assert_eq!(
        (&told["logins"], &told["refreshes"]),
        (&json!(1), &json!(0))
    );
}

#[tokio::test]
async fn many_calls_at_once_log_in_once() {
    let shop = shop().await;
    let cj = shop.open();
    let calls = (0..8).map(|_| cj.identify());
    for told in futures::future::join_all(calls).await {
        told.unwrap();
    }
    assert_eq!(shop.told()["logins"], json!(1));
}

#[tokio::test]
async fn a_token_near_its_end_is_refreshed_and_one_that_is_refused_is_replaced() {
    let shop = shop().await;
    let cj = shop.open();
    cj.identify().await.unwrap();
    shop.pass(Duration::days(15) - Duration::minutes(30));
    cj.identify().await.unwrap();
    let told = shop.told();
    assert_eq!(
        (&told["logins"], &told["refreshes"]),
        (&json!(1), &json!(1))
    );
    shop.change(json!({"expire_tokens": true}));
    cj.identify().await.unwrap();
    assert_eq!(shop.told()["refreshes"], json!(2));
    shop.pass(Duration::days(181));
    cj.identify().await.unwrap();
    assert_eq!(
        shop.told()["logins"],
        json!(2),
        "the other token has ended too"
    );
}

#[tokio::test]
async fn a_key_that_is_not_accepted_needs_a_person() {
    let shop = shop().await;
    let cj = shop.open_with("CJ1@api@wrong", Purpose::Catalogue);
    let error = cj.identify().await.unwrap_err();
    assert_eq!(error.kind, Kind::Unauthorized);
    assert!(!error.to_string().contains("CJ1@api"), "{error}");
    assert!(error.detail.contains("Make a new one"), "{error}");
}

#[tokio::test]
async fn a_supplier_that_refuses_what_it_gives_is_not_asked_without_end() {
    let shop = shop().await;
    let cj = shop.open_with(CJ_API_KEY, Purpose::Catalogue);
    shop.fault("cj_token", 1.0);
    assert!(cj.identify().await.is_err());
    shop.fault("cj_revoked", 1.0);
    for _ in 0..5 {
        assert!(cj.identify().await.is_err());
    }
    let logins = shop.told()["logins"].as_u64().unwrap();
    assert!(logins <= 1, "{logins} logins within a moment");
}
