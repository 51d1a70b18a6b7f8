//! The adapter over real HTTP, against the sandbox's BigQuery and its faults.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod loads;

use adapter_bigquery::{BigQuery, BigQuerySettings};
use adapter_kit::{Registry, Settings};
use sandbox::bigquery::{DATASET, LOCATION, PROJECT, credentials};
use secrecy::SecretString;
use std::time::Duration;

pub(crate) async fn sandbox() -> sandbox::Running {
    let options = sandbox::Options {
        orders: 2,
        days: 2,
        ..sandbox::Options::default()
    };
    sandbox::start(options).await.unwrap()
}

pub(crate) fn settings(sandbox: &sandbox::Running) -> BigQuerySettings {
    let base = &sandbox.base_url;
    BigQuerySettings {
        base_url: format!("{base}/bigquery"),
        upload_url: format!("{base}/bigquery-upload"),
        token_url: format!("{base}/bigquery-token"),
        project: PROJECT.to_owned(),
        dataset: DATASET.to_owned(),
        location: LOCATION.to_owned(),
    }
}

pub(crate) fn open(settings: BigQuerySettings) -> BigQuery {
    let mut calls = Settings::default();
    calls.retry.base_transient = Duration::from_millis(1);
    calls.retry.base_throttle = Duration::from_millis(1);
    // Many answers are lost here on purpose.
    calls.breaker.failure_threshold = 100;
    calls.breaker.min_outcomes = 100;
    BigQuery::new(settings, &Registry::new(calls)).unwrap()
}

pub(crate) fn key() -> SecretString {
    credentials().into()
}
