//! Messages: asked for once, believed only where they are signed, and then only as a name of what has to be read again.

use crate::shop;
use domain::supplier::NoticeAbout;
use ports::Kind;
use ports::supplier_platforms::SupplierSource as _;

const HERE: &str = "https://royal.example/v1/webhooks/printful/1";

#[tokio::test]
async fn it_listens_once_and_again_where_the_address_is_another() {
    let shop = shop().await;
    shop.open().listen(HERE).await.unwrap();
    let asked = || shop.told()["calls"]["POST webhooks"].as_u64();
    assert_eq!(
        (shop.told()["listens"].as_str(), asked()),
        (Some(HERE), Some(1))
    );
    // Another process knows it from the vault.
    shop.open().listen(HERE).await.unwrap();
    assert_eq!(asked(), Some(1), "a new secret would end the old one");
    let there = "https://royal.example/v1/webhooks/printful/2";
    shop.open().listen(there).await.unwrap();
    assert_eq!(
        (shop.told()["listens"].as_str(), asked()),
        (Some(there), Some(2))
    );
}

#[tokio::test]
async fn a_signed_message_names_what_changed() {
    let shop = shop().await;
    shop.open().listen(HERE).await.unwrap();
    let about = async |body: &str| {
        let signature = shop.sandbox.printful_signature(body.as_bytes());
        // Another process knows the secret from the vault.
        let fresh = shop.open();
        let read = fresh.notice(Some(&signature), body.as_bytes()).await;
        read.map(|notice| (notice.id, notice.about))
    };
    let order = |retries: u32| {
        format!(
            r#"{{"type":"shipment_sent","occurred_at":"2026-11-27T18:00:00Z","retries":{retries},"store_id":10,"data":{{"shipment":{{"id":5}},"order":{{"id":9000001,"external_id":"a-b-0"}}}}}}"#
        )
    };
    let (first, named) = about(&order(0)).await.unwrap();
    assert_eq!(named, NoticeAbout::Order("9000001".to_owned()));
    assert_eq!(
        about(&order(3)).await.unwrap().0,
        first,
        "one message, sent again"
    );
    let prices = r#"{"type":"catalog_price_changed","occurred_at":"x","retries":0,"store_id":10,"data":{"catalog_product_ids":[71,72]}}"#;
    assert_eq!(
        about(prices).await.unwrap().1,
        NoticeAbout::Product("71".to_owned())
    );
    let strange = r#"{"type":"mockup_task_finished","data":null}"#;
    assert_eq!(about(strange).await.unwrap().1, NoticeAbout::Other);
    assert_eq!(about("[]").await.unwrap_err().kind, Kind::Corrupt);
}

#[tokio::test]
async fn a_message_of_somebody_else_is_refused() {
    let shop = shop().await;
    let printful = shop.open();
    let body = br#"{"type":"order_updated","data":{"order":{"id":1}}}"#;
    let early = printful.notice(Some("00ff"), body).await;
    assert_eq!(
        early.unwrap_err().kind,
        Kind::Unauthorized,
        "nobody listens yet"
    );
    printful.listen(HERE).await.unwrap();
    let good = shop.sandbox.printful_signature(body);
    assert!(printful.notice(Some(&good), body).await.is_ok());
    for signature in [None, Some(""), Some("zz"), Some("00ff"), good.get(..62)] {
        let read = printful.notice(signature, body).await;
        assert_eq!(read.unwrap_err().kind, Kind::Unauthorized, "{signature:?}");
    }
    let changed = br#"{"type":"order_updated","data":{"order":{"id":2}}}"#;
    let read = printful.notice(Some(&good), changed).await;
    assert_eq!(read.unwrap_err().kind, Kind::Unauthorized);
}
