//! What changes, as it changes, and after a break.

use crate::support::{Client, TestServer, server};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use std::time::Duration;

/// Reads frames until there are so many events.
async fn events(response: &mut Response, wanted: usize) -> Vec<(i64, Value)> {
    let mut text = String::new();
    let mut events = Vec::new();
    while events.len() < wanted {
        let chunk = tokio::time::timeout(Duration::from_secs(20), response.chunk()).await;
        text.push_str(
            std::str::from_utf8(&chunk.expect("no frame in time").unwrap().unwrap()).unwrap(),
        );
        while let Some((frame, rest)) = text.split_once("\n\n") {
            let field = |name: &str| {
                frame
                    .lines()
                    .find_map(|l| l.strip_prefix(name))
                    .map(str::to_owned)
            };
            if let (Some(id), Some(kind), Some(data)) =
                (field("id: "), field("event: "), field("data: "))
            {
                let data: Value = serde_json::from_str(&data).unwrap();
                assert_eq!(data["type"], kind.as_str());
                events.push((id.parse().unwrap(), data));
            }
            text = rest.to_owned();
        }
    }
    events
}

async fn publish(server: &TestServer, owner: &Client, numbers: std::ops::Range<i32>) {
    let me = owner.read("/v1/auth/me").await;
    let workspace = me["workspace"]["id"].as_str().unwrap().parse().unwrap();
    let hub = &server.running.composed().events;
    for number in numbers {
        hub.publish(
            workspace,
            "report.changed",
            ("report", number.to_string()),
            json!({ "n": number }),
        )
        .await
        .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_carry_the_event_and_its_number() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let mut stream = owner.get("/v1/stream").await;
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    assert!(
        stream.chunk().await.unwrap().is_some(),
        "how soon to come back"
    );
    publish(&server, &owner, 0..3).await;
    let got = events(&mut stream, 3).await;
    let numbers: Vec<_> = got
        .iter()
        .map(|(_, e)| e["data"]["n"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, [0, 1, 2]);
    assert_eq!(
        (&got[0].1["entity"], &got[0].1["version"]),
        (&json!({ "kind": "report", "id": "0" }), &Value::Null)
    );
    assert!(got[0].1["at"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_goes_on_where_it_broke_off() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    publish(&server, &owner, 0..5).await;
    let mut stream = owner
        .request(Method::GET, "/v1/stream")
        .header("last-event-id", "0")
        .send()
        .await
        .unwrap();
    let first = events(&mut stream, 2).await;
    drop(stream);
    publish(&server, &owner, 5..7).await;
    let mut again = owner
        .get(&format!("/v1/stream?last_event_id={}", first[1].0))
        .await;
    let got = events(&mut again, 5).await;
    let numbers: Vec<_> = got
        .iter()
        .map(|(_, e)| e["data"]["n"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, [2, 3, 4, 5, 6]);
    assert!(got.is_sorted_by_key(|(id, _)| *id) && got[0].0 > first[1].0);
    assert_eq!(
        owner.get("/v1/stream?last_event_id=abc").await.status(),
        400
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_user_has_at_most_64_streams() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let mut streams = Vec::new();
    for _ in 0..64 {
        let stream = owner.get("/v1/stream").await;
        assert_eq!(stream.status(), 200);
        streams.push(stream);
    }
    assert_eq!(owner.get("/v1/stream").await.status(), 429);
}
