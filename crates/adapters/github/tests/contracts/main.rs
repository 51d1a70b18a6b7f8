//! The recorded answers beside the sandbox's: what is recorded of GitHub has the same names and types there. `ROYAL_CONTRACTS` names the folder.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails at once")]

use adapter_kit::{Registry, Settings};
use ports::Kind;
use ports::tracker::{NewIssue, Tracker as _};
use sandbox::github::{GITHUB_REPOSITORY, GITHUB_TOKEN};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

async fn sandbox() -> sandbox::Running {
    let options = sandbox::Options {
        orders: 2,
        days: 2,
        ..sandbox::Options::default()
    };
    sandbox::start(options).await.unwrap()
}

fn token() -> SecretString {
    GITHUB_TOKEN.into()
}

fn issue(marker: &str) -> NewIssue {
    NewIssue {
        title: "A sync failed".to_owned(),
        body: marker.to_owned(),
        label: "royal-equips".to_owned(),
    }
}

fn samples() -> Value {
    let folder = std::env::var("ROYAL_CONTRACTS").expect("ROYAL_CONTRACTS must be set");
    let text = std::fs::read_to_string(format!("{folder}/github/samples.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Answers everything alike; the adapter that asks it.
async fn recorded(status: u16, name: &str) -> adapter_github::Github {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let all = samples();
    let body = all[name].to_string();
    let headers = all["headers"].as_object().unwrap().iter();
    let headers = headers.map(|(name, value)| format!("{name}: {}\r\n", value.as_str().unwrap()));
    let answer = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n{}\r\n{body}",
        body.len(),
        headers.collect::<String>()
    );
    tokio::spawn(async move {
        loop {
            let (mut line, _) = listener.accept().await.unwrap();
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut read = [0; 16_384];
                let _ = line.read(&mut read).await;
                let _ = line.write_all(answer.as_bytes()).await;
            });
        }
    });
    let registry = Registry::new(Settings::default());
    adapter_github::Github::new(&base, "o/r", &registry).unwrap()
}

/// Every name of the one is in the other, with a value of the same type.
fn has_all(told: &Value, recorded: &Value, path: &str) {
    match recorded {
        Value::Object(fields) => {
            for (name, value) in fields.iter().filter(|(name, _)| *name != "search") {
                has_all(&told[name], value, &format!("{path}.{name}"));
            }
        }
        Value::Number(_) => assert!(told.is_number(), "{path} is {told}"),
        Value::String(_) => assert!(told.is_string(), "{path} is {told}"),
        _ => {}
    }
}

#[tokio::test]
async fn recorded_refusals_mean_what_they_say() {
    let limit = recorded(403, "secondary_limit_403").await;
    let refused = limit.comment(&token(), 1, "x").await.unwrap_err();
    assert_eq!(refused.kind, Kind::RateLimited);
    let broken = recorded(401, "bad_credentials_401").await;
    let refused = broken.comment(&token(), 1, "x").await.unwrap_err();
    assert_eq!(refused.kind, Kind::Unauthorized);
}

#[tokio::test]
async fn what_is_sent_has_the_recorded_shape_and_the_sandbox_answers_as_recorded() {
    let sandbox = sandbox().await;
    let base = format!("{}/github", sandbox.base_url);
    let registry = Registry::new(Settings::default());
    let github = adapter_github::Github::new(&base, GITHUB_REPOSITORY, &registry).unwrap();
    let all = samples();
    github.open_issue(&token(), &issue("m")).await.unwrap();
    let sent = &all["dispatch_request"];
    let name = sent["event_type"].as_str().unwrap();
    let payload = &sent["client_payload"];
    github.signal(&token(), name, payload).await.unwrap();
    let told = sandbox.github();
    assert_eq!(told["dispatches"][0], *sent);
    let mut request = all["create_issue_request"].clone();
    request["labels"] = Value::Null;
    has_all(&told["issues"][0], &request, "issue");
    // The limits, as the adapter reads them, and as the sandbox tells them.
    let client = reqwest_of(&sandbox, "rate_limit").await;
    has_all(&client, &all["rate_limit"], "rate_limit");
    let unknown = json!(GITHUB_REPOSITORY);
    assert_eq!(told["repository"], unknown);
}

/// A raw question: what the adapter does not read is looked at, too.
async fn reqwest_of(sandbox: &sandbox::Running, path: &str) -> Value {
    let place = sandbox.base_url.trim_start_matches("http://").to_owned();
    let mut line = tokio::net::TcpStream::connect(&place).await.unwrap();
    let request = format!(
        "GET /github/{path} HTTP/1.1\r\nhost: {place}\r\nuser-agent: x\r\naccept: application/vnd.github+json\r\n\
         x-github-api-version: 2022-11-28\r\nauthorization: Bearer {}\r\nconnection: close\r\n\r\n",
        GITHUB_TOKEN
    );
    line.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    line.read_to_string(&mut text).await.unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    for (name, _) in samples()["headers"].as_object().unwrap() {
        assert!(head.to_lowercase().contains(&format!("{name}:")), "{head}");
    }
    serde_json::from_str(body).unwrap()
}
