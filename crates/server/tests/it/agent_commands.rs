//! `royal agents` and `royal change-sets`: through the server when one runs on this data, else by themselves.

use crate::changes::first_edit;
use crate::command_line::{code, error, royal, text};
use crate::support::{Client, TestServer, sandbox, server};
use serde_json::{Value, json};
use std::path::Path;

const UNKNOWN: &str = "0190b2f0-0000-7000-8000-000000000001";

async fn told(data: &Path, args: &[&str]) -> Value {
    let whole: Vec<&str> = args.iter().chain(&["--json"]).copied().collect();
    let output = royal(data, &[], &whole, "").await;
    code(&output, 0);
    serde_json::from_str(&text(&output)).unwrap()
}

async fn shown(data: &Path, args: &[&str]) -> String {
    let output = royal(data, &[], args, "").await;
    code(&output, 0);
    text(&output)
}

async fn with_a_store() -> (sandbox::Running, TestServer, Client) {
    let sandbox = sandbox(60).await;
    let server = server(&[("SANDBOX_URL", &sandbox.base_url)]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    (sandbox, server, owner)
}

/// One agent looks, is replayed, and is rehearsed over a day of the past.
async fn looks(data: &Path, agent: &str) {
    let run = told(data, &["agents", "run", agent]).await;
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_eq!(run["trigger"]["label"], "command line");
    let id = run["id"].as_str().unwrap();
    let replay = told(data, &["agents", "replay", id]).await;
    assert_eq!(replay["same"], true, "{replay}");
    let same = shown(data, &["agents", "replay", id]).await;
    assert!(same.contains("bit for bit"), "{same}");
    let day = (chrono::Utc::now() - chrono::Duration::days(10)).date_naive();
    let day = day.to_string();
    let rehearse = ["agents", "rehearse", agent, "--from", &day, "--to", &day];
    let rehearsed = shown(data, &rehearse).await;
    assert!(
        rehearsed.contains(&format!("{day} to {day}")),
        "{rehearsed}"
    );
    let wrong = [
        "agents",
        "rehearse",
        agent,
        "--from",
        &day,
        "--to",
        "2000-01-01",
    ];
    let refused = royal(data, &[], &wrong, "").await;
    code(&refused, 64);
    assert!(error(&refused).contains("to "), "{}", error(&refused));
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_are_run_replayed_and_rehearsed_with_a_server_and_without() {
    let (_sandbox, server, owner) = with_a_store().await;
    let TestServer { running, folder } = server;
    let data = folder.path();
    let list = told(data, &["agents", "list"]).await;
    assert_eq!(
        list,
        json!({ "agents": owner.read("/v1/agents").await["agents"] })
    );
    looks(data, "pricing_optimizer").await;
    let audit = owner.read("/v1/audit?limit=20").await.to_string();
    assert!(audit.contains("agent.run") && audit.contains("agent.rehearse"));
    for args in [
        ["agents", "run", "nobody"],
        ["agents", "replay", UNKNOWN],
        ["change-sets", "show", UNKNOWN],
    ] {
        code(&royal(data, &[], &args, "").await, 65);
    }
    code(&royal(data, &[], &["agents", "replay", "x"], "").await, 64);

    running.stop().await;
    looks(data, "order_management").await;
    let shown = shown(data, &["agents", "list"]).await;
    assert!(shown.contains("pricing_optimizer") && shown.contains("order_management"));
    code(&royal(data, &[], &["stop"], "").await, 0);
    let refused = royal(data, &[], &["agents", "run", "pricing_optimizer"], "").await;
    code(&refused, 65);
    assert!(error(&refused).contains("stop"), "{}", error(&refused));
}

#[tokio::test(flavor = "multi_thread")]
async fn change_sets_are_decided_on_with_a_server_and_without() {
    let (_sandbox, server, owner) = with_a_store().await;
    let mut sets = Vec::new();
    for percent in [102, 103] {
        let edit = first_edit(&owner, percent).await;
        let new = json!({ "edits": [edit], "reason": "dearer coffee" });
        let set = owner.post("/v1/change-sets", &new).await;
        let set: Value = set.json().await.unwrap();
        sets.push(set["id"].as_str().unwrap().to_owned());
    }
    let TestServer { running, folder } = server;
    let data = folder.path();
    let list = told(data, &["change-sets", "list", "--status", "proposed"]).await;
    assert_eq!(list["change_sets"].as_array().unwrap().len(), 2);
    let none = told(data, &["change-sets", "list", "--agent", "nobody"]).await;
    assert_eq!(none["change_sets"], json!([]));
    let (first, second) = (sets[0].as_str(), sets[1].as_str());
    let set = told(data, &["change-sets", "show", first]).await;
    assert_eq!(set, owner.read(&format!("/v1/change-sets/{first}")).await);
    let wrong = ["change-sets", "approve", first, "--digest", "00"];
    code(&royal(data, &[], &wrong, "").await, 65);
    let approve = ["change-sets", "approve", first, "--note", "looked at"];
    let applied = told(data, &approve).await;
    assert_eq!(applied["status"], "applied", "{applied}");
    assert_eq!(applied["approval"]["note"], "looked at");
    let rejected = told(data, &["change-sets", "reject", second]).await;
    assert_eq!(rejected["status"], "rejected");
    code(
        &royal(data, &[], &["change-sets", "undo", second], "").await,
        65,
    );

    running.stop().await;
    let undo = told(data, &["change-sets", "undo", first]).await;
    let undo = undo["id"].as_str().unwrap();
    let applied = shown(data, &["change-sets", "approve", undo]).await;
    assert!(
        applied.contains("applied") && applied.contains("digest"),
        "{applied}"
    );
    let original = told(data, &["change-sets", "show", first]).await;
    assert_eq!(original["status"], "undone");
}
