//! Rules over HTTP against the sandbox: written, previewed, run, rehearsed, refused where they would go round, and taken away.

use crate::agents::{World, with_status};
use crate::changes;
use domain::people::Role;
use reqwest::{Method, Response};
use serde_json::{Value, json};

const RULES: &str = "/v1/rules";

fn rule(name: &str, given: &Value, then: &Value) -> Value {
    json!({
        "name": name, "about": "variants",
        "when": { "by": "schedule", "schedule": "0 6 * * *" },
        "if": { "match": "all", "conditions": given },
        "then": then,
        "limits": { "per_run": 3, "cool_down_hours": 24, "valid_hours": 24 },
    })
}

fn priced() -> Value {
    json!([{ "figure": "price", "is": "above", "value": 0 }])
}

fn tag(verb: &str) -> Value {
    json!({ "do": verb, "tags": ["from-a-rule"] })
}

fn faults(problem: &Value) -> Vec<(&str, &str)> {
    let errors = problem["errors"].as_array().unwrap().iter();
    errors
        .map(|e| (e["field"].as_str().unwrap(), e["message"].as_str().unwrap()))
        .collect()
}

impl World {
    async fn write(&self, body: &Value) -> Response {
        self.owner.post(RULES, body).await
    }

    async fn written(&self, name: &str, then: &Value) -> Value {
        let body = json!({ "rule": rule(name, &priced(), then), "autonomy": "propose" });
        with_status(self.write(&body).await, 201).await
    }

    async fn agent_run(&self, kept: &Value) -> Value {
        let agent = kept["agent_id"].as_str().unwrap();
        self.ran(&format!("/v1/agents/{agent}")).await
    }
}

fn path(kept: &Value) -> String {
    format!("{RULES}/{}", kept["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_written_previewed_run_and_its_proposals_go_the_way_of_all_changes() {
    let world = World::new().await;
    let draft = rule("Tag all", &priced(), &tag("add_tags"));
    let preview = world
        .owner
        .post(&format!("{RULES}/preview"), &json!({ "rule": draft }))
        .await;
    let preview = with_status(preview, 200).await;
    assert_eq!(preview["hits"].as_array().unwrap().len(), 3, "{preview}");
    assert!(preview["looked_at"].as_u64().unwrap() > 3);
    assert_eq!(
        world.owner.read(RULES).await["total"],
        0,
        "nothing is written"
    );

    let kept = world.written("Tag all", &tag("add_tags")).await;
    assert_eq!(
        (&kept["version"], &kept["autonomy"]),
        (&json!(1), &json!("propose"))
    );
    assert_eq!(kept["rule"], draft);
    let run = world.agent_run(&kept).await;
    assert_eq!(run["status"], "waiting_approval", "{run}");
    assert_eq!(run["agent_name"], "Tag all");
    let sets = run["change_sets"].as_array().unwrap();
    assert_eq!(sets.len(), 3);
    let id = sets[0].as_str().unwrap();
    let set = world.owner.read(&format!("/v1/change-sets/{id}")).await;
    assert_eq!(set["operations"][0]["kind"], "add_tags");
    let digest = json!({ "digest": set["digest"] });
    let approve = format!("/v1/change-sets/{id}/approve");
    with_status(world.owner.post(&approve, &digest).await, 200).await;
    assert_eq!(changes::ended(&world.owner, id).await["status"], "applied");

    // Bit for bit, as any agent.
    let replay = format!("/v1/runs/{}/replay", run["id"].as_str().unwrap());
    let replay = with_status(world.owner.post(&replay, &json!({})).await, 200).await;
    assert_eq!(
        (&replay["same"], &replay["proposals"]),
        (&json!(true), &json!(3))
    );
    let list = world.owner.read(RULES).await;
    assert_eq!(list["rules"][0]["last_run"]["hits"], 3);
    assert_eq!(list["rules"][0]["waiting"], 2);
    // What waits is not told again, and what was changed rests.
    let again = world
        .owner
        .post(&format!("{}/preview", path(&kept)), &json!({}))
        .await;
    let again = with_status(again, 200).await;
    let titles: Vec<_> = preview["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|h| &h["title"])
        .collect();
    for hit in again["hits"].as_array().unwrap() {
        assert!(!titles.contains(&&hit["title"]), "{hit}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_stand_is_refused_at_its_place() {
    let world = World::new().await;
    let mut wrong = rule("Wrong", &priced(), &tag("add_tags"));
    wrong["when"]["schedule"] = json!("each morning");
    wrong["if"]["conditions"][0]["value"] = json!(-1);
    wrong["limits"]["per_run"] = json!(101);
    for (target, body) in [
        (
            RULES.to_owned(),
            json!({ "rule": wrong, "autonomy": "act" }),
        ),
        (format!("{RULES}/preview"), json!({ "rule": wrong })),
    ] {
        let problem = with_status(world.owner.post(&target, &body).await, 422).await;
        let fields: Vec<_> = faults(&problem)
            .into_iter()
            .map(|(field, _)| field)
            .collect();
        let mut expected = vec![
            "rule.when.schedule",
            "rule.if.conditions.0.value",
            "rule.limits.per_run",
        ];
        if target == RULES {
            expected.push("autonomy");
        }
        assert_eq!(fields, expected);
    }
    for nonsense in [
        json!({ "rule": { "name": "Half" } }),
        json!({ "rule": rule("Moon", &json!([{ "figure": "moon", "is": "above", "value": 1 }]), &tag("add_tags")) }),
    ] {
        with_status(world.write(&nonsense).await, 400).await;
    }
    let unknown = format!("{RULES}/0190b2f0-0000-7000-8000-000000000001");
    with_status(world.owner.get(&unknown).await, 404).await;
    with_status(world.owner.get("/v1/agents/rule").await, 404).await;
    with_status(world.owner.get("/v1/agents/rule:nobody").await, 404).await;
    assert_eq!(world.owner.read(RULES).await["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_that_would_go_round_are_refused_with_their_reason() {
    let world = World::new().await;
    // Its own change is a change of products.
    let moving = json!({ "do": "price_percent", "percent": -500, "rounding": "exact" });
    let mut looping = rule("Down and down", &priced(), &moving);
    looping["when"] = json!({ "by": "event", "event": "products.changed" });
    looping["limits"]["cool_down_hours"] = json!(0);
    let problem = with_status(world.write(&json!({ "rule": looping })).await, 422).await;
    let found = faults(&problem);
    assert_eq!(found[0].0, "rule.limits.cool_down_hours");
    assert!(found[0].1.contains("again and again"), "{problem}");

    let adds = world.written("Adds", &tag("add_tags")).await;
    let body = json!({ "rule": rule("Removes", &priced(), &tag("remove_tags")) });
    let problem = with_status(world.write(&body).await, 422).await;
    let found = faults(&problem);
    assert_eq!(found[0].0, "rule.then");
    assert!(found[0].1.contains("“Adds”"), "{problem}");
    // One of the two may be kept switched off, and is not switched on.
    let mut off = body;
    off["enabled"] = json!(false);
    let removes = with_status(world.write(&off).await, 201).await;
    let on = json!({ "version": 1, "enabled": true });
    with_status(world.put(&path(&removes), &on).await, 422).await;
    let agent = format!("/v1/agents/{}", removes["agent_id"].as_str().unwrap());
    with_status(world.put(&agent, &on).await, 422).await;
    let gone = world
        .owner
        .request(Method::DELETE, &path(&adds))
        .send()
        .await
        .unwrap();
    assert_eq!(gone.status(), 204);
    let changed = with_status(world.put(&path(&removes), &on).await, 200).await;
    assert_eq!(
        (&changed["enabled"], &changed["version"]),
        (&json!(true), &json!(2))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_kept_version_by_version_and_told_to_the_audit() {
    let world = World::new().await;
    let kept = world.written("First", &json!({ "do": "notify" })).await;
    let path = path(&kept);
    let second = json!({ "version": 1, "rule": rule("Second", &priced(), &json!({ "do": "notify" })), "reason": "A better name" });
    with_status(world.put(&path, &second).await, 200).await;
    with_status(world.put(&path, &second).await, 409).await;
    let versions = world.owner.read(&format!("{path}/versions")).await;
    let names: Vec<_> = versions["versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| &v["rule"]["name"])
        .collect();
    assert_eq!(names, ["Second", "First"]);
    assert_eq!(versions["versions"][0]["reason"], "A better name");
    // How it is set elsewhere does not go round the document.
    let agent = format!("/v1/agents/{}", kept["agent_id"].as_str().unwrap());
    let schedule = json!({ "version": 2, "schedule": "* * * * *" });
    with_status(world.put(&agent, &schedule).await, 422).await;
    assert_eq!(world.agent_run(&kept).await["status"], "succeeded");
    let removed = world
        .owner
        .request(Method::DELETE, &path)
        .send()
        .await
        .unwrap();
    assert_eq!(removed.status(), 204);
    with_status(world.owner.get(&path).await, 404).await;
    with_status(world.owner.get(&agent).await, 404).await;
    let audit = world.owner.read("/v1/audit?limit=20").await;
    let actions: Vec<_> = audit["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["action"].as_str().unwrap())
        .collect();
    for word in ["rule.remove", "rule.change", "rule.create"] {
        assert!(actions.contains(&word), "{actions:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_acts_only_after_a_rehearsal_and_asks_again_when_it_says_something_else() {
    let world = World::new().await;
    let given = json!([{ "figure": "units_sold", "days": 30, "is": "at_least", "value": 1 }]);
    let body = json!({ "rule": rule("Seller", &given, &tag("add_tags")), "autonomy": "propose" });
    let kept = with_status(world.write(&body).await, 201).await;
    let agent = format!("/v1/agents/{}", kept["agent_id"].as_str().unwrap());
    let act = json!({ "version": 1, "autonomy": "act", "reason": "It only tags" });
    let problem = with_status(world.put(&agent, &act).await, 422).await;
    assert!(problem.to_string().contains("rehearsal"), "{problem}");
    let (_, to) = world.days().await;
    let days = json!({ "from": to - chrono::Days::new(13), "to": to });
    let started = world
        .owner
        .post(&format!("{agent}/rehearsals"), &days)
        .await;
    let started = with_status(started, 201).await;
    let run = world.ended(started["id"].as_str().unwrap()).await;
    assert_eq!(run["status"], "succeeded", "{run}");
    let rehearsal = &run["rehearsal"];
    assert!(rehearsal["proposals"].as_u64().unwrap() > 0, "{rehearsal}");
    assert!(
        rehearsal["explanation"]
            .as_str()
            .unwrap()
            .contains("as it is now")
    );
    with_status(world.put(&agent, &act).await, 200).await;
    let run = world.agent_run(&kept).await;
    let id = run["change_sets"][0].as_str().unwrap();
    assert_eq!(changes::ended(&world.owner, id).await["status"], "applied");
    let other = json!({ "version": 2, "rule": rule("Seller", &priced(), &tag("add_tags")) });
    let changed = with_status(world.put(&path(&kept), &other).await, 200).await;
    assert_eq!(
        changed["autonomy"], "propose",
        "nobody has seen what it would have done"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_starts_the_rules_that_name_it_and_who_may_only_read_writes_none() {
    let world = World::new().await;
    let mut listening = rule("Listens", &priced(), &json!({ "do": "notify" }));
    listening["when"] = json!({ "by": "event", "event": "supplier.called" });
    let kept = with_status(world.write(&json!({ "rule": listening })).await, 201).await;
    assert_eq!(kept["next_run_at"], Value::Null);
    let told = json!({ "event_type": "supplier.called" });
    with_status(world.owner.post("/events", &told).await, 201).await;
    let agent = kept["agent_id"].as_str().unwrap();
    let runs = world.owner.read(&format!("/v1/agents/{agent}/runs")).await;
    assert_eq!(runs["runs"].as_array().unwrap().len(), 1, "{runs}");
    let reader = world.server.script(Role::Viewer).await;
    assert_eq!(reader.read(RULES).await["total"], 1);
    let body = json!({ "rule": rule("No", &priced(), &json!({ "do": "notify" })) });
    with_status(reader.post(RULES, &body).await, 403).await;
}
