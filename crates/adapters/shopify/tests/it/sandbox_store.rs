//! The whole way against a store that speaks Shopify's protocol.

use crate::support::{Exported, all, export, open, open_with};
use chrono::{TimeDelta, Utc};
use domain::calendar::Calendar;
use domain::catalog::CostBook;
use domain::connection::WebhookState;
use domain::ledger::derive;
use domain::sync::FactKind;
use ports::source::{
    ChangeCursor, ChangePage, ExportRequest, Fact, FactRef, Fetched, SourceAuth, StoreSource,
};
use sandbox::{Options, Running, start};
use secrecy::SecretString;

/// A store that answers with another version than the one asked for.
pub(crate) async fn with_version(version: &str) -> Running {
    let options = Options {
        orders: 5,
        days: 30,
        answer_version: Some(version.to_owned()),
        ..Options::default()
    };
    start(options).await.unwrap()
}

pub(crate) async fn store(orders: usize) -> Running {
    start(Options {
        orders,
        days: 120,
        bulk_ms: 30,
        bucket: 20_000,
        restore: 10_000,
        ..Options::default()
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn who_answers_and_how_much_there_is() {
    let shop = store(40).await;
    let opened = open(&shop.base_url);
    let identity = opened.source.identify().await.unwrap();
    assert!(identity.is_sandbox && identity.domain.ends_with(".myshopify.com"));
    assert_eq!(identity.currency.code(), "USD");
    assert_eq!(identity.timezone, "America/New_York");
    assert_eq!(identity.api_version, "2026-10");
    assert!(identity.scopes.missing.is_empty(), "{:?}", identity.scopes);
    let totals = opened.source.totals().await.unwrap();
    assert!(totals.orders.unwrap() >= 40, "{totals:?}");
    assert!(totals.products.unwrap() > 0 && totals.customers.unwrap() > 0);
    assert!(totals.oldest_order.unwrap() < Utc::now());
}

#[tokio::test]
async fn every_order_is_exported_and_its_entries_add_up_to_shopify_s_own_total() {
    let shop = store(400).await;
    let opened = open_with(
        &shop.base_url,
        crate::support::token("shpat_sandbox"),
        |c| c.partition_bytes = 50_000,
    );
    let totals = opened.source.totals().await.unwrap();
    let exported = export(&*opened.source, all(FactKind::Orders), None)
        .await
        .whole();
    assert_eq!(exported.end, totals.orders);
    assert!(exported.prepared > 0 && exported.tokens.len() == 1);
    assert_eq!(exported.warnings, []);
    let calendar = Calendar::parse("America/New_York").unwrap();
    let orders = exported.orders();
    for order in &orders {
        let ledger = derive(order, &calendar, &CostBook::default());
        if let Some(check) = ledger.check(order) {
            assert_eq!(check.difference(), 0, "{}: {check:?}", order.name);
        }
    }
    let refunds = || orders.iter().flat_map(|o| &o.refunds);
    assert!(refunds().count() > 5);
    assert!(
        refunds().all(|r| r.lines.is_some()),
        "refund lines were read"
    );
    assert!(refunds().any(|r| !r.lines.as_ref().unwrap().is_empty()));
    assert!(orders.iter().any(|o| o.edited) && orders.iter().any(|o| o.cancelled_at.is_some()));
    let left = std::fs::read_dir(opened.folder.path()).unwrap().count();
    assert_eq!(left, 0, "the spool is empty again");
}

#[tokio::test]
async fn an_order_read_by_id_is_the_one_of_the_export() {
    let shop = store(150).await;
    let opened = open(&shop.base_url);
    let exported = export(&*opened.source, all(FactKind::Orders), None)
        .await
        .whole()
        .orders();
    let refs: Vec<_> = exported.iter().map(|o| FactRef::Order(o.id)).collect();
    let fetched = opened.source.fetch(&refs).await.unwrap();
    assert_eq!(fetched.len(), exported.len());
    for (fetched, exported) in fetched.into_iter().zip(exported) {
        let Fetched::Found(Fact::Order(order)) = fetched else {
            panic!("{fetched:?}")
        };
        assert_eq!(*order, exported);
    }
    let gone = FactRef::Order(domain::ids::OrderId(999_999_999_999));
    assert_eq!(
        opened.source.fetch(&[gone]).await.unwrap(),
        [Fetched::Gone(gone)]
    );
}

#[tokio::test]
async fn windows_split_the_orders_without_gap_or_overlap() {
    let shop = store(120).await;
    let opened = open(&shop.base_url);
    let middle = Utc::now() - TimeDelta::days(50);
    let window = |from, until| ExportRequest {
        kind: FactKind::Orders,
        from,
        until,
    };
    let older = export(&*opened.source, window(None, Some(middle)), None)
        .await
        .whole();
    let newer = export(&*opened.source, window(Some(middle), None), None)
        .await
        .whole();
    let whole = export(&*opened.source, all(FactKind::Orders), None)
        .await
        .whole();
    let mut both = [older.orders(), newer.orders()].concat();
    both.sort_by_key(|o| o.id);
    assert!(!older.facts.is_empty() && !newer.facts.is_empty());
    assert_eq!(both, whole.orders());
}

#[tokio::test]
async fn an_interrupted_export_is_gone_on_with() {
    let shop = store(60).await;
    let opened = open(&shop.base_url);
    let first = export(&*opened.source, all(FactKind::Orders), None)
        .await
        .whole();
    let token = first.tokens[0].clone();
    let again = export(&*opened.source, all(FactKind::Orders), Some(token.clone()))
        .await
        .whole();
    assert_eq!(again.tokens, [token], "the same operation");
    assert_eq!(again.orders(), first.orders());
    // Another window is another export.
    let other = ExportRequest {
        until: Some(Utc::now()),
        ..all(FactKind::Orders)
    };
    let other = export(&*opened.source, other, Some(first.tokens[0].clone()))
        .await
        .whole();
    assert_ne!(other.tokens, first.tokens);
}

#[tokio::test]
async fn all_other_kinds_are_exported() {
    let shop = store(60).await;
    let opened = open(&shop.base_url);
    let totals = opened.source.totals().await.unwrap();
    let mut by_kind = Vec::new();
    for kind in FactKind::ALL {
        by_kind.push((kind, export(&*opened.source, all(kind), None).await.whole()));
    }
    let of = |kind| -> &Exported { &by_kind.iter().find(|(k, _)| *k == kind).unwrap().1 };
    assert_eq!(of(FactKind::Products).end, totals.products);
    assert_eq!(of(FactKind::Customers).end, totals.customers);
    assert_eq!(of(FactKind::Shop).end, Some(0));
    assert!(of(FactKind::Locations).end.unwrap() > 0);
    assert!(of(FactKind::Inventory).end.unwrap() > 0);
    assert!(of(FactKind::Payouts).end.unwrap() > 0);
    let products: Vec<_> = of(FactKind::Products).facts.iter().collect();
    let costs = |known: bool| {
        products.iter().any(|f| match f {
            Fact::Product(p) => p.variants.iter().any(|v| v.unit_cost.is_some() == known),
            _ => false,
        })
    };
    assert!(
        costs(true) && costs(false),
        "some costs are known, some are not"
    );
}

async fn read_changes(
    source: &dyn StoreSource,
    kind: FactKind,
    since: chrono::DateTime<Utc>,
) -> ChangePage {
    let mut all = ChangePage::default();
    let mut cursor = Some(ChangeCursor { since, page: None });
    while let Some(at) = cursor {
        let page = source.changes(kind, &at).await.unwrap();
        all.facts.extend(page.facts);
        all.deleted.extend(page.deleted);
        all.warnings.extend(page.warnings);
        cursor = page.next;
    }
    all
}

#[tokio::test]
async fn changes_since_the_beginning_are_the_whole_store() {
    let shop = store(80).await;
    let opened = open(&shop.base_url);
    let totals = opened.source.totals().await.unwrap();
    let since = Utc::now() - TimeDelta::days(4_000);
    for (kind, count) in [
        (FactKind::Orders, totals.orders),
        (FactKind::Customers, totals.customers),
    ] {
        let page = read_changes(&*opened.source, kind, since).await;
        assert_eq!(Some(page.facts.len() as u64), count, "{kind:?}");
    }
    for kind in FactKind::ALL {
        let page = read_changes(&*opened.source, kind, since).await;
        let whole = export(&*opened.source, all(kind), None).await.whole();
        assert!(
            page.facts.len() >= whole.facts.len(),
            "{kind:?}: {} of {}",
            page.facts.len(),
            whole.facts.len()
        );
        let nothing = read_changes(&*opened.source, kind, Utc::now() + TimeDelta::days(30)).await;
        // Read whole each time, because they have no time of change; the sandbox does not filter levels.
        let always = matches!(
            kind,
            FactKind::Locations | FactKind::Payouts | FactKind::Inventory
        );
        assert!(
            nothing.facts.is_empty() || always,
            "{kind:?}: {}",
            nothing.facts.len()
        );
    }
}

#[tokio::test]
async fn client_credentials_work_like_a_token() {
    let shop = store(10).await;
    let auth = |secret: &str| SourceAuth::ClientCredentials {
        client_id: "sandbox".to_owned(),
        client_secret: SecretString::from(secret),
    };
    let opened = open_with(&shop.base_url, auth("sandbox"), |_| {});
    assert!(opened.source.identify().await.is_ok());
    let wrong = open_with(&shop.base_url, auth("wrong"), |_| {});
    let error = wrong.source.identify().await.unwrap_err();
    assert_eq!(error.kind, ports::Kind::Unauthorized);
    assert!(
        error.detail.contains("Dev Dashboard") && error.detail.contains("acme"),
        "{error}"
    );
}

#[tokio::test]
async fn subscriptions_are_made_once_and_again_when_they_are_missing() {
    let shop = store(10).await;
    let opened = open(&shop.base_url);
    let callback = "http://127.0.0.1:9/v1/webhooks/shopify/1";
    for _ in 0..2 {
        assert_eq!(
            opened.source.subscribe(callback).await.unwrap(),
            WebhookState::Ok
        );
    }
    let nowhere = opened.source.subscribe("nowhere").await.unwrap();
    assert!(
        matches!(nowhere, WebhookState::Unsupported(_)),
        "{nowhere:?}"
    );
}

#[tokio::test]
async fn under_mixed_faults_nothing_is_lost_and_nothing_doubled() {
    let shop = store(200).await;
    let opened = open(&shop.base_url);
    let calm = export(&*opened.source, all(FactKind::Orders), None)
        .await
        .whole();
    let faults = [
        ("throttle", 0.1),
        ("status", 0.1),
        ("status_code", 500.0),
        ("cut", 0.1),
        ("nonsense", 0.1),
        ("internal", 0.1),
        ("lost", 0.05),
        ("bulk_fail", 0.3),
        ("bulk_cut", 0.3),
    ];
    for (name, rate) in faults {
        shop.fault(name, rate).unwrap();
    }
    // As the application does: again with the token, until the end is reached.
    let mut token = None;
    for _ in 0..60 {
        let seen = export(&*opened.source, all(FactKind::Orders), token.clone()).await;
        token = seen.tokens.last().cloned().or(token);
        match &seen.error {
            None => {
                assert_eq!(seen.orders(), calm.orders());
                return;
            }
            Some(error) => assert!(error.is_transient(), "{error}"),
        }
        let known = |o: &domain::order::Order| calm.orders().contains(o);
        assert!(seen.orders().iter().all(known), "what came is right");
    }
    panic!("no export came through in 60 tries");
}

#[tokio::test]
async fn bundles_are_told_with_their_components() {
    let shop = store(5).await;
    let opened = open(&shop.base_url);
    let bundles = opened.source.bundles().await.unwrap();
    assert!(!bundles.is_empty());
    for bundle in &bundles {
        let parts = bundle.components.as_ref().unwrap();
        let units: Vec<_> = parts.values().copied().collect();
        // The product before it once, the one before that twice.
        assert_eq!(units, [2, 1], "{bundle:?}");
        assert!(!parts.contains_key(&bundle.variant));
    }
}
