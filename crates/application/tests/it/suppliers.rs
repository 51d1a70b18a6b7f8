//! Suppliers with an interface: connecting one, reading what it offers, and what its quota, its nonsense and a stop do to a reading.

use crate::world::World;
use application::opportunities::Opportunities;
use application::suppliers::{NewSupplierAccount, SupplierError, WatchlistChange};
use chrono::Duration;
use domain::ads::AccountState;
use domain::audit::Actor;
use domain::money::{Currency, Money};
use domain::supplier::{
    Offered, OfferedVariant, Platform, Presence, Price, PriceRange, Shelf, ShipQuote, ShipTime,
    Stock, SupplierAccount, SupplierPlace, SupplierProduct, SupplierSyncRun, VariantShelves,
    Watchlist,
};
use domain::sync::SyncStatus;
use ports::opportunities::OpportunityFilter;
use ports::suppliers::{ChangeFilter, OfferFilter};
use ports::{Kind, PageRequest};
use rust_decimal::Decimal;
use tokio_util::sync::CancellationToken;

fn usd() -> Currency {
    Currency::parse("USD").unwrap()
}

fn cents(cents: i64) -> Price {
    Price {
        range: PriceRange::of(Decimal::new(cents, 2).normalize()),
        currency: usd(),
    }
}

fn offered(id: &str, price: Option<i64>) -> Offered {
    Offered {
        external_id: id.to_owned(),
        title: Some(format!("Camping lamp {id}")),
        category: Some("Lights".to_owned()),
        on_sale: Some(true),
        variants: vec![OfferedVariant {
            external_id: format!("{id}-V"),
            sku: Some(format!("{id}-SKU")),
            weight: Some(Decimal::from(500)),
            price: price.map(cents),
            suggested: Some(cents(3_000)),
            ..OfferedVariant::default()
        }],
        ..Offered::default()
    }
}

fn shelves(id: &str, pieces: u32) -> Vec<VariantShelves> {
    vec![VariantShelves {
        variant: format!("{id}-V"),
        shelves: vec![Shelf {
            country: "US".to_owned(),
            stock: Stock::counted(pieces),
            verified: true,
        }],
    }]
}

pub(crate) fn offer(world: &World, id: &str, price: i64, pieces: u32) {
    let mut told = world.suppliers_told.told();
    told.products
        .insert(id.to_owned(), offered(id, Some(price)));
    told.stock.insert(id.to_owned(), shelves(id, pieces));
}

pub(crate) fn watch(most_products: u32) -> Watchlist {
    Watchlist {
        texts: vec!["lamp".to_owned()],
        ships_from: None,
        most_products,
        designs: Vec::new(),
    }
}

fn wanted(world: &World, platform: Platform) -> NewSupplierAccount {
    NewSupplierAccount {
        workspace: world.workspace,
        store: None,
        platform,
        base_url: None,
        api_key: "secret".into(),
        rest: None,
        watch: watch(100),
        actor: Actor::system(),
    }
}

/// A shop that sells to somewhere, and a supplier with five lamps.
async fn world() -> (World, SupplierAccount) {
    let world = World::new().await;
    world.shop.put(crate::world::order(1, 3));
    world.synced().await;
    for n in 1..=5 {
        offer(&world, &format!("P{n}"), 900 + n, 7);
    }
    let quote = ShipQuote {
        service: "USPS+".to_owned(),
        cost: Money::new(471, usd()),
        days: Some(ShipTime {
            min_days: 2,
            max_days: 5,
        }),
    };
    let countries = ["US", "DE", "GB"].map(str::to_owned);
    let quotes = countries.map(|c| (c, vec![quote.clone()]));
    world.suppliers_told.told().quotes.extend(quotes);
    let account = wanted(&world, Platform::Cjdropshipping);
    let account = world.suppliers.connect(account).await.unwrap();
    (world, account)
}

pub(crate) async fn finish(world: &World, account: &SupplierAccount) -> SupplierSyncRun {
    let stop = CancellationToken::new();
    let worker = tokio::spawn({
        let (suppliers, stop) = (world.suppliers.clone(), stop.clone());
        async move { suppliers.run_worker(stop).await }
    });
    let ended = loop {
        let run = world.suppliers.latest(account).await.unwrap().unwrap();
        if !run.status.is_open() {
            break run;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    };
    stop.cancel();
    worker.await.unwrap();
    ended
}

async fn read(world: &World, account: &SupplierAccount) -> SupplierSyncRun {
    let started = world.suppliers.start(world.workspace, account.id).await;
    started.unwrap();
    world.clock.advance(Duration::minutes(1));
    finish(world, account).await
}

pub(crate) async fn products(world: &World) -> Vec<SupplierProduct> {
    let (scope, filter) = (world.scope().await, OfferFilter::default());
    let page = PageRequest::first(100);
    let found = world.ports.suppliers.list_offers(scope, &filter, &page);
    let mut items = found.await.unwrap().items;
    items.sort_by(|a, b| a.external_id.cmp(&b.external_id));
    items
}

pub(crate) async fn changes(world: &World) -> Vec<String> {
    let (scope, filter) = (world.scope().await, ChangeFilter::default());
    let page = PageRequest::first(100);
    let found = world.ports.suppliers.offer_changes(scope, &filter, &page);
    let items = found.await.unwrap().items.into_iter();
    let mut told: Vec<_> = items
        .map(|c| format!("{} {}", c.variant, c.news.kind()))
        .collect();
    told.sort();
    told
}

#[tokio::test]
async fn what_is_found_becomes_offers_with_prices_stock_shipping_and_opportunities() {
    let (world, account) = world().await;
    let run = read(&world, &account).await;
    assert_eq!(run.status, SyncStatus::Succeeded, "{:?}", run.error);
    assert_eq!((run.products, run.new_products, run.changes), (5, 5, 0));
    let found = products(&world).await;
    assert_eq!(found.len(), 5);
    let variant = &found[0].variants[0];
    assert_eq!(variant.cost.as_ref().unwrap().value, cents(901));
    assert_eq!(variant.stock.as_ref().unwrap().value, Stock::counted(7));
    assert_eq!(variant.external_id.as_deref(), Some("P1-V"));
    assert!(!variant.shipping.is_empty(), "nobody was asked");
    assert_eq!(variant.shipping[0].value.cost, Some(cents(471)));
    let (ports, hub) = (world.ports.clone(), world.hub.clone());
    let opportunities = Opportunities::new(ports, hub, world.changes.clone());
    let store = world.suppliers.store(world.workspace, None).await.unwrap();
    let (any, page) = (OpportunityFilter::default(), PageRequest::first(10));
    let scored = opportunities.list(&store, &any, &page).await.unwrap();
    assert_eq!(scored.items.len(), 5);
    let stored = world.suppliers.account(world.workspace, account.id).await;
    assert_eq!(stored.unwrap().last_synced_at, Some(world.now()));
}

#[tokio::test]
async fn what_changed_overnight_is_told_and_what_did_not_is_not() {
    let (world, account) = world().await;
    read(&world, &account).await;
    world.suppliers_told.told().asked.clear();
    offer(&world, "P2", 1_100, 7);
    offer(&world, "P3", 903, 0);
    world.suppliers_told.told().products.remove("P4");
    offer(&world, "P6", 500, 1);
    let run = read(&world, &account).await;
    assert_eq!(run.status, SyncStatus::Succeeded, "{:?}", run.error);
    assert_eq!((run.products, run.new_products), (6, 1));
    let told = ["P2-SKU price", "P3-SKU stock", "P4-SKU gone"];
    assert_eq!(changes(&world).await, told);
    assert_eq!(run.changes, 3);
    let found = products(&world).await;
    assert!(found[3].variants[0].gone);
    let stock = found[2].variants[0].stock.as_ref().unwrap().value;
    assert_eq!(stock.presence, Presence::Out);
    let asked = world.suppliers_told.told().asked.clone();
    let quotes = asked.iter().filter(|a| a.starts_with("quote")).count();
    let countries = found[0].variants[0].shipping.len();
    assert_eq!(quotes, countries, "only of what is new is it asked again");
    let history = &world.ports.suppliers;
    let history = history.offer_prices(found[1].scope, found[1].id).await;
    let history: Vec<_> = history.unwrap().iter().map(|p| p.price).collect();
    assert_eq!(history, [cents(1_100), cents(902)]);
}

#[tokio::test]
async fn a_quota_that_ends_in_the_middle_costs_nothing_twice() {
    let (world, account) = world().await;
    read(&world, &account).await;
    let after_each = |asked: &[String], what: &str| {
        let asked = asked.iter().filter(|a| a.starts_with(what));
        asked.cloned().collect::<Vec<_>>()
    };
    world.suppliers_told.told().asked.clear();
    // Who it is, and two of five products with their stock.
    world.suppliers_told.told().answers_left = Some(5);
    let stopped = read(&world, &account).await;
    assert_eq!(stopped.status, SyncStatus::Failed);
    let place = SupplierPlace::Known { after: None };
    assert_ne!(stopped.place, place, "it is known how far it was");
    let stored = world.suppliers.account(world.workspace, account.id).await;
    let stored = stored.unwrap();
    assert_eq!(stored.state, AccountState::Degraded);
    assert_eq!(stored.quota.unwrap().left, 0);
    // It begins again by itself, but not at once.
    let due = async || world.suppliers.start_due(Duration::hours(6)).await.unwrap();
    assert_eq!(due().await, 0);
    world.clock.advance(Duration::hours(1));
    world.suppliers_told.told().answers_left = None;
    assert_eq!(due().await, 1);
    let run = finish(&world, &account).await;
    assert_eq!(run.status, SyncStatus::Succeeded, "{:?}", run.error);
    let asked = world.suppliers_told.told().asked.clone();
    let mut asked_for = after_each(&asked, "product");
    let all = asked_for.len();
    asked_for.sort();
    asked_for.dedup();
    assert_eq!(
        (asked_for.len(), all),
        (5, 5),
        "a product was asked for twice"
    );
    let stored = world.suppliers.account(world.workspace, account.id).await;
    assert_eq!(stored.unwrap().state, AccountState::Ok);
}

#[tokio::test]
async fn a_product_whose_quotes_were_stopped_is_kept_and_asked_about_again() {
    let (world, account) = world().await;
    // Who it is, one search, one product with its stock, and no quote.
    world.suppliers_told.told().answers_left = Some(4);
    let stopped = read(&world, &account).await;
    assert_eq!((stopped.status, stopped.products), (SyncStatus::Failed, 1));
    let found = products(&world).await;
    assert_eq!(found.len(), 1);
    assert!(found[0].variants[0].cost.is_some());
    assert!(found[0].variants[0].shipping.is_empty());
    world.suppliers_told.told().answers_left = None;
    assert_eq!(read(&world, &account).await.status, SyncStatus::Succeeded);
    assert_eq!(read(&world, &account).await.status, SyncStatus::Succeeded);
    let found = products(&world).await;
    assert_eq!(found.len(), 5);
    assert!(found.iter().all(|p| !p.variants[0].shipping.is_empty()));
}

#[tokio::test]
async fn whoever_takes_a_run_over_goes_on_behind_the_last_product() {
    let (world, account) = world().await;
    read(&world, &account).await;
    world.suppliers_told.told().asked.clear();
    let started = world.suppliers.start(world.workspace, account.id).await;
    started.unwrap();
    let (syncs, lease) = (&world.ports.supplier_syncs, Duration::seconds(15));
    let claimed = syncs.claim_supplier_sync(world.now(), lease).await;
    let mut claimed = claimed.unwrap().unwrap();
    let mut ids: Vec<_> = products(&world).await.iter().map(|p| p.id).collect();
    ids.sort();
    claimed.run.place = SupplierPlace::Known {
        after: Some(ids[2]),
    };
    let saved = syncs.advance_supplier_sync(&claimed, world.now(), lease);
    saved.await.unwrap();
    // Its worker is never heard of again.
    world.clock.advance(Duration::seconds(16));
    let run = finish(&world, &account).await;
    assert_eq!((run.status, run.resumed), (SyncStatus::Succeeded, 1));
    let asked = world.suppliers_told.told().asked.clone();
    let asked = asked.iter().filter(|a| a.starts_with("product"));
    assert_eq!(asked.count(), 2);
}

#[tokio::test]
async fn no_more_is_kept_than_is_wanted_and_the_list_is_changed_by_its_version() {
    let (world, account) = world().await;
    let set = async |version, most_products| {
        let watch = watch(most_products);
        let change = WatchlistChange {
            version,
            watch,
            rest: None,
        };
        let suppliers = &world.suppliers;
        suppliers
            .set_watchlist(world.workspace, account.id, change, Actor::system())
            .await
    };
    let changed = set(account.version, 2).await.unwrap();
    assert_eq!(changed.version, account.version + 1);
    let late = set(account.version, 3).await.unwrap_err();
    assert!(matches!(late, SupplierError::ChangedMeanwhile), "{late}");
    let wrong = set(changed.version, 0).await.unwrap_err();
    assert!(matches!(wrong, SupplierError::Watchlist(_)), "{wrong}");
    let run = read(&world, &account).await;
    assert_eq!((run.products, run.new_products), (2, 2));
    assert_eq!(products(&world).await.len(), 2);
}

#[tokio::test]
async fn what_cannot_be_read_is_told_and_left_out() {
    let (world, account) = world().await;
    {
        let mut told = world.suppliers_told.told();
        let mut strange = offered("P1", None);
        strange.unread = vec!["the price of variant P1-V: 1.2-3.5 is a range".to_owned()];
        told.products.insert("P1".to_owned(), strange);
    }
    let run = read(&world, &account).await;
    assert_eq!(run.status, SyncStatus::Succeeded, "{:?}", run.error);
    assert_eq!(run.unread, 1);
    assert!(run.warnings.iter().any(|w| w.message.contains("a range")));
    assert_eq!(products(&world).await[0].variants[0].cost, None);
    world.suppliers_told.told().failing = Some(Kind::Corrupt);
    let nonsense = read(&world, &account).await;
    assert_eq!(nonsense.status, SyncStatus::Failed);
    assert_eq!(products(&world).await.len(), 5, "what was told stays");
}

#[tokio::test]
async fn a_supplier_is_connected_once_and_only_where_it_has_an_interface() {
    let (world, account) = world().await;
    let refused = async |platform| {
        let refused = world.suppliers.connect(wanted(&world, platform)).await;
        refused.unwrap_err()
    };
    let twice = refused(Platform::Cjdropshipping).await;
    assert!(matches!(twice, SupplierError::AlreadyConnected), "{twice}");
    let by_file = refused(Platform::Spocket).await;
    assert!(matches!(by_file, SupplierError::CannotDo(_)), "{by_file}");
    assert!(by_file.to_string().contains("Spocket"), "{by_file}");
    let secrets = async || {
        let kept = world.ports.vault.list(world.workspace).await.unwrap();
        let kept = kept.into_iter().map(|s| s.name);
        kept.filter(|n| n.starts_with("supplier/")).count()
    };
    assert_eq!(secrets().await, 1);
    let removed = world
        .suppliers
        .disconnect(world.workspace, account.id, Actor::system());
    removed.await.unwrap();
    assert_eq!(secrets().await, 0);
    world.suppliers_told.told().failing = Some(Kind::Unauthorized);
    let wrong = refused(Platform::Cjdropshipping).await;
    assert!(matches!(wrong, SupplierError::BadCredentials(_)), "{wrong}");
    assert_eq!(secrets().await, 0, "the key of a refused account was kept");
}
