//! Changes from the proposal to the shop and back, over HTTP and against the sandbox, which counts every effect.

use crate::killed::{Product, moment, say, shop};
use crate::support::{Client, TestServer, minor, sandbox, server, server_by, until};
use domain::people::Role;
use ports::clock::{Clock, SystemClock};
use reqwest::Response;
use serde_json::{Value, json};
use std::sync::Arc;

/// A price edit of the first variant that has a price, to so many hundredths of it.
pub(crate) async fn first_edit(owner: &Client, percent: i64) -> Value {
    let variant = variants(owner, 1).await.remove(0);
    edit(&variant, percent)
}

pub(crate) fn edit((id, price): &(String, i64), percent: i64) -> Value {
    let after = price * percent / 100;
    json!({ "kind": "price", "variant_id": id, "after": amount(after) })
}

pub(crate) fn amount(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

/// The first variants of as many products, with their prices.
pub(crate) async fn variants(owner: &Client, count: usize) -> Vec<(String, i64)> {
    let list = owner.read("/v1/products?limit=50").await;
    let mut found = Vec::new();
    for product in list["products"].as_array().unwrap() {
        let id = product["id"].as_str().unwrap();
        let detail = owner.read(&format!("/v1/products/{id}")).await;
        let variant = &detail["product"]["variants"][0];
        let price = minor(&variant["price"]);
        if price > 1000 {
            found.push((variant["id"].as_str().unwrap().to_owned(), price));
        }
        if found.len() == count {
            return found;
        }
    }
    panic!("there are not so many products: {list}");
}

/// The set when nobody works on it any more.
pub(crate) async fn ended(client: &Client, id: &str) -> Value {
    until(|| async {
        let set = client.read(&format!("/v1/change-sets/{id}")).await;
        let status = set["status"].as_str().unwrap();
        let is_open = ["approved", "applying"].contains(&status);
        (!is_open).then_some(set)
    })
    .await
}

pub(crate) async fn with_status(response: Response, status: u16) -> Value {
    let got = response.status();
    let text = response.text().await.unwrap();
    assert_eq!(got, status, "{text}");
    serde_json::from_str(&text).unwrap()
}

pub(crate) struct World {
    pub(crate) server: TestServer,
    pub(crate) owner: Client,
    pub(crate) sandbox: sandbox::Running,
    connection: String,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::by(Arc::new(SystemClock)).await
    }

    pub(crate) async fn by(clock: Arc<dyn Clock>) -> Self {
        Self::made(clock, 40).await
    }

    /// With so many orders.
    pub(crate) async fn with(orders: usize) -> Self {
        Self::made(Arc::new(SystemClock), orders).await
    }

    async fn made(clock: Arc<dyn Clock>, orders: usize) -> Self {
        let sandbox = sandbox(orders).await;
        let folder = tempfile::tempdir().unwrap();
        let server = server_by(clock, folder, &[("SANDBOX_URL", &sandbox.base_url)]).await;
        let owner = server.owner().await;
        let connection = owner.connect_sandbox().await;
        Self {
            server,
            owner,
            sandbox,
            connection,
        }
    }

    pub(crate) async fn propose(&self, edits: Vec<Value>) -> Value {
        let body = json!({ "edits": edits, "reason": "dearer coffee" });
        let response = self.owner.post("/v1/change-sets", &body).await;
        with_status(response, 201).await
    }

    pub(crate) async fn decide(&self, set: &Value, what: &str, body: Value) -> Response {
        let id = set["id"].as_str().unwrap();
        let path = format!("/v1/change-sets/{id}/{what}");
        self.owner.post(&path, &body).await
    }

    pub(crate) async fn approve(&self, set: &Value) -> Value {
        let body = json!({ "digest": set["digest"] });
        with_status(self.decide(set, "approve", body).await, 200).await
    }

    /// Proposed, approved, and worked on to its end.
    pub(crate) async fn applied(&self, edits: Vec<Value>) -> Value {
        let set = self.propose(edits).await;
        self.approve(&set).await;
        ended(&self.owner, set["id"].as_str().unwrap()).await
    }

    pub(crate) async fn faults(&self, faults: Value) {
        let shop = Client::new(&self.sandbox.base_url);
        let set = shop.post("/__faults", &faults).await;
        assert!(set.status().is_success(), "{faults}");
    }

    pub(crate) async fn writes(&self) -> Vec<(String, String)> {
        effects(&Client::new(&self.sandbox.base_url)).await
    }
}

/// Variant and price of each write that had an effect, oldest first.
async fn effects(sandbox: &Client) -> Vec<(String, String)> {
    let made = sandbox.read("/__writes").await;
    let made = made["writes"].as_array().unwrap().iter();
    made.map(|w| {
        let target = w["target"].as_str().unwrap();
        let id = target.rsplit('/').next().unwrap().to_owned();
        (id, w["after"].as_str().unwrap_or_default().to_owned())
    })
    .collect()
}

pub(crate) fn states(set: &Value) -> Vec<&str> {
    let operations = set["operations"].as_array().unwrap().iter();
    operations.map(|o| o["state"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_goes_to_the_shop_once_and_comes_back() {
    let world = World::new().await;
    let owner = &world.owner;
    let variants = variants(owner, 2).await;
    let edits: Vec<_> = variants.iter().map(|v| edit(v, 110)).collect();
    let set = world.propose(edits).await;
    assert_eq!(set["status"], "proposed");
    assert_eq!(set["operations"][0]["before"]["type"], "money");
    assert_eq!(
        minor(&set["operations"][0]["before"]["amount"]),
        variants[0].1
    );
    let listed = owner.read("/v1/change-sets?status=proposed").await;
    assert_eq!(
        (&listed["waiting"], &listed["total"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(listed["change_sets"][0], set);
    let wrong = world
        .decide(&set, "approve", json!({ "digest": "00" }))
        .await;
    assert_eq!(
        with_status(wrong, 409).await["type"],
        "/problems/other-digest"
    );
    assert!(world.writes().await.is_empty());

    world.approve(&set).await;
    let set = ended(owner, set["id"].as_str().unwrap()).await;
    assert_eq!(set["status"], "applied", "{set}");
    assert_eq!(states(&set), ["applied", "applied"]);
    let expected: Vec<_> = variants
        .iter()
        .map(|(id, price)| (id.clone(), amount(price * 110 / 100)))
        .collect();
    assert_eq!(world.writes().await, expected);
    let late = world.decide(&set, "reject", json!({})).await;
    assert_eq!(
        with_status(late, 409).await["type"],
        "/problems/already-decided"
    );
    // Our own copy knows it too, so that the next change rests on it.
    let now = self::variants(owner, 2).await;
    assert_eq!(now[0].1, variants[0].1 * 110 / 100);

    let undo = world
        .decide(&set, "undo", json!({ "reason": "sorry" }))
        .await;
    let undo = with_status(undo, 201).await;
    assert_eq!(undo["origin"]["of"], set["id"]);
    world.approve(&undo).await;
    let undo = ended(owner, undo["id"].as_str().unwrap()).await;
    assert_eq!(undo["status"], "applied", "{undo}");
    let path = format!("/v1/change-sets/{}", set["id"].as_str().unwrap());
    let original = owner.read(&path).await;
    assert_eq!(original["status"], "undone");
    assert_eq!(original["undone_by"], undo["id"]);
    assert_eq!(original["may_undo"], false);
    let last = world.writes().await.split_off(2);
    let back: Vec<_> = variants
        .iter()
        .rev()
        .map(|(id, p)| (id.clone(), amount(*p)))
        .collect();
    assert_eq!(last, back, "the last one first");
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_answers_have_one_effect_and_a_refusal_of_the_third_leaves_none() {
    let world = World::new().await;
    let variants = variants(&world.owner, 5).await;
    world.faults(json!({ "write_lost": 1, "limit": 1 })).await;
    let set = world.applied(vec![edit(&variants[0], 105)]).await;
    assert_eq!(set["status"], "applied", "{set}");
    world
        .faults(json!({ "reset": true, "write_unsent": 1, "limit": 1 }))
        .await;
    let set = world.applied(vec![edit(&variants[1], 105)]).await;
    assert_eq!(set["status"], "applied", "{set}");
    assert_eq!(world.writes().await.len(), 2);

    world
        .faults(json!({ "reset": true, "write_refused": 1, "write_nth": 3 }))
        .await;
    let edits = variants.iter().map(|v| edit(v, 90)).skip(2);
    let more = variants.iter().take(2).map(|v| edit(v, 98));
    let set = world.applied(edits.chain(more).collect()).await;
    assert_eq!(set["status"], "failed", "{set}");
    let expected = ["compensated", "compensated", "failed", "skipped", "skipped"];
    assert_eq!(states(&set), expected);
    let writes = world.writes().await.split_off(2);
    assert_eq!(writes.len(), 4, "two there and two back: {writes:?}");
    let prices: Vec<_> = writes[2..].iter().map(|w| w.1.clone()).collect();
    assert_eq!(prices, [amount(variants[3].1), amount(variants[2].1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_in_the_shop_meanwhile_is_not_overwritten() {
    let world = World::new().await;
    let variants = variants(&world.owner, 1).await;
    let (id, price) = &variants[0];
    let (first, second) = (
        world.propose(vec![edit(&variants[0], 110)]).await,
        world.propose(vec![edit(&variants[0], 105)]).await,
    );
    world.approve(&second).await;
    ended(&world.owner, second["id"].as_str().unwrap()).await;
    world.approve(&first).await;
    let first = ended(&world.owner, first["id"].as_str().unwrap()).await;
    assert_eq!(first["status"], "failed");
    assert_eq!(states(&first), ["drifted"]);
    let error = first["operations"][0]["error"].as_str().unwrap();
    assert!(error.contains(&amount(price * 105 / 100)), "{error}");
    assert_eq!(
        world.writes().await,
        [(id.clone(), amount(price * 105 / 100))]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_are_set_by_an_admin_with_a_reason_and_hold_at_once() {
    let world = World::new().await;
    let found = world.owner.read("/v1/guardrails").await;
    assert_eq!(
        (&found["version"], &found["updated_by"]),
        (&json!(0), &Value::Null)
    );
    let change = |version: i64, step: i64, day: i64, reason: Option<&str>| {
        let mut limits = found["limits"].clone();
        (limits["price_step"], limits["price_day"]) = (json!(step), json!(day));
        json!({ "version": version, "limits": limits, "reason": reason })
    };
    let put = async |client: &Client, body: Value, status: u16| {
        let request = client.request(reqwest::Method::PUT, "/v1/guardrails");
        with_status(request.json(&body).send().await.unwrap(), status).await
    };
    let operator = world.server.script(Role::Operator).await;
    put(&operator, change(0, 500, 500, None), 403).await;
    let set = put(&world.owner, change(0, 500, 500, None), 200).await;
    assert_eq!(
        (&set["version"], &set["limits"]["price_step"]),
        (&json!(1), &json!(500))
    );
    assert_eq!(set["defaults"]["price_step"], 2000);
    put(&world.owner, change(0, 400, 400, None), 409).await;
    let refused = put(&world.owner, change(1, 600, 600, None), 422).await;
    assert_eq!(refused["errors"][0]["field"], "reason");
    let refused = put(&world.owner, change(1, 99, 500, None), 422).await;
    assert_eq!(refused["errors"][0]["field"], "limits.price_step");
    let body = json!({ "edits": [first_edit(&world.owner, 106).await], "reason": "dearer" });
    let refused = with_status(world.owner.post("/v1/change-sets", &body).await, 422).await;
    assert!(
        refused["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("5 %"),
        "{refused}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_approvals_at_once_are_one() {
    let world = World::new().await;
    let set = world
        .propose(vec![first_edit(&world.owner, 105).await])
        .await;
    let body = json!({ "digest": set["digest"] });
    let once = || world.decide(&set, "approve", body.clone());
    let (one, two, three) = tokio::join!(once(), once(), once());
    let mut statuses = [one, two, three].map(|r| r.status().as_u16());
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409]);
    ended(&world.owner, set["id"].as_str().unwrap()).await;
    assert_eq!(world.writes().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_holds_over_a_restart_until_somebody_lifts_it() {
    let world = World::new().await;
    let waiting = world
        .propose(vec![first_edit(&world.owner, 105).await])
        .await;
    let all = json!({ "scope": { "kind": "all" }, "reason": "prices are wrong" });
    let operator = world.server.script(Role::Operator).await;
    // A stop asks for nothing beside its reason.
    let stop = operator.keyless(reqwest::Method::POST, "/v1/stops");
    let stopped = with_status(stop.json(&all).send().await.unwrap(), 201).await;
    assert_eq!(stopped["stops"][0]["reason"], "prices are wrong");
    assert_eq!(stopped["stops"][0]["scope"], json!({ "kind": "all" }));
    let connection = json!({ "kind": "connection", "id": world.connection });
    let more = json!({ "scope": connection, "reason": "as well" });
    with_status(operator.post("/v1/stops", &more).await, 201).await;
    let bad = json!({ "scope": { "kind": "connection" }, "reason": "x" });
    with_status(operator.post("/v1/stops", &bad).await, 400).await;

    let body = json!({ "digest": waiting["digest"] });
    let locked = world.decide(&waiting, "approve", body.clone()).await;
    let problem = with_status(locked, 423).await;
    assert_eq!(problem["type"], "/problems/stopped");
    let refused = operator.post("/v1/stops/lift", &all).await;
    with_status(refused, 403).await;

    let sandbox_url = world.sandbox.base_url.clone();
    let server = world
        .server
        .restarted(&[("SANDBOX_URL", &sandbox_url)])
        .await;
    let owner = world.owner.at(server.running.url());
    assert_eq!(
        owner.read("/v1/stops").await["stops"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let path = format!(
        "/v1/change-sets/{}/approve",
        waiting["id"].as_str().unwrap()
    );
    with_status(owner.post(&path, &body).await, 423).await;
    for lift in [&all, &more] {
        with_status(owner.post("/v1/stops/lift", lift).await, 200).await;
    }
    with_status(owner.post("/v1/stops/lift", &all).await, 404).await;
    with_status(owner.post(&path, &body).await, 200).await;
    let set = ended(&owner, waiting["id"].as_str().unwrap()).await;
    assert_eq!(set["status"], "applied", "{set}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_with_its_place() {
    let world = World::new().await;
    let owner = &world.owner;
    let (id, price) = variants(owner, 1).await.remove(0);
    let edit = |after: &str| json!({ "kind": "price", "variant_id": id, "after": after });
    for (edits, status, field) in [
        (json!([]), 422, "edits"),
        (json!([edit("abc")]), 400, "edits[0].after"),
        (json!([edit("1.234")]), 400, "edits[0].after"),
        (json!([edit("-1.00")]), 422, "edits[0].after"),
        (json!([edit(&amount(price))]), 422, "edits[0].after"),
        (json!([edit(&amount(price * 2))]), 422, "edits[0].after"),
        (
            json!([{ "kind": "price", "variant_id": "1", "after": "2.00" }]),
            422,
            "edits[0].variant_id",
        ),
    ] {
        let body = json!({ "edits": edits });
        let problem = with_status(owner.post("/v1/change-sets", &body).await, status).await;
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
    }
    let body = json!({ "edits": [edit(&amount(price + 1))] });
    let keyless = owner.keyless(reqwest::Method::POST, "/v1/change-sets");
    with_status(keyless.json(&body).send().await.unwrap(), 400).await;
    let viewer = world.server.script(Role::Viewer).await;
    with_status(viewer.post("/v1/change-sets", &body).await, 403).await;
    assert_eq!(viewer.read("/v1/change-sets").await["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_risky_order_is_tagged_held_and_released() {
    let world = World::new().await;
    let owner = &world.owner;
    let orders = owner.read("/v1/orders?limit=100").await;
    let open = orders["orders"]
        .as_array()
        .unwrap()
        .iter()
        .find(|o| o["fulfillment_status"] == "unfulfilled" && o["cancelled_at"].is_null());
    let Some(open) = open else {
        panic!("every order was sent: {orders}");
    };
    let order = &open["id"];
    let set = world
        .applied(vec![
            json!({ "kind": "add_tags", "order_id": order, "tags": ["risk"] }),
            json!({ "kind": "hold_order", "order_id": order, "note": "two countries" }),
        ])
        .await;
    assert_eq!(set["status"], "applied", "{set}");
    assert_eq!(set["reversibility"], "compensating");
    let release = json!({ "kind": "release_order", "order_id": order });
    let set = world.applied(vec![release]).await;
    assert_eq!(set["status"], "applied", "{set}");
}

const KILLS: u64 = 10;

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_is_killed_at_any_moment_writes_each_change_once() {
    let product = Product::new(shop(40)).await;
    let mut alive = product.start().await;
    until(|| async {
        let syncs = alive.client.read("/v1/syncs").await;
        let mut runs = syncs["syncs"].as_array()?.iter();
        runs.any(|run| run["status"] == "succeeded").then_some(())
    })
    .await;
    let sandbox = Client::new(&product.shop.base_url);
    let slow = json!({ "slow": 1, "slow_ms": 20 });
    assert!(sandbox.post("/__faults", &slow).await.status().is_success());
    let (mut expected, mut interrupted) = (Vec::new(), 0);
    for kill in 0..KILLS {
        let variants = variants(&alive.client, 4).await;
        let edits: Vec<_> = variants.iter().map(|v| edit(v, 102)).collect();
        expected.extend(
            variants
                .iter()
                .map(|(id, p)| (id.clone(), amount(p * 102 / 100))),
        );
        let new = json!({ "edits": edits });
        let set = alive.client.post("/v1/change-sets", &new);
        let set = with_status(set.await, 201).await;
        let id = set["id"].as_str().unwrap();
        let body = json!({ "digest": set["digest"] });
        let path = format!("/v1/change-sets/{id}/approve");
        with_status(alive.client.post(&path, &body).await, 200).await;
        tokio::time::sleep(moment(kill)).await;
        alive.kill();
        let made = effects(&sandbox).await.len() % variants.len();
        interrupted += usize::from(made != 0);
        alive = product.start().await;
        let set = ended(&alive.client, id).await;
        assert_eq!(set["status"], "applied", "{set}");
    }
    assert!(interrupted > 0, "no kill came between two writes");
    assert_eq!(effects(&sandbox).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_stops_a_running_server() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let data = server.folder.path().to_owned();
    let royal = move |args: &'static [&'static str]| {
        let data = data.clone();
        tokio::task::spawn_blocking(move || say(&data, args, ""))
    };
    royal(&["stop", "--reason", "fire"]).await.unwrap();
    let stops = owner.read("/v1/stops").await;
    assert_eq!(stops["stops"][0]["reason"], "fire");
    assert_eq!(stops["stops"][0]["by"], "command line");
    royal(&["stop", "--lift"]).await.unwrap();
    assert_eq!(owner.read("/v1/stops").await["stops"], json!([]));
}
