//! Redis that was never there, is cut off, comes back empty, is another program's, or refuses.

use crate::shared;
use adapter_redis::{RedisPlace, RedisShared};
use ports::bells::Bell as _;
use ports::presence::{Presence as _, Replica};
use ports::rate_limits::{Quota, RateLimits as _};
use ports::{Kind, PortResult};
use std::time::{Duration, Instant};
use testkit::builders::at;
use testkit::redis::RedisServer;
use uuid::Uuid;

const HOUR: Duration = Duration::from_secs(3600);
const QUOTA: Quota = Quota {
    name: "caller",
    requests: 3,
    window: HOUR,
};

/// Until it succeeds.
async fn in_the_end<T, F: Future<Output = PortResult<T>>>(act: impl Fn() -> F) -> T {
    let began = Instant::now();
    loop {
        match act().await {
            Ok(value) => return value,
            Err(error) => assert!(began.elapsed() < Duration::from_secs(30), "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_calls_fail_and_soon_without_waiting() {
    let mut server = RedisServer::start();
    let here = shared(server.url(), "royal", 1);
    assert_eq!(here.take(&QUOTA, "a").await.unwrap().remaining, 2);
    server.kill();
    let refused = here.take(&QUOTA, "a").await.unwrap_err();
    assert_eq!(refused.kind, Kind::Unavailable);
    assert!(refused.is_transient());
    assert!(here.listen().await.is_err());
    // While it is left alone, a thousand calls do not wait for it even once.
    let _ = here.take(&QUOTA, "a").await;
    let began = Instant::now();
    for _ in 0..1000 {
        assert!(here.take(&QUOTA, "a").await.is_err());
    }
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restart_everything_goes_on_anew() {
    let mut server = RedisServer::start();
    let (one, other) = (
        shared(server.url(), "royal", 1),
        shared(server.url(), "royal", 2),
    );
    let mut ear = other.listen().await.unwrap();
    one.take(&QUOTA, "a").await.unwrap();
    server.kill();
    let heard = tokio::time::timeout(Duration::from_secs(20), ear.heard()).await;
    assert!(
        heard.unwrap().is_err(),
        "a listener is told that it may have missed something"
    );
    server.start_again();
    let taken = in_the_end(|| one.take(&QUOTA, "a")).await;
    assert_eq!(taken.remaining, 2, "it came back empty");
    let me = Replica {
        id: Uuid::from_u128(1),
        name: "here:1".to_owned(),
        role: "all".to_owned(),
        version: "1".to_owned(),
        started_at: at("2026-02-01T12:00:00Z"),
    };
    in_the_end(|| one.beat(&me, HOUR)).await;
    assert_eq!(in_the_end(|| other.present()).await, [me]);
    let mut ear = in_the_end(|| other.listen()).await;
    one.ring().await.unwrap();
    let heard = tokio::time::timeout(Duration::from_secs(20), ear.heard()).await;
    heard.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn prefixes_keep_installations_apart() {
    let server = RedisServer::start();
    let (one, other) = (
        shared(server.url(), "one", 1),
        shared(server.url(), "two", 2),
    );
    let mut ear = other.listen().await.unwrap();
    one.ring().await.unwrap();
    for left in [2, 1] {
        assert_eq!(one.take(&QUOTA, "a").await.unwrap().remaining, left);
    }
    assert_eq!(other.take(&QUOTA, "a").await.unwrap().remaining, 2);
    let heard = tokio::time::timeout(Duration::from_millis(300), ear.heard()).await;
    assert!(heard.is_err(), "another installation's ring");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_none_is_named_without_its_password() {
    for url in ["http://u:hunter2@host", "redis//", ""] {
        let place = RedisPlace {
            url: url.to_owned(),
            prefix: "royal".to_owned(),
            replica: Uuid::from_u128(1),
        };
        let refused = RedisShared::new(place).err().unwrap();
        assert_eq!(refused.kind, Kind::Configuration, "{url}");
        let told = format!("{refused} {refused:?}");
        assert!(
            told.contains("REDIS_URL") && !told.contains("hunter2"),
            "{told}"
        );
    }
}
