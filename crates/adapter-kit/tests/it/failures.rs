//! What a broken provider looks like to the caller.

use std::time::Duration;

use adapter_kit::header::HeaderName;
use adapter_kit::{HttpClient, Registry, Request, Settings, Snapshot};
use ports::{Kind, PortError, Retry};
use tokio::time::Instant;

use crate::provider::{Act, JSON, Provider, answer, head, ok};

fn read() -> Request {
    Request::get("things.read", "things")
}

async fn fails(client: &HttpClient, request: &Request) -> PortError {
    client
        .send(request)
        .await
        .expect_err("the provider is broken")
}

fn reads(registry: &Registry) -> Snapshot {
    registry.snapshot().swap_remove(0)
}

#[tokio::test(start_paused = true)]
async fn an_answer_comes_back_with_its_body() {
    let provider = Provider::start(|_| ok()).await;
    let (client, registry) = provider.plain();
    let answer = client.send(&read().query("q", "a b&c")).await.unwrap();
    assert_eq!(answer.json::<serde_json::Value>().unwrap()["ok"], true);
    let seen = provider.seen();
    assert_eq!(
        (seen[0].method.as_str(), seen[0].target.as_str()),
        ("GET", "/api/things?q=a+b%26c")
    );
    assert_eq!(seen[0].headers["accept"], "application/json");
    assert!(reads(&registry).last_success.is_some());
}

#[tokio::test(start_paused = true)]
async fn nobody_there_is_said_with_the_address_and_what_to_do() {
    let provider = Provider::start(|_| ok()).await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let (_, registry) = provider.plain();
    let client = HttpClient::builder("acme", "gone", url.parse().unwrap(), &registry)
        .build()
        .unwrap();
    let error = fails(&client, &read()).await;
    assert_eq!(error.kind, Kind::Unavailable);
    assert!(error.is_transient());
    let expected = format!("acme: could not connect to {url}: is it running?");
    assert!(error.detail.starts_with(&expected), "{}", error.detail);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_speaks_no_tls_was_not_reached() {
    let provider = Provider::start(|_| ok()).await;
    let registry = Registry::new(Settings::default());
    let url = provider.url.as_str().replace("http://", "https://");
    let client = HttpClient::builder("acme", "shop-1", url.parse().unwrap(), &registry)
        .build()
        .unwrap();
    let error = fails(&client, &read()).await;
    assert_eq!((error.kind, provider.calls()), (Kind::Unavailable, 0));
    assert!(
        error
            .detail
            .starts_with("acme: no connection to https://127.0.0.1:"),
        "{}",
        error.detail
    );
    assert_eq!(reads(&registry).counts.failures, 3);
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_stalls_is_given_ten_seconds_three_times() {
    let provider = Provider::start(|_| vec![Act::Stall]).await;
    let (client, registry) = provider.plain();
    let started = Instant::now();
    let error = fails(&client, &read()).await;
    assert_eq!((error.kind, provider.calls()), (Kind::Unavailable, 3));
    assert!(
        error.detail.contains("did not answer within 10 s"),
        "{}",
        error.detail
    );
    let took = started.elapsed();
    assert!(
        took >= Duration::from_secs(30) && took < Duration::from_millis(30_300),
        "{took:?}"
    );
    let state = reads(&registry);
    assert_eq!(
        (
            state.totals.calls,
            state.totals.failures,
            state.totals.retries
        ),
        (3, 3, 2)
    );
}

#[tokio::test(start_paused = true)]
async fn a_body_that_stands_still_is_given_ten_seconds() {
    let provider = Provider::start(|_| {
        vec![
            Act::Send(head(200, &[JSON], 50)),
            Act::Send(b"{".to_vec()),
            Act::Stall,
        ]
    })
    .await;
    let (client, _) = provider.plain();
    let started = Instant::now();
    let error = fails(&client, &read()).await;
    assert_eq!(error.kind, Kind::Unavailable);
    assert!(
        error
            .detail
            .contains("stopped its answer after 1 bytes for 10 s"),
        "{}",
        error.detail
    );
    assert!(started.elapsed() >= Duration::from_secs(30));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_trickles_ends_with_the_step() {
    let trickle =
        || (0..1000).flat_map(|_| [Act::Wait(Duration::from_secs(2)), Act::Send(b" ".to_vec())]);
    let provider = Provider::start(move |_| {
        [Act::Send(head(200, &[JSON], 1001))]
            .into_iter()
            .chain(trickle())
            .collect()
    })
    .await;
    let (client, registry) = provider.plain();
    let error = fails(&client, &read().within(Duration::from_secs(45))).await;
    assert_eq!((error.kind, provider.calls()), (Kind::Cancelled, 1));
    assert_eq!(
        reads(&registry).counts.failures,
        1,
        "it had more than its own limit"
    );
}

#[tokio::test(start_paused = true)]
async fn a_short_deadline_is_no_fault_of_the_provider() {
    let provider = Provider::start(|_| vec![Act::Stall]).await;
    let (client, registry) = provider.plain();
    let error = fails(&client, &read().within(Duration::from_secs(4))).await;
    assert_eq!((error.kind, provider.calls()), (Kind::Cancelled, 1));
    assert_eq!(reads(&registry).counts.outcomes, 0);
}

#[tokio::test(start_paused = true)]
async fn what_is_cut_or_nonsense_is_never_taken_for_an_answer() {
    let cases: [(&str, Vec<Act>, &str); 7] = [
        (
            "cut body",
            vec![
                Act::Send(head(200, &[JSON], 99)),
                Act::Send(b"{\"a\":1}".to_vec()),
            ],
            "broke off its answer after 7",
        ),
        (
            "cut JSON",
            answer(200, &[JSON], "{\"a\":[1,"),
            "JSON that breaks off",
        ),
        (
            "a page",
            answer(
                200,
                &[("content-type", "text/html; charset=utf-8")],
                "<html>",
            ),
            "answered with text/html where JSON",
        ),
        (
            "no type",
            answer(200, &[], "{}"),
            "without saying that it is JSON",
        ),
        ("no body", answer(200, &[JSON], ""), "JSON that breaks off"),
        (
            "no bytes",
            vec![],
            "broke off the connection before it answered",
        ),
        (
            "no HTTP",
            vec![Act::Send(b"\x16\x03\x01hello\r\n\r\n".to_vec())],
            "broke off the connection before it answered",
        ),
    ];
    for (name, acts, words) in cases {
        let script = acts.clone();
        let provider = Provider::start(move |_| script.clone()).await;
        let (client, registry) = provider.plain();
        let error = fails(&client, &read()).await;
        let kind = if acts.len() < 2 && !words.contains("JSON") {
            Kind::Unavailable
        } else {
            Kind::Corrupt
        };
        assert_eq!(error.kind, kind, "{name}: {error}");
        assert!(
            error.detail.contains(words) && error.detail.contains(&provider.origin()),
            "{name}: {error}"
        );
        assert!(error.is_transient(), "{name}");
        assert_eq!(
            (provider.calls(), reads(&registry).counts.failures),
            (3, 3),
            "{name}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_proves_that_the_provider_works() {
    for status in [400, 404, 409, 410, 418, 422, 301] {
        let provider =
            Provider::start(move |_| answer(status, &[("content-type", "text/plain")], "no")).await;
        let (client, registry) = provider.plain();
        let answer = client.send(&read()).await.unwrap();
        assert_eq!((answer.status.as_u16(), provider.calls()), (status, 1));
        let counts = reads(&registry).counts;
        assert_eq!((counts.outcomes, counts.failures), (1, 0), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_error_is_repeated_and_then_told() {
    for status in [500, 502, 503, 504, 520, 522, 530] {
        let provider = Provider::start(move |_| answer(status, &[], "")).await;
        let (client, _) = provider.plain();
        let error = fails(&client, &read()).await;
        assert_eq!((error.kind, provider.calls()), (Kind::Unavailable, 3));
        assert!(
            error.detail.contains(&format!("answered {status}")),
            "{}",
            error.detail
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_above_the_cap_is_not_kept() {
    let provider =
        Provider::start(|_| answer(200, &[JSON], format!("[{}1]", "1,".repeat(5_000)))).await;
    let (client, registry) = provider.plain();
    let error = fails(&client, &read().max_body(4_096)).await;
    assert_eq!(
        (error.kind, error.retry, provider.calls()),
        (Kind::Corrupt, Retry::Never, 1)
    );
    assert!(
        error.detail.contains("more than 4096 bytes"),
        "{}",
        error.detail
    );
    assert_eq!(reads(&registry).counts.outcomes, 0);
}

#[tokio::test(start_paused = true)]
async fn no_message_shows_a_token_or_a_query_string() {
    let token = || secrecy::SecretString::from("shpat_topsecret");
    let name = HeaderName::from_static("x-acme-token");
    for acts in [
        vec![],
        answer(500, &[], ""),
        answer(401, &[], ""),
        answer(429, &[], ""),
        vec![Act::Send(head(200, &[JSON], 9))],
    ] {
        let provider = Provider::start(move |_| acts.clone()).await;
        let registry = Registry::new(Settings::default());
        let builder = HttpClient::builder("acme", "shop-1", provider.url.clone(), &registry);
        let client = builder
            .secret_header(name.clone(), &token())
            .build()
            .unwrap();
        let request = read()
            .query("signature", "topsecret")
            .secret_header(name.clone(), &token());
        let error = fails(&client, &request).await;
        assert_eq!(
            provider.seen()[0].headers["x-acme-token"],
            "shpat_topsecret"
        );
        let shown = format!("{error} {error:?} {request:?} {:?}", registry.snapshot());
        assert!(!shown.contains("topsecret"), "{shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn another_host_gets_none_of_our_headers() {
    let provider = Provider::start(|_| ok()).await;
    let registry = Registry::new(Settings::default());
    let builder = HttpClient::builder(
        "acme",
        "shop-1",
        "http://127.0.0.1:1/".parse().unwrap(),
        &registry,
    );
    let token = secrecy::SecretString::from("secret");
    let client = builder
        .secret_header(HeaderName::from_static("x-acme-token"), &token)
        .build()
        .unwrap();
    client
        .send(&Request::get_url("file.read", provider.url.clone()))
        .await
        .unwrap();
    assert!(!provider.seen()[0].headers.contains_key("x-acme-token"));
}

#[tokio::test]
async fn settings_that_cannot_work_are_said_before_anything_is_sent() {
    let registry = Registry::new(Settings::default());
    let bad = |url: &str, token: &str| {
        HttpClient::builder("acme", "a", url.parse().unwrap(), &registry)
            .secret_header(
                HeaderName::from_static("x-acme-token"),
                &secrecy::SecretString::from(token),
            )
            .build()
            .err()
            .map(|e| (e.kind, e.detail))
    };
    assert_eq!(bad("http://localhost", "fine"), None);
    for (url, token) in [
        ("ftp://localhost", "fine"),
        ("file:///etc/passwd", "fine"),
        ("http://localhost", "line\nbreak"),
    ] {
        let (kind, detail) = bad(url, token).unwrap();
        assert_eq!(kind, Kind::Configuration, "{detail}");
        assert!(!detail.contains("break"));
    }
}
