//! Segments over HTTP and the sandbox: who agreed is in the file, once, and by nobody without the right to it.

use crate::changes::with_status;
use crate::notifications::Receiver;
use crate::support::{Client, minor, sandbox, server, until};
use serde_json::{Value, json};

/// Sends the first segment with somebody in it to a port of this machine; answers the export.
async fn send(owner: &Client, port: u16) -> Value {
    let channel = json!({
        "kind": "webhook", "name": "Mail tool", "url": format!("http://127.0.0.1:{port}/in"),
        "preferences": { "info": "off", "warning": "off", "critical": "off", "digest_at": "08:00" },
    });
    let made = owner.post("/v1/notification-channels", &channel).await;
    let made = with_status(made, 201).await;
    let wish = json!({ "channel": "email", "to": made["channel"]["id"] });
    for segment in ["repeat", "new", "lapsed"] {
        let path = format!("/v1/segments/{segment}/send");
        let sent = with_status(owner.post(&path, &wish).await, 200).await;
        if sent["told"] != 0 {
            return sent;
        }
        assert!(sent["delivery"].is_null(), "there is nothing to send");
    }
    panic!("nobody of the sandbox is in a segment and agreed");
}

/// An export that nobody takes.
pub(crate) async fn waiting(owner: &Client) -> String {
    let sent = send(owner, closed()).await;
    assert_eq!(sent["delivery"]["state"], "waiting", "{sent}");
    sent["id"].as_str().unwrap().to_owned()
}

/// A port on which nobody listens.
fn closed() -> u16 {
    let probe = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    probe.local_addr().unwrap().port()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_took_waits_and_arrives_under_one_id_or_is_let_go() {
    let sandbox = sandbox(200).await;
    let settings = [
        ("SANDBOX_URL", sandbox.base_url.as_str()),
        ("NOTIFY_ALLOWED_HOSTS", "127.0.0.1"),
    ];
    let server = server(&settings).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let port = closed();
    let sent = send(&owner, port).await;
    let delivery = &sent["delivery"];
    assert_eq!(delivery["state"], "waiting");
    assert_eq!(
        (&delivery["tries"], &delivery["may_have_arrived"]),
        (&json!(1), &json!(false))
    );
    assert!(delivery["next_try_at"].is_string() && delivery["reason"].is_string());
    let path = |of: &Value, what: &str| {
        let id = of["id"].as_str().unwrap();
        format!("/v1/segment-exports/{id}/{what}")
    };
    // Let go, nobody counts as told: the same people are sent anew.
    let given_up = owner.post(&path(&sent, "give-up"), &json!({})).await;
    let given_up = with_status(given_up, 200).await;
    assert_eq!(given_up["delivery"]["state"], "given_up");
    assert_eq!(given_up["taken_back"], true);
    let drops = json!({ "receiver_drops_repeats": true });
    let over = owner.post(&path(&sent, "retry"), &drops).await;
    with_status(over, 409).await;
    let again = send(&owner, port).await;
    assert_eq!(again["told"], sent["told"]);
    // Somebody listens at last.
    let receiver = Receiver::start_on(port, "204 No Content").await;
    let tried = owner.post(&path(&again, "retry"), &json!({})).await;
    with_status(tried, 200).await;
    let taken = until(|| async {
        let list = owner.read("/v1/segment-exports").await;
        let newest = list["exports"][0].clone();
        (newest["delivery"]["state"] == "taken").then_some(newest)
    })
    .await;
    assert_eq!(taken["id"], again["id"]);
    assert!(taken["delivery"]["reason"].is_null());
    let got = receiver.got();
    assert_eq!(got.len(), 1);
    let id = again["id"].as_str().unwrap();
    assert!(got[0].contains(&format!("webhook-id: {id}")), "{}", got[0]);
    let (_, body) = got[0].split_once("\r\n\r\n").unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        body["data"]["people"].as_array().unwrap().len(),
        again["told"]
    );
    let other = owner.post(&path(&taken, "give-up"), &json!({})).await;
    with_status(other, 409).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_segment_is_exported_with_consent_once() {
    let sandbox = sandbox(200).await;
    let server = server(&[("SANDBOX_URL", &sandbox.base_url)]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let list = owner.read("/v1/segments").await;
    let of = |id: &str| {
        let mut all = list["segments"].as_array().unwrap().iter();
        all.find(|s| s["id"] == id).unwrap().clone()
    };
    let repeat = of("repeat")["members"].as_u64().unwrap();
    assert!(repeat > 0, "{list}");
    assert!(of("abandoned_checkout")["members"].is_null());
    let one = owner.read("/v1/segments/repeat").await;
    assert_eq!(one["members"], repeat);
    let export = |id: &str| {
        let path = format!("/v1/segments/{id}/export");
        let owner = &owner;
        async move {
            let answer = owner.post(&path, &json!({ "channel": "email" })).await;
            assert_eq!(answer.status(), 200);
            assert_eq!(answer.headers()["cache-control"], "no-store");
            answer.text().await.unwrap()
        }
    };
    let file = export("repeat").await;
    let mut lines = csv::Reader::from_reader(file.trim_start_matches('\u{feff}').as_bytes());
    let people: Vec<csv::StringRecord> = lines.records().map(Result::unwrap).collect();
    assert!(!people.is_empty());
    let exports = owner.read("/v1/segment-exports").await;
    let made = &exports["exports"][0];
    assert_eq!(made["told"], people.len());
    let left = &made["left_out"];
    let all = [
        "not_known",
        "no_address",
        "no_consent",
        "already_told",
        "too_often",
        "no_longer",
    ];
    let all: u64 = all.iter().map(|why| left[why].as_u64().unwrap()).sum();
    assert_eq!(all + people.len() as u64, repeat);
    assert!(
        left["no_consent"].as_u64().unwrap() > 0,
        "four in ten did not agree: {made}"
    );
    for person in &people {
        assert!(
            person[1].contains('@') && person[4].starts_with("repeat:"),
            "{person:?}"
        );
    }
    // Again nobody; and the audit names no address.
    assert_eq!(export("repeat").await.lines().count(), 1);
    let audit = owner.read("/v1/audit?action=segment.export").await;
    assert_eq!(audit["entries"].as_array().unwrap().len(), 2);
    assert!(!audit.to_string().contains(&people[0][1]));

    // Checkouts come from the shop itself.
    let left = owner.read("/v1/segments/abandoned_checkout").await;
    let file = export("abandoned_checkout").await;
    let mut lines = csv::Reader::from_reader(file.trim_start_matches('\u{feff}').as_bytes());
    for cart in lines.records().map(Result::unwrap) {
        assert!(cart[5].starts_with("https://"), "{cart:?}");
        assert!(minor(&json!(&cart[6])) > 0);
    }
    assert!(left["members"].as_u64().is_some());

    // What is not a segment, or lacks its product.
    assert_eq!(owner.get("/v1/segments/friends").await.status(), 404);
    assert_eq!(owner.get("/v1/segments/bought").await.status(), 400);
    let bought = owner.get("/v1/segments/new?product_id=1").await;
    assert_eq!(bought.status(), 400);
    let none = json!({ "channel": "email", "to": "0190b2f0-0000-7000-8000-000000000001" });
    let unknown = owner.post("/v1/segments/repeat/send", &none).await;
    with_status(unknown, 404).await;
}
