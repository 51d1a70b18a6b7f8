//! Issues, comments and signals, and what becomes of lost answers.

use crate::{github, issue, sandbox, token};
use ports::tracker::Tracker as _;
use ports::{Kind, Retry};
use serde_json::{Map, Value, json};

const MARKER: &str = "<!-- royal-equips:incident:1 -->";
const LABEL: &str = "royal-equips";

#[tokio::test]
async fn an_issue_is_opened_found_commented_on_closed_and_opened_again() {
    let sandbox = sandbox().await;
    let github = github(&sandbox);
    let found = || async { github.find_issue(&token(), LABEL, MARKER).await.unwrap() };
    assert_eq!(found().await, None);
    let made = github.open_issue(&token(), &issue(MARKER)).await.unwrap();
    assert_eq!(made.number, 1);
    assert!(made.url.ends_with("/royal/operations/issues/1"));
    let there = found().await.unwrap();
    assert_eq!((there.issue, there.open), (made, true));
    let other = "<!-- royal-equips:incident:2 -->";
    let none = github.find_issue(&token(), LABEL, other).await.unwrap();
    assert_eq!(none, None);
    let said = "again <!-- c1 -->";
    let has = || async {
        github
            .has_comment(&token(), 1, "<!-- c1 -->")
            .await
            .unwrap()
    };
    assert!(!has().await);
    github.comment(&token(), 1, said).await.unwrap();
    assert!(has().await);
    github.set_open(&token(), 1, false).await.unwrap();
    assert!(
        !found().await.unwrap().open,
        "closed, and found all the same"
    );
    github.set_open(&token(), 1, false).await.unwrap();
    github.set_open(&token(), 1, true).await.unwrap();
    assert!(found().await.unwrap().open);
    let told = sandbox.github();
    assert_eq!(told["issues"][0]["comments"], json!([said]));
    assert_eq!(told["issues"][0]["labels"], json!([LABEL]));
}

#[tokio::test]
async fn an_issue_is_found_behind_many_of_others_and_pull_requests_are_none() {
    let sandbox = sandbox().await;
    let github = github(&sandbox);
    sandbox.github_change(&json!({ "others": 230 })).unwrap();
    github.open_issue(&token(), &issue(MARKER)).await.unwrap();
    let found = github.find_issue(&token(), LABEL, MARKER).await.unwrap();
    assert_eq!(found.unwrap().issue.number, 231);
    let found = github.find_issue(&token(), LABEL, "nothing of ours").await;
    assert_eq!(found.unwrap().unwrap().issue.number, 1);
    assert!(github.has_comment(&token(), 231, "x").await.is_ok());
}

#[tokio::test]
async fn an_answer_that_is_lost_is_looked_for_and_never_sent_twice() {
    let sandbox = sandbox().await;
    let github = github(&sandbox);
    for (fault, arrived) in [("gh_unsent", false), ("gh_lost", true)] {
        sandbox.fault(fault, 1.0).unwrap();
        let marker = format!("<!-- {fault} -->");
        let lost = github.open_issue(&token(), &issue(&marker)).await;
        assert_eq!(lost.unwrap_err().retry, Retry::Reconcile, "{fault}");
        sandbox.fault(fault, 0.0).unwrap();
        let found = github.find_issue(&token(), LABEL, &marker).await.unwrap();
        assert_eq!(found.is_some(), arrived, "{fault}");
    }
    assert_eq!(sandbox.github()["issues"].as_array().unwrap().len(), 1);
    // A comment, too; and a signal, which nothing can be looked up of.
    sandbox.fault("gh_lost", 1.0).unwrap();
    let lost = github.comment(&token(), 1, "again").await.unwrap_err();
    assert_eq!(lost.retry, Retry::Reconcile);
    let lost = github.signal(&token(), "deploy", &json!({})).await;
    assert_eq!(lost.unwrap_err().retry, Retry::Reconcile);
    let told = sandbox.github();
    assert_eq!(told["issues"][0]["comments"], json!(["again"]));
    assert_eq!(told["dispatches"].as_array().unwrap().len(), 1);
    // To close twice does no harm, so that is done by itself.
    sandbox.fault("limit", 1.0).unwrap();
    github.set_open(&token(), 1, false).await.unwrap();
    assert_eq!(sandbox.github()["issues"][0]["open"], json!(false));
}

#[tokio::test]
async fn a_signal_keeps_to_its_limits_before_it_is_sent() {
    let sandbox = sandbox().await;
    let github = github(&sandbox);
    let payload = |keys: usize| {
        let keys = (0..keys).map(|n| (format!("k{n}"), json!(n)));
        Value::Object(keys.collect::<Map<_, _>>())
    };
    let name = "é".repeat(100);
    github.signal(&token(), &name, &payload(10)).await.unwrap();
    let sent = sandbox.github();
    assert_eq!(sent["dispatches"][0]["event_type"], json!(name));
    assert_eq!(sent["dispatches"][0]["client_payload"], payload(10));
    let large = json!({ "text": "x".repeat(70_000) });
    let long = "x".repeat(101);
    for (name, payload) in [
        ("", payload(1)),
        (long.as_str(), payload(1)),
        ("deploy", payload(11)),
        ("deploy", json!([1])),
        ("deploy", large),
    ] {
        let refused = github.signal(&token(), name, &payload).await.unwrap_err();
        assert_eq!(
            (refused.kind, refused.retry),
            (Kind::Rejected, Retry::Never)
        );
    }
    let sent = sandbox.github();
    assert_eq!(sent["dispatches"].as_array().unwrap().len(), 1);
    assert_eq!(sent["calls"]["POST dispatches"], json!(1));
}
