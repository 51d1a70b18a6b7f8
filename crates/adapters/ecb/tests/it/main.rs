//! The feed over real HTTP, against the sandbox's table with gaps and faults.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use adapter_ecb::EcbFeed;
use adapter_kit::{Registry, Settings};
use chrono::{Datelike as _, NaiveDate, Weekday};
use domain::fx::Rate;
use ports::Kind;
use ports::rates::{FeedSpan, RateFeed as _};
use std::collections::BTreeSet;
use std::time::Duration;

/// 2026-11-27 is a Friday.
async fn shop() -> sandbox::Running {
    let options = sandbox::Options {
        orders: 1,
        now: Some(
            "2026-11-27T18:00:00Z"
                .parse::<chrono::DateTime<chrono::Utc>>()
                .unwrap()
                .timestamp(),
        ),
        ..sandbox::Options::default()
    };
    sandbox::start(options).await.unwrap()
}

fn feed(sandbox: &sandbox::Running) -> EcbFeed {
    let mut settings = Settings::default();
    settings.retry.base_transient = Duration::from_millis(1);
    EcbFeed::new(
        &format!("{}/ecb", sandbox.base_url),
        &Registry::new(settings),
    )
    .unwrap()
}

fn days(rates: &[Rate]) -> BTreeSet<NaiveDate> {
    rates.iter().map(|r| r.day).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_spans_hold_working_days_and_the_same_rates() {
    let sandbox = shop().await;
    let feed = feed(&sandbox);
    let newest = feed.read(FeedSpan::Day).await.unwrap();
    let friday: NaiveDate = "2026-11-27".parse().unwrap();
    assert_eq!(days(&newest), BTreeSet::from([friday]));
    assert!(newest.len() > 20);
    let quarter = feed.read(FeedSpan::Quarter).await.unwrap();
    let all = feed.read(FeedSpan::All).await.unwrap();
    assert!(
        newest
            .iter()
            .all(|r| quarter.contains(r) && all.contains(r))
    );
    assert!(days(&quarter).len() > 55 && days(&all).len() > days(&quarter).len());
    let is_weekend = |d: &NaiveDate| matches!(d.weekday(), Weekday::Sat | Weekday::Sun);
    assert!(!days(&all).iter().any(is_weekend));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_table_is_not_believed_and_a_dead_one_is_told() {
    let sandbox = shop().await;
    for (fault, kind) in [
        ("rates_cut", Kind::Corrupt),
        ("rates_nonsense", Kind::Corrupt),
        ("rates_down", Kind::Unavailable),
    ] {
        let feed = feed(&sandbox);
        sandbox.fault(fault, 1.0).unwrap();
        let error = feed.read(FeedSpan::Day).await.unwrap_err();
        assert_eq!(error.kind, kind, "{fault}: {error}");
        sandbox.fault(fault, 0.0).unwrap();
        assert!(feed.read(FeedSpan::Day).await.is_ok(), "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_without_a_table_says_so() {
    let sandbox = shop().await;
    let registry = Registry::new(Settings::default());
    let feed = EcbFeed::new(&format!("{}/elsewhere", sandbox.base_url), &registry).unwrap();
    let error = feed.read(FeedSpan::Day).await.unwrap_err();
    assert_eq!(error.kind, Kind::NotFound);
    assert!(error.detail.contains("RATES_URL"), "{error}");
}
