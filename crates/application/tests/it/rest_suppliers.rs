//! Suppliers by a contract of one's own: what it has no pointer for is not asked and stays, a list that alone tells its products is read again,
//! and a contract moves to no other host.

use crate::suppliers::{changes, finish, offer, products, watch};
use crate::world::World;
use application::suppliers::{NewSupplierAccount, SupplierError, WatchlistChange};
use domain::audit::Actor;
use domain::supplier::{
    Ability, Capability, Platform, RestContract, RestField, RestPaths, RestSample, Stock,
    SupplierAccount, SupplierSyncRun,
};
use domain::sync::SyncStatus;
use ports::Kind;

fn contract(fields: &[RestField], by_id: bool) -> RestContract {
    let needed = [RestField::Items, RestField::Id];
    let map = needed.iter().chain(fields);
    RestContract {
        base_url: "https://api.example.com/v1".to_owned(),
        paths: RestPaths {
            search: Some("/products?q={query}&page={page}".to_owned()),
            product: by_id.then(|| "/products/{id}".to_owned()),
        },
        map: map.map(|f| (*f, format!("/{}", f.as_str()))).collect(),
        ..RestContract::default()
    }
}

fn wanted(world: &World, platform: Platform, rest: RestContract) -> NewSupplierAccount {
    NewSupplierAccount {
        workspace: world.workspace,
        store: None,
        platform,
        base_url: None,
        api_key: "secret".into(),
        rest: Some(rest),
        watch: watch(100),
        actor: Actor::system(),
    }
}

/// A supplier with five lamps, worked with by this contract.
async fn world(rest: RestContract) -> (World, SupplierAccount) {
    let world = World::new().await;
    world.shop.put(crate::world::order(1, 3));
    world.synced().await;
    world.suppliers_told.told().platform = Platform::Spocket;
    for n in 1..=5 {
        offer(&world, &format!("P{n}"), 900 + n, 7);
    }
    let account = wanted(&world, Platform::Spocket, rest);
    let account = world.suppliers.connect(account).await.unwrap();
    (world, account)
}

async fn read(world: &World, account: &SupplierAccount) -> SupplierSyncRun {
    let started = world.suppliers.start(world.workspace, account.id).await;
    started.unwrap();
    world.clock.advance(chrono::Duration::minutes(1));
    finish(world, account).await
}

fn asked(world: &World, what: &str) -> usize {
    let told = world.suppliers_told.told();
    told.asked.iter().filter(|a| a.starts_with(what)).count()
}

#[tokio::test]
async fn what_the_contract_does_not_have_is_not_asked_and_stays() {
    let (world, account) = world(contract(&[RestField::Cost, RestField::Stock], true)).await;
    assert_eq!(account.base_url, "https://api.example.com/v1");
    let run = read(&world, &account).await;
    assert_eq!(run.status, SyncStatus::Succeeded, "{:?}", run.error);
    assert_eq!(run.products, 5);
    assert_eq!((asked(&world, "stock"), asked(&world, "quote")), (5, 0));
    let before = products(&world).await;
    // The next contract has no stock any more.
    let change = WatchlistChange {
        version: world
            .suppliers
            .account(world.workspace, account.id)
            .await
            .unwrap()
            .version,
        watch: watch(100),
        rest: Some(contract(&[RestField::Cost], true)),
    };
    let set = world
        .suppliers
        .set_watchlist(world.workspace, account.id, change, Actor::system());
    let account = set.await.unwrap();
    assert_eq!(account.ability(Capability::Stock), Ability::None);
    for n in 1..=5 {
        offer(&world, &format!("P{n}"), 900 + n, 0);
    }
    let run = read(&world, &account).await;
    assert_eq!(run.status, SyncStatus::Succeeded, "{:?}", run.error);
    assert_eq!(asked(&world, "stock"), 5, "it was asked again");
    let after = products(&world).await;
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before.variants[0].stock, after.variants[0].stock);
        let stock = after.variants[0].stock.as_ref().unwrap();
        assert_eq!(stock.value, Stock::counted(7));
    }
    assert_eq!(changes(&world).await, [""; 0]);
}

#[tokio::test]
async fn what_a_list_alone_tells_is_read_again_where_the_list_shows_it() {
    let (world, account) = world(contract(&[RestField::Cost], false)).await;
    assert_eq!(read(&world, &account).await.new_products, 5);
    offer(&world, "P2", 1_100, 7);
    world.suppliers_told.told().products.remove("P4");
    let run = read(&world, &account).await;
    assert_eq!(run.status, SyncStatus::Succeeded, "{:?}", run.error);
    assert_eq!((run.products, run.new_products), (4, 0));
    // A list says nothing of what is not on it.
    assert_eq!(changes(&world).await, ["P2-SKU price"]);
}

#[tokio::test]
async fn without_a_path_of_a_list_only_what_is_known_is_read() {
    let (world, account) = world(contract(&[RestField::Cost], true)).await;
    read(&world, &account).await;
    let mut silent = contract(&[RestField::Cost], true);
    silent.paths.search = None;
    let stored = world.suppliers.account(world.workspace, account.id).await;
    let change = WatchlistChange {
        version: stored.unwrap().version,
        watch: watch(100),
        rest: Some(silent),
    };
    let set = world
        .suppliers
        .set_watchlist(world.workspace, account.id, change, Actor::system());
    let account = set.await.unwrap();
    offer(&world, "P6", 500, 1);
    world.suppliers_told.told().asked.clear();
    let run = read(&world, &account).await;
    assert_eq!((run.status, run.products), (SyncStatus::Succeeded, 5));
    assert_eq!(asked(&world, "search"), 0);
}

#[tokio::test]
async fn a_contract_is_of_autods_or_spocket_and_moves_to_no_other_host() {
    let rest = contract(&[RestField::Cost], true);
    let (world, account) = world(rest.clone()).await;
    let printful = wanted(&world, Platform::Printful, rest.clone());
    let refused = world.suppliers.connect(printful).await.unwrap_err();
    assert!(matches!(refused, SupplierError::BadAddress(_)), "{refused}");
    let mut wrong = rest.clone();
    wrong.map.insert(RestField::Cost, "price".to_owned());
    let autods = wanted(&world, Platform::Autods, wrong);
    let Err(SupplierError::Contract(faults)) = world.suppliers.connect(autods).await else {
        panic!("a pointer that is none was taken");
    };
    assert_eq!(faults[0].field, "map.cost");
    let mut elsewhere = rest;
    elsewhere.base_url = "https://api.example.com.evil.example/v1".to_owned();
    let change = WatchlistChange {
        version: account.version,
        watch: watch(100),
        rest: Some(elsewhere),
    };
    let set = world
        .suppliers
        .set_watchlist(world.workspace, account.id, change, Actor::system());
    let Err(SupplierError::Contract(faults)) = set.await else {
        panic!("the key went elsewhere");
    };
    assert_eq!(faults[0].field, "base_url");
    let kept = world.suppliers.account(world.workspace, account.id).await;
    assert_eq!(kept.unwrap().rest, account.rest);
}

#[tokio::test]
async fn nothing_is_kept_of_a_contract_that_does_not_fit() {
    let (world, account) = world(contract(&[RestField::Cost], true)).await;
    world.suppliers_told.told().failing = Some(Kind::Corrupt);
    let change = WatchlistChange {
        version: account.version,
        watch: watch(100),
        rest: Some(contract(&[RestField::Cost, RestField::Stock], true)),
    };
    let set = world
        .suppliers
        .set_watchlist(world.workspace, account.id, change, Actor::system());
    let Err(SupplierError::Contract(faults)) = set.await else {
        panic!("it was kept");
    };
    assert_eq!(faults[0].field, "map");
    let run = read(&world, &account).await;
    assert_eq!(run.status, SyncStatus::Failed);
    assert_eq!(products(&world).await.len(), 0);
    world.suppliers_told.told().failing = None;
    let rest = contract(&[RestField::Cost], true);
    let sample = RestSample::default();
    let tried = world.suppliers.try_contract(
        world.workspace,
        Platform::Spocket,
        rest,
        "secret".into(),
        &sample,
    );
    assert_eq!(tried.await.unwrap().items, Some(5));
    let accounts = world.suppliers.accounts(world.workspace, None).await;
    assert_eq!(accounts.unwrap().len(), 1);
}
