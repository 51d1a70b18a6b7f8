//! Logging in, and tokens: refreshed before their end, shared by processes, and over when the login is.

use crate::{browser, registry, shop};
use chrono::Duration;
use ports::Kind;
use ports::supplier_platforms::SupplierSource as _;
use serde_json::json;

#[tokio::test]
async fn a_login_holds_once_and_only_where_it_was_begun() {
    let shop = shop().await;
    let begin = async || {
        adapter_autods::begin(&shop.base(), &registry())
            .await
            .unwrap()
    };
    let (one, other) = (begin().await, begin().await);
    assert!(one.address.contains("code_challenge_method=S256"));
    assert!(one.address.contains("localhost%3A2048"), "{}", one.address);
    let came_to = browser(&one.address).await;
    let finish = async |login: &adapter_autods::Login, came_to: &str| {
        adapter_autods::finish(&login.kept, came_to, &registry()).await
    };
    let stolen = finish(&other, &came_to).await.unwrap_err();
    assert!(stolen.detail.contains("another login"), "{stolen}");
    for strange in ["", "localhost:2048", "http://localhost:2048/callback"] {
        let error = finish(&one, strange).await.unwrap_err();
        assert_eq!(error.kind, Kind::Unauthorized, "{strange}");
    }
    finish(&one, &came_to).await.unwrap();
    let twice = finish(&one, &came_to).await.unwrap_err();
    assert_eq!(twice.kind, Kind::Unauthorized, "{twice}");
}

#[tokio::test]
async fn processes_share_a_token_and_refresh_it_before_its_end() {
    let shop = shop().await;
    for _ in 0..3 {
        shop.open().identify().await.unwrap();
    }
    assert_eq!(shop.told()["refreshes"], json!(1));
    shop.pass(Duration::minutes(59));
    shop.open().identify().await.unwrap();
    assert_eq!(shop.told()["refreshes"], json!(2));
    shop.change(json!({"expire_tokens": true}));
    shop.open().identify().await.unwrap();
    assert_eq!(
        shop.told()["refreshes"],
        json!(3),
        "one that is refused is replaced"
    );
}

#[tokio::test]
async fn a_login_that_ended_needs_a_person() {
    let shop = shop().await;
    shop.open().identify().await.unwrap();
    shop.change(json!({"end_logins": true}));
    let error = shop.open().identify().await.unwrap_err();
    assert_eq!(error.kind, Kind::Unauthorized);
    assert!(error.detail.contains("connect it again"), "{error}");
}
