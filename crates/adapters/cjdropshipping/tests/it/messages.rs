//! Messages: only what is signed is read, and it only names what has to be read again.

use crate::shop;
use adapter_kit::mac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::supplier::NoticeAbout;
use ports::Kind;
use ports::supplier_platforms::SupplierSource as _;
use sandbox::cj::CJ_OPEN_ID;

fn sign(body: &[u8]) -> String {
    let key = CJ_OPEN_ID.to_string();
    STANDARD.encode(mac::hmac_sha256(key.as_bytes(), body))
}

#[tokio::test]
async fn a_signed_message_names_what_changed() {
    let shop = shop().await;
    let cj = shop.open();
    let about = async |body: &str| {
        let signature = sign(body.as_bytes());
        let read = cj.notice(Some(&signature), body.as_bytes());
        read.await.map(|notice| (notice.id, notice.about))
    };
    let product = r#"{"messageId":"m1","type":"PRODUCT","messageType":"UPDATE","params":{"pid":"142","productSellPrice":null,"fields":["x"]}}"#;
    assert_eq!(
        about(product).await.unwrap(),
        ("m1".to_owned(), NoticeAbout::Product("142".to_owned()))
    );
    let stock = r#"{"messageId":"m2","type":"STOCK","params":{"1424608152007086080":[{"vid":"1424608152007086080","areaId":"2","countryCode":"US","storageNum":12}]}}"#;
    let vid = "1424608152007086080".to_owned();
    assert_eq!(
        about(stock).await.unwrap().1,
        NoticeAbout::Variants(vec![vid])
    );
    let order = r#"{"messageId":"m3","type":"ORDER","params":{"orderNumber":"RE-1","cjOrderId":210823100016290555}}"#;
    assert_eq!(
        about(order).await.unwrap().1,
        NoticeAbout::Order("RE-1".to_owned())
    );
    let strange = r#"{"messageId":"m4","type":"SOURCINGCREATE","params":null}"#;
    assert_eq!(about(strange).await.unwrap().1, NoticeAbout::Other);
    assert_eq!(about("[]").await.unwrap_err().kind, Kind::Corrupt);
}

#[tokio::test]
async fn it_is_told_where_its_messages_go() {
    let shop = shop().await;
    let cj = shop.open();
    let here = "https://royal.example/v1/webhooks/cjdropshipping/1";
    for _ in 0..2 {
        cj.listen(here).await.unwrap();
        assert_eq!(shop.told()["listens"].as_str(), Some(here));
    }
}

#[tokio::test]
async fn a_message_of_somebody_else_is_refused() {
    let shop = shop().await;
    let cj = shop.open();
    let body = br#"{"messageId":"m1","type":"PRODUCT","params":{"pid":"142"}}"#;
    let other = STANDARD.encode(mac::hmac_sha256(b"1", body));
    for signature in [
        None,
        Some(""),
        Some("!"),
        Some(other.as_str()),
        Some("AAAA"),
    ] {
        let read = cj.notice(signature, body).await;
        assert_eq!(read.unwrap_err().kind, Kind::Unauthorized, "{signature:?}");
    }
    let changed = br#"{"messageId":"m1","type":"PRODUCT","params":{"pid":"143"}}"#;
    let read = cj.notice(Some(&sign(body)), changed).await;
    assert_eq!(read.unwrap_err().kind, Kind::Unauthorized);
}
