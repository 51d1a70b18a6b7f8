//! Agents over HTTP against the sandbox: how they stand and are set, their runs from the start to the end, rehearsals, all jobs, and events.

use crate::databases::Place;
use crate::support::{Client, TestServer, sandbox, server, until};
use chrono::{Duration, NaiveDate, Utc};
use domain::agents::{AgentRun, RunKind, RunStatus, Trigger};
use domain::audit::Actor;
use domain::ids::RunId;
use domain::people::Role;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const PRICES: &str = "/v1/agents/pricing_optimizer";
const ORDERS: &str = "/v1/agents/order_management";

async fn with_status(response: Response, status: u16) -> Value {
    let got = response.status();
    let text = response.text().await.unwrap();
    assert_eq!(got, status, "{text}");
    serde_json::from_str(&text).unwrap()
}

fn fields(problem: &Value) -> Vec<&str> {
    let errors = problem["errors"].as_array().unwrap().iter();
    errors.map(|e| e["field"].as_str().unwrap()).collect()
}

struct World {
    server: TestServer,
    owner: Client,
    _sandbox: sandbox::Running,
}

impl World {
    async fn new() -> Self {
        Self::over(&[]).await
    }

    async fn over(settings: &[(&str, &str)]) -> Self {
        let sandbox = sandbox(250).await;
        let mut all = vec![("SANDBOX_URL", sandbox.base_url.as_str())];
        all.extend(settings);
        let server = server(&all).await;
        let owner = server.owner().await;
        owner.connect_sandbox().await;
        Self {
            server,
            owner,
            _sandbox: sandbox,
        }
    }

    async fn put(&self, path: &str, body: &Value) -> Response {
        let request = self.owner.request(Method::PUT, path).json(body);
        request.send().await.unwrap()
    }

    /// Starts the agent, and answers the run when nobody works on it any more.
    async fn ran(&self, agent: &str) -> Value {
        let started = self.owner.post(&format!("{agent}/run"), &json!({})).await;
        let started = with_status(started, 201).await;
        self.ended(started["session_id"].as_str().unwrap()).await
    }

    async fn ended(&self, id: &str) -> Value {
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
        composed.ports.runs.create(&run).await.unwrap();
        run.id.to_string()
    }

    /// First and last whole day of the store's orders.
    async fn days(&self) -> (NaiveDate, NaiveDate) {
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
    assert_eq!((&list["total"], &list["active"]), (&json!(2), &json!(2)));
    let agents = list["agents"].as_array().unwrap();
    let ids: BTreeSet<_> = agents.iter().map(|a| a["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["order_management", "pricing_optimizer"].into());
    for agent in agents {
        assert_eq!(agent["type"], agent["id"]);
        assert_eq!(agent["autonomy"], "observe");
        assert_eq!(agent["stop"], Value::Null);
        assert!(!agent["decides"].as_str().unwrap().is_empty());
        assert!(!agent["capabilities"].as_array().unwrap().is_empty());
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
    let budget = |writes: u64| json!({ "runs_per_hour": 10, "runs_per_day": 100, "proposals_per_run": 5, "writes_per_day": writes });
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
    assert_eq!(list["active"], 1);
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
    assert_eq!(owner.read("/v1/agents").await["active"], 1);
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

/// Lines of the log, two at a time.
async fn lines(client: &Client, run: &str) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let path = format!("/v1/runs/{run}/log?after={after}&limit=2");
        let page = client.read(&path).await;
        all.extend(page["lines"].as_array().unwrap().clone());
        after = page["next_after"].as_u64().unwrap();
        if page["done"] == true {
            return all;
        }
    }
}

async fn goes_to_its_end(settings: &[(&str, &str)]) {
    let world = World::over(settings).await;
    let owner = &world.owner;
    for agent in [PRICES, ORDERS] {
        let run = world.ran(agent).await;
        assert_eq!(run["status"], "succeeded", "{run}");
        assert!(run["looked_at"].as_u64().unwrap() > 0, "{run}");
        assert!(run["seconds"].is_number() && run["summary"].is_string());
        assert_eq!((&run["attempts"], &run["crashes"]), (&json!(1), &json!(0)));
        for step in run["steps"].as_array().unwrap() {
            assert_eq!(step["state"], "done", "{step}");
        }
        let id = run["id"].as_str().unwrap();
        let said = lines(owner, id).await;
        let numbers: Vec<_> = said.iter().map(|l| l["no"].as_u64().unwrap()).collect();
        assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
        assert!(!said.is_empty());

        let replay = format!("/v1/runs/{id}/replay");
        let replayed = with_status(owner.post(&replay, &json!({})).await, 200).await;
        assert_eq!(replayed["same"], true, "{replayed}");
        assert_eq!(replayed["facts_sha256"], run["facts"]["sha256"]);
        let stood = owner.read(agent).await;
        assert_eq!(
            (&stood["total_tasks"], &stood["completed_tasks"]),
            (&json!(1), &json!(1))
        );
        assert_eq!(
            (&stood["health"], &stood["status"]),
            (&json!("ok"), &json!("idle"))
        );
        assert_eq!(stood["performance"]["success_rate"], 100.0);
        assert_eq!(
            owner.read(&format!("{agent}/runs")).await["runs"][0]["id"],
            json!(id)
        );
    }
    let runs = owner.read("/v1/runs?limit=1").await;
    assert_eq!(runs["total"], 2);
    let cursor = runs["next_cursor"].as_str().unwrap();
    let next = owner
        .read(&format!("/v1/runs?limit=1&cursor={cursor}"))
        .await;
    assert_ne!(next["runs"][0]["id"], runs["runs"][0]["id"]);
    assert_eq!(next["next_cursor"], Value::Null);
    let failed = owner.read("/v1/runs?status=failed").await;
    assert_eq!(failed["total"], 0);
    let of = owner
        .read("/v1/runs?agent=pricing_optimizer&kind=decide")
        .await;
    assert_eq!(of["total"], 1);
    let metrics = owner.read("/v1/metrics").await;
    assert_eq!(
        (&metrics["total_agents"], &metrics["active_agents"]),
        (&json!(2), &json!(2))
    );
    let health = owner.read("/v1/health").await;
    assert_eq!(
        health["agents"],
        json!({ "active": 2, "total": 2, "degraded": 0 })
    );
    each_job_is_found_once(owner).await;

    // After ninety days the run is still there, and what it decided on is not.
    let composed = world.server.running.composed();
    let later = Utc::now() + Duration::days(1);
    composed.ports.runs.prune(later).await.unwrap();
    let id = next["runs"][0]["id"].as_str().unwrap();
    let replay = format!("/v1/runs/{id}/replay");
    let problem = with_status(owner.post(&replay, &json!({})).await, 410).await;
    assert_eq!(problem["type"], "/problems/facts-forgotten");
}

/// Pages of two, of two runs of agents, one sync, and whatever else there is.
async fn each_job_is_found_once(owner: &Client) {
    let (mut seen, mut created, mut cursor) = (Vec::new(), Vec::new(), String::new());
    let total = loop {
        let page = owner.read(&format!("/jobs?limit=2&cursor={cursor}")).await;
        for job in page["jobs"].as_array().unwrap() {
            seen.push(job["id"].as_str().unwrap().to_owned());
            created.push(job["created_at"].as_str().unwrap().to_owned());
        }
        match page["next_cursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => break page["total"].as_u64().unwrap(),
        }
    };
    assert_eq!(seen.len() as u64, total);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len());
    let times: Vec<chrono::DateTime<Utc>> = created.iter().map(|t| t.parse().unwrap()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "{created:?}");
    let jobs = owner.read("/jobs?kind=agent_run").await;
    assert_eq!(jobs["total"], 2);
    let names: BTreeSet<_> = jobs["jobs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|j| j["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Orders", "Prices"].into());
    let syncs = owner.read("/jobs?kind=sync&status=succeeded").await;
    assert!(syncs["total"].as_u64().unwrap() > 0);
    with_status(owner.get("/jobs?kind=nothing").await, 400).await;
    with_status(owner.get("/jobs?cursor=nothing").await, 400).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_goes_from_facts_to_its_end_and_is_replayed() {
    goes_to_its_end(&[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_goes_to_its_end_over_postgres() {
    let place = Place::postgres().await;
    let settings = place.settings();
    let settings: Vec<(&str, &str)> = settings.iter().map(|(k, v)| (*k, v.as_str())).collect();
    goes_to_its_end(&settings).await;
    place.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn past_days_are_rehearsed_before_an_agent_may_act() {
    let world = World::new().await;
    let owner = &world.owner;
    let (first, last) = world.days().await;
    let rehearse = format!("{ORDERS}/rehearsals");
    for (from, to) in [
        (first - Duration::days(1), last),
        (first, last + Duration::days(1)),
        (last, first),
    ] {
        let body = json!({ "from": from, "to": to });
        with_status(owner.post(&rehearse, &body).await, 422).await;
    }
    with_status(
        owner
            .post(&rehearse, &json!({ "from": "soon", "to": last }))
            .await,
        400,
    )
    .await;
    let body = json!({ "from": first, "to": last });
    let keyless = owner.keyless(Method::POST, &rehearse).json(&body);
    with_status(keyless.send().await.unwrap(), 400).await;
    let run = with_status(owner.post(&rehearse, &body).await, 201).await;
    assert_eq!(
        (&run["kind"], &run["from"]),
        (&json!("rehearse"), &json!(first))
    );
    let run = world.ended(run["id"].as_str().unwrap()).await;
    assert_eq!(run["status"], "succeeded", "{run}");
    let rehearsal = &run["rehearsal"];
    let days = rehearsal["days"].as_array().unwrap();
    assert_eq!(days.len() as i64, (last - first).num_days() + 1);
    let on = |day: &Value| day["proposals"].as_array().unwrap().len() as u64;
    assert_eq!(rehearsal["proposals"], days.iter().map(on).sum::<u64>());
    assert_eq!(rehearsal["busiest"], days.iter().map(on).max().unwrap());
    assert!(!rehearsal["explanation"].as_str().unwrap().is_empty());
    let jobs = owner.read("/jobs?kind=rehearsal").await;
    assert_eq!(jobs["total"], 1);
    // Rehearsals do not count as its work.
    assert_eq!(owner.read(ORDERS).await["total_tasks"], 0);
    let act = json!({ "version": 0, "autonomy": "act", "reason": "the rehearsal is fine" });
    let set = with_status(world.put(ORDERS, &act).await, 200).await;
    assert_eq!(set["autonomy"], "act");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_agent_proposes_is_found_by_the_agent_and_by_the_run() {
    let world = World::new().await;
    let owner = &world.owner;
    // So much is left of few prices.
    let values = json!({ "minimum_margin": 7_000, "largest_change": 5_000, "ask_increase": 5_000 });
    let body = json!({ "version": 0, "autonomy": "propose", "values": values });
    with_status(world.put(PRICES, &body).await, 200).await;
    let run = world.ran(PRICES).await;
    let id = run["id"].as_str().unwrap();
    let sets = run["change_sets"].as_array().unwrap();
    let of_run = owner.read(&format!("/v1/change-sets?run={id}")).await;
    let of_agent = owner.read("/v1/change-sets?agent=pricing_optimizer").await;
    let other = owner.read("/v1/change-sets?agent=order_management").await;
    assert!(!sets.is_empty(), "nothing was proposed: {run}");
    assert_eq!(run["status"], "waiting_approval", "{run}");
    assert_eq!(of_run["total"], sets.len());
    assert_eq!(of_agent["total"], sets.len());
    assert_eq!(other["total"], 0);
    assert_eq!(of_run["change_sets"][0]["origin"]["run_id"], json!(id));
    assert_eq!(owner.read(PRICES).await["waiting"], sets.len());
    // What waits for people holds no other run back.
    world.ran(PRICES).await;
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
