//! Runs of agents from their start to their end, over both databases; rehearsals; what is proposed; the list of all jobs.

use crate::agents::{ORDERS, PRICES, World, with_status};
use crate::databases::Place;
use crate::support::Client;
use chrono::{Duration, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

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
        (&json!(9), &json!(9))
    );
    let health = owner.read("/v1/health").await;
    assert_eq!(
        health["agents"],
        json!({ "active": 9, "total": 9, "degraded": 0 })
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
