//! The whole of the bench over a small store, so that it cannot rot. Nothing here depends on how fast anything is.

#![expect(clippy::unwrap_used, reason = "tests")]

use bench::measure::{Bench, Figure, NAMES, Plan, Speeds, growth};
use bench::product::{Place, Target};
use bench::queue::{RATE_POSTGRES, RATE_SQLITE, measure};
use bench::{PRODUCTS, Shop, ads, reads, replicas, serve, streams};
use chrono::{SubsecRound as _, Utc};
use domain::people::Role;
use secrecy::SecretString;
use server::config;
use server::serve::{Running, start};
use std::path::Path;

const ORDERS: u64 = 500;

async fn product(
    folder: &Path,
    database: Option<&str>,
    shop: &str,
    platforms: &str,
) -> (Running, Target) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut pairs = vec![
        ("PORT", "0"),
        ("DATA_DIR", folder.to_str().unwrap()),
        ("APP_ENV", "testing"),
        ("SYNC_INTERVAL", "3600"),
        ("RATE_LIMIT_REQUESTS", "0"),
        ("TRUSTED_PROXIES", "127.0.0.1"),
        ("SHOPIFY_SHOP", "bench"),
        ("SHOPIFY_ACCESS_TOKEN", "shpat_bench"),
        ("SHOPIFY_API_SECRET", bench::SECRET),
        ("SHOPIFY_BASE_URL", shop),
        ("SANDBOX_URL", platforms),
    ];
    pairs.extend(database.map(|url| ("DATABASE_URL", url)));
    let pairs = pairs
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    let running = start(config::from(pairs, None).unwrap().settings)
        .await
        .unwrap();
    let people = &running.composed().people;
    let email = "owner@example.com";
    let password = SecretString::from("correct horse battery");
    people
        .add_user(email, Role::Owner, password, None)
        .await
        .unwrap();
    let (token, _) = people
        .create_token(email, "bench", Vec::new(), None)
        .await
        .unwrap();
    let target = Target {
        url: running.url().to_owned(),
        token,
        place: match database {
            Some(url) => Place::Postgres(url.to_owned()),
            None => Place::Sqlite(folder.join("royal.db")),
        },
        pid: std::process::id(),
    };
    (running, target)
}

/// Over a database of its own.
async fn queue(plan: &Plan, database: Option<&str>, folder: &Path) -> Vec<Figure> {
    let Some(database) = database else {
        let place = Place::Sqlite(folder.join("queue.db"));
        return measure(plan, &place, &|_| ()).await.unwrap();
    };
    let name = "royal_bench_it_queue";
    let url = bench::database::create(database, name).await.unwrap();
    let place = Place::Postgres(url.clone());
    let figures = measure(plan, &place, &|_| ()).await.unwrap();
    bench::database::drop(database, &url).await.unwrap();
    figures
}

async fn check(database: Option<&str>) {
    let folder = tempfile::tempdir().unwrap();
    let shop = Shop {
        orders: ORDERS,
        products: PRODUCTS,
        now: Utc::now().trunc_subsecs(0),
    };
    let shop = serve(shop, folder.path(), |_| ()).await.unwrap();
    let few = ads::Size {
        campaigns: 6,
        ad_sets_each: 2,
        days: 70,
    };
    let market = ads::market(few).await.unwrap();
    let (running, target) =
        product(folder.path(), database, &shop.base_url, &market.base_url).await;
    let plan = Plan {
        names: Vec::new(),
        seconds: 0.3,
    };
    let bench = Bench {
        plan: &plan,
        shop: &shop,
        target: &target,
        folder: folder.path(),
        say: &|_| (),
    };
    let (mut figures, speeds) = bench.whole(None).await.unwrap();
    let other = Speeds {
        profit: speeds.profit,
        metrics: speeds.metrics,
    };
    figures.extend(growth(&plan, &target.place, other, speeds));

    figures.extend(bench.night().await.unwrap());
    figures.extend(bench.ads().await.unwrap());
    figures.extend(bench.suppliers(40).await.unwrap());
    let few = streams::Size {
        events: 70,
        talks: 66,
    };
    figures.extend(bench.streams(few).await.unwrap());
    figures.extend(queue(&plan, database, folder.path()).await);

    let (suffix, of_other) = match database {
        Some(_) => ("_postgres", ["ingest_vs_insert_sqlite", RATE_SQLITE]),
        None => ("", ["ingest_vs_copy_postgres", RATE_POSTGRES]),
    };
    // Of several processes there is none here: the program is not started; nor is Fastify, which needs Node and its packages.
    let expected = NAMES.iter().filter(|name| {
        !of_other.contains(name)
            && !replicas::NAMES.contains(name)
            && !reads::OF_FASTIFY.contains(name)
    });
    for name in expected {
        let name = if name.contains("_postgres") {
            (*name).to_owned()
        } else {
            format!("{name}{suffix}")
        };
        let figure = figures.iter().find(|f| f.name == name);
        assert!(figure.is_some_and(|f| f.value > 0.0), "{name}: {figures:?}");
    }
    // What was read is whole: the ledger of every order adds up to the shop's own total, and the rollups to the ledgers.
    let composed = running.composed();
    let workspace = composed.ports.accounts.workspaces().await.unwrap()[0].id;
    let store = composed.stores.pick(workspace, None).await.unwrap();
    assert_eq!(composed.stores.orders(&store).await.unwrap(), ORDERS);
    while composed.ports.inbox.state(None).await.unwrap().pending > 0 {
        tokio::task::yield_now().await;
    }
    let findings = composed.doctor.check(&store, false, |_| ()).await.unwrap();
    assert!(findings.is_sound(), "{findings:?}");
    assert_eq!(findings.differs_from_provider, 0, "{findings:?}");
    running.stop().await;
    market.stop().await;
    shop.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_figure_is_measured_on_sqlite() {
    check(None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_figure_is_measured_on_postgres() {
    let server = std::env::var("TEST_DATABASE_URL").expect("TEST_DATABASE_URL names a PostgreSQL");
    let database = bench::database::create(&server, "royal_bench_it")
        .await
        .unwrap();
    check(Some(&database)).await;
    bench::database::drop(&server, &database).await.unwrap();
}
