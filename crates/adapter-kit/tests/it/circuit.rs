//! The circuit seen from outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use adapter_kit::breaker::State;
use adapter_kit::{Access, Effect, Event, Key, Method, Registry, Request};
use ports::{Kind, Retry};
use tokio::time::{Instant, advance};

use crate::provider::{Act, Provider, answer, ok};

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn read() -> Request {
    Request::get("things.read", "things")
}

fn write(idempotent: bool) -> Request {
    Request::new(
        "things.write",
        Method::POST,
        "things",
        Effect::Write { idempotent },
    )
}

/// A provider with a switch: works, or answers 500.
async fn switched(works: bool) -> (Provider, Arc<AtomicBool>) {
    let switch = Arc::new(AtomicBool::new(works));
    let there = Arc::clone(&switch);
    let answers = move |_: &_| {
        if there.load(Ordering::Relaxed) {
            ok()
        } else {
            answer(500, &[], "")
        }
    };
    (Provider::start(answers).await, switch)
}

fn key(access: Access) -> Key {
    Key {
        provider: "acme",
        account: "shop-1".into(),
        access,
    }
}

fn state(registry: &Registry, access: Access) -> State {
    registry
        .snapshot()
        .into_iter()
        .find(|s| s.key.access == access)
        .unwrap()
        .state
}

fn changes(events: &mut tokio::sync::broadcast::Receiver<Event>) -> Vec<(State, State)> {
    let mut all = Vec::new();
    while let Ok(event) = events.try_recv() {
        if let Event::Circuit { from, to, .. } = event {
            all.push((from, to));
        }
    }
    all
}

#[tokio::test(start_paused = true)]
async fn opens_refuses_at_once_probes_and_closes() {
    let (provider, works) = switched(false).await;
    let (client, registry) = provider.plain();
    let mut events = registry.subscribe();
    client.send(&read()).await.unwrap_err();
    client.send(&read()).await.unwrap_err();
    assert_eq!(
        (provider.calls(), state(&registry, Access::Read)),
        (5, State::Open),
        "five in a row, the sixth never left"
    );

    let refused_at = std::time::Instant::now();
    let error = client.send(&read()).await.unwrap_err();
    assert!(
        refused_at.elapsed() < Duration::from_millis(50),
        "no network, no wait"
    );
    assert_eq!((error.kind, provider.calls()), (Kind::CircuitOpen, 5));
    let Retry::After(left) = error.retry else {
        panic!("{:?}", error.retry)
    };
    assert!(left > s(3) && left <= s(6), "{left:?}");
    assert!(
        error.detail.contains("no calls for another"),
        "{}",
        error.detail
    );

    works.store(true, Ordering::Relaxed);
    advance(left).await;
    assert_eq!(
        state(&registry, Access::Read),
        State::Open,
        "looking moves nothing"
    );
    for expected in [State::HalfOpen, State::HalfOpen, State::Closed] {
        client.send(&read()).await.unwrap();
        assert_eq!(state(&registry, Access::Read), expected);
    }
    let seen = changes(&mut events);
    let expected = [
        (State::Closed, State::Open),
        (State::Open, State::HalfOpen),
        (State::HalfOpen, State::Closed),
    ];
    assert_eq!(seen, expected);
}

#[tokio::test(start_paused = true)]
async fn a_provider_dead_for_a_minute_gets_five_calls_and_three_a_probe_period() {
    let (provider, _) = switched(false).await;
    let (client, registry) = provider.plain();
    let mut events = registry.subscribe();
    let started = Instant::now();
    while started.elapsed() < s(60) {
        let _ = client.send(&read()).await;
        advance(Duration::from_millis(100)).await;
    }
    let periods = changes(&mut events)
        .iter()
        .filter(|(_, to)| *to == State::HalfOpen)
        .count();
    assert!(
        (2..=4).contains(&periods),
        "{periods} probe periods: after about 5, 15, 35 s"
    );
    assert!(
        provider.calls() <= 5 + 3 * periods,
        "{} calls in {periods} periods",
        provider.calls()
    );
}

#[tokio::test(start_paused = true)]
async fn half_open_lets_three_calls_through_and_has_no_queue() {
    let switch = Arc::new(AtomicBool::new(false));
    let there = Arc::clone(&switch);
    let provider = Provider::start(move |_| {
        if there.load(Ordering::Relaxed) {
            [vec![Act::Wait(s(5))], ok()].concat()
        } else {
            answer(500, &[], "")
        }
    })
    .await;
    let (client, registry) = provider.plain();
    for _ in 0..2 {
        client.send(&read()).await.unwrap_err();
    }
    switch.store(true, Ordering::Relaxed);
    advance(s(6)).await;
    let answers =
        futures::future::join_all((0..8).map(|_| async { client.send(&read()).await })).await;
    assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 3);
    assert!(
        answers
            .iter()
            .flat_map(|a| a.as_ref().err())
            .all(|e| e.kind == Kind::CircuitOpen)
    );
    assert_eq!(
        (provider.calls(), state(&registry, Access::Read)),
        (5 + 3, State::Closed)
    );
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_its_caller_drops_goes_back() {
    let stalls = Arc::new(AtomicBool::new(false));
    let there = Arc::clone(&stalls);
    let script = move |_: &_| {
        if there.load(Ordering::Relaxed) {
            vec![Act::Stall]
        } else {
            answer(500, &[], "")
        }
    };
    let provider = Provider::start(script).await;
    let (client, registry) = provider.plain();
    for _ in 0..2 {
        client.send(&read()).await.unwrap_err();
    }
    stalls.store(true, Ordering::Relaxed);
    advance(s(6)).await;
    for _ in 0..10 {
        let dropped = tokio::time::timeout(s(1), client.send(&read())).await;
        assert!(
            dropped.is_err(),
            "it was let through each time, and given up"
        );
    }
    let now = &registry.snapshot()[0];
    assert_eq!(
        (now.state, now.in_flight, now.counts.outcomes),
        (State::HalfOpen, 0, 0)
    );
    assert_eq!(provider.calls(), 5 + 10);
}

#[tokio::test(start_paused = true)]
async fn a_write_without_key_does_not_probe_and_a_read_does_it_in_its_place() {
    let (provider, works) = switched(false).await;
    let (client, registry) = provider.plain();
    for _ in 0..5 {
        client.send(&write(false)).await.unwrap_err();
    }
    assert_eq!(state(&registry, Access::Write), State::Open);
    works.store(true, Ordering::Relaxed);
    advance(s(7)).await;
    let error = client.send(&write(false)).await.unwrap_err();
    assert_eq!((error.kind, provider.calls()), (Kind::CircuitOpen, 5));
    for _ in 0..3 {
        assert_eq!(state(&registry, Access::Write), State::HalfOpen);
        client.send(&read()).await.unwrap();
    }
    assert_eq!(state(&registry, Access::Write), State::Closed);
    assert!(client.send(&write(false)).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_write_with_a_key_probes_itself() {
    let (provider, works) = switched(false).await;
    let (client, registry) = provider.plain();
    for _ in 0..2 {
        client.send(&write(true)).await.unwrap_err();
    }
    works.store(true, Ordering::Relaxed);
    advance(s(7)).await;
    for _ in 0..3 {
        client.send(&write(true)).await.unwrap();
    }
    assert_eq!(state(&registry, Access::Write), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn by_hand() {
    let (provider, works) = switched(true).await;
    let (client, registry) = provider.plain();
    client.send(&read()).await.unwrap();
    registry.force_open(&key(Access::Read));
    let error = client.send(&read()).await.unwrap_err();
    assert_eq!((error.kind, provider.calls()), (Kind::CircuitOpen, 1));
    advance(s(3600)).await;
    client.send(&read()).await.unwrap_err();
    assert!(
        client.send(&write(false)).await.is_ok(),
        "only the named key"
    );

    works.store(false, Ordering::Relaxed);
    registry.disable(&key(Access::Read));
    for _ in 0..4 {
        let error = client.send(&read()).await.unwrap_err();
        assert_eq!(error.kind, Kind::Unavailable, "sent every time");
    }
    registry.reset(&key(Access::Read));
    assert_eq!(state(&registry, Access::Read), State::Closed);
}

#[tokio::test(start_paused = true)]
async fn broken_credentials_stop_the_account_until_they_are_renewed() {
    for (status, kind) in [(401, Kind::Unauthorized), (403, Kind::Forbidden)] {
        let script = move |seen: &crate::provider::Seen| {
            if seen.number == 1 {
                answer(status, &[], "")
            } else {
                ok()
            }
        };
        let provider = Provider::start(script).await;
        let (client, registry) = provider.plain();
        let mut events = registry.subscribe();
        let error = client.send(&read()).await.unwrap_err();
        assert_eq!((error.kind, error.retry), (kind, Retry::Never));
        assert!(matches!(
            events.try_recv(),
            Ok(Event::CredentialsBroken { .. })
        ));
        let error = client.send(&write(false)).await.unwrap_err();
        assert_eq!(
            (error.kind, error.retry, provider.calls()),
            (Kind::Unauthorized, Retry::Never, 1)
        );
        assert!(events.try_recv().is_err(), "one alarm");
        let now = &registry.snapshot()[0];
        assert!(now.credentials_broken_since.is_some() && now.counts.outcomes == 0);
        client.credentials_renewed();
        assert!(matches!(
            events.try_recv(),
            Ok(Event::CredentialsRenewed { .. })
        ));
        assert!(client.send(&write(false)).await.is_ok());
    }
}

#[tokio::test(start_paused = true)]
async fn many_refused_at_once_are_one_alarm() {
    let provider =
        Provider::start(|_| [vec![Act::Wait(s(1))], answer(401, &[], "")].concat()).await;
    let (client, registry) = provider.plain();
    let mut events = registry.subscribe();
    let answers =
        futures::future::join_all((0..8).map(|_| async { client.send(&read()).await })).await;
    assert!(answers.iter().all(Result::is_err));
    assert_eq!(provider.calls(), 8);
    assert!(matches!(
        events.try_recv(),
        Ok(Event::CredentialsBroken { .. })
    ));
    assert!(events.try_recv().is_err());
}

#[tokio::test(start_paused = true)]
async fn an_open_circuit_refuses_at_once_also_behind_a_pause() {
    let provider = Provider::start(|_| answer(429, &[("retry-after", "40")], "")).await;
    let (client, registry) = provider.plain();
    client.send(&read().within(s(20))).await.unwrap_err();
    registry.force_open(&key(Access::Read));
    let asked = Instant::now();
    let error = client.send(&read()).await.unwrap_err();
    assert_eq!((error.kind, Instant::now()), (Kind::CircuitOpen, asked));
}

/// Answers with a head after 6 s and the last bytes after another `rest`.
async fn slow(rest: Duration) -> Provider {
    Provider::start(move |_| {
        let Act::Send(bytes) = ok().swap_remove(0) else {
            unreachable!()
        };
        let (head, body) = bytes.split_at(bytes.len() - 3);
        vec![
            Act::Wait(s(6)),
            Act::Send(head.to_vec()),
            Act::Wait(rest),
            Act::Send(body.to_vec()),
        ]
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn ten_calls_in_a_minute_above_ten_seconds_open_it() {
    for (rest, expected) in [(s(3), State::Closed), (s(6), State::Open)] {
        let provider = slow(rest).await;
        let (client, registry) = provider.plain();
        let answers =
            futures::future::join_all((0..10).map(|_| async { client.send(&read()).await })).await;
        assert!(answers.iter().all(Result::is_ok), "slow is not wrong");
        let now = &registry.snapshot()[0];
        assert_eq!(now.state, expected, "{rest:?} more");
    }
}
