//! A provider that asks for fewer calls is obeyed to the second.

use std::sync::Mutex;
use std::time::Duration;

use adapter_kit::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};
use adapter_kit::{
    Cost, Effect, Event, HttpClient, Method, Outcome, Registry, Request, Response, Settings,
    ThrottleStatus, Verdict, default_verdict, retry_after,
};
use futures::future::join_all;
use ports::{Kind, Retry};
use tokio::time::{Instant, advance};

use crate::provider::{Act, JSON, Provider, answer, ok};

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn read() -> Request {
    Request::get("things.read", "things")
}

fn write() -> Request {
    Request::new(
        "things.write",
        Method::POST,
        "things",
        Effect::Write { idempotent: false },
    )
}

fn first_then_ok(first: Vec<Act>) -> impl Fn(&crate::provider::Seen) -> Vec<Act> {
    move |seen| {
        if seen.number == 1 {
            first.clone()
        } else {
            ok()
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_call_of_the_account_leaves_before_retry_after() {
    for status in [429, 503] {
        let provider =
            Provider::start(first_then_ok(answer(status, &[("retry-after", "7")], ""))).await;
        let (client, registry) = provider.plain();
        let started = Instant::now();
        let first = read();
        let (first, other) = tokio::join!(client.send(&first), async {
            tokio::time::sleep(s(1)).await;
            client.send(&write()).await
        });
        assert!(first.is_ok() && other.is_ok());
        let seen = provider.seen();
        assert_eq!(seen.len(), 3);
        for later in &seen[1..] {
            let waited = later.at - started;
            assert!(waited >= s(7) && waited < s(8), "{status}: {waited:?}");
        }
        let failures = registry.snapshot()[0].counts.failures;
        assert_eq!(
            failures,
            usize::from(status == 503),
            "a 429 says nothing about the provider's health"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_long_pause_is_told_at_once_and_kept_for_fifteen_minutes_at_most() {
    let provider =
        Provider::start(first_then_ok(answer(429, &[("retry-after", "86400")], ""))).await;
    let (client, registry) = provider.plain();
    let mut events = registry.subscribe();
    let error = client.send(&read()).await.unwrap_err();
    assert_eq!(
        (error.kind, error.retry),
        (Kind::RateLimited, Retry::After(s(900)))
    );
    assert!(matches!(
        events.try_recv(),
        Ok(Event::Paused { seconds: 900.0, .. })
    ));
    let asked = Instant::now();
    let error = client.send(&read()).await.unwrap_err();
    assert_eq!((error.kind, provider.calls()), (Kind::RateLimited, 1));
    assert!(matches!(error.retry, Retry::After(left) if left > s(890) && left <= s(900)));
    assert_eq!(Instant::now(), asked, "nobody waits for what does not fit");
    assert!(registry.snapshot()[0].paused_until.is_some());
    advance(s(901)).await;
    assert!(client.send(&read()).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn throttling_without_a_wait_backs_off_from_a_second() {
    let provider = Provider::start(|seen| {
        if seen.number < 3 {
            answer(429, &[], "")
        } else {
            ok()
        }
    })
    .await;
    let (client, registry) = provider.plain();
    client.send(&read()).await.unwrap();
    let seen = provider.seen();
    assert!(seen[1].at - seen[0].at >= s(1) && seen[2].at - seen[1].at >= s(1));
    let state = &registry.snapshot()[0];
    assert_eq!((state.totals.throttled, state.counts.outcomes), (2, 1));
    assert_eq!(
        state.retry_tokens,
        500 - 5,
        "two retries of 5, the last one's tokens came back"
    );
}

#[tokio::test(start_paused = true)]
async fn a_throttled_write_did_not_run() {
    let provider = Provider::start(first_then_ok(answer(429, &[("retry-after", "3")], ""))).await;
    let (client, _) = provider.plain();
    let error = client.send(&write()).await.unwrap_err();
    assert_eq!(
        (error.kind, error.retry, provider.calls()),
        (Kind::RateLimited, Retry::After(s(3)), 1)
    );
}

/// A provider that keeps a bucket of 100 points, 10 restored a second, and says so in each answer.
fn bucket_provider() -> impl Fn(&crate::provider::Seen) -> Vec<Act> {
    let bucket = Mutex::new((100.0_f64, Instant::now()));
    move |seen| {
        let cost: f64 = seen.headers["x-cost"].parse().unwrap();
        let mut bucket = bucket.lock().unwrap();
        let restored = bucket.0 + bucket.1.elapsed().as_secs_f64() * 10.0;
        *bucket = (restored.min(100.0), Instant::now());
        let throttled = bucket.0 < cost;
        if !throttled {
            bucket.0 -= cost / 2.0;
        }
        let body = serde_json::json!({
            "throttled": throttled, "requested": cost, "actual": (!throttled).then_some(cost / 2.0), "left": bucket.0
        });
        answer(200, &[JSON], body.to_string())
    }
}

fn read_the_bucket(response: &Response) -> Verdict {
    let Ok(body) = response.json::<serde_json::Value>() else {
        return default_verdict(response);
    };
    let status = ThrottleStatus {
        maximum_available: 100.0,
        currently_available: body["left"].as_f64().unwrap_or(f64::NAN),
        restore_rate: 10.0,
    };
    let throttled = body["throttled"] == true;
    let outcome = if throttled {
        Outcome::Throttled { wait: None }
    } else {
        Outcome::Success
    };
    let cost = Cost {
        requested: body["requested"].as_f64(),
        actual: body["actual"].as_f64(),
        status: Some(status),
    };
    Verdict::from(outcome).with_cost(cost)
}

fn costing(points: f64) -> Request {
    let value = HeaderValue::from_str(&points.to_string()).unwrap();
    read()
        .cost(points)
        .header("x-cost".parse().unwrap(), value)
        .within(s(600))
}

fn bucket_client(provider: &Provider) -> (HttpClient, Registry) {
    let registry = Registry::new(Settings::default());
    let builder = HttpClient::builder("acme", "shop-1", provider.url.clone(), &registry);
    (builder.classify(read_the_bucket).build().unwrap(), registry)
}

#[tokio::test(start_paused = true)]
async fn once_the_bucket_is_known_nothing_is_throttled_and_nothing_wasted() {
    let provider = Provider::start(bucket_provider()).await;
    let (client, registry) = bucket_client(&provider);
    client.send(&costing(2.0)).await.unwrap();
    let started = Instant::now();
    let calls: Vec<_> = (0..40)
        .map(|i| costing(10.0 + f64::from(i % 5) * 10.0))
        .collect();
    let answers = join_all(calls.iter().map(|call| client.send(call))).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(registry.snapshot()[0].totals.throttled, 0);
    assert_eq!(provider.calls(), 41);
    // 40 calls that cost 15 on average, 100 points at first, 10 a second.
    let (took, fair) = (started.elapsed().as_secs_f64(), (600.0 - 100.0) / 10.0);
    assert!(took < fair * 1.2, "took {took} s where {fair} s are needed");
}

#[tokio::test(start_paused = true)]
async fn a_throttled_call_waits_until_the_bucket_holds_it() {
    let provider = Provider::start(bucket_provider()).await;
    let (client, registry) = bucket_client(&provider);
    // Somebody else empties the bucket: 8 at once before we know its size.
    let answers = join_all((0..8).map(|_| async { client.send(&costing(80.0)).await })).await;
    assert!(
        answers.iter().filter(|a| a.is_ok()).count() >= 3,
        "within three tries each"
    );
    assert!(registry.snapshot()[0].totals.throttled > 0);
    let seen = provider.seen();
    let second = seen.iter().find(|s| s.at > seen[0].at).unwrap();
    assert!(
        second.at - seen[0].at >= s(2),
        "20 points of 10 a second were missing"
    );
}

#[tokio::test(start_paused = true)]
async fn a_known_rate_holds_from_the_first_call() {
    let provider = Provider::start(|_| ok()).await;
    let registry = Registry::new(Settings::default());
    let builder = HttpClient::builder("acme", "shop-1", provider.url.clone(), &registry);
    let client = builder.rate_limit(4.0, 2.0).build().unwrap();
    let started = Instant::now();
    let answers = join_all((0..10).map(|_| async { client.send(&read()).await })).await;
    assert!(answers.iter().all(Result::is_ok));
    let took = started.elapsed();
    assert!(
        took >= s(3) && took < Duration::from_millis(3_100),
        "10 calls, 4 at once, then 2 a second: {took:?}"
    );
}

#[test]
fn retry_after_is_read_in_every_form() {
    let now = "2026-11-22T08:00:00Z".parse().unwrap();
    let wait = |value: &'static str, date: Option<&'static str>| {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static(value));
        if let Some(date) = date {
            headers.insert(DATE, HeaderValue::from_static(date));
        }
        retry_after(&headers, now)
    };
    assert_eq!(wait("120", None), Some(s(120)));
    assert_eq!(wait("2.5", None), Some(Duration::from_millis(2500)));
    assert_eq!(wait("Sun, 22 Nov 2026 08:01:00 GMT", None), Some(s(60)));
    // The provider's clock is an hour ahead; the difference of its own two times counts.
    assert_eq!(
        wait(
            "Sun, 22 Nov 2026 09:01:00 GMT",
            Some("Sun, 22 Nov 2026 09:00:30 GMT")
        ),
        Some(s(30))
    );
    for nonsense in [
        "-5",
        "soon",
        "",
        "NaN",
        "inf",
        "1e999",
        "Sun, 22 Nov 2026 07:00:00 GMT",
    ] {
        assert_eq!(wait(nonsense, None), None, "{nonsense}");
    }
}
