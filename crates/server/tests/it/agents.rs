//! Agents over HTTP against the sandbox: how they stand and are set, what holds them back, events, and what whoever watches is told.

use crate::support::{Client, TestServer, sandbox, server, until};
use chrono::{Duration, NaiveDate, Utc};
use domain::agents::{AgentRun, RunKind, RunStatus, Trigger};
use domain::audit::Actor;
use domain::ids::RunId;
use domain::people::Role;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub(crate) const PRICES: &str = "/v1/agents/pricing_optimizer";
pub(crate) const ORDERS: &str = "/v1/agents/order_management";

pub(crate) async fn with_status(response: Response, status: u16) -> Value {
    let got = response.status();
    let text = response.text().await.unwrap();
    assert_eq!(got, status, "{text}");
    serde_json::from_str(&text).unwrap()
}

fn fields(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"].as_array().unwrap().iter();
    errors.map(|e| e["field"].as_str().unwrap()).collect()
}

pub(crate) struct World {
    pub(crate) server: TestServer,
    pub(crate) owner: Client,
    _sandbox: sandbox::Running,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::over(&[]).await
    }

    pub(crate) async fn over(settings: &[(&str, &str)]) -> Self {
        let sandbox = sandbox(250).await;
        let mut all = vec![("SANDBOX_URL", sandbox.base_url.as_str())];
        all.extend(settings);
        let server = server(&all).await;
        let owner = server.owner().await;
        owner.connect_sandbox().await;
        let world = Self {
            server,
            owner,
            _sandbox: sandbox,
        };
        world.without_mornings().await;
        world
    }

    /// The analyst makes up for its morning by itself; here only those run that a test starts.
    async fn without_mornings(&self) {
        let composed = self.server.running.composed();
        let workspaces = composed.ports.accounts.workspaces().await.unwrap();
        let store = composed.stores.pick(workspaces[0].id, None).await.unwrap();
        let (runs, scope) = (&composed.ports.runs, store.scope);
        let later = Some(Utc::now() + Duration::days(365));
        until(|| async {
            let stands = runs.next_at(scope, "analytics").await.unwrap();
            let moved = runs.fire(scope, "analytics", stands, later, None).await;
            moved.unwrap().then_some(())
        })
        .await;
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Response {
        let request = self.owner.request(Method::PUT, path).json(body);
        request.send().await.unwrap()
    }

    /// Starts the agent, and answers the run when nobody works on it any more.
    pub(crate) async fn ran(&self, agent: &str) -> Value {
        let started = self.owner.post(&format!("{agent}/run"), &json!({})).await;
        let started = with_status(started, 201).await;
        self.ended(started["session_id"].as_str().unwrap()).await
    }

    pub(crate) async fn ended(&self, id: &str) -> Value {
        until(|| async {
            let run = self.owner.read(&format!("/v1/runs/{id}")).await;
            let status = run["status"].as_str().unwrap();
            let holds = ["queued", "running", "cancelling"].contains(&status);
            (!holds).then_some(run)
        })
        .await
    }

    /// A run of the agent that nobody takes up before tomorrow.
    async fn hold(&self, agent: &str) -> String {
        let composed = self.server.running.composed();
        let workspaces = composed.ports.accounts.workspaces().await.unwrap();
        let store = composed.stores.pick(workspaces[0].id, None).await.unwrap();
        let now = Utc::now();
        let run = AgentRun {
            id: RunId(uuid::Uuid::now_v7()),
            scope: store.scope,
            agent: agent.to_owned(),
            kind: RunKind::Decide,
            status: RunStatus::Queued,
            trigger: Trigger::Person {
                who: Actor::command_line(),
            },
            parameters: json!({}),
            config_version: 0,
            seed: 1,
            priority: 0,
            failures: 0,
            crashes: 0,
            created_at: now,
            run_at: now + Duration::days(1),
            started_at: None,
            finished_at: None,
            steps: Vec::new(),
            progress: None,
            facts: None,
            log_lines: 0,
            looked_at: 0,
            proposals: 0,
            change_sets: Vec::new(),
            summary: None,
            error: None,
            rehearsal: None,
        };
        composed.ports.runs.create(&run, None).await.unwrap();
        run.id.to_string()
    }

    /// First and last whole day of the store's orders.
    pub(crate) async fn days(&self) -> (NaiveDate, NaiveDate) {
        let composed = self.server.running.composed();
        let workspaces = composed.ports.accounts.workspaces().await.unwrap();
        let store = composed.stores.pick(workspaces[0].id, None).await.unwrap();
        let span = composed.ports.orders.span(store.scope).await.unwrap();
        let today = store.calendar().unwrap().day_of(Utc::now());
        (span.first_day.unwrap(), today.pred_opt().unwrap())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_are_listed_with_what_they_decide_and_how_they_are_set() {
    let world = World::new().await;
    let list = world.owner.read("/v1/agents").await;
    assert_eq!((&list["total"], &list["active"]), (&json!(9), &json!(9)));
    let agents = list["agents"].as_array().unwrap();
    let ids: BTreeSet<_> = agents.iter().map(|a| a["id"].as_str().unwrap()).collect();
    let known = [
        "analytics",
        "customer_support",
        "inventory_forecasting",
        "marketing_automation",
        "order_management",
        "pricing_optimizer",
        "product_recommendation",
        "product_research",
        "supplier_ordering",
    ];
    assert_eq!(ids, known.into());
    for agent in agents {
        assert_eq!(agent["type"], agent["id"]);
        assert_eq!(agent["autonomy"], "observe");
        assert_eq!(agent["stop"], Value::Null);
        assert!(!agent["decides"].as_str().unwrap().is_empty());
        assert!(!agent["capabilities"].as_array().unwrap().is_empty());
        assert_eq!(agent["proposes"], agent["id"] != "analytics");
    }
    let detail = world.owner.read(PRICES).await;
    assert_eq!(detail["settings"]["version"], 0);
    assert_eq!(detail["settings"]["updated_at"], Value::Null);
    assert_eq!(detail["schedule"], detail["schedule_default"]);
    for field in detail["fields"].as_array().unwrap() {
        let number = |name: &str| field[name].as_i64().unwrap();
        assert!(number("min") <= number("max"), "{field}");
    }
    with_status(world.owner.get("/v1/agents/nobody").await, 404).await;
    with_status(world.owner.get("/v1/agents?store=nonsense").await, 404).await;
    // Before it ever ran nobody can tell how it fares.
    let held = world.hold("pricing_optimizer").await;
    let prices = world.owner.read(PRICES).await;
    assert_eq!(
        (&prices["status"], &prices["open_run"]),
        (&json!("queued"), &json!(held))
    );
    assert_eq!(prices["performance"]["success_rate"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_store_there_is_nothing_for_agents_to_look_at() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let problem = with_status(owner.get("/v1/agents").await, 404).await;
    assert_eq!(problem["type"], "/problems/no-store");
    let metrics = owner.read("/v1/metrics").await;
    assert_eq!(metrics["total_agents"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_versioned_and_what_cannot_be_is_refused_with_its_place() {
    let world = World::new().await;
    let detail = world.owner.read(PRICES).await;
    let numbers = detail["fields"].as_array().unwrap().iter();
    let field = numbers
        .clone()
        .find(|f| !["flag", "words"].contains(&f["unit"].as_str().unwrap()))
        .unwrap();
    let (key, max) = (
        field["key"].as_str().unwrap(),
        field["max"].as_i64().unwrap(),
    );
    let budget = |writes: u64| {
        json!({ "runs_per_hour": 10, "runs_per_day": 100, "proposals_per_run": 5, "writes_per_day": writes,
        "money_per_day": "150.00", "unknown_effect": "free", "calls_per_day": 30 })
    };
    let values = format!("values.{key}");
    let refused = [
        (
            json!({ "version": 0, "values": { key: max + 1 } }),
            values.as_str(),
        ),
        (
            json!({ "version": 0, "values": { key: ["word"] } }),
            &values,
        ),
        (
            json!({ "version": 0, "values": { "nothing": 1 } }),
            "values.nothing",
        ),
        (
            json!({ "version": 0, "schedule": "every morning" }),
            "schedule",
        ),
        (
            json!({ "version": 0, "budget": budget(1_000_000) }),
            "budget.writes_per_day",
        ),
        (
            json!({ "version": 0, "autonomy": "act", "reason": "trust" }),
            "autonomy",
        ),
    ];
    for (body, place) in refused {
        let problem = with_status(world.put(PRICES, &body).await, 422).await;
        assert_eq!(fields(&problem), [place], "{body}");
    }
    let mut strange = budget(3);
    strange["money_per_day"] = json!("much");
    let strange = json!({ "version": 0, "budget": strange });
    let problem = with_status(world.put(PRICES, &strange).await, 400).await;
    assert_eq!(fields(&problem), ["budget.money_per_day"]);
    let silent = json!({ "version": 0, "autonomy": "act" });
    let problem = with_status(world.put(PRICES, &silent).await, 422).await;
    let places: BTreeSet<_> = fields(&problem).into_iter().collect();
    assert_eq!(places, ["autonomy", "reason"].into());
    for body in [
        json!({}),
        json!({ "version": 0, "autonomy": "much" }),
        json!({ "version": 0, "more": 1 }),
    ] {
        with_status(world.put(PRICES, &body).await, 400).await;
    }
    with_status(
        world
            .put("/v1/agents/nobody", &json!({ "version": 0 }))
            .await,
        404,
    )
    .await;

    let body = json!({
        "version": 0, "autonomy": "propose", "schedule": "30 6 * * 1", "values": { key: max },
        "budget": budget(3), "enabled": false, "reason": "the season begins",
    });
    let set = with_status(world.put(PRICES, &body).await, 200).await;
    assert_eq!(set["settings"]["version"], 1);
    assert_eq!(set["settings"]["values"], json!({ key: max }));
    assert_eq!(set["settings"]["reason"], "the season begins");
    assert_eq!(set["settings"]["updated_by"], crate::support::EMAIL);
    assert_eq!(set["budget"], budget(3));
    assert_eq!(
        (&set["status"], &set["autonomy"], &set["schedule"]),
        (&json!("disabled"), &json!("propose"), &json!("30 6 * * 1"))
    );
    let stale = with_status(world.put(PRICES, &body).await, 409).await;
    assert_eq!(stale["type"], "/problems/conflict");
    let list = world.owner.read("/v1/agents").await;
    assert_eq!(list["active"], 8);
    // What is not given stays as it is; of values all are given.
    let body = json!({ "version": 1, "enabled": true, "values": {} });
    let set = with_status(world.put(PRICES, &body).await, 200).await;
    assert_eq!(set["settings"]["values"], json!({}));
    assert_eq!(set["schedule"], "30 6 * * 1");
    let audit = world.owner.read("/v1/audit").await;
    let configured = audit["entries"].as_array().unwrap().iter();
    let configured = configured.filter(|e| e["action"] == "agent.configure");
    assert_eq!(configured.count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_run_of_an_agent_at_a_time_and_none_while_a_stop_is_on() {
    let world = World::new().await;
    let owner = &world.owner;
    let held = world.hold("pricing_optimizer").await;
    let start = format!("{PRICES}/run");
    // Nothing has to be sent with it.
    let bare = owner.keyless(Method::POST, &start).send().await.unwrap();
    let problem = with_status(bare, 409).await;
    assert_eq!(problem["type"], "/problems/already-running");
    assert_eq!(problem["run_id"], json!(held));
    let jobs = owner.read("/jobs?kind=agent_run&status=queued").await;
    assert_eq!(jobs["total"], 1);
    assert_eq!(jobs["jobs"][0]["id"], json!(held));
    assert!(jobs["jobs"][0]["next_run_at"].is_string());
    let cancel = format!("/v1/runs/{held}/cancel");
    let cancelled = with_status(owner.post(&cancel, &json!({})).await, 200).await;
    assert_eq!(cancelled["status"], "cancelled");
    with_status(owner.post(&cancel, &json!({})).await, 409).await;
    let log = owner.read(&format!("/v1/runs/{held}/log")).await;
    assert_eq!(log["done"], true);
    let unknown = "/v1/runs/0190b2f0-0000-7000-8000-000000000001";
    with_status(owner.get(unknown).await, 404).await;
    with_status(owner.get(&format!("{unknown}/log")).await, 404).await;
    with_status(
        owner.post(&format!("{unknown}/cancel"), &json!({})).await,
        404,
    )
    .await;
    with_status(
        owner.post(&format!("{unknown}/replay"), &json!({})).await,
        404,
    )
    .await;

    let scope = json!({ "kind": "agent", "id": "pricing_optimizer" });
    let stop = json!({ "scope": scope, "reason": "prices are wrong" });
    with_status(owner.post("/v1/stops", &stop).await, 201).await;
    let problem = with_status(owner.post(&start, &json!({})).await, 423).await;
    assert_eq!(problem["type"], "/problems/stopped");
    let prices = owner.read(PRICES).await;
    assert_eq!(
        (&prices["status"], &prices["stop"]["scope"]),
        (&json!("stopped"), &json!("agent"))
    );
    assert_eq!(prices["stop"]["reason"], "prices are wrong");
    assert_eq!(owner.read(ORDERS).await["stop"], Value::Null);
    assert_eq!(owner.read("/v1/agents").await["active"], 8);
    with_status(owner.post("/v1/stops/lift", &stop).await, 200).await;
    let sent = json!({ "parameters": { "why": "to see" } });
    let started = with_status(owner.post(&start, &sent).await, 201).await;
    assert_eq!(started["agent_id"], "pricing_optimizer");
    assert_eq!(started["parameters"], sent["parameters"]);
    let run = world.ended(started["session_id"].as_str().unwrap()).await;
    assert_eq!(run["trigger"]["by"], "person");
    assert_eq!(run["trigger"]["label"], crate::support::EMAIL);
    let wrong = json!({ "parameters": 7 });
    with_status(owner.post(&start, &wrong).await, 400).await;
    with_status(owner.post("/v1/agents/nobody/run", &json!({})).await, 404).await;
    let viewer = world.server.script(Role::Viewer).await;
    with_status(viewer.post(&start, &json!({})).await, 403).await;
    assert_eq!(viewer.read("/v1/runs").await["total"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_kept_once_and_starts_who_wants_to_know() {
    let world = World::new().await;
    let owner = &world.owner;
    let body = json!({ "event_type": "orders/create", "data": { "order": "1" }, "timestamp": "2026-01-01T00:00:00Z" });
    let tell = |key: Option<&'static str>, body: Value| {
        let request = owner.keyless(Method::POST, "/events").json(&body);
        let request = match key {
            Some(key) => request.header("idempotency-key", key),
            None => request,
        };
        async move { request.send().await.unwrap() }
    };
    let first = with_status(tell(Some("e-1"), body.clone()).await, 201).await;
    assert_eq!(first["status"], "accepted");
    let again = tell(Some("e-1"), body.clone()).await;
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    assert_eq!(with_status(again, 201).await, first);
    let other = json!({ "event_type": "orders/paid" });
    with_status(tell(Some("e-1"), other).await, 422).await;
    let started = until(|| async {
        let runs = owner.read("/v1/runs?agent=order_management").await;
        (runs["total"] == 1).then_some(runs)
    })
    .await;
    let trigger = &started["runs"][0]["trigger"];
    assert_eq!(
        (&trigger["by"], &trigger["label"]),
        (&json!("event"), &json!("orders/create"))
    );
    let keyless = with_status(
        tell(None, json!({ "event_type": "weather.changed" })).await,
        201,
    )
    .await;
    assert_ne!(keyless["event_id"], first["event_id"]);
    for wrong in [
        json!({}),
        json!({ "event_type": "" }),
        json!({ "event_type": 7 }),
        json!({ "event_type": "x".repeat(1_000) }),
        json!({ "event_type": "x", "timestamp": "yesterday" }),
    ] {
        with_status(tell(None, wrong).await, 400).await;
    }
    let large = json!({ "event_type": "x", "data": { "text": "x".repeat(300_000) } });
    with_status(tell(None, large.clone()).await, 413).await;
    with_status(tell(Some("large"), large).await, 413).await;
    let viewer = world.server.script(Role::Viewer).await;
    with_status(
        viewer.post("/events", &json!({ "event_type": "x" })).await,
        403,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_watches_is_told_of_runs_and_settings() {
    let world = World::new().await;
    let composed = world.server.running.composed();
    let seen = composed.events.latest().await.unwrap();
    let workspace = composed.ports.accounts.workspaces().await.unwrap()[0].id;
    let run = world.ran(PRICES).await;
    with_status(
        world
            .put(PRICES, &json!({ "version": 0, "enabled": true }))
            .await,
        200,
    )
    .await;
    let told = composed.events.since(workspace, seen, 250).await.unwrap();
    let of = |kind: &str| told.iter().filter(|e| e.event.kind == kind).count();
    assert!(of("runs.changed") >= 2, "queued, and its end");
    assert_eq!(of("agents.changed"), 1);
    let runs = told
        .iter()
        .find(|e| e.event.kind == "runs.changed")
        .unwrap();
    assert_eq!(runs.event.data["id"], run["id"]);
    assert_eq!(runs.event.data["agent"], "pricing_optimizer");
}
