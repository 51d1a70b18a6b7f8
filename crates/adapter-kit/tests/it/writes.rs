//! A write is sent twice only when the second copy does no harm.

use std::time::Duration;

use adapter_kit::{Effect, HttpClient, Method, Registry, Request, Settings};
use ports::{Kind, Retry};
use serde_json::json;

use crate::provider::{Act, JSON, Provider, answer, head, ok};

fn write(idempotent: bool) -> Request {
    let request = Request::new(
        "things.write",
        Method::POST,
        "things",
        Effect::Write { idempotent },
    );
    request
        .json(&json!({ "n": 1 }))
        .header("idempotency-key".parse().unwrap(), "k-1".parse().unwrap())
}

fn lost() -> [(&'static str, Vec<Act>); 5] {
    [
        ("the line breaks", vec![]),
        ("no answer", vec![Act::Stall]),
        ("a cut answer", vec![Act::Send(head(200, &[JSON], 99))]),
        ("nonsense", answer(200, &[JSON], "?")),
        ("an error", answer(500, &[], "")),
    ]
}

#[tokio::test(start_paused = true)]
async fn a_lost_write_without_key_is_sent_once_and_looked_up() {
    for (name, acts) in lost() {
        let provider = Provider::start(move |_| acts.clone()).await;
        let error = provider.plain().0.send(&write(false)).await.unwrap_err();
        assert_eq!(
            (error.retry, provider.calls()),
            (Retry::Reconcile, 1),
            "{name}"
        );
        assert!(
            error.detail.contains("look it up before sending it again"),
            "{name}: {}",
            error.detail
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_write_with_a_key_is_repeated_to_the_byte() {
    for (name, acts) in lost() {
        let provider =
            Provider::start(move |seen| if seen.number < 3 { acts.clone() } else { ok() }).await;
        assert!(
            provider.plain().0.send(&write(true)).await.is_ok(),
            "{name}"
        );
        let sent: Vec<_> = provider
            .seen()
            .into_iter()
            .map(|s| (s.method, s.target, s.headers, s.body))
            .collect();
        assert_eq!(sent.len(), 3, "{name}");
        assert!(sent.iter().all(|s| *s == sent[0]), "{name}");
        assert_eq!(sent[0].2["idempotency-key"], "k-1");
        assert_eq!(sent[0].3, br#"{"n":1}"#);
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_that_never_left_may_be_sent_later() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    drop(listener);
    let registry = Registry::new(Settings::default());
    let client = HttpClient::builder("acme", "gone", url, &registry)
        .build()
        .unwrap();
    let error = client.send(&write(false)).await.unwrap_err();
    assert_eq!(error.kind, Kind::Unavailable);
    assert!(matches!(error.retry, Retry::After(_)), "{:?}", error.retry);
    assert_eq!(registry.snapshot()[1].totals.calls, 1);
}

#[tokio::test(start_paused = true)]
async fn reads_and_writes_break_apart() {
    let provider = Provider::start(|seen| {
        if seen.method == "POST" {
            answer(500, &[], "")
        } else {
            ok()
        }
    })
    .await;
    let (client, registry) = provider.plain();
    for _ in 0..5 {
        client.send(&write(false)).await.unwrap_err();
    }
    let error = client.send(&write(false)).await.unwrap_err();
    assert_eq!((error.kind, provider.calls()), (Kind::CircuitOpen, 5));
    assert!(
        matches!(error.retry, Retry::After(left) if left <= Duration::from_secs(6)),
        "nothing was sent: no need to look"
    );
    assert!(
        client
            .send(&Request::get("things.read", "things"))
            .await
            .is_ok()
    );
    let states: Vec<_> = registry
        .snapshot()
        .iter()
        .map(|s| s.state.as_str())
        .collect();
    assert_eq!(states, ["closed", "open"]);
}
