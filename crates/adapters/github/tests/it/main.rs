//! The adapter over real HTTP, against the sandbox's GitHub and its faults.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod issues;
mod limits;

use adapter_github::Github;
use adapter_kit::{Registry, Settings};
use ports::tracker::NewIssue;
use sandbox::github::{GITHUB_REPOSITORY, GITHUB_TOKEN};
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

pub(crate) fn github_of(sandbox: &sandbox::Running, repository: &str) -> Github {
    let mut settings = Settings::default();
    settings.retry.base_transient = Duration::from_millis(1);
    settings.retry.base_throttle = Duration::from_millis(1);
    // Many answers are lost here on purpose.
    settings.breaker.failure_threshold = 100;
    settings.breaker.min_outcomes = 100;
    let base = format!("{}/github", sandbox.base_url);
    Github::new(&base, repository, &Registry::new(settings)).unwrap()
}

pub(crate) fn github(sandbox: &sandbox::Running) -> Github {
    github_of(sandbox, GITHUB_REPOSITORY)
}

pub(crate) fn token() -> SecretString {
    GITHUB_TOKEN.into()
}

pub(crate) fn issue(marker: &str) -> NewIssue {
    NewIssue {
        title: "A sync failed".to_owned(),
        body: format!("text\n\n{marker}"),
        label: "royal-equips".to_owned(),
    }
}
