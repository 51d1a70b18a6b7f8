//! One call: token, pace, points, envelope. Knows no kind of thing.

use crate::codes::{Head, Meaning, verdict};
use crate::tokens::Tokens;
use crate::{DEFAULT_BASE, KEPT_POINTS};
use adapter_kit::header::HeaderName;
use adapter_kit::{Effect, HttpClient, Method, Registry, Request, Url};
use domain::supplier::Quota;
use ports::clock::Clock;
use ports::secrets::{SecretName, SecretVault};
use ports::supplier_platforms::{Purpose, SupplierSettings};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::ExposeSecret as _;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

pub(crate) const PROVIDER: &str = "cjdropshipping";
const TOKEN: HeaderName = HeaderName::from_static("cj-access-token");
/// When points come back is not sure (midnight of Greenwich, or of Beijing): it is tried again so much later.
const POINTS_WAIT: Duration = Duration::from_secs(3_600);

/// The way to one account.
pub struct Cj {
    http: HttpClient,
    pub(crate) tokens: Tokens,
    pub(crate) clock: Arc<dyn Clock>,
    purpose: Purpose,
    quota: Mutex<Option<Quota>>,
}

/// What a call costs, in points.
#[derive(Clone, Copy)]
pub(crate) struct Cost(pub u64);

pub(crate) const FREE: Cost = Cost(0);
pub(crate) const A_SEARCH: Cost = Cost(50);
pub(crate) const A_LOOK: Cost = Cost(10);

impl Cj {
    /// # Errors
    /// `Configuration` when address or key cannot be right.
    pub fn new(
        settings: &SupplierSettings,
        vault: Arc<dyn SecretVault>,
        clock: Arc<dyn Clock>,
        registry: &Registry,
    ) -> PortResult<Self> {
        let wrong = |detail: String| {
            PortError::new(
                Kind::Configuration,
                Retry::Never,
                PROVIDER,
                "connect",
                detail,
            )
        };
        if settings.api_key.expose_secret().trim().is_empty() {
            return Err(wrong("the API key is empty".to_owned()));
        }
        let base = settings.base_url.as_deref().unwrap_or(DEFAULT_BASE);
        let url = Url::parse(base).map_err(|e| wrong(format!("CJ_BASE_URL is no address: {e}")))?;
        let account = settings.account.to_string();
        // Every account may make one call a second; whatever more it may, the supplier tells.
        let pace = f64::from(settings.per_second.unwrap_or(1).max(1));
        let build = |account: String| {
            HttpClient::builder(PROVIDER, account, url.clone(), registry)
                .rate_limit(pace, pace)
                .classify(verdict)
                .build()
        };
        Ok(Self {
            http: build(account.clone())?,
            tokens: Tokens {
                http: build(format!("{account}/token"))?,
                api_key: settings.api_key.clone(),
                vault,
                clock: Arc::clone(&clock),
                name: SecretName {
                    workspace: settings.workspace,
                    name: format!("supplier/{account}/tokens"),
                },
                held: tokio::sync::Mutex::default(),
            },
            clock,
            purpose: settings.purpose,
            quota: Mutex::default(),
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
        let detail = format!("CJdropshipping's answer cannot be read: {what}");
        self.error(Kind::Corrupt, Retry::Never, operation, detail)
    }

    pub(crate) fn told_quota(&self) -> Option<Quota> {
        *self.quota.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        path: &str,
        query: &[(&str, String)],
        cost: Cost,
    ) -> PortResult<Result<T, Head>> {
        let mut request = Request::get(operation, path);
        for (name, value) in query {
            request = request.query(*name, value);
        }
        self.send(operation, request, cost).await
    }

    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        path: &str,
        body: &Value,
        effect: Effect,
        cost: Cost,
    ) -> PortResult<Result<T, Head>> {
        let request = Request::new(operation, Method::POST, path, effect).json(body);
        self.send(operation, request, cost).await
    }

    pub(crate) async fn delete<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        path: &str,
        query: (&str, String),
        effect: Effect,
        cost: Cost,
    ) -> PortResult<Result<T, Head>> {
        let request = Request::new(operation, Method::DELETE, path, effect);
        let request = request.query(query.0, &query.1);
        self.send(operation, request, cost).await
    }

    /// What a refusal means for calls that can do nothing else with it.
    pub(crate) fn refused(&self, operation: &'static str, head: &Head) -> PortError {
        let (kind, retry) = match head.meaning() {
            Meaning::Missing => (Kind::NotFound, Retry::Never),
            Meaning::Taken => (Kind::Conflict, Retry::Never),
            Meaning::Token => (Kind::Unauthorized, Retry::Never),
            Meaning::Points => (Kind::RateLimited, Retry::After(POINTS_WAIT)),
            _ => (Kind::Rejected, Retry::Never),
        };
        self.error(kind, retry, operation, head.told())
    }

    /// Whether the points that are left suffice, as far as they were told.
    fn spare(&self, operation: &'static str, cost: Cost) -> PortResult<()> {
        let kept = match self.purpose {
            Purpose::Catalogue => KEPT_POINTS,
            Purpose::Orders => 0,
        };
        let Some(quota) = self.told_quota().filter(|_| cost.0 > 0) else {
            return Ok(());
        };
        if quota.left >= cost.0 + kept {
            return Ok(());
        }
        let detail = format!(
            "CJdropshipping leaves {} of {} points of the day, of which {kept} are kept for orders; it is asked again when they are back",
            quota.left, quota.total
        );
        let retry = Retry::After(POINTS_WAIT);
        Err(self.error(Kind::RateLimited, retry, operation, detail))
    }

    /// A token that is refused is replaced, once.
    async fn send<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        request: Request,
        cost: Cost,
    ) -> PortResult<Result<T, Head>> {
        self.spare(operation, cost)?;
        let mut token = self.tokens.get().await?;
        let mut is_second = false;
        loop {
            let call = request.clone().secret_header(TOKEN, &token);
            let response = self.http.send(&call).await?;
            let head = Head::of(&response).ok_or_else(|| {
                let what = format!("status {}", response.status);
                self.nonsense(operation, &what)
            })?;
            self.remember(&head);
            match head.meaning() {
                Meaning::Fine => {
                    let whole: Whole<T> = response.json()?;
                    return Ok(Ok(whole.data));
                }
                Meaning::Token if !is_second => {
                    is_second = true;
                    token = self.tokens.instead_of(&token).await?;
                }
                Meaning::Token | Meaning::Points => return Err(self.refused(operation, &head)),
                _ => return Ok(Err(head)),
            }
        }
    }

    fn remember(&self, head: &Head) {
        let Some(points) = head.points else { return };
        *self.quota.lock().unwrap_or_else(PoisonError::into_inner) = Some(Quota {
            used: points.used_today,
            left: points.remaining,
            total: points.total,
            told_at: self.clock.now(),
        });
    }
}

#[derive(serde::Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct Whole<T> {
    data: T,
}
