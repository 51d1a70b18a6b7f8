//! The emergency stop over two processes and one PostgreSQL: from its answer on no write begins, whoever works on it.

use crate::databases::Place;
use crate::killed::royal;
use crate::support::{Client, server, until};
use serde_json::{Value, json};
use std::process::Child;
use std::time::{Duration, Instant};

/// A store's sets follow one another, and one process works on the sets of two stores at the same time: more need another process.
const OF_ONE_PROCESS: usize = 2;
const STORES: usize = 2 * OF_ONE_PROCESS;
/// What is promised from the press to the last write in the shops.
const PROMISED: Duration = Duration::from_secs(2);

/// Killed when it is dropped.
struct Replica {
    child: Child,
    folder: tempfile::TempDir,
}

impl Drop for Replica {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Replica {
    async fn start(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = royal(folder.path());
        command.arg("serve").env("PORT", "0");
        command.envs(settings.iter().copied());
        let child = command.spawn().unwrap();
        let replica = Self { child, folder };
        until(|| async {
            let run = std::fs::read_to_string(replica.folder.path().join("royal.run"));
            run.ok().filter(|url| !url.trim().is_empty())
        })
        .await;
        replica
    }
}

async fn shops() -> Vec<sandbox::Running> {
    let mut shops = Vec::new();
    for (seed, n) in (1..).zip(0..STORES) {
        let options = sandbox::Options {
            seed,
            name: format!("Shop {n}"),
            orders: 40,
            days: 90,
            bulk_ms: 20,
            ..sandbox::Options::default()
        };
        shops.push(sandbox::start(options).await.unwrap());
    }
    shops
}

/// A set for each store, with a tag for each of its orders; all of them are approved at about the same time.
async fn approved(owner: &Client, stores: &[String]) -> Vec<String> {
    let mut sets = Vec::new();
    for store in stores {
        let orders = owner
            .read(&format!("/v1/orders?limit=40&store={store}"))
            .await;
        let orders = orders["orders"].as_array().unwrap();
        let edit = |order: &Value| json!({ "kind": "add_tags", "order_id": order["id"], "tags": ["stop"] });
        let edits: Vec<_> = orders.iter().map(edit).collect();
        let new = json!({ "store_id": store, "edits": edits });
        let set = owner.post("/v1/change-sets", &new).await;
        sets.push(set.json::<Value>().await.unwrap());
    }
    let id = |set: &Value| set["id"].as_str().unwrap().to_owned();
    for set in &sets {
        let body = json!({ "digest": set["digest"] });
        let path = format!("/v1/change-sets/{}/approve", id(set));
        assert_eq!(owner.post(&path, &body).await.status(), 200);
    }
    sets.iter().map(id).collect()
}

async fn statuses(owner: &Client, sets: &[String]) -> Vec<String> {
    let mut statuses = Vec::new();
    for id in sets {
        let set = owner.read(&format!("/v1/change-sets/{id}")).await;
        statuses.push(set["status"].as_str().unwrap().to_owned());
    }
    statuses
}

/// How many writes each shop has had.
fn effects(shops: &[sandbox::Running]) -> Vec<usize> {
    let made = |shop: &sandbox::Running| shop.writes()["writes"].as_array().unwrap().len();
    shops.iter().map(made).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_its_answer_on_a_stop_lets_no_process_begin_a_write() {
    let place = Place::postgres().await;
    let shops = shops().await;
    let urls: Vec<_> = shops.iter().map(|shop| shop.base_url.clone()).collect();
    let key = "one key that both of the replicas know".to_owned();
    let mut settings = vec![("SANDBOX_URL", urls.join(",")), ("SECRET_KEY", key)];
    settings.push(("SYNC_INTERVAL", "3600".to_owned()));
    settings.extend(place.settings());
    let settings: Vec<(&str, &str)> = settings.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let one = server(&settings).await;
    let owner = one.owner().await;
    for _ in &shops {
        owner.connect_sandbox().await;
    }
    let other = Replica::start(&settings).await;
    let stores = owner.read("/v1/stores").await;
    let stores = stores["stores"].as_array().unwrap().iter();
    let stores: Vec<_> = stores
        .map(|s| s["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(stores.len(), STORES);
    let sets = approved(&owner, &stores).await;
    for shop in &shops {
        shop.fault("slow", 1.0).unwrap();
        shop.fault("slow_ms", 100.0).unwrap();
    }
    until(|| async {
        let writing = effects(&shops).iter().filter(|made| **made > 0).count();
        let statuses = statuses(&owner, &sets).await;
        let applying = statuses.iter().filter(|s| *s == "applying").count();
        assert!(
            !statuses.iter().any(|s| s == "applied"),
            "too fast: {statuses:?}"
        );
        (applying.min(writing) > OF_ONE_PROCESS).then_some(())
    })
    .await;

    let pressed = Instant::now();
    let body = json!({ "scope": { "kind": "all" }, "reason": "prices are wrong" });
    let stopped = owner.post("/v1/stops", &body).await;
    assert_eq!(stopped.status(), 201);
    let (answered, at) = (pressed.elapsed(), chrono::Utc::now());
    let (mut made, mut last) = (effects(&shops), Duration::ZERO);
    while pressed.elapsed() < PROMISED * 2 {
        let now = effects(&shops);
        if now != made {
            (made, last) = (now, pressed.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    println!("stop: answered after {answered:?}, last write after {last:?}; {made:?} writes");
    assert!(last <= PROMISED, "a write {last:?} after the press");
    let statuses = statuses(&owner, &sets).await;
    assert!(!statuses.iter().any(|s| s == "applied"), "{statuses:?}");
    // No intent is younger than the answer: what came later had been let through before.
    let composed = one.running.composed();
    let workspaces = composed.ports.accounts.workspaces().await.unwrap();
    for store in composed.stores.list(workspaces[0].id).await.unwrap() {
        let since = at - chrono::Duration::days(1);
        let intents = composed.ports.changes.intents(store.scope, since).await;
        let intents = intents.unwrap();
        assert!(intents.iter().all(|intent| intent.at <= at), "{intents:?}");
    }
    drop(other);
    one.running.stop().await;
    place.remove().await;
}
