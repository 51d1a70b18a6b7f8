//! What of GitHub's answers is read. Whatever else stands there is passed over.

use domain::incident::IssueRef;
use ports::tracker::FoundIssue;
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub(crate) struct Issue {
    number: u64,
    html_url: String,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    state: Option<String>,
    /// Lists of issues hold pull requests, too.
    #[serde(default)]
    pull_request: Option<Value>,
}

impl Issue {
    pub(crate) fn reference(self) -> IssueRef {
        IssueRef {
            number: self.number,
            url: self.html_url,
        }
    }

    pub(crate) fn with_marker(self, marker: &str) -> Option<FoundIssue> {
        let body = self.body.as_deref().unwrap_or_default();
        let is_it = self.pull_request.is_none() && body.contains(marker);
        is_it.then(|| FoundIssue {
            open: self.state.as_deref() != Some("closed"),
            issue: self.reference(),
        })
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Comment {
    #[serde(default)]
    body: Option<String>,
}

impl Comment {
    pub(crate) fn has(&self, marker: &str) -> bool {
        self.body.as_deref().unwrap_or_default().contains(marker)
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Repository {
    pub(crate) full_name: String,
    #[serde(default)]
    pub(crate) private: Option<bool>,
    #[serde(default)]
    pub(crate) has_issues: Option<bool>,
    #[serde(default)]
    pub(crate) archived: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct RateLimit {
    pub(crate) resources: Resources,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Resources {
    pub(crate) core: Bucket,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Bucket {
    pub(crate) limit: u64,
    pub(crate) remaining: u64,
}
