//! What people are told, over real HTTP: to a receiver and a mail server of the tests.

use crate::killed::{Product, moment, shop};
use crate::support::{Client, TestServer, server, until};
use domain::people::Role;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use testkit::smtp::SmtpServer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// Takes whatever comes; the first ones are refused as often as it is told.
#[derive(Clone)]
pub(crate) struct Receiver {
    port: u16,
    got: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    async fn start(answer: &'static str) -> Self {
        Self::start_on(0, answer).await
    }

    pub(crate) async fn start_on(port: u16, answer: &'static str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let got = Arc::<Mutex<Vec<String>>>::default();
        let kept = Arc::clone(&got);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (mut text, mut buffer) = (String::new(), [0; 8192]);
                while !is_whole(&text) {
                    match stream.read(&mut buffer).await {
                        Ok(0) | Err(_) => break,
                        Ok(n) => text.push_str(&String::from_utf8_lossy(&buffer[..n])),
                    }
                }
                kept.lock().unwrap().push(text);
                let answer =
                    format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.ok();
            }
        });
        Self { port, got }
    }

    pub(crate) fn got(&self) -> Vec<String> {
        self.got.lock().unwrap().clone()
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/in/s3cret", self.port)
    }
}

fn is_whole(text: &str) -> bool {
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|l| l.strip_prefix("content-length: "));
    body.len() >= length.and_then(|l| l.parse().ok()).unwrap_or(0)
}

fn at_once() -> Value {
    json!({ "info": "now", "warning": "now", "critical": "now", "digest_at": "08:00" })
}

async fn allowing() -> TestServer {
    server(&[("NOTIFY_ALLOWED_HOSTS", "127.0.0.1")]).await
}

async fn create(owner: &Client, kind: &str, url: &str) -> (u16, Value) {
    let body = json!({ "kind": kind, "name": "Ops", "url": url, "preferences": at_once() });
    let answer = owner.post("/v1/notification-channels", &body).await;
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn stop(owner: &Client) {
    let stop = json!({ "scope": { "kind": "all" }, "reason": "prices look wrong" });
    assert_eq!(owner.post("/v1/stops", &stop).await.status(), 201);
}

/// The notices, when there is one.
async fn told(who: &Client) -> Value {
    until(|| async {
        let list = who.read("/v1/notifications").await;
        (list["total"] != 0).then_some(list)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_is_told_to_a_signed_webhook_and_read_by_each_for_themselves() {
    let receiver = Receiver::start("200 OK").await;
    let server = allowing().await;
    let owner = server.owner().await;
    let (status, made) = create(&owner, "webhook", &receiver.url()).await;
    assert_eq!(status, 201, "{made}");
    assert!(
        made["secret"].as_str().unwrap().starts_with("whsec_"),
        "{made}"
    );
    assert_eq!(made["channel"]["address"], receiver.url());
    stop(&owner).await;
    let list = told(&owner).await;
    let notice = &list["notifications"][0];
    assert_eq!(
        (&notice["kind"], &notice["severity"]),
        (&json!("stop_set"), &json!("critical"))
    );
    assert_eq!(list["unread"]["critical"], 1);
    let message = until(|| async { receiver.got().pop() }).await;
    for part in [
        "webhook-id: ",
        "webhook-timestamp: ",
        "webhook-signature: v1,",
        "\"type\":\"notice\"",
    ] {
        assert!(message.contains(part), "{message}");
    }
    assert!(message.contains("prices look wrong"), "{message}");
    let deliveries = until(|| async {
        let list = owner.read("/v1/notification-deliveries?state=sent").await;
        (list["total"] == 1).then_some(list)
    })
    .await;
    let sent = deliveries["deliveries"][0]["id"].as_str().unwrap();
    assert!(
        message.contains(&format!("webhook-id: {sent}")),
        "{message}"
    );

    let viewer = server.script(Role::Viewer).await;
    let id = json!({ "id": notice["id"] });
    let unread = owner.post("/v1/notifications/read", &id).await;
    assert_eq!(unread.json::<Value>().await.unwrap()["total"], 0);
    assert_eq!(
        owner.read("/v1/notifications?unread=true").await["total"],
        0
    );
    assert_eq!(
        viewer.read("/v1/notifications?unread=true").await["total"],
        1
    );
    let unread = viewer.post("/v1/notifications/read", &json!({})).await;
    assert_eq!(unread.json::<Value>().await.unwrap()["total"], 0);
    assert_eq!(viewer.get("/v1/notification-channels").await.status(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_a_secret_is_never_shown() {
    let receiver = Receiver::start("200 OK").await;
    let server = allowing().await;
    let owner = server.owner().await;
    let (status, made) = create(&owner, "slack", &receiver.url()).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["secret"], Value::Null);
    assert_eq!(made["channel"]["address"], "127.0.0.1");
    let id = made["channel"]["id"].as_str().unwrap();
    let test = format!("/v1/notification-channels/{id}/test");
    let sent: Value = owner.post(&test, &json!({})).await.json().await.unwrap();
    assert_eq!(sent["state"], "sent", "{sent}");
    assert!(
        receiver.got()[0].starts_with("POST /in/s3cret"),
        "{:?}",
        receiver.got()
    );
    let everything = [
        owner.read("/v1/notification-channels").await,
        owner.read("/v1/notification-deliveries").await,
        owner.read("/v1/audit?limit=250").await,
        owner.read("/v1/secrets").await,
    ];
    for answer in everything {
        assert!(!answer.to_string().contains("s3cret"), "{answer}");
    }
    let path = format!("/v1/notification-channels/{id}");
    let set = json!({ "name": "Night", "preferences": at_once(), "is_enabled": false });
    let set = owner
        .request(Method::PUT, &path)
        .json(&set)
        .send()
        .await
        .unwrap();
    let set: Value = set.json().await.unwrap();
    assert_eq!(
        (&set["name"], &set["is_enabled"]),
        (&json!("Night"), &json!(false))
    );
    let sent: Value = owner.post(&test, &json!({})).await.json().await.unwrap();
    assert_eq!(sent["state"], "sent", "where it goes stayed: {sent}");
    assert_eq!(
        owner
            .request(Method::DELETE, &path)
            .send()
            .await
            .unwrap()
            .status(),
        204
    );
    assert_eq!(owner.get(&path).await.status(), 404);
    assert!(
        !owner.read("/v1/secrets").await.to_string().contains(id),
        "its secrets went with it"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_says_why() {
    let receiver = Receiver::start("500 Internal Server Error").await;
    let server = allowing().await;
    let owner = server.owner().await;
    let (_, made) = create(&owner, "webhook", &receiver.url()).await;
    let id = made["channel"]["id"].as_str().unwrap();
    let test = format!("/v1/notification-channels/{id}/test");
    let sent: Value = owner.post(&test, &json!({})).await.json().await.unwrap();
    assert_eq!(sent["state"], "dead");
    assert!(
        sent["last_error"].as_str().unwrap().contains("500"),
        "{sent}"
    );
    stop(&owner).await;
    let waiting = until(|| async {
        let list = owner
            .read("/v1/notification-deliveries?state=pending")
            .await;
        let first = list["deliveries"][0].clone();
        (first["tries"] == 1 && first["last_error"] != Value::Null).then_some(first)
    })
    .await;
    assert!(
        waiting["last_error"].as_str().unwrap().contains("500"),
        "{waiting}"
    );
    let channel = owner.read(&format!("/v1/notification-channels/{id}")).await;
    assert_ne!(channel["failing_since"], Value::Null, "{channel}");
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_inside_a_network_are_refused_unless_they_are_allowed() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    for url in [
        "http://127.0.0.1:1/in",
        "https://10.0.0.1/in",
        "https://[::1]/in",
        "file:///etc/passwd",
        "hook",
    ] {
        let (status, answer) = create(&owner, "webhook", url).await;
        assert_eq!(
            (status, &answer["errors"][0]["field"]),
            (422, &json!("url")),
            "{url}: {answer}"
        );
    }
    let (status, answer) = create(&owner, "slack", "https://example.com/services/x").await;
    assert_eq!(status, 422, "{answer}");
    let body = json!({ "kind": "slack", "name": "", "url": "https://hooks.slack.com/services/x", "preferences": at_once() });
    let answer = owner.post("/v1/notification-channels", &body).await;
    assert_eq!(answer.status(), 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_told_by_mail_what_they_want_to_be_told() {
    let relay = SmtpServer::start(None).await;
    let port = relay.port.to_string();
    let settings = [
        ("SMTP_HOST", "127.0.0.1"),
        ("SMTP_PORT", port.as_str()),
        ("SMTP_TLS", "none"),
        ("SMTP_FROM", "Royal <royal@shop.example>"),
    ];
    let server = server(&settings).await;
    let owner = server.owner().await;
    let path = "/v1/notifications/preferences";
    let own = owner.read(path).await;
    assert_eq!(
        (&own["has_mail"], &own["default_zone"]),
        (&json!(true), &json!("UTC"))
    );
    assert_eq!(
        own["preferences"]["critical"], "now",
        "unless somebody says otherwise"
    );
    let put = async |body: &Value| {
        let answer = owner
            .request(Method::PUT, path)
            .json(body)
            .send()
            .await
            .unwrap();
        (
            answer.status().as_u16(),
            answer.json::<Value>().await.unwrap(),
        )
    };
    let mut wanted = json!({
        "info": "off", "warning": "digest", "critical": "now", "digest_at": "07:30",
        "quiet": { "from": "22:00", "until": "07:00" }, "zone": "Europe/Berlin",
    });
    let (status, kept) = put(&wanted).await;
    assert_eq!((status, &kept["preferences"]), (200, &wanted));
    for (field, bad) in [
        ("zone", json!("Mars/Olympus")),
        ("digest_at", json!("25:00")),
        ("quiet", json!({ "from": "22:00", "until": "22:00" })),
    ] {
        let good = wanted[field].take();
        wanted[field] = bad;
        let (status, answer) = put(&wanted).await;
        assert_eq!(status, 422, "{answer}");
        wanted[field] = good;
    }
    stop(&owner).await;
    let letter = relay.letter().await;
    assert!(
        letter.contains("Subject: Critical: All writes are stopped"),
        "{letter}"
    );
    assert!(letter.contains("To: owner@example.com"), "{letter}");
    assert!(letter.contains("prices look wrong"), "{letter}");
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_kills_lose_no_notice_and_tell_each_under_one_id() {
    const KILLS: u64 = 10;
    let receiver = Receiver::start("200 OK").await;
    let product = Product::new(shop(1)).await;
    let mut alive = product.start().await;
    let (status, made) = create(&alive.client, "webhook", &receiver.url()).await;
    assert_eq!(status, 201, "{made}");
    for kill in 1..=KILLS {
        stop(&alive.client).await;
        let lift = json!({ "scope": { "kind": "all" }, "reason": "enough" });
        let lifted = alive.client.post("/v1/stops/lift", &lift).await;
        assert_eq!(lifted.status(), 200);
        tokio::time::sleep(moment(kill) / 2).await;
        alive.kill();
        alive = product.start().await;
    }
    let told = |kind: &'static str| {
        let client = alive.client.clone();
        async move {
            let list = client.read("/v1/notifications?limit=250").await;
            let all = list["notifications"].as_array().unwrap().clone();
            let of = all.iter().filter(|n| n["kind"] == kind);
            assert!(of.clone().all(|n| n["count"] == 1), "{list}");
            of.count() as u64
        }
    };
    until(|| async {
        let both = (told("stop_set").await, told("stop_lifted").await);
        (both == (KILLS, KILLS)).then_some(())
    })
    .await;
    until(|| async {
        let waiting = alive
            .client
            .read("/v1/notification-deliveries?state=pending")
            .await;
        let sent = alive
            .client
            .read("/v1/notification-deliveries?state=sent")
            .await;
        (waiting["total"] == 0 && sent["total"].as_u64() >= Some(2 * KILLS)).then_some(())
    })
    .await;
    let ids: BTreeSet<String> = receiver.got().iter().map(|text| id_of(text)).collect();
    let sent = alive
        .client
        .read("/v1/notification-deliveries?state=sent")
        .await;
    assert_eq!(
        Some(ids.len() as u64),
        sent["total"].as_u64(),
        "each arrived, none twice under another id"
    );
    product.doctor_is_content().await;
}

fn id_of(message: &str) -> String {
    let line = message.lines().find_map(|l| l.strip_prefix("webhook-id: "));
    line.unwrap().to_owned()
}
