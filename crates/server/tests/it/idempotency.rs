//! `Idempotency-Key` over HTTP, over both databases: each case of the contract, two at once, a restart in between.

use crate::databases::Place;
use crate::support::{Client, TestServer, server, until};
use bytes::Bytes;
use domain::people::Role;
use futures::StreamExt as _;
use ports::idempotency::RequestKey;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use server::idempotency::{FREE, REQUIRED, Repeats};
use server::routes::table;
use tokio::io::AsyncWriteExt as _;
use tokio::sync::mpsc;

const STORES: &str = "/v1/stores";

async fn on_both(test: impl AsyncFn(&[(&str, &str)])) {
    for place in [Place::Embedded, Place::postgres().await] {
        let settings = place.settings();
        let settings: Vec<(&str, &str)> = settings.iter().map(|(k, v)| (*k, v.as_str())).collect();
        test(&settings).await;
        place.remove().await;
    }
}

fn store(name: &str) -> Value {
    json!({ "name": name, "currency": "usd", "timezone": "UTC" })
}

async fn post(client: &Client, path: &str, key: &str, body: &Value) -> (u16, bool, Value) {
    let request = client.keyless(Method::POST, path);
    let sent = request.header("idempotency-key", key).json(body).send();
    told(sent.await.unwrap()).await
}

async fn told(response: Response) -> (u16, bool, Value) {
    let again = response.headers().get("idempotent-replayed");
    let again = again.is_some_and(|v| v == "true");
    let status = response.status().as_u16();
    (status, again, response.json().await.unwrap_or(Value::Null))
}

async fn stores(client: &Client) -> usize {
    let list = client.read(STORES).await;
    list["stores"].as_array().unwrap().len()
}

#[test]
fn each_rule_names_a_route() {
    let table = table();
    for path in REQUIRED {
        let entry = table
            .iter()
            .find(|e| e.path == *path && e.method == Method::POST.as_str());
        assert_eq!(entry.map(|e| e.repeats), Some(Repeats::Required), "{path}");
    }
    for (path, reason) in FREE {
        assert!(table.iter().any(|e| e.path == *path), "{path}");
        assert!(!reason.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_nothing_starts_and_a_bad_one_is_refused() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    for entry in table() {
        let id = "0190b2f0-0000-7000-8000-000000000001";
        let path = entry.documented_path().replace("{id}", id);
        if entry.repeats == Repeats::Required {
            let answer = owner.keyless(Method::POST, &path).json(&json!({}));
            let (status, _, problem) = told(answer.send().await.unwrap()).await;
            let kind = "/problems/idempotency-key-missing";
            assert_eq!((status, &problem["type"]), (400, &json!(kind)), "{path}");
        }
    }
    for bad in ["", "a b", "ä", &"x".repeat(256)] {
        let (status, _, problem) = post(&owner, STORES, bad, &store("a")).await;
        let kind = "/problems/idempotency-key-invalid";
        assert_eq!((status, &problem["type"]), (400, &json!(kind)), "{bad}");
    }
    let (status, _, _) = post(&owner, STORES, &"~".repeat(255), &store("a")).await;
    assert_eq!(status, 201);
    let keyless = owner.keyless(Method::POST, STORES).json(&store("b"));
    assert_eq!(keyless.send().await.unwrap().status(), 201, "optional here");
    assert_eq!(stores(&owner).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_gets_the_stored_answer_also_after_a_restart() {
    on_both(async |settings| {
        let server = server(settings).await;
        let owner = server.owner().await;
        let (status, again, first) = post(&owner, STORES, "k", &store("a")).await;
        assert_eq!((status, again), (201, false));
        let (status, again, second) = post(&owner, STORES, "k", &store("a")).await;
        assert_eq!((status, again, &second), (201, true, &first));

        let (status, _, problem) = post(&owner, STORES, "k", &store("b")).await;
        let kind = "/problems/idempotency-key-reused";
        assert_eq!((status, &problem["type"]), (422, &json!(kind)));
        // Another route, another caller: another key.
        let account = json!({ "name": "Warehouse", "role": "viewer" });
        let (status, again, _) = post(&owner, "/v1/service-accounts", "k", &account).await;
        assert_eq!((status, again), (201, false));
        let admin = server.script(Role::Admin).await;
        let (status, again, _) = post(&admin, STORES, "k", &store("a")).await;
        assert_eq!((status, again), (201, false));
        assert_eq!(stores(&owner).await, 2);

        let server = server.restarted(settings).await;
        let owner = owner.at(server.running.url());
        let (status, again, third) = post(&owner, STORES, "k", &store("a")).await;
        assert_eq!((status, again, &third), (201, true, &first));
        assert_eq!(stores(&owner).await, 2);
        server.running.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_leaves_the_key_free() {
    on_both(async |settings| {
        let server = server(settings).await;
        let owner = server.owner().await;
        let wrong = json!({ "name": "a", "currency": "nonsense", "timezone": "UTC" });
        assert_eq!(post(&owner, STORES, "k", &wrong).await.0, 400);
        assert_eq!(post(&owner, STORES, "k", &json!([])).await.0, 400);
        let mut forged = owner.clone();
        forged.csrf = None;
        assert_eq!(post(&forged, STORES, "k", &store("a")).await.0, 403);
        assert_eq!(
            post(&server.anybody(), STORES, "k", &store("a")).await.0,
            401
        );
        let (status, again, _) = post(&owner, STORES, "k", &store("a")).await;
        assert_eq!((status, again), (201, false));
        server.running.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_one_is_done() {
    on_both(async |settings| {
        let server = server(settings).await;
        let owner = server.owner().await;
        let body = store("a");
        let all = (0..16).map(|_| post(&owner, STORES, "k", &body));
        let mut done = Vec::new();
        for (status, _, answer) in futures::future::join_all(all).await {
            match status {
                201 => done.push(answer),
                409 => assert_eq!(answer["type"], "/problems/idempotency-key-in-use"),
                other => panic!("{other}: {answer}"),
            }
        }
        assert!(!done.is_empty() && done.iter().all(|a| *a == done[0]));
        assert_eq!(stores(&owner).await, 1);
        server.running.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hangs_up_finds_it_done() {
    let server = server(&[]).await;
    let script = server.script(Role::Owner).await;
    let address = server
        .running
        .url()
        .trim_start_matches("http://")
        .to_owned();
    let token = script.token.clone().unwrap();
    for n in 0..20 {
        let (key, body) = (format!("k{n}"), store(&format!("s{n}")).to_string());
        let head = format!(
            "POST {STORES} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\nidempotency-key: {key}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut line = tokio::net::TcpStream::connect(&address).await.unwrap();
        line.write_all(head.as_bytes()).await.unwrap();
        drop(line);
        let (status, body) = until(|| async {
            let (status, _, body) = post(&script, STORES, &key, &store(&format!("s{n}"))).await;
            (status != 409).then_some((status, body))
        })
        .await;
        assert_eq!(status, 201, "{body}");
    }
    assert_eq!(stores(&script).await, 20);
}

/// An upload whose body comes when the test sends it.
fn slow_upload(owner: &Client, key: &str) -> (mpsc::Sender<Bytes>, reqwest::RequestBuilder) {
    let (send, receive) = mpsc::channel::<Bytes>(4);
    let body = futures::stream::unfold(receive, |mut receive| async {
        let chunk = receive.recv().await?;
        Some((Ok::<_, std::io::Error>(chunk), receive))
    });
    let request = owner
        .keyless(Method::POST, "/v1/imports?name=a.csv")
        .header("idempotency-key", key)
        .header("content-type", "text/csv")
        .body(reqwest::Body::wrap_stream(body.boxed()));
    (send, request)
}

async fn whole_upload(owner: &Client, key: &str) -> Response {
    let (send, request) = slow_upload(owner, key);
    send.send(Bytes::from("sku,cost\nA,1.00\n")).await.unwrap();
    drop(send);
    request.send().await.unwrap()
}

/// As the server names the request.
async fn key_of(server: &TestServer, owner: &Client, key: &str) -> RequestKey {
    let me = owner.read("/v1/auth/me").await;
    let accounts = &server.running.composed().ports.accounts;
    RequestKey {
        workspace: accounts.workspaces().await.unwrap()[0].id,
        principal: format!("user:{}", me["user"]["id"].as_str().unwrap()),
        route: "POST /v1/imports".to_owned(),
        key: key.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_under_way_is_put_off_until_it_is_done_or_its_lease_ends() {
    on_both(async |settings| {
        let server = server(settings).await;
        let owner = server.owner().await;
        assert_eq!(post(&owner, STORES, "s", &store("a")).await.0, 201);
        let begin = async |key: &str| {
            let before = uploads(&server);
            let (send, request) = slow_upload(&owner, key);
            send.send(Bytes::from("sku,cost\n")).await.unwrap();
            let running = tokio::spawn(request.send());
            // It is in the handler's hands, so the key is claimed.
            until(|| async { (uploads(&server) > before).then_some(()) }).await;
            (send, running)
        };
        let (send, running) = begin("k").await;
        let early = whole_upload(&owner, "k").await;
        assert_eq!(
            (early.status().as_u16(), &early.headers()["retry-after"]),
            (409, &"1".parse().unwrap())
        );
        send.send(Bytes::from("A,1.00\n")).await.unwrap();
        drop(send);
        let (status, again, first) = told(running.await.unwrap().unwrap()).await;
        assert_eq!((status, again), (201, false), "{first}");
        let (status, again, repeated) = told(whole_upload(&owner, "k").await).await;
        assert_eq!((status, again, &repeated["id"]), (201, true, &first["id"]));

        // As after a crash: nobody extends the claim.
        let (send, running) = begin("dead").await;
        let key = key_of(&server, &owner, "dead").await;
        let past = chrono::Utc::now() - chrono::Duration::seconds(1);
        let idempotency = &server.running.composed().ports.idempotency;
        idempotency.extend(&key, past).await.unwrap();
        let (status, again, _) = told(whole_upload(&owner, "dead").await).await;
        assert_eq!((status, again), (201, false));
        // An upload that breaks off frees its key.
        running.abort();
        drop(send);
        server.running.stop().await;
    })
    .await;
}

fn uploads(server: &TestServer) -> usize {
    std::fs::read_dir(server.folder.path().join("imports")).map_or(0, Iterator::count)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_with_a_secret_is_never_kept() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let wanted = json!({ "name": "Nightly" });
    let (_, _, first) = post(&owner, "/v1/tokens", "k", &wanted).await;
    let (status, again, second) = post(&owner, "/v1/tokens", "k", &wanted).await;
    assert_eq!((status, again), (201, false));
    assert_ne!(first["secret"], second["secret"]);
}
