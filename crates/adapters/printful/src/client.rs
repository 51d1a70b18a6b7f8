//! One call: token, pace, pages, refusals. Knows no kind of thing.

use crate::DEFAULT_BASE;
use crate::wire::{Page, Paging};
use adapter_kit::header::AUTHORIZATION;
use adapter_kit::{
    Cost, Effect, HttpClient, Method, Outcome, Registry, Request, Response, ThrottleStatus, Url,
    Verdict, retry_after, status_outcome,
};
use domain::supplier::Design;
use ports::clock::Clock;
use ports::secrets::{SecretName, SecretVault};
use ports::supplier_platforms::SupplierSettings;
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(crate) const PROVIDER: &str = "printful";
/// Documented: a bucket of 120 calls that fills within 60 seconds.
const CALLS: f64 = 120.0;
const CALLS_A_SECOND: f64 = 2.0;
pub(crate) const PER_PAGE: u64 = 100;
/// No list of Printful's is longer.
const MOST_PAGES: u64 = 100;

/// The way to one account.
pub struct Printful {
    pub(crate) http: HttpClient,
    pub(crate) vault: Arc<dyn SecretVault>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) designs: Vec<Design>,
    /// Where what signs its messages is kept.
    pub(crate) webhook: SecretName,
    pub(crate) is_sandbox: bool,
    /// Orders by the numbers of their parcels, as they were told: Printful tells of a parcel only beside its order.
    pub(crate) parcels: Mutex<BTreeMap<String, u64>>,
}

/// What Printful says to a call that it does not answer.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    said: String,
}

impl Refusal {
    /// The older shape tells `result` and `error`, the newer one is a problem's details (RFC 9457).
    fn of(response: &Response) -> Self {
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let places = [
            "/error/message",
            "/detail",
            "/details",
            "/title",
            "/result",
            "/data",
        ];
        let said = places
            .iter()
            .find_map(|place| body.pointer(place)?.as_str());
        Self {
            status: response.status.as_u16(),
            said: said
                .unwrap_or_default()
                .chars()
                .filter(|c| !c.is_control())
                .take(300)
                .collect(),
        }
    }

    pub(crate) fn told(&self) -> String {
        format!("Printful answered {}: {}", self.status, self.said)
    }
}

/// A token that may not do one thing is no broken token.
fn verdict(response: &Response) -> Verdict {
    let outcome = match response.status.as_u16() {
        403 => Outcome::Success,
        429 => Outcome::Throttled {
            wait: retry_after(&response.headers, chrono::Utc::now()).or_else(|| reset(response)),
        },
        _ => status_outcome(response.status, &response.headers),
    };
    let verdict = Verdict::from(outcome);
    match told_pace(response) {
        Some(status) => verdict.with_cost(Cost {
            status: Some(status),
            ..Cost::default()
        }),
        None => verdict,
    }
}

/// Seconds, with decimals.
fn reset(response: &Response) -> Option<Duration> {
    let seconds = response.header("x-ratelimit-reset")?.trim().parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// `120;w=60;`, and how many calls are left of it.
fn told_pace(response: &Response) -> Option<ThrottleStatus> {
    let policy = response.header("x-ratelimit-policy")?;
    let (calls, rest) = policy.split_once(';')?;
    let window = rest.trim().strip_prefix("w=")?.trim_end_matches(';');
    let (calls, window): (f64, f64) = (calls.trim().parse().ok()?, window.parse().ok()?);
    let left: f64 = response
        .header("x-ratelimit-remaining")?
        .trim()
        .parse()
        .ok()?;
    let sound = calls >= 1.0 && window > 0.0 && left >= 0.0;
    sound.then_some(ThrottleStatus {
        maximum_available: calls,
        currently_available: left.min(calls),
        restore_rate: calls / window,
    })
}

impl Printful {
    /// # Errors
    /// `Configuration` when address or token cannot be right.
    pub fn new(
        settings: &SupplierSettings,
        vault: Arc<dyn SecretVault>,
        clock: Arc<dyn Clock>,
        registry: &Registry,
    ) -> PortResult<Self> {
        let wrong = |detail: String| {
            let (kind, retry) = (Kind::Configuration, Retry::Never);
            PortError::new(kind, retry, PROVIDER, "connect", detail)
        };
        let token = settings.api_key.expose_secret().trim();
        if token.is_empty() {
            return Err(wrong("the token is empty".to_owned()));
        }
        let base = settings.base_url.as_deref().unwrap_or(DEFAULT_BASE);
        let url =
            Url::parse(base).map_err(|e| wrong(format!("PRINTFUL_BASE_URL is no address: {e}")))?;
        let account = settings.account.to_string();
        // Printful itself answers nowhere without TLS.
        let is_sandbox = url.scheme() == "http";
        let http = HttpClient::builder(PROVIDER, account.clone(), url, registry)
            .secret_header(
                AUTHORIZATION,
                &SecretString::from(format!("Bearer {token}")),
            )
            .rate_limit(CALLS, CALLS_A_SECOND)
            .classify(verdict)
            .build()?;
        Ok(Self {
            http,
            vault,
            clock,
            designs: settings.designs.clone(),
            webhook: SecretName {
                workspace: settings.workspace,
                name: format!("supplier/{account}/webhook"),
            },
            is_sandbox,
            parcels: Mutex::default(),
        })
    }

    pub(crate) fn error(
        &self,
        kind: Kind,
        retry: Retry,
        operation: &'static str,
        detail: impl Into<String>,
    ) -> PortError {
        PortError::new(kind, retry, PROVIDER, operation, detail)
    }

    pub(crate) fn nonsense(&self, operation: &'static str, what: &str) -> PortError {
        let detail = format!("Printful's answer cannot be read: {what}");
        self.error(Kind::Corrupt, Retry::Never, operation, detail)
    }

    /// What a refusal means for calls that can do nothing else with it.
    pub(crate) fn refused(&self, operation: &'static str, refusal: &Refusal) -> PortError {
        let kind = match refusal.status {
            401 => Kind::Unauthorized,
            403 => Kind::Forbidden,
            404 => Kind::NotFound,
            409 => Kind::Conflict,
            _ => Kind::Rejected,
        };
        self.error(kind, Retry::Never, operation, refusal.told())
    }

    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        path: &str,
        query: &[(&str, String)],
    ) -> PortResult<Result<T, Refusal>> {
        let mut request = Request::get(operation, path);
        for (name, value) in query {
            request = request.query(*name, value);
        }
        self.send(&request).await
    }

    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        path: &str,
        body: Option<&Value>,
        effect: Effect,
    ) -> PortResult<Result<T, Refusal>> {
        let request = Request::new(operation, Method::POST, path, effect);
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        self.send(&request).await
    }

    /// Answered with nothing.
    pub(crate) async fn delete(
        &self,
        operation: &'static str,
        path: &str,
        effect: Effect,
    ) -> PortResult<Result<(), Refusal>> {
        let request = Request::new(operation, Method::DELETE, path, effect);
        let response = self.http.send(&request).await?;
        if response.status.is_success() {
            return Ok(Ok(()));
        }
        Ok(Err(Refusal::of(&response)))
    }

    async fn send<T: DeserializeOwned>(&self, request: &Request) -> PortResult<Result<T, Refusal>> {
        let response = self.http.send(request).await?;
        if response.status.is_success() {
            return Ok(Ok(response.json()?));
        }
        Ok(Err(Refusal::of(&response)))
    }

    /// Every page of a list; `None` where there is no such thing.
    pub(crate) async fn pages<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        path: &str,
        query: &[(&str, String)],
    ) -> PortResult<Option<Vec<T>>> {
        let mut all = Vec::new();
        for page in 0..MOST_PAGES {
            let offset = page * PER_PAGE;
            let mut asked = query.to_vec();
            asked.push(("limit", PER_PAGE.to_string()));
            asked.push(("offset", offset.to_string()));
            let told: Page<T> = match self.get(operation, path, &asked).await? {
                Ok(told) => told,
                Err(refusal) if refusal.status == 404 => return Ok(None),
                Err(refusal) => return Err(self.refused(operation, &refusal)),
            };
            all.push(told.data);
            if !told.paging.is_some_and(|paging| more(&paging, offset)) {
                return Ok(Some(all));
            }
        }
        Err(self.nonsense(operation, "a list that does not end"))
    }
}

pub(crate) const fn more(paging: &Paging, offset: u64) -> bool {
    offset + PER_PAGE < paging.total
}
