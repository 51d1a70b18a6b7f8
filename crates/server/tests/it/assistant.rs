//! The assistant over HTTP: the texts and frames that clients of the earlier system know, and who may read what.

use crate::support::{Client, minor, server, shared, until};
use domain::people::Role;
use reqwest::{Method, Response};
use serde_json::{Value, json};
use std::time::Duration;

async fn open(client: &Client) -> String {
    let response = client.post("/agents/session", &json!({})).await;
    assert_eq!(response.status(), 201);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["session"]["id"], body["session_id"]);
    assert_eq!(body["session"]["agent_type"], "general");
    assert_eq!(body["session"]["message_count"], 0);
    body["session_id"].as_str().unwrap().to_owned()
}

async fn say(client: &Client, body: &Value) -> (u16, Value) {
    let response = client.post("/agents/message", body).await;
    let status = response.status().as_u16();
    (status, response.json().await.unwrap())
}

async fn ask(client: &Client, session: &str, text: &str) {
    let body = json!({ "session_id": session, "role": "user", "content": text });
    let (status, body) = say(client, &body).await;
    assert_eq!((status, &body["status"]), (200, &json!("received")));
    assert!(body["message_id"].is_string());
}

/// Frames until one is done: their numbers, names and data.
async fn frames(response: &mut Response) -> Vec<(i64, String, Value)> {
    let (mut text, mut frames) = (String::new(), Vec::new());
    loop {
        let chunk = tokio::time::timeout(Duration::from_secs(20), response.chunk()).await;
        let chunk = chunk.expect("no frame in time").unwrap().unwrap();
        text.push_str(std::str::from_utf8(&chunk).unwrap());
        while let Some((frame, rest)) = text.split_once("\n\n") {
            let field = |name: &str| frame.lines().find_map(|l| l.strip_prefix(name));
            if let (Some(id), Some(event), Some(data)) =
                (field("id: "), field("event: "), field("data: "))
            {
                let data: Value = serde_json::from_str(data).unwrap();
                let is_done = data["type"] == "done";
                frames.push((id.parse().unwrap(), event.to_owned(), data));
                if is_done {
                    return frames;
                }
            }
            text = rest.to_owned();
        }
    }
}

fn told(frames: &[(i64, String, Value)]) -> String {
    let deltas = frames.iter().filter(|(_, _, data)| data["type"] == "delta");
    deltas
        .map(|(_, _, data)| data["content"].as_str().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told_in_the_known_words() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let session = open(&owner).await;
    let long = "x".repeat(4001);
    let unknown = "00000000-0000-4000-8000-000000000000";
    let wrong = [
        (
            json!({ "role": "user", "content": "hi" }),
            400,
            "session_id is required",
        ),
        (
            json!({ "session_id": unknown, "role": "user", "content": "hi" }),
            404,
            "Session not found",
        ),
        (
            json!({ "session_id": "no id", "role": "user", "content": "hi" }),
            404,
            "Session not found",
        ),
        (
            json!({ "session_id": session, "role": "boss", "content": "hi" }),
            400,
            "role must be 'user' or 'assistant'",
        ),
        (
            json!({ "session_id": session, "content": "hi" }),
            400,
            "role must be 'user' or 'assistant'",
        ),
        (
            json!({ "session_id": session, "role": "user" }),
            400,
            "content is required and cannot be empty",
        ),
        (
            json!({ "session_id": session, "role": "user", "content": " \n" }),
            400,
            "content is required and cannot be empty",
        ),
        (
            json!({ "session_id": session, "role": "user", "content": long }),
            400,
            "content must be 4000 characters or less",
        ),
    ];
    for (body, status, message) in wrong {
        let (got, problem) = say(&owner, &body).await;
        assert_eq!(
            (got, &problem["message"]),
            (status, &json!(message)),
            "{body}"
        );
    }
    let most = json!({ "session_id": session, "role": "assistant", "content": "x".repeat(4000) });
    assert_eq!(say(&owner, &most).await.0, 200);
    assert_eq!(owner.get("/agents/stream").await.status(), 400);
    let path = format!("/agents/stream?session_id={unknown}");
    assert_eq!(owner.get(&path).await.status(), 404);
    let path = format!("/agents/session/{unknown}/messages");
    assert_eq!(owner.get(&path).await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_streamed_kept_and_goes_on_where_it_broke_off() {
    let owner = shared().owner();
    let session = open(&owner).await;
    ask(&owner, &session, "Net sales in the last 30 days?").await;
    let path = format!("/agents/stream?session_id={session}");
    let mut stream = owner.get(&path).await;
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let first = frames(&mut stream).await;
    assert!(
        first
            .iter()
            .all(|(_, event, data)| event == "message" && data["session_id"] == session.as_str())
    );
    let numbers: Vec<i64> = first.iter().map(|(id, ..)| *id).collect();
    assert_eq!(numbers, (1..=first.len() as i64).collect::<Vec<_>>());
    let answer = first.iter().find(|(_, _, data)| data["type"] == "answer");
    let answer = &answer.unwrap().2["answer"];
    assert_eq!(answer["text"], told(&first));
    let report = owner.read("/v1/reports/profit?by=store").await;
    let fact = &answer["facts"][0];
    assert_eq!(
        minor(&fact["value"]["value"]),
        minor(&report["total"]["net_sales"])
    );
    assert_eq!(fact["source"]["name"], "passport.net_sales");
    let messages = owner
        .read(&format!("/agents/session/{session}/messages"))
        .await;
    assert_eq!(messages["total"], 2);
    assert_eq!(messages["messages"][1]["content"], told(&first));
    assert_eq!(messages["messages"][1]["answer"]["text"], told(&first));

    // A second question: who names no frame hears its answer alone, who names one all after it.
    ask(&owner, &session, "What does POAS mean?").await;
    let second = frames(&mut stream).await;
    assert!(
        told(&second).starts_with("Profit on ad spend"),
        "{}",
        told(&second)
    );
    let anew = frames(&mut owner.get(&path).await).await;
    assert_eq!(anew, second);
    let broken_off = numbers[1];
    let request = owner.request(Method::GET, &path);
    let mut again = request
        .header("last-event-id", broken_off.to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(frames(&mut again).await, first[2..]);
    assert_eq!(frames(&mut again).await, second);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_read_by_its_own_person_and_by_admins() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let viewer = server.script(Role::Viewer).await;
    let session = open(&owner).await;
    let own = open(&viewer).await;
    ask(&owner, &session, "profit yesterday").await;
    for path in [
        format!("/agents/session/{session}/messages"),
        format!("/agents/stream?session_id={session}"),
    ] {
        assert_eq!(viewer.get(&path).await.status(), 404, "{path}");
    }
    let body = json!({ "session_id": session, "role": "user", "content": "hi" });
    assert_eq!(say(&viewer, &body).await.0, 404);
    let gone = viewer.request(Method::DELETE, &format!("/agents/session/{session}"));
    assert_eq!(gone.send().await.unwrap().status(), 404);
    let mine = viewer.read("/agents/sessions").await;
    assert_eq!(
        (&mine["total"], &mine["sessions"][0]["id"]),
        (&json!(1), &json!(own))
    );
    assert_eq!(owner.read("/agents/sessions").await["total"], 2);
    let named = owner.request(Method::PUT, &format!("/agents/session/{session}"));
    let named = named
        .json(&json!({ "title": "Mornings" }))
        .send()
        .await
        .unwrap();
    assert_eq!(named.json::<Value>().await.unwrap()["title"], "Mornings");
    let gone = owner.request(Method::DELETE, &format!("/agents/session/{session}"));
    assert_eq!(gone.send().await.unwrap().status(), 204);
    assert_eq!(owner.read("/agents/sessions").await["total"], 1);
    let narrow = server.script_with(Role::Viewer, &["reports:read"]).await;
    assert_eq!(narrow.get("/agents/sessions").await.status(), 403);
    assert_eq!(server.anybody().get("/agents/sessions").await.status(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_switched_off_says_so() {
    let server = server(&[("ENABLE_STREAMING", "false")]).await;
    let owner = server.owner().await;
    let session = open(&owner).await;
    ask(&owner, &session, "help").await;
    let stream = owner
        .get(&format!("/agents/stream?session_id={session}"))
        .await;
    let text = stream.text().await.unwrap();
    assert!(
        text.starts_with("event: error\n") && text.contains("ENABLE_STREAMING"),
        "{text}"
    );
    let path = format!("/agents/session/{session}/messages");
    let messages = until(|| async {
        let messages = owner.read(&path).await;
        (messages["total"] == 2).then_some(messages)
    });
    let answer = messages.await["messages"][1]["answer"].clone();
    assert_eq!(answer["outcome"], "not_known");
    let metrics = owner
        .request(Method::GET, "/metrics")
        .header("accept", "application/json");
    let metrics: Value = metrics.send().await.unwrap().json().await.unwrap();
    assert_eq!(
        (&metrics["active_sessions"], &metrics["total_messages"]),
        (&json!(1), &json!(2))
    );
}
