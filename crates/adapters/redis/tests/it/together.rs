//! Two processes that call one provider as one account, over a real provider on loopback: its bucket and its pauses are obeyed by both.

use crate::shared;
use adapter_kit::settings::Limits;
use adapter_kit::{
    Cost, HttpClient, Outcome, Registry, Request, Response, Settings, ThrottleStatus, Verdict,
};
use ports::cost_buckets::{CostBuckets as _, Turn};
use ports::{Kind, Retry};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use testkit::redis::RedisServer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use uuid::Uuid;

/// Answers each call with this head and counts them.
async fn provider(head: &'static str) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let calls = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&calls);
    tokio::spawn(async move {
        while let Ok((mut line, _)) = listener.accept().await {
            let mut text = Vec::new();
            while !text.ends_with(b"\r\n\r\n") {
                match line.read_u8().await {
                    Ok(byte) => text.push(byte),
                    Err(_) => break,
                }
            }
            seen.fetch_add(1, Ordering::SeqCst);
            let answer = format!(
                "HTTP/1.1 {head}\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{}}"
            );
            let _ = line.write_all(answer.as_bytes()).await;
        }
    });
    (url, calls)
}

/// It has spent its bucket, and fills it so slowly that nothing comes back while the test runs.
fn spent(_: &Response) -> Verdict {
    let status = ThrottleStatus {
        maximum_available: 100.0,
        currently_available: 5.0,
        restore_rate: 0.001,
    };
    Verdict::from(Outcome::Success).with_cost(Cost {
        requested: None,
        actual: None,
        status: Some(status),
    })
}

fn client(url: &str, redis: &RedisServer, replica: u128, tells_cost: bool) -> HttpClient {
    let buckets = Arc::new(shared(redis.url(), "royal", replica));
    let registry = Registry::sharing(Settings::default(), buckets);
    let limits = Limits {
        total: Duration::from_secs(3),
        ..Limits::default()
    };
    let made = HttpClient::builder("shop", "acme", url.parse().unwrap(), &registry).limits(limits);
    let made = if tells_cost {
        made.classify(spent)
    } else {
        made
    };
    made.build().unwrap()
}

fn read(cost: f64) -> Request {
    Request::get("things.read", "things").cost(cost)
}

/// What one learned is told to the others a moment later.
async fn is_told(redis: &RedisServer) {
    let somebody = shared(redis.url(), "royal", 3);
    for _ in 0..1000 {
        let call = Uuid::new_v4();
        match somebody.reserve("shop/acme", call, 50.0).await.unwrap() {
            Turn::Wait(_) => return,
            Turn::Granted => somebody.settle("shop/acme", call, Some(0.0)).await.unwrap(),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("nobody was told");
}

#[tokio::test(flavor = "multi_thread")]
async fn points_that_one_spent_are_not_there_for_the_other() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (url, calls) = provider("200 OK").await;
    let redis = RedisServer::start();
    let (one, other) = (
        client(&url, &redis, 1, true),
        client(&url, &redis, 2, false),
    );
    one.send(&read(1.0)).await.unwrap();
    is_told(&redis).await;
    // The other has never heard from the provider how large its bucket is.
    for client in [&other, &one] {
        let error = client.send(&read(50.0)).await.unwrap_err();
        assert_eq!(error.kind, Kind::RateLimited, "{error}");
    }
    assert_eq!(calls.load(Ordering::SeqCst), 1, "nothing is sent");
    // What is left may be spent, and without Redis each goes by itself.
    other.send(&read(1.0)).await.unwrap();
    drop(redis);
    other.send(&read(50.0)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_that_one_is_told_holds_for_the_other() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (url, calls) = provider("429 Too Many Requests\r\nretry-after: 600").await;
    let redis = RedisServer::start();
    let (one, other) = (
        client(&url, &redis, 1, false),
        client(&url, &redis, 2, false),
    );
    let told = one.send(&read(1.0)).await.unwrap_err();
    assert_eq!(told.kind, Kind::RateLimited);
    is_told(&redis).await;
    let before = calls.load(Ordering::SeqCst);
    let error = other.send(&read(1.0)).await.unwrap_err();
    assert_eq!(calls.load(Ordering::SeqCst), before, "nothing is sent");
    assert!(
        matches!(error.retry, Retry::After(wait) if wait > Duration::from_secs(500)),
        "{error:?}"
    );
}
