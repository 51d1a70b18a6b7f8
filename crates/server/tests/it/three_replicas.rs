//! Three processes over one PostgreSQL and one Redis, behind a proxy that knows nothing but where they listen: killed under load, asked to
//! end with open streams, and split by roles.

use crate::databases::Place;
use crate::killed::{Alive, Product, moment, shop};
use crate::killed_runs::{Load, is_read};
use crate::support::{Client, until};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use testkit::redis::RedisServer;
use tokio::net::{TcpListener, TcpStream};

pub(crate) const REPLICAS: usize = 3;
/// What is promised from the signal to the end of a process.
const DRAINED: Duration = Duration::from_secs(30);
const SYNC_EVERY: u64 = 2;

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |text| text.parse().unwrap())
}

fn free_port() -> u16 {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    free.local_addr().unwrap().port()
}

/// Gives each connection to the next one that takes it.
async fn proxy(ports: Vec<u16>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let turn = AtomicUsize::new(0);
    tokio::spawn(async move {
        while let Ok((mut from, _)) = listener.accept().await {
            let first = turn.fetch_add(1, Ordering::Relaxed);
            let ports = ports.clone();
            tokio::spawn(async move {
                for n in 0..ports.len() {
                    let port = ports[(first + n) % ports.len()];
                    if let Ok(mut to) = TcpStream::connect(("127.0.0.1", port)).await {
                        let _ = tokio::io::copy_bidirectional(&mut from, &mut to).await;
                        return;
                    }
                }
            });
        }
    });
    url
}

pub(crate) struct Fleet {
    pub(crate) product: Product,
    _redis: RedisServer,
    folders: Vec<TempDir>,
    ports: Vec<u16>,
    pub(crate) replicas: Vec<Option<Alive>>,
    /// Through the proxy.
    pub(crate) client: Client,
}

impl Fleet {
    async fn start(orders: usize, settings: &[(&'static str, &str)]) -> Self {
        Self::start_by(env!("CARGO_BIN_EXE_royal").into(), orders, settings).await
    }

    /// By a program that may be of another release.
    pub(crate) async fn start_by(
        program: PathBuf,
        orders: usize,
        settings: &[(&'static str, &str)],
    ) -> Self {
        let redis = RedisServer::start();
        let ports: Vec<_> = (0..REPLICAS).map(|_| free_port()).collect();
        let url = proxy(ports.clone()).await;
        let mut more = vec![
            ("REDIS_URL", redis.url()),
            ("PUBLIC_URL", url.clone()),
            (
                "SECRET_KEY",
                "one key that all of the replicas know".to_owned(),
            ),
        ];
        more.extend(
            settings
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned())),
        );
        let place = Place::postgres().await;
        let product = Product::begun_by(program, shop(orders), place, more).await;
        let mut fleet = Self {
            product,
            _redis: redis,
            folders: (0..REPLICAS)
                .map(|_| tempfile::tempdir().unwrap())
                .collect(),
            ports,
            replicas: Vec::new(),
            client: Client::new(&url),
        };
        for n in 0..REPLICAS {
            let alive = fleet.start_one(n).await;
            fleet.client.token = alive.token();
            fleet.replicas.push(Some(alive));
        }
        fleet
    }

    pub(crate) async fn start_one(&self, n: usize) -> Alive {
        let folder = self.folders[n].path();
        self.product.start_in(folder, self.ports[n]).await
    }

    pub(crate) fn at(&self, n: usize) -> Client {
        self.client
            .at(&format!("http://127.0.0.1:{}", self.ports[n]))
    }

    async fn kill_and_start(&mut self, n: usize) {
        self.replicas[n].take().unwrap().kill();
        self.replicas[n] = Some(self.start_one(n).await);
    }
}

/// Reads the stream of one replica for a while and goes on at the next, over everything that happens to them.
async fn follow(clients: Vec<Client>, told: Arc<Mutex<Vec<i64>>>, is_over: Arc<AtomicBool>) {
    for client in clients.iter().cycle() {
        if is_over.load(Ordering::Relaxed) {
            return;
        }
        let last = told.lock().unwrap().last().copied().unwrap_or(0);
        let look = read_ids(client, last, |ids| told.lock().unwrap().extend(ids));
        // Left in the middle of whatever it says.
        let _ = tokio::time::timeout(Duration::from_millis(700), look).await;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Ids of whole frames, until the connection ends.
async fn read_ids(client: &Client, after: i64, mut told: impl FnMut(Vec<i64>)) {
    let request = client.request(
        reqwest::Method::GET,
        &format!("/v1/stream?last_event_id={after}"),
    );
    let Ok(mut answer) = request.send().await else {
        return;
    };
    if answer.status() != 200 {
        return;
    }
    let mut text = String::new();
    while let Ok(Some(chunk)) = answer.chunk().await {
        text.push_str(std::str::from_utf8(&chunk).unwrap());
        let end = text.rfind("\n\n").map_or(0, |at| at + 2);
        let whole: String = text.drain(..end).collect();
        let ids = whole.lines().filter_map(|l| l.strip_prefix("id: "));
        told(ids.map(|id| id.parse().unwrap()).collect());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_one_after_the_other_nothing_is_lost_and_nothing_is_doubled() {
    let (kills, wanted) = (number("ROYAL_KILLS", 9), number("ROYAL_RUNS", 60));
    let every = SYNC_EVERY.to_string();
    let mut fleet = Fleet::start(40, &[("SYNC_INTERVAL", &every)]).await;
    is_read(&fleet.client).await;
    let began = Instant::now();
    let before = syncs(&fleet.client).await.len() as u64;

    let (told, is_over) = (
        Arc::new(Mutex::new(Vec::new())),
        Arc::new(AtomicBool::new(false)),
    );
    let clients = (0..REPLICAS).map(|n| fleet.at(n)).collect();
    let follower = tokio::spawn(follow(clients, told.clone(), is_over.clone()));
    let load = Load::begin(&fleet.client, &fleet.product, kills).await;
    for kill in 0..kills {
        tokio::time::sleep(moment(kill)).await;
        // Webhooks come to whoever the proxy gives them to.
        let events = Client::new(&fleet.product.shop.base_url);
        for kind in ["order_create", "refund", "order_create"] {
            events.post("/__events", &json!({ "kind": kind })).await;
        }
        fleet
            .kill_and_start(usize::try_from(kill).unwrap() % REPLICAS)
            .await;
    }
    let whole = fleet.client.clone();
    load.end(&whole, &fleet.product, kills, wanted).await;
    until(|| async { fleet.product.agrees_with(&whole).await.then_some(()) }).await;

    // Three look at what is due, one begins it; each start looks at once.
    let made = syncs(&whole).await.len() as u64 - before;
    let most = began.elapsed().as_secs() / SYNC_EVERY + kills + 2;
    assert!(made <= most, "{made} syncs, where {most} were due at most");

    // The same events, once each and in order, as somebody reads them who was never cut off.
    let last = *told.lock().unwrap().last().unwrap();
    is_over.store(true, Ordering::Relaxed);
    follower.await.unwrap();
    let mut all = Vec::new();
    let read = async {
        while all.last().is_none_or(|id| *id < last) {
            let after = all.last().copied().unwrap_or(0);
            let look = read_ids(&whole, after, |ids| all.extend(ids));
            let _ = tokio::time::timeout(Duration::from_secs(1), look).await;
        }
    };
    read.await;
    all.retain(|id| *id <= last);
    let mut told = told.lock().unwrap().clone();
    told.retain(|id| *id <= last);
    assert!(told.len() > 50, "{}", told.len());
    assert_eq!(told, all);
    println!(
        "{} events over {REPLICAS} replicas, none lost, none twice; {made} syncs of at most {most}",
        told.len()
    );

    for replica in fleet.replicas.into_iter().flatten() {
        replica.kill();
    }
    fleet.product.doctor_is_content().await;
    fleet.product.remove().await;
}

async fn syncs(client: &Client) -> BTreeSet<String> {
    let (mut all, mut cursor) = (BTreeSet::new(), String::new());
    loop {
        let page = client.read(&format!("/v1/syncs?limit=250{cursor}")).await;
        let runs = page["syncs"].as_array().unwrap().iter();
        all.extend(runs.map(|r| r["id"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_to_end_with_fifty_streams_open_it_ends_in_time_and_they_go_on_elsewhere() {
    let mut fleet = Fleet::start(40, &[]).await;
    is_read(&fleet.client).await;
    let mut streams = Vec::new();
    for _ in 0..50 {
        let mut stream = fleet.at(0).get("/v1/stream?last_event_id=0").await;
        assert_eq!(stream.status(), 200);
        assert!(stream.chunk().await.unwrap().is_some());
        streams.push(stream);
    }
    let began = Instant::now();
    let ended = fleet.replicas[0].take().unwrap().terminate().await;
    let took = began.elapsed();
    println!("SIGTERM with 50 open streams: ended after {took:?}");
    assert!(ended.success(), "{ended}");
    assert!(took < DRAINED, "{took:?}");
    for mut stream in streams {
        while let Ok(Some(_)) = stream.chunk().await {}
    }
    // The others know, and serve.
    let health = until(|| async {
        let health = fleet.at(1).read("/health").await;
        let present = health["replicas"].as_array().map(Vec::len);
        (present == Some(REPLICAS - 1)).then_some(health)
    })
    .await;
    assert_eq!(health["components"]["redis"], "healthy");
    let mut stream = fleet.at(1).get("/v1/stream?last_event_id=0").await;
    assert!(stream.chunk().await.unwrap().is_some());
    drop(stream);
    drop(fleet.replicas);
    fleet.product.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_answers_and_another_works() {
    let fleet = Fleet::start(40, &[("ROLE", "web")]).await;
    // Nobody works: what is asked for waits.
    let connection = until(|| async {
        let all = fleet.client.read("/v1/connections").await;
        Some(all["connections"].as_array()?.len())
    })
    .await;
    assert_eq!(
        connection, 0,
        "the shop of the environment is connected by who works"
    );
    let folder = tempfile::tempdir().unwrap();
    let (port, mut worker) = (free_port(), Vec::new());
    let settings = [("ROLE", "worker")];
    worker.push(fleet.product.start_as(folder.path(), port, &settings).await);
    is_read(&fleet.client).await;
    let alone = fleet.client.at(&format!("http://127.0.0.1:{port}"));
    for (path, status) in [
        ("/healthz", 200),
        ("/readyz", 200),
        ("/health", 200),
        ("/v1/syncs", 404),
        ("/", 404),
    ] {
        assert_eq!(alone.get(path).await.status(), status, "{path}");
    }
    let health = until(|| async {
        let health = fleet.client.read("/health").await;
        let replicas = health["replicas"].as_array()?.clone();
        let role = |r: &Value| r["role"].as_str().unwrap().to_owned();
        let mut roles: Vec<_> = replicas.iter().map(role).collect();
        roles.sort();
        (roles.len() == REPLICAS + 1).then_some(roles)
    })
    .await;
    assert_eq!(health, ["web", "web", "web", "worker"]);
    drop((worker, fleet.replicas));
    fleet.product.remove().await;
}
