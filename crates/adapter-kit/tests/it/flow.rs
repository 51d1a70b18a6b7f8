//! How many calls are under way, and how many a fault multiplies.

use std::sync::Mutex;
use std::time::Duration;

use adapter_kit::{Registry, Request, Settings};
use futures::future::join_all;
use ports::Kind;
use tokio::time::{Instant, advance};

use crate::provider::{Act, Provider, answer, ok};

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn read() -> Request {
    Request::get("things.read", "things")
}

#[tokio::test(start_paused = true)]
async fn eight_calls_of_a_key_are_under_way_at_most() {
    let provider = Provider::start(|_| [vec![Act::Wait(s(1))], ok()].concat()).await;
    let (client, registry) = provider.plain();
    let started = Instant::now();
    let answers = join_all((0..24).map(|_| async { client.send(&read()).await })).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(provider.most_at_once(), 8);
    let took = started.elapsed();
    assert!(
        took >= s(3) && took < Duration::from_millis(3_200),
        "three rounds of a second: {took:?}"
    );
    assert_eq!(registry.snapshot()[0].in_flight, 0);
}

#[tokio::test(start_paused = true)]
async fn who_waits_too_long_for_a_place_was_not_sent() {
    let provider = Provider::start(|_| [vec![Act::Wait(s(9))], ok()].concat()).await;
    let (client, _) = provider.plain();
    let eight = join_all((0..8).map(|_| async { client.send(&read()).await }));
    let (_, ninth) = tokio::join!(eight, async { client.send(&read().within(s(2))).await });
    let error = ninth.unwrap_err();
    assert_eq!((error.kind, provider.calls()), (Kind::Cancelled, 8));
    assert!(
        error.detail.contains("Nothing was sent"),
        "{}",
        error.detail
    );
}

#[tokio::test(start_paused = true)]
async fn one_account_waits_and_the_others_do_not() {
    let provider = Provider::start(|_| [vec![Act::Wait(s(9))], ok()].concat()).await;
    let quick = Provider::start(|_| ok()).await;
    let registry = Registry::new(Settings::default());
    let (slow, other) = (provider.client(&registry), {
        adapter_kit::HttpClient::builder("acme", "shop-2", quick.url.clone(), &registry)
            .build()
            .unwrap()
    });
    let eight = join_all((0..16).map(|_| async { slow.send(&read()).await }));
    let (_, took) = tokio::join!(eight, async {
        let started = Instant::now();
        other.send(&read()).await.unwrap();
        started.elapsed()
    });
    assert!(took < Duration::from_millis(50), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_fifth_of_faults_multiplies_calls_by_less_than_half_again() {
    let state = Mutex::new(1_u64);
    let provider = Provider::start(move |_| {
        let mut x = state.lock().unwrap();
        *x = x
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        match (*x >> 33) % 20 {
            0 => vec![],
            1 => answer(503, &[], ""),
            2 => answer(429, &[("retry-after", "1")], ""),
            3 => answer(200, &[("content-type", "application/json")], "{"),
            _ => ok(),
        }
    })
    .await;
    let (client, _) = provider.plain();
    let mut answered = 0;
    for _ in 0..500 {
        answered += usize::from(client.send(&read()).await.is_ok());
        advance(Duration::from_millis(200)).await;
    }
    assert!(answered >= 490, "{answered} of 500 came through");
    assert!(
        provider.calls() <= 750,
        "{} calls for 500",
        provider.calls()
    );
}

#[tokio::test(start_paused = true)]
async fn a_budget_that_is_used_up_stops_the_retries() {
    let provider = Provider::start(|_| answer(500, &[], "")).await;
    let mut settings = Settings::default();
    settings.breaker.failure_threshold = u32::MAX;
    settings.breaker.min_outcomes = usize::MAX;
    let registry = Registry::new(settings);
    let client = provider.client(&registry);
    for _ in 0..100 {
        client.send(&read()).await.unwrap_err();
    }
    assert_eq!(provider.calls(), 100 + 35, "500 tokens at 14 each");
    assert_eq!(registry.snapshot()[0].retry_tokens, 500 - 35 * 14);
}
