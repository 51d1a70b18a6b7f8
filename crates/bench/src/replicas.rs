//! Three processes over one PostgreSQL, each replaced in its turn while requests come at a steady rate; and what a long load leaves in the
//! memory of one of them.
//!
//! The requests go where a proxy would send them: to the next process that says it is ready (`/readyz`, looked at ten times a second), and to the
//! one after it when that one takes no connection any more. Each request has a connection of its own. A failed request is one that was
//! answered with anything but 200, that was cut off, or that nobody took.

use crate::load::{self, Connection};
use crate::measure::{Figure, Plan, webhooks};
use crate::product::{Product, memory_mb};
use crate::shop::Serving;
use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use sqlx::{Connection as _, PgConnection, Row as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};

/// Requests that failed while each process was replaced once.
pub const FAILED: &str = "rolling_restart_failed_requests";
/// From when a request was due to its answer, meanwhile.
pub const SLOWEST: &str = "rolling_restart_p99_ms";
/// What the resident memory of a process grew by over a million requests and ten thousand webhooks, after the first tenth of both.
pub const GROWTH: &str = "million_requests_memory_growth_mb";
pub const NAMES: [&str; 3] = [FAILED, SLOWEST, GROWTH];

/// Orders of the shop: the reports are not what is measured.
pub const ORDERS: u64 = 1_000;
const REPLICAS: usize = 3;
const PER_SECOND: f64 = 200.0;
const PATH: &str = "/v1/reports/profit?by=month";
/// Between two looks of the proxy.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Before the first and after the last replacement.
const CALM: Duration = Duration::from_secs(5);
const REQUESTS: u64 = 1_000_000;
const WEBHOOKS: u64 = 10_000;
const WEBHOOKS_PER_SECOND: f64 = 100.0;
const CONNECTIONS: usize = 16;

/// Where the processes are made.
pub struct Yard<'a> {
    pub royal: &'a Path,
    pub folder: &'a Path,
    pub database: &'a str,
    pub shop: &'a Serving,
    pub say: &'a (dyn Fn(&str) + Sync),
}

/// Settings that all of them share.
#[must_use]
pub fn settings() -> Vec<(&'static str, String)> {
    let key = "one key that all of the processes know";
    vec![
        ("SECRET_KEY", key.to_owned()),
        // As in production: it goes on serving after it said that it is not ready, until every proxy has looked.
        ("SHUTDOWN_GRACE", "2".to_owned()),
    ]
}

/// One place behind the proxy.
struct Place {
    address: Mutex<String>,
    ready: AtomicBool,
}

impl Place {
    fn address(&self) -> String {
        let address = self.address.lock().unwrap_or_else(PoisonError::into_inner);
        address.clone()
    }

    fn moves_to(&self, product: &Product) {
        let mut address = self.address.lock().unwrap_or_else(PoisonError::into_inner);
        *address = host(product);
    }
}

fn host(product: &Product) -> String {
    product.target.url.trim_start_matches("http://").to_owned()
}

async fn asks(address: &str, path: &str, token: &str) -> Result<u16> {
    let mut connection = Connection::open(address).await?;
    let request = load::get(address, path, token);
    Ok(connection.ask(&request).await?.status)
}

/// Looks at each place all the while.
async fn watch(places: Arc<Vec<Place>>, is_over: Arc<AtomicBool>) {
    while !is_over.load(Ordering::Relaxed) {
        for place in places.iter() {
            let answer = asks(&place.address(), "/readyz", "").await;
            place
                .ready
                .store(matches!(answer, Ok(200)), Ordering::Relaxed);
        }
        sleep(LOOK_EVERY).await;
    }
}

#[derive(Default)]
struct Tally {
    sent: AtomicU64,
    failed: AtomicU64,
    /// Taken by the second place that was asked.
    passed_on: AtomicU64,
    times: Mutex<Vec<Duration>>,
    faults: Mutex<Vec<String>>,
}

/// One request, by way of the proxy.
async fn request(places: &[Place], turn: usize, token: &str, due: Instant, tally: &Tally) {
    tally.sent.fetch_add(1, Ordering::Relaxed);
    let mut fault = "no process is ready".to_owned();
    for n in 0..places.len() {
        let place = &places[(turn + n) % places.len()];
        if !place.ready.load(Ordering::Relaxed) {
            continue;
        }
        let address = place.address();
        // Nothing was sent: the next one may have it.
        let Ok(mut connection) = Connection::open(&address).await else {
            tally.passed_on.fetch_add(1, Ordering::Relaxed);
            continue;
        };
        let answer = connection.ask(&load::get(&address, PATH, token)).await;
        match answer {
            Ok(answer) if answer.status == 200 => {
                let mut times = tally.times.lock().unwrap_or_else(PoisonError::into_inner);
                times.push(due.elapsed());
                return;
            }
            Ok(answer) => fault = format!("{address} answered {}", answer.status),
            Err(error) => fault = format!("{address}: {error:#}"),
        }
        break;
    }
    tally.failed.fetch_add(1, Ordering::Relaxed);
    let mut faults = tally.faults.lock().unwrap_or_else(PoisonError::into_inner);
    faults.push(fault);
}

async fn load_all(
    places: Arc<Vec<Place>>,
    token: String,
    is_over: Arc<AtomicBool>,
    tally: Arc<Tally>,
) {
    let began = Instant::now();
    let mut running = tokio::task::JoinSet::new();
    for n in 0.. {
        if is_over.load(Ordering::Relaxed) {
            break;
        }
        let due = began + Duration::from_secs_f64(f64::from(n) / PER_SECOND);
        sleep_until(due).await;
        let (places, token, tally) = (Arc::clone(&places), token.clone(), Arc::clone(&tally));
        let turn = usize::try_from(n).unwrap_or(0);
        running.spawn(async move { request(&places, turn, &token, due, &tally).await });
        while running.try_join_next().is_some() {}
    }
    running.join_all().await;
}

impl Yard<'_> {
    fn folder(&self, n: usize, generation: usize) -> Result<PathBuf> {
        let folder = self.folder.join(format!("replica-{n}-{generation}"));
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    fn start(&self, n: usize, generation: usize, token: &str) -> Result<Product> {
        let folder = self.folder(n, generation)?;
        Product::beside(
            self.royal,
            &folder,
            self.database,
            &self.shop.base_url,
            &settings(),
            token,
        )
    }

    /// `first` is one of the three; it is replaced as the others are.
    pub async fn measure(&self, plan: &Plan, first: Product) -> Result<Vec<Figure>> {
        let token = first.target.token.clone();
        let place = first.target.place.name();
        let figure = |name: &str, value, unit| Figure {
            name: format!("{name}_{place}"),
            value,
            unit,
            ratio: None,
            against: None,
        };
        let mut figures = Vec::new();
        if plan.wants(&[GROWTH]) {
            let grown = self.growth(&first).await?;
            figures.push(figure(GROWTH, grown, "MB"));
        }
        if plan.wants(&[FAILED, SLOWEST]) {
            let (failed, p99) = self.rolling(first, &token).await?;
            figures.push(figure(FAILED, failed, "requests"));
            figures.push(figure(SLOWEST, p99, "ms"));
        }
        Ok(figures)
    }

    async fn rolling(&self, first: Product, token: &str) -> Result<(f64, f64)> {
        let mut products = vec![first];
        for n in 1..REPLICAS {
            products.push(self.start(n, 0, token)?);
        }
        let places = products.iter().map(|product| Place {
            address: Mutex::new(host(product)),
            ready: AtomicBool::new(false),
        });
        let places: Arc<Vec<Place>> = Arc::new(places.collect());
        let (is_over, tally) = (Arc::new(AtomicBool::new(false)), Arc::new(Tally::default()));
        let watching = tokio::spawn(watch(Arc::clone(&places), Arc::clone(&is_over)));
        while places.iter().any(|p| !p.ready.load(Ordering::Relaxed)) {
            sleep(LOOK_EVERY).await;
        }
        let loading = tokio::spawn(load_all(
            Arc::clone(&places),
            token.to_owned(),
            Arc::clone(&is_over),
            Arc::clone(&tally),
        ));
        sleep(CALM).await;
        for (n, place) in places.iter().enumerate() {
            // The new one first, as an orchestrator does that keeps the number.
            let new = self.start(n, 1, token)?;
            let old = std::mem::replace(&mut products[n], new);
            let ending = tokio::task::spawn_blocking(move || old.end());
            ending.await??;
            place.moves_to(&products[n]);
            (self.say)(&format!("process {} of {REPLICAS} is replaced", n + 1));
            sleep(CALM).await;
        }
        is_over.store(true, Ordering::Relaxed);
        loading.await?;
        watching.await?;
        let count = |of: &AtomicU64| of.load(Ordering::Relaxed);
        let faults = tally.faults.lock().unwrap_or_else(PoisonError::into_inner);
        for fault in faults.iter().take(5) {
            (self.say)(fault);
        }
        (self.say)(&format!(
            "{} requests, {} failed, {} passed on to the next process",
            count(&tally.sent),
            count(&tally.failed),
            count(&tally.passed_on)
        ));
        let mut times = tally.times.lock().unwrap_or_else(PoisonError::into_inner);
        ensure!(!times.is_empty(), "nothing was answered");
        times.sort_unstable();
        let place = (times.len() * 99).div_ceil(100).clamp(1, times.len()) - 1;
        let p99 = times[place].as_secs_f64() * 1e3;
        #[expect(clippy::cast_precision_loss, reason = "far below 2⁵²")]
        Ok((count(&tally.failed) as f64, p99))
    }

    /// Reports and lists by turns; what a process needs at all is there after the first tenth.
    async fn growth(&self, product: &Product) -> Result<f64> {
        let address = host(product);
        let paths = [PATH, "/v1/metrics", "/v1/orders?limit=20", "/v1/auth/me"];
        self.ask_so_many(&address, product, &paths, REQUESTS / 10)
            .await?;
        self.deliver_so_many(&address, product, WEBHOOKS / 10)
            .await?;
        let before = memory_mb(product.target.pid, "VmRSS")?;
        self.ask_so_many(&address, product, &paths, REQUESTS - REQUESTS / 10)
            .await?;
        self.deliver_so_many(&address, product, WEBHOOKS - WEBHOOKS / 10)
            .await?;
        let after = memory_mb(product.target.pid, "VmRSS")?;
        (self.say)(&format!("{before:.1} MB, then {after:.1} MB"));
        Ok(after - before)
    }

    /// Each is stored, claimed, read again from the shop and booked; afterwards none waits.
    async fn deliver_so_many(&self, address: &str, product: &Product, wanted: u64) -> Result<()> {
        let read = load::get(address, "/v1/syncs?limit=1", &product.target.token);
        let told = Connection::open(address).await?.ask(&read).await?.body;
        let told: Value = serde_json::from_slice(&told)?;
        let connection = told["syncs"][0]["connection_id"].as_str();
        let connection = connection.context("no connection")?;
        let orders = self.shop.shop().orders;
        let changed: Vec<u64> = (0..wanted).map(|n| (n * 7 + 3) % orders).collect();
        let requests = webhooks(self.shop, address, connection, &changed);
        load::open(address, requests, WEBHOOKS_PER_SECOND, 202).await?;
        let mut database = PgConnection::connect(self.database).await?;
        loop {
            let row = sqlx::query(
                "SELECT count(*) FILTER (WHERE state = 'pending'), count(*) FILTER (WHERE state = 'dead') FROM inbox",
            );
            let row = row.fetch_one(&mut database).await?;
            let (pending, dead): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
            ensure!(dead == 0, "{dead} webhooks were given up");
            if pending == 0 {
                return Ok(database.close().await?);
            }
            sleep(LOOK_EVERY).await;
        }
    }

    async fn ask_so_many(
        &self,
        address: &str,
        product: &Product,
        paths: &[&str],
        wanted: u64,
    ) -> Result<()> {
        let asked = Arc::new(AtomicU64::new(0));
        let token = &product.target.token;
        let requests: Arc<Vec<Vec<u8>>> =
            Arc::new(paths.iter().map(|p| load::get(address, p, token)).collect());
        let mut tasks = Vec::new();
        for _ in 0..CONNECTIONS {
            let (asked, requests) = (Arc::clone(&asked), Arc::clone(&requests));
            let address = address.to_owned();
            tasks.push(tokio::spawn(async move {
                let mut connection = Connection::open(&address).await?;
                loop {
                    let n = asked.fetch_add(1, Ordering::Relaxed);
                    if n >= wanted {
                        return Ok::<_, anyhow::Error>(());
                    }
                    let which = usize::try_from(n).unwrap_or(0) % requests.len();
                    let answer = connection.ask(&requests[which]).await;
                    let answer = answer.context("a request was not answered")?;
                    ensure!(answer.status == 200, "answered {}", answer.status);
                }
            }));
        }
        for task in tasks {
            task.await??;
        }
        Ok(())
    }
}
