//! `kill -9` under load, again and again: every run that was accepted comes to its end, and every change has its effect once.
//!
//! `ROYAL_KILLS=200 ROYAL_RUNS=2000` is the size that is promised; what every test run does is smaller.

use crate::agents::{ORDERS, PRICES};
use crate::databases::Place;
use crate::killed::{Product, moment, shop};
use crate::support::{Client, until};
use ports::runs::MOST_CRASHES;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinHandle;

/// Changes that are wanted for each kill, and who make them; all of them fit into what a store may change within a day.
const CHANGES: u64 = 4;
const CHANGERS: usize = 4;
const DAY_LIMIT: u64 = 1_000;
/// One in so many kills may be the third of a run: they follow each other faster than a run of a slow machine ends.
const MOST_DEAD: u64 = 10;
const PAUSE: Duration = Duration::from_millis(20);

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |text| text.parse().unwrap())
}

/// Who starts runs and makes changes all the while, whether or not somebody answers.
pub(crate) struct Load {
    client: Client,
    /// Runs that were accepted.
    runs: Mutex<BTreeSet<String>>,
    /// Change-sets that were approved, with the tag that each of them adds.
    sets: Mutex<BTreeMap<String, String>>,
    /// How many changes were begun.
    begun: AtomicU64,
    is_over: AtomicBool,
}

impl Load {
    fn goes_on(&self) -> bool {
        !self.is_over.load(Ordering::Relaxed)
    }

    /// `None`: nobody answered, or could not, or asks to go slower.
    async fn once(&self, request: reqwest::RequestBuilder) -> Option<(u16, Value)> {
        let answer = request.send().await.ok()?;
        let status = answer.status().as_u16();
        let body = answer.json().await.ok()?;
        (status < 500 && status != 429).then_some((status, body))
    }

    /// The same request until it is answered: whatever came of the first one, it is done once.
    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let key = uuid::Uuid::new_v4().to_string();
        loop {
            let request = self.client.keyless(Method::POST, path);
            let request = request.header("idempotency-key", &key).json(body);
            match self.once(request).await {
                Some(answer) => return answer,
                None => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    async fn read(&self, path: &str) -> Value {
        loop {
            match self.once(self.client.request(Method::GET, path)).await {
                Some((200, body)) => return body,
                Some(answer) => panic!("{path}: {answer:?}"),
                None => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    async fn until_not(&self, path: &str, open: &[&str]) -> Value {
        loop {
            let work = self.read(path).await;
            if !open.contains(&work["status"].as_str().unwrap()) {
                return work;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// One run of the agent after the other. Rehearsals: how often an agent decides within an hour is limited.
    async fn keep_running(&self, agent: &str) {
        let day = (chrono::Utc::now() - chrono::Duration::days(2)).date_naive();
        let body = json!({ "from": day, "to": day });
        while self.goes_on() {
            match self.post(&format!("{agent}/rehearsals"), &body).await {
                (201, run) => {
                    let id = run["id"].as_str().unwrap().to_owned();
                    let path = format!("/v1/runs/{id}");
                    self.runs.lock().unwrap().insert(id);
                    let open = ["queued", "running"];
                    self.until_not(&path, &open).await;
                }
                // The one whose answer was lost is under way.
                (409, _) => tokio::time::sleep(PAUSE).await,
                other => panic!("{agent}: {other:?}"),
            }
        }
    }

    /// One change after the other until there are enough, each with an effect of its own.
    async fn keep_changing(&self, enough: u64) {
        let orders = self.read("/v1/orders?limit=40").await;
        let orders = orders["orders"].as_array().unwrap();
        loop {
            let n = self.begun.fetch_add(1, Ordering::Relaxed);
            if n >= enough {
                return;
            }
            let tag = format!("kill-{n}");
            let order = &orders[usize::try_from(n).unwrap() % orders.len()]["id"];
            let edit = json!({ "kind": "add_tags", "order_id": order, "tags": [tag] });
            let new = json!({ "edits": [edit] });
            let (status, set) = loop {
                match self.post("/v1/change-sets", &new).await {
                    // A request of before the kill may hold its key for a moment.
                    (409, _) => tokio::time::sleep(PAUSE).await,
                    answer => break answer,
                }
            };
            assert_eq!(status, 201, "{set}");
            let path = format!("/v1/change-sets/{}", set["id"].as_str().unwrap());
            let body = json!({ "digest": set["digest"] });
            while self.read(&path).await["status"] == "proposed" {
                let (status, answer) = self.post(&format!("{path}/approve"), &body).await;
                assert!([200, 409].contains(&status), "{answer}");
            }
            let id = set["id"].as_str().unwrap().to_owned();
            self.sets.lock().unwrap().insert(id, tag);
            self.until_not(&path, &["approved", "applying"]).await;
        }
    }
}

/// Every run there is, by id.
async fn all_runs(client: &Client) -> BTreeMap<String, Value> {
    let (mut all, mut cursor) = (BTreeMap::new(), String::new());
    loop {
        let page = client.read(&format!("/v1/runs?limit=250{cursor}")).await;
        for run in page["runs"].as_array().unwrap() {
            all.insert(run["id"].as_str().unwrap().to_owned(), run.clone());
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

pub(crate) async fn is_read(client: &Client) {
    until(|| async {
        let syncs = client.read("/v1/syncs").await;
        let mut runs = syncs["syncs"].as_array()?.iter();
        runs.any(|run| run["status"] == "succeeded").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_under_load_no_run_is_lost_and_no_effect_is_doubled() {
    killed_under_load(Place::Embedded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_under_load_over_postgres_no_run_is_lost_and_no_effect_is_doubled() {
    killed_under_load(Place::postgres().await).await;
}

async fn killed_under_load(place: Place) {
    let (kills, wanted) = (number("ROYAL_KILLS", 10), number("ROYAL_RUNS", 100));
    assert!(kills * CHANGES <= DAY_LIMIT, "fewer kills");
    let product = Product::over(shop(40), place).await;
    let mut alive = product.start().await;
    is_read(&alive.client).await;
    let load = Load::begin(&alive.client, &product, kills).await;
    for kill in 0..kills {
        tokio::time::sleep(moment(kill)).await;
        alive.kill();
        alive = product.start().await;
    }
    load.end(&alive.client, &product, kills, wanted).await;
    alive.kill();
    product.doctor_is_content().await;
    product.remove().await;
}

/// A load with its drivers.
pub(crate) struct UnderWay {
    load: Arc<Load>,
    drivers: Vec<JoinHandle<()>>,
}

impl Load {
    /// Enough changes for so many kills, through this client all the while.
    pub(crate) async fn begin(client: &Client, product: &Product, kills: u64) -> UnderWay {
        let mut limits = client.read("/v1/guardrails").await["limits"].clone();
        limits["operations_day"] = json!(DAY_LIMIT);
        let limits = json!({ "version": 0, "limits": limits, "reason": "a day of kills" });
        let put = client.request(Method::PUT, "/v1/guardrails");
        let put = put.json(&limits).send().await.unwrap();
        assert!(put.status().is_success(), "{put:?}");
        let sandbox = Client::new(&product.shop.base_url);
        let slow = json!({ "slow": 1, "slow_ms": 20 });
        assert!(sandbox.post("/__faults", &slow).await.status().is_success());
        let load = Arc::new(Self {
            client: client.clone(),
            runs: Mutex::default(),
            sets: Mutex::default(),
            begun: AtomicU64::new(0),
            is_over: AtomicBool::new(false),
        });
        let mut drivers = Vec::new();
        for agent in [PRICES, ORDERS] {
            let load = load.clone();
            drivers.push(tokio::spawn(async move { load.keep_running(agent).await }));
        }
        for _ in 0..CHANGERS {
            let load = load.clone();
            let enough = kills * CHANGES;
            drivers.push(tokio::spawn(
                async move { load.keep_changing(enough).await },
            ));
        }
        UnderWay { load, drivers }
    }
}

impl UnderWay {
    /// Waits until so many runs were accepted and all changes are made, and proves that none is lost and none is doubled.
    pub(crate) async fn end(self, client: &Client, product: &Product, kills: u64, wanted: u64) {
        let Self { load, drivers } = self;
        // A driver that broke off would not bring them.
        while (load.runs.lock().unwrap().len() as u64) < wanted && !drivers[0].is_finished() {
            tokio::time::sleep(PAUSE).await;
        }
        load.is_over.store(true, Ordering::Relaxed);
        for driver in drivers {
            driver.await.unwrap();
        }

        let runs = until(|| async {
            let runs = all_runs(client).await;
            let is_open =
                |run: &Value| ["queued", "running"].contains(&run["status"].as_str().unwrap());
            (!runs.values().any(is_open)).then_some(runs)
        })
        .await;
        let accepted = load.runs.lock().unwrap().clone();
        let lost = accepted.iter().filter(|id| !runs.contains_key(*id));
        assert_eq!(lost.count(), 0, "accepted, and not there");
        // A run whose process was killed three times while it was worked on is not taken up again, and says so.
        let is_dead = |run: &Value| run["status"] == "dead" && run["crashes"] == MOST_CRASHES;
        let (dead, others): (Vec<_>, Vec<_>) = runs
            .values()
            .filter(|run| run["status"] != "succeeded")
            .partition(|run| is_dead(run));
        assert!(others.is_empty(), "{others:?}");
        assert!(dead.len() as u64 <= kills / MOST_DEAD, "{dead:?}");
        let crashes: u64 = runs.values().filter_map(|r| r["crashes"].as_u64()).sum();

        let sets = load.sets.lock().unwrap().clone();
        for id in sets.keys() {
            let set = client.read(&format!("/v1/change-sets/{id}")).await;
            assert_eq!(set["status"], "applied", "{set}");
        }
        let sandbox = Client::new(&product.shop.base_url);
        let made = sandbox.read("/__writes").await;
        let mut effects: BTreeMap<String, u64> = BTreeMap::new();
        for write in made["writes"].as_array().unwrap() {
            let tags = |of: &str| write[of].as_array().unwrap().clone();
            let before = tags("before");
            let mut added = tags("after");
            added.retain(|tag| !before.contains(tag));
            // A repeat that changes nothing any more is none of those that are expected.
            let added = added.iter().map(|tag| tag.as_str().unwrap());
            *effects.entry(added.collect()).or_default() += 1;
        }
        let expected: BTreeMap<_, _> = sets.values().map(|tag| (tag.clone(), 1)).collect();
        assert_eq!(effects, expected);
        println!(
            "{kills} kills: {} runs accepted and {} in all, 0 lost, {crashes} broken off, {} of them for the third time; {} effects, 0 doubled",
            accepted.len(),
            runs.len(),
            dead.len(),
            effects.len()
        );
    }
}
