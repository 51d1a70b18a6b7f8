//! Limits that are obeyed, and refusals that are told.

use crate::{github, github_of, issue, sandbox, token};
use ports::tracker::Tracker as _;
use ports::{Kind, PortError, Retry};
use serde_json::json;
use std::time::Duration;

fn wait(error: &PortError) -> Duration {
    match error.retry {
        Retry::After(wait) => wait,
        other => panic!("it may be sent again later, not {other:?}"),
    }
}

#[tokio::test]
async fn a_test_tells_what_is_there_and_changes_nothing() {
    let sandbox = sandbox().await;
    let github = github(&sandbox);
    let told = github.check(&token()).await.unwrap();
    assert_eq!(told.name, "royal/operations");
    assert_eq!((told.public, told.takes_issues), (Some(false), true));
    let (left, of) = told.calls_left.unwrap();
    assert_eq!((left, of), (4999, 5000));
    let change = json!({"private": false, "has_issues": false});
    sandbox.github_change(&change).unwrap();
    let told = github.check(&token()).await.unwrap();
    assert_eq!((told.public, told.takes_issues), (Some(true), false));
    let refused = github.open_issue(&token(), &issue("m")).await.unwrap_err();
    assert_eq!(refused.kind, Kind::NotFound);
    assert!(refused.detail.contains("switched off"), "{refused}");
    let links = github.links();
    assert!(links.iter().any(|link| link.last_success_at.is_some()));
}

#[tokio::test]
async fn the_hours_limit_is_waited_for_until_it_begins_anew() {
    let sandbox = sandbox().await;
    let github = github(&sandbox);
    sandbox.github_change(&json!({ "left": 0 })).unwrap();
    let refused = github.open_issue(&token(), &issue("m")).await.unwrap_err();
    assert_eq!(refused.kind, Kind::RateLimited);
    // The hour's, as far as a wait is believed.
    assert!(wait(&refused) >= Duration::from_secs(890), "{refused:?}");
    // Nothing is sent meanwhile.
    let before = sandbox.github()["calls"].clone();
    assert!(github.open_issue(&token(), &issue("m")).await.is_err());
    assert_eq!(sandbox.github()["calls"], before);
}

#[tokio::test]
async fn a_secondary_limit_is_waited_for_as_it_says_else_a_minute() {
    for (named, least) in [(0.0, 59), (120.0, 119)] {
        let sandbox = sandbox().await;
        let github = github(&sandbox);
        sandbox.fault("gh_wait", named).unwrap();
        sandbox.fault("gh_secondary", 1.0).unwrap();
        let refused = github.comment(&token(), 1, "x").await.unwrap_err();
        assert_eq!(refused.kind, Kind::RateLimited);
        let waits = wait(&refused);
        let range = Duration::from_secs(least)..=Duration::from_secs(least + 1);
        assert!(range.contains(&waits), "{waits:?}");
    }
}

#[tokio::test]
async fn refusals_say_what_to_do() {
    let sandbox = sandbox().await;
    let github = github(&sandbox);
    sandbox.fault("gh_denied", 1.0).unwrap();
    let denied = github.open_issue(&token(), &issue("m")).await.unwrap_err();
    assert_eq!((denied.kind, denied.retry), (Kind::Forbidden, Retry::Never));
    assert!(denied.detail.contains("Issues and Contents"), "{denied}");
    sandbox.fault("gh_denied", 0.0).unwrap();
    github.open_issue(&token(), &issue("m")).await.unwrap();
    let unknown = github.comment(&token(), 7, "x").await.unwrap_err();
    assert_eq!(unknown.kind, Kind::NotFound);
    let refused = github.comment(&token(), 1, "").await.unwrap_err();
    assert_eq!(refused.kind, Kind::Rejected);
    assert!(refused.detail.contains("body missing_field"), "{refused}");
    let elsewhere = github_of(&sandbox, "royal/unknown");
    let unknown = elsewhere.check(&token()).await.unwrap_err();
    assert_eq!(unknown.kind, Kind::NotFound);
    assert!(unknown.detail.contains("GITHUB_REPOSITORY"), "{unknown}");
    let broken = github.check(&"github_pat_wrong".into()).await.unwrap_err();
    assert_eq!(broken.kind, Kind::Unauthorized);
    // Another token is tried at once.
    github.check(&token()).await.unwrap();
}

#[tokio::test]
async fn a_server_that_stumbles_is_asked_again_unless_it_may_have_done_it() {
    let sandbox = sandbox().await;
    let github = github(&sandbox);
    sandbox.fault("limit", 1.0).unwrap();
    sandbox.fault("gh_status", 1.0).unwrap();
    assert!(github.check(&token()).await.is_ok());
    sandbox.fault("limit", 1.0).unwrap();
    let unknown = github.open_issue(&token(), &issue("m")).await.unwrap_err();
    assert_eq!(unknown.retry, Retry::Reconcile);
}
