//! GitHub's REST API told in the words of `Tracker`: issues, their comments, and `repository_dispatch`.
//!
//! No call has a key against a second one: whoever opens an issue or comments looks first, by a label and a marker in the text. Limits are
//! obeyed as GitHub tells them: the hour's by `x-ratelimit-reset`, the secondary ones by `retry-after`, else a minute. Versions of the API are
//! named by a header; an Enterprise server has the same API below `/api/v3`.

mod refusal;
mod wire;

use adapter_kit::header::{ACCEPT, AUTHORIZATION, HeaderName, HeaderValue, USER_AGENT};
use adapter_kit::{Effect, Expect, HttpClient, Method, Registry, Request, Response, Snapshot, Url};
use async_trait::async_trait;
use domain::incident::IssueRef;
use ports::source::LinkState;
use ports::tracker::{FoundIssue, NewIssue, Tracker, TrackerCheck};
use ports::{Kind, PortError, PortResult, Retry};
use refusal::{refused, verdict};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use std::sync::{Mutex, PoisonError};
use wire::{Comment, Issue, RateLimit, Repository};

pub(crate) const PROVIDER: &str = "github";
pub const DEFAULT_BASE: &str = "https://api.github.com";
const API_VERSION: &str = "2022-11-28";
const PER_PAGE: usize = 100;
/// Of a list; what has more than 5000 of ours is looked after by nobody.
const MOST_PAGES: u32 = 50;
/// Documented limits of `repository_dispatch`.
const LONGEST_NAME: usize = 100;
const MOST_KEYS: usize = 10;
const LARGEST_PAYLOAD: usize = 64 * 1024;

/// The way to one repository.
pub struct Github {
    http: HttpClient,
    registry: Registry,
    /// `owner/name`
    repository: String,
    host: String,
    /// The token that was sent last: another one may be accepted where it was not.
    last_token: Mutex<Option<SecretString>>,
}

fn wrong(detail: String) -> PortError {
    PortError::new(
        Kind::Configuration,
        Retry::Never,
        PROVIDER,
        "connect",
        detail,
    )
}

/// `owner/name`, as GitHub allows them.
#[must_use]
pub fn is_repository(text: &str) -> bool {
    let part = |text: &str, more: &str| {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || more.contains(c);
        (1..=100).contains(&text.len()) && text.chars().all(fits) && text != "." && text != ".."
    };
    text.split_once('/')
        .is_some_and(|(owner, name)| part(owner, "_") && part(name, "._"))
}

impl Github {
    /// `base` is `https://api.github.com`, or `https://HOST/api/v3` of an Enterprise server.
    ///
    /// # Errors
    /// `Configuration` when the address or the repository cannot be right.
    pub fn new(base: &str, repository: &str, registry: &Registry) -> PortResult<Self> {
        if !is_repository(repository) {
            return Err(wrong(format!(
                "GITHUB_REPOSITORY is written owner/name, not {repository}"
            )));
        }
        let url = Url::parse(base.trim_end_matches('/'))
            .map_err(|e| wrong(format!("GITHUB_BASE_URL is no address: {e}")))?;
        let host = match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (host, _) => host.unwrap_or_default().to_owned(),
        };
        let http = HttpClient::builder(PROVIDER, repository.to_owned(), url, registry)
            .header(
                HeaderName::from_static("x-github-api-version"),
                HeaderValue::from_static(API_VERSION),
            )
            // Without one GitHub answers 403.
            .header(USER_AGENT, HeaderValue::from_static("royal-equips"))
            .classify(verdict)
            .build()?;
        Ok(Self {
            http,
            registry: registry.clone(),
            repository: repository.to_owned(),
            host,
            last_token: Mutex::default(),
        })
    }

    fn renewed(&self, token: &SecretString) {
        let mut last = self
            .last_token
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let is_same = last
            .as_ref()
            .is_some_and(|last| last.expose_secret() == token.expose_secret());
        if !is_same {
            self.http.credentials_renewed();
            *last = Some(token.clone());
        }
    }

    fn path(&self, rest: &str) -> String {
        format!("repos/{}{rest}", self.repository)
    }

    /// A 2xx answer; what else was said is told.
    async fn call(&self, token: &SecretString, request: Request) -> PortResult<Response> {
        self.renewed(token);
        let bearer = SecretString::from(format!("Bearer {}", token.expose_secret()));
        let media = HeaderValue::from_static("application/vnd.github+json");
        let request = request
            .secret_header(AUTHORIZATION, &bearer)
            .header(ACCEPT, media);
        let response = self.http.send(&request).await?;
        if response.status.is_success() {
            Ok(response)
        } else {
            Err(refused(&response, &self.repository))
        }
    }

    /// All pages of a list, until `found` answers something.
    async fn walk<T: serde::de::DeserializeOwned, F>(
        &self,
        token: &SecretString,
        first: impl Fn() -> Request,
        mut found: impl FnMut(T) -> Option<F>,
    ) -> PortResult<Option<F>> {
        for page in 1..=MOST_PAGES {
            let request = first()
                .query("per_page", PER_PAGE.to_string())
                .query("page", page.to_string());
            let response = self.call(token, request).await?;
            let items: Vec<T> = response.json()?;
            if let Some(found) = items.into_iter().find_map(&mut found) {
                return Ok(Some(found));
            }
            let link = response.header("link").unwrap_or_default();
            if !link.contains("rel=\"next\"") {
                return Ok(None);
            }
        }
        let detail = format!(
            "{} has more than {} of ours: close and unlabel old issues there",
            self.repository,
            MOST_PAGES as usize * PER_PAGE
        );
        let (kind, retry) = (Kind::Rejected, Retry::Never);
        Err(PortError::new(kind, retry, PROVIDER, "issues.find", detail))
    }
}

fn write(operation: &'static str, method: Method, path: String, body: &Value) -> Request {
    // A change to a state may be made twice; a thing that is made may not.
    let idempotent = method == Method::PATCH;
    Request::new(operation, method, path, Effect::Write { idempotent }).json(body)
}

fn unsendable(detail: String) -> PortError {
    PortError::new(
        Kind::Rejected,
        Retry::Never,
        PROVIDER,
        "dispatch.send",
        detail,
    )
}

#[async_trait]
impl Tracker for Github {
    fn place(&self) -> String {
        format!("{} at {}", self.repository, self.host)
    }

    fn links(&self) -> Vec<LinkState> {
        let all = self.registry.snapshot().into_iter();
        let own = all.filter(|s| s.key.provider == PROVIDER && *s.key.account == *self.repository);
        own.map(Snapshot::link).collect()
    }

    async fn check(&self, token: &SecretString) -> PortResult<TrackerCheck> {
        let request = Request::get("repository.read", self.path(""));
        let response = self.call(token, request).await?;
        let repository: Repository = response.json()?;
        // This one question is free; a server without limits answers 404.
        let limits = Request::get("limits.read", "rate_limit");
        let calls_left = match self.call(token, limits).await {
            Ok(limits) => {
                let core = limits.json::<RateLimit>()?.resources.core;
                Some((core.remaining, core.limit))
            }
            Err(error) if error.kind == Kind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok(TrackerCheck {
            takes_issues: repository.has_issues.unwrap_or(true)
                && !repository.archived.unwrap_or(false),
            public: repository.private.map(|private| !private),
            name: repository.full_name,
            calls_left,
        })
    }

    async fn find_issue(
        &self,
        token: &SecretString,
        label: &str,
        marker: &str,
    ) -> PortResult<Option<FoundIssue>> {
        let list = || {
            Request::get("issues.find", self.path("/issues"))
                .query("labels", label)
                .query("state", "all")
                .query("sort", "created")
                .query("direction", "asc")
        };
        self.walk(token, list, |issue: Issue| issue.with_marker(marker))
            .await
    }

    async fn open_issue(&self, token: &SecretString, issue: &NewIssue) -> PortResult<IssueRef> {
        let body = json!({"title": issue.title, "body": issue.body, "labels": [issue.label]});
        let request = write("issues.open", Method::POST, self.path("/issues"), &body);
        let made: Issue = self.call(token, request).await?.json()?;
        Ok(made.reference())
    }

    async fn has_comment(
        &self,
        token: &SecretString,
        number: u64,
        marker: &str,
    ) -> PortResult<bool> {
        let path = self.path(&format!("/issues/{number}/comments"));
        let list = || Request::get("comments.find", path.clone());
        let found = self.walk(token, list, |comment: Comment| {
            comment.has(marker).then_some(())
        });
        Ok(found.await?.is_some())
    }

    async fn comment(&self, token: &SecretString, number: u64, body: &str) -> PortResult<()> {
        let path = self.path(&format!("/issues/{number}/comments"));
        let request = write("comments.add", Method::POST, path, &json!({ "body": body }));
        self.call(token, request).await?;
        Ok(())
    }

    async fn set_open(&self, token: &SecretString, number: u64, open: bool) -> PortResult<()> {
        let (state, reason) = if open {
            ("open", "reopened")
        } else {
            ("closed", "completed")
        };
        let path = self.path(&format!("/issues/{number}"));
        let body = json!({"state": state, "state_reason": reason});
        self.call(token, write("issues.set", Method::PATCH, path, &body))
            .await?;
        Ok(())
    }

    async fn signal(&self, token: &SecretString, name: &str, payload: &Value) -> PortResult<()> {
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            let detail = format!("a signal's name has 1 to {LONGEST_NAME} characters");
            return Err(unsendable(detail));
        }
        let Some(keys) = payload.as_object().map(serde_json::Map::len) else {
            return Err(unsendable("a payload is an object".to_owned()));
        };
        if keys > MOST_KEYS {
            let detail =
                format!("a payload has at most {MOST_KEYS} properties at its top, not {keys}");
            return Err(unsendable(detail));
        }
        let body = json!({"event_type": name, "client_payload": payload});
        if body.to_string().len() > LARGEST_PAYLOAD {
            let detail = format!("a payload has at most {} KiB", LARGEST_PAYLOAD / 1024);
            return Err(unsendable(detail));
        }
        let path = self.path("/dispatches");
        let request = write("dispatch.send", Method::POST, path, &body).expect(Expect::Anything);
        self.call(token, request).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::is_repository;

    #[test]
    fn a_repository_has_an_owner_and_a_name() {
        for good in ["octo-org/shop.theme_2", "a/b", "emu_acme/x"] {
            assert!(is_repository(good), "{good}");
        }
        for bad in [
            "", "shop", "a/b/c", "a/", "/b", "a/..", "a b/c", "a/b?x", "a/ü",
        ] {
            assert!(!is_repository(bad), "{bad}");
        }
    }
}
