//! Ready, and the way to the end.

use crate::support::{server, until};
use reqwest::Method;
use serde_json::json;
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn ready_from_the_first_answer_on() {
    let server = server(&[]).await;
    let client = server.anybody();
    for path in ["/readyz", "/v1/readyz"] {
        let ready = client.read(path).await;
        assert_eq!(
            (&ready["ready"], &ready["status"]),
            (&json!(true), &json!("ready"))
        );
        let check = &ready["checks"][0];
        assert_eq!(
            (&check["name"], &check["healthy"], &check["required"]),
            (&json!("database"), &json!(true), &json!(true))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unready_at_once_while_everything_else_is_still_served() {
    let server = server(&[]).await;
    let client = server.anybody();
    server.running.turn_unready();
    let answer = client.get("/readyz").await;
    assert_eq!(answer.status(), 503);
    assert_eq!(
        answer.json::<serde_json::Value>().await.unwrap()["status"],
        "stopping"
    );
    assert_eq!(client.get("/healthz").await.status(), 200);
    assert_eq!(client.get("/v1/setup").await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_end_and_the_port_is_free_again() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let mut streams = Vec::new();
    for _ in 0..20 {
        let mut stream = owner.get("/v1/stream").await;
        assert!(stream.chunk().await.unwrap().is_some());
        streams.push(stream);
    }
    let began = Instant::now();
    server.running.stop().await;
    for mut stream in streams {
        while let Ok(Some(_)) = stream.chunk().await {}
    }
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
    assert!(owner.request(Method::GET, "/healthz").send().await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_stored_is_there_after_the_next_start() {
    let first = server(&[]).await;
    let owner = first.owner().await;
    let data = first.folder.path().to_str().unwrap().to_owned();
    first.running.stop().await;
    let second = server(&[("DATA_DIR", &data)]).await;
    assert!(second.running.setup_code().is_none());
    let mut again = second.anybody();
    again.cookie = owner.cookie;
    let me = until(|| async {
        again
            .get("/v1/auth/me")
            .await
            .json::<serde_json::Value>()
            .await
            .ok()
    })
    .await;
    assert_eq!(me["user"]["role"], "owner");
}
