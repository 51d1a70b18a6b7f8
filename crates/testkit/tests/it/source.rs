//! The provider in memory keeps the promises of its port.

use domain::ids::OrderId;
use domain::sync::FactKind;
use futures::StreamExt as _;
use ports::source::{
    ChangeCursor, ExportItem, ExportRequest, Fact, FactRef, Fetched, NotificationMeaning,
    NotificationReader as _, NotificationRefusal, StoreSource as _, StoreSources as _,
};
use ports::{Kind, PortError, Retry};
use secrecy::SecretString;
use testkit::builders::{OrderBuilder, at};
use testkit::fakes::{
    FakeReader, FakeSource, FakeSources, SIGNATURE_HEADER, SourceOperation, TOPIC_HEADER,
};

fn shop(orders: i64) -> FakeSource {
    let shop = FakeSource::shop("acme.example");
    for id in 1..=orders {
        let day = at("2026-01-01") + chrono::Duration::days(id);
        let order = OrderBuilder::new(id).sold_at(day).build();
        shop.put(Fact::Order(Box::new(order)));
    }
    shop
}

fn orders() -> ExportRequest {
    ExportRequest {
        kind: FactKind::Orders,
        from: None,
        until: None,
    }
}

async fn export(
    shop: &FakeSource,
    request: ExportRequest,
    token: Option<String>,
) -> (Vec<ExportItem>, Option<PortError>) {
    let (mut items, mut error) = (Vec::new(), None);
    let mut stream = shop.export(request, token);
    while let Some(item) = stream.next().await {
        match item {
            Ok(item) => items.push(item),
            Err(e) => error = Some(e),
        }
    }
    (items, error)
}

fn numbers(facts: &[Fact]) -> Vec<i64> {
    let number = |f: &Fact| match f {
        Fact::Order(order) => order.id.0,
        other => panic!("{other:?} is no order"),
    };
    facts.iter().map(number).collect()
}

#[tokio::test]
async fn an_export_ends_or_fails_and_goes_on_by_its_token() {
    let shop = shop(3);
    shop.break_export_after(1, Kind::Unavailable, Retry::Never);
    let (items, error) = export(&shop, orders(), None).await;
    assert_eq!(error.map(|e| e.kind), Some(Kind::Unavailable));
    let ExportItem::Token(token) = &items[0] else {
        panic!("a token comes first: {items:?}");
    };
    let (items, error) = export(&shop, orders(), Some(token.clone())).await;
    assert!(error.is_none());
    assert_eq!(items.last(), Some(&ExportItem::End { facts: 3 }));
    shop.abandon(token).await.unwrap();
    let (_, error) = export(&shop, orders(), Some(token.clone())).await;
    assert_eq!(error.map(|e| e.kind), Some(Kind::NotFound));
}

#[tokio::test]
async fn an_export_keeps_its_span_and_what_is_not_granted_is_forbidden() {
    let shop = shop(5);
    let request = ExportRequest {
        from: Some(at("2026-01-03")),
        until: Some(at("2026-01-05")),
        ..orders()
    };
    let (items, _) = export(&shop, request, None).await;
    let facts = items.into_iter().filter_map(|i| match i {
        ExportItem::Fact(fact) => Some(fact),
        _ => None,
    });
    assert_eq!(numbers(&facts.collect::<Vec<_>>()), [2, 3]);
    shop.forbid(FactKind::Orders);
    let (_, error) = export(&shop, orders(), None).await;
    assert_eq!(error.map(|e| e.kind), Some(Kind::Forbidden));
}

#[tokio::test]
async fn changes_come_in_pages_with_deletions() {
    let shop = shop(5);
    shop.set_page_size(2);
    shop.delete(FactRef::Order(OrderId(4)), at("2026-02-01"));
    let mut cursor = ChangeCursor {
        since: at("2026-01-03"),
        page: None,
    };
    let (mut changed, mut deleted) = (Vec::new(), Vec::new());
    loop {
        let page = shop.changes(FactKind::Orders, &cursor).await.unwrap();
        changed.extend(page.facts);
        deleted.extend(page.deleted);
        match page.next {
            Some(next) => cursor = next,
            None => break,
        }
    }
    assert_eq!(numbers(&changed), [2, 3, 5]);
    assert_eq!(deleted, [FactRef::Order(OrderId(4))]);
    let fetched = shop.fetch(&deleted).await.unwrap();
    assert_eq!(fetched, [Fetched::Gone(FactRef::Order(OrderId(4)))]);
}

#[tokio::test]
async fn ordered_failures_are_used_up() {
    let shop = shop(0);
    shop.fail_next(SourceOperation::Identify, Kind::Unauthorized, Retry::Never);
    let refused = shop.identify().await.map_err(|e| e.kind);
    assert_eq!(refused, Err(Kind::Unauthorized));
    assert_eq!(shop.identify().await.unwrap().domain, "acme.example");
    assert_eq!(shop.calls().len(), 2);
}

#[test]
fn a_shop_name_that_cannot_be_one_is_a_mistake_of_configuration() {
    let sources = FakeSources::default();
    let refused = sources.resolve("no shop!", None).map_err(|e| e.kind);
    assert_eq!(refused, Err(Kind::Configuration));
    let (domain, url) = sources.resolve("Acme", None).unwrap();
    assert_eq!(
        (domain.as_str(), url.as_str()),
        ("acme.example", "https://acme.example")
    );
}

#[test]
fn a_webhook_is_signed_by_any_of_the_secrets() {
    let secrets = ["old", "new"].map(|s| SecretString::from(s.to_owned()));
    let read = |signature: Option<&str>| {
        let mut headers = vec![(TOPIC_HEADER.to_owned(), "facts".to_owned())];
        let name = SIGNATURE_HEADER.to_ascii_uppercase();
        headers.extend(signature.map(|s| (name, s.to_owned())));
        FakeReader.read(&secrets, &headers, br#"{"changed": ["order/7"]}"#)
    };
    let changed = NotificationMeaning::Changed(vec![FactRef::Order(OrderId(7))]);
    assert_eq!(read(Some("new")).unwrap().meaning, changed);
    assert_eq!(read(Some("other")), Err(NotificationRefusal::BadSignature));
    assert_eq!(read(None), Err(NotificationRefusal::NoSignature));
}
