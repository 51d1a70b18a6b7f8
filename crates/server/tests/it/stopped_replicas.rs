//! The emergency stop over two processes and one PostgreSQL: from its answer on no write begins, whoever works on it.

use crate::databases::Place;
use crate::killed::{royal, shop};
use crate::support::{Client, server, until};
use serde_json::{Value, json};
use std::process::Child;
use std::time::{Duration, Instant};

/// So many sets of one process are worked on at the same time, and one more needs another process.
const OF_ONE_PROCESS: usize = 2;
/// What is promised from the answer to the last write in the shop.
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

fn replica(settings: &[(&str, &str)]) -> Replica {
    let folder = tempfile::tempdir().unwrap();
    let mut command = royal(folder.path());
    command.arg("serve").env("PORT", "0");
    command.envs(settings.iter().copied());
    let child = command.spawn().unwrap();
    Replica { child, folder }
}

/// As many sets as there are, each with a tag for its share of the orders.
async fn approved(owner: &Client, count: usize) -> Vec<String> {
    let orders = owner.read("/v1/orders?limit=40").await;
    let orders = orders["orders"].as_array().unwrap();
    let mut sets = Vec::new();
    for (n, share) in orders.chunks(orders.len() / count).take(count).enumerate() {
        let edit = |order: &Value| json!({ "kind": "add_tags", "order_id": order["id"], "tags": [format!("stop-{n}")] });
        let edits: Vec<_> = share.iter().map(edit).collect();
        let new = json!({ "edits": edits });
        let set = owner.post("/v1/change-sets", &new).await;
        let set: Value = set.json().await.unwrap();
        let id = set["id"].as_str().unwrap().to_owned();
        let body = json!({ "digest": set["digest"] });
        let path = format!("/v1/change-sets/{id}/approve");
        assert_eq!(owner.post(&path, &body).await.status(), 200);
        sets.push(id);
    }
    sets
}

async fn statuses(owner: &Client, sets: &[String]) -> Vec<String> {
    let mut statuses = Vec::new();
    for id in sets {
        let set = owner.read(&format!("/v1/change-sets/{id}")).await;
        statuses.push(set["status"].as_str().unwrap().to_owned());
    }
    statuses
}

async fn effects(sandbox: &Client) -> usize {
    let made = sandbox.read("/__writes").await;
    made["writes"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_its_answer_on_a_stop_lets_no_process_begin_a_write() {
    let place = Place::postgres().await;
    let shop = sandbox::start(shop(40)).await.unwrap();
    let mut settings = vec![
        ("SHOPIFY_SHOP", "sandbox".to_owned()),
        ("SHOPIFY_ACCESS_TOKEN", "shpat_sandbox".to_owned()),
        ("SHOPIFY_API_SECRET", "sandbox".to_owned()),
        ("SHOPIFY_BASE_URL", shop.base_url.clone()),
        (
            "SECRET_KEY",
            "one key that both of the replicas know".to_owned(),
        ),
        ("SYNC_INTERVAL", "3600".to_owned()),
    ];
    settings.extend(place.settings());
    let settings: Vec<(&str, &str)> = settings.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let one = server(&settings).await;
    let owner = one.owner().await;
    let other = replica(&settings);
    until(|| async {
        let run = std::fs::read_to_string(other.folder.path().join("royal.run"));
        run.ok().filter(|url| !url.trim().is_empty())
    })
    .await;
    until(|| async {
        let syncs = owner.read("/v1/syncs").await;
        let mut runs = syncs["syncs"].as_array()?.iter();
        runs.any(|run| run["status"] == "succeeded").then_some(())
    })
    .await;
    let sandbox = Client::new(&shop.base_url);
    let slow = json!({ "slow": 1, "slow_ms": 100 });
    assert!(sandbox.post("/__faults", &slow).await.status().is_success());

    let sets = approved(&owner, 2 * OF_ONE_PROCESS).await;
    until(|| async {
        let statuses = statuses(&owner, &sets).await;
        assert!(
            !statuses.iter().any(|s| s == "applied"),
            "too fast: {statuses:?}"
        );
        let applying = statuses.iter().filter(|s| *s == "applying").count();
        (applying > OF_ONE_PROCESS && effects(&sandbox).await > 0).then_some(())
    })
    .await;
    let body = json!({ "scope": { "kind": "all" }, "reason": "prices are wrong" });
    let stopped = owner.post("/v1/stops", &body).await;
    assert_eq!(stopped.status(), 201);
    let (answered, at) = (Instant::now(), chrono::Utc::now());

    let (mut made, mut last) = (effects(&sandbox).await, Duration::ZERO);
    while answered.elapsed() < PROMISED * 2 {
        let now = effects(&sandbox).await;
        if now != made {
            (made, last) = (now, answered.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    println!(
        "stop_last_write_ms {:.1}: {made} writes in all",
        last.as_secs_f64() * 1e3
    );
    assert!(last <= PROMISED, "a write {last:?} after the stop");
    let statuses = statuses(&owner, &sets).await;
    assert!(!statuses.iter().any(|s| s == "applied"), "{statuses:?}");
    // No intent is younger than the answer: what came later had been let through before.
    let composed = one.running.composed();
    let workspaces = composed.ports.accounts.workspaces().await.unwrap();
    let store = composed.stores.pick(workspaces[0].id, None).await.unwrap();
    let since = at - chrono::Duration::days(1);
    let intents = composed
        .ports
        .changes
        .intents(store.scope, since)
        .await
        .unwrap();
    assert!(!intents.is_empty());
    assert!(intents.iter().all(|intent| intent.at <= at), "{intents:?}");
    assert!(made <= intents.len(), "{made} writes of {}", intents.len());
    drop(other);
    one.running.stop().await;
    place.remove().await;
}
