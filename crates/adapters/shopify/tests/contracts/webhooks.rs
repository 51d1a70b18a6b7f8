//! Documented and recorded webhooks, read as they came.

use adapter_shopify::webhooks::Reader;
use domain::ids::{OrderId, ProductId};
use ports::source::{FactRef, NotificationMeaning, NotificationReader as _};

#[test]
fn every_documented_payload_has_a_meaning() {
    let folder = crate::shopify().join("webhooks_official_2022-10");
    let index = crate::text(&folder.join("INDEX.tsv"));
    let (mut read, mut used) = (0, 0);
    for line in index.lines().skip(1) {
        let (file, topics) = line.split_once('\t').unwrap();
        let body = std::fs::read(folder.join(file)).unwrap();
        for topic in topics.split(", ") {
            let meaning = Reader
                .reread(topic, &body)
                .unwrap_or_else(|e| panic!("{topic} of {file}: {e}"));
            used += usize::from(meaning != NotificationMeaning::Ignored);
            read += 1;
        }
    }
    assert!(read > 60 && used > 20, "{read} {used}");
}

#[test]
fn ids_of_18_digits_stay_exact() {
    let order = crate::shopify().join("webhooks_official_2022-10/Order.json");
    let meaning = Reader
        .reread("orders/create", &std::fs::read(order).unwrap())
        .unwrap();
    let exact = FactRef::Order(OrderId(820_982_911_946_154_508));
    assert_eq!(meaning, NotificationMeaning::Changed(vec![exact]));
}

#[test]
fn recorded_webhooks_name_their_things() {
    for file in crate::files("webhooks_real", ".json") {
        let recorded = crate::json(&file);
        if let Some(payload) = recorded["payload"].as_str() {
            let topic = recorded["headers"]["x-shopify-topic"].as_str().unwrap();
            let meaning = Reader.reread(topic, payload.as_bytes()).unwrap();
            let product = FactRef::Product(ProductId(9_079_211_262_258));
            assert_eq!(meaning, NotificationMeaning::Changed(vec![product]));
        } else {
            let meaning = Reader
                .reread("orders/create", recorded.to_string().as_bytes())
                .unwrap();
            let id = FactRef::Order(OrderId(recorded["id"].as_i64().unwrap()));
            assert_eq!(meaning, NotificationMeaning::Changed(vec![id]));
        }
    }
}
