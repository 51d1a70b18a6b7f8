//! A tracker of issues outside, and the signals that automations beside it wait for.

use crate::PortResult;
use crate::source::LinkState;
use async_trait::async_trait;
use domain::incident::IssueRef;
use secrecy::SecretString;
use serde_json::Value;

/// An issue as it is to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewIssue {
    pub title: String,
    /// Markdown, with its marker.
    pub body: String,
    /// Every issue of ours has it.
    pub label: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundIssue {
    pub issue: IssueRef,
    pub open: bool,
}

/// What a question of a person found out; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackerCheck {
    /// As the other side writes it.
    pub name: String,
    /// Whether anybody may read what is written there; `None`: it does not say.
    pub public: Option<bool>,
    /// Whether issues can be opened; switched off, or kept for reading alone, they cannot.
    pub takes_issues: bool,
    /// Calls that are left in this hour, and of how many, where it says so.
    pub calls_left: Option<(u64, u64)>,
}

/// Every call is made with a token. It looks for nothing by itself: before something is made that has no key against a second one, whoever
/// calls looks whether it is there ([`Tracker::find_issue`], [`Tracker::has_comment`]).
#[async_trait]
pub trait Tracker: Send + Sync {
    /// For people, e.g. `octo/shop at api.github.com`.
    fn place(&self) -> String;
    /// How calls fare, reads apart from writes.
    fn links(&self) -> Vec<LinkState>;
    async fn check(&self, token: &SecretString) -> PortResult<TrackerCheck>;
    /// The oldest issue with this label whose body has this marker, open or closed.
    async fn find_issue(
        &self,
        token: &SecretString,
        label: &str,
        marker: &str,
    ) -> PortResult<Option<FoundIssue>>;
    /// `Reconcile`: nobody knows whether it was opened.
    async fn open_issue(&self, token: &SecretString, issue: &NewIssue) -> PortResult<IssueRef>;
    /// Whether one of its comments has this marker. `NotFound`: there is no such issue.
    async fn has_comment(
        &self,
        token: &SecretString,
        number: u64,
        marker: &str,
    ) -> PortResult<bool>;
    async fn comment(&self, token: &SecretString, number: u64, body: &str) -> PortResult<()>;
    /// Opens or closes it; one that is so already stays so.
    async fn set_open(&self, token: &SecretString, number: u64, open: bool) -> PortResult<()>;
    /// Sends a signal to the automations of the repository. Names of up to 100 characters, up to 10 properties at the top of the payload and
    /// 64 KiB in all, else `Rejected`. There is no key against a second one, and nothing to look for.
    async fn signal(&self, token: &SecretString, name: &str, payload: &Value) -> PortResult<()>;
}
