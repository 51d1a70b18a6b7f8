//! One call of a tool: token, session, pace, what differs, errors inside results. Knows no kind of thing.

use crate::DEFAULT_BASE;
use crate::oauth::Grant;
use crate::rpc::{VERSION, answer, notification, request, result, wait};
use crate::schema::{Sent, compare};
use crate::tokens::Tokens;
use adapter_kit::header::{ACCEPT, AUTHORIZATION, HeaderName, HeaderValue};
use adapter_kit::{
    Effect, Expect, HttpClient, Method, Outcome, Registry, Request, Response, Url, Verdict,
    status_outcome,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::money::Currency;
use ports::clock::Clock;
use ports::secrets::{SecretName, SecretVault};
use ports::supplier_platforms::SupplierSettings;
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::OnceCell;

pub(crate) const PROVIDER: &str = "autods";
const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");
const PROTOCOL: HeaderName = HeaderName::from_static("mcp-protocol-version");
const BOTH: HeaderValue = HeaderValue::from_static("application/json, text/event-stream");
/// Documented for one user: 60 calls a minute and 1000 an hour.
const AT_ONCE: f64 = 50.0;
const A_SECOND: f64 = 1000.0 / 3600.0;
/// Where an answer does not tell how long to wait.
const USUAL_WAIT: u64 = 60;
const MOST_PAGES: usize = 20;
/// For so long a product is not asked for again.
const KEPT: TimeDelta = TimeDelta::minutes(1);

/// In what the user's prices are told, and where they are sold.
#[derive(Debug, Clone)]
pub(crate) struct Settled {
    pub currency: Currency,
    pub region: Option<String>,
}

/// The way to one user.
pub struct Autods {
    http: HttpClient,
    tokens: Tokens,
    session: OnceCell<Session>,
    next: AtomicU64,
    settled: Mutex<Option<Settled>>,
    /// The product that was read last, and when.
    last: Mutex<Option<(String, DateTime<Utc>, Value)>>,
    pub(crate) is_sandbox: bool,
}

/// What was agreed on at the first call.
struct Session {
    id: Option<String>,
    /// Tools that are not called, and why.
    off: BTreeMap<&'static str, String>,
}

/// Tokens are renewed by this adapter; errors stand inside of results.
fn verdict(response: &Response) -> Verdict {
    match response.status.as_u16() {
        401 => Outcome::Ignored.into(),
        403 => Outcome::Success.into(),
        _ => status_outcome(response.status, &response.headers).into(),
    }
}

impl Autods {
    /// # Errors
    /// `Configuration` when the address cannot be right, `Unauthorized` when what is kept of the login is none.
    pub fn new(
        settings: &SupplierSettings,
        vault: Arc<dyn SecretVault>,
        clock: Arc<dyn Clock>,
        registry: &Registry,
    ) -> PortResult<Self> {
        let wrong = |kind: Kind, detail: String| {
            PortError::new(kind, Retry::Never, PROVIDER, "connect", detail)
        };
        let base = settings.base_url.as_deref().unwrap_or(DEFAULT_BASE);
        let url = Url::parse(base).map_err(|e| {
            let detail = format!("AUTODS_MCP_URL is no address: {e}");
            wrong(Kind::Configuration, detail)
        })?;
        let grant: Grant =
            serde_json::from_str(settings.api_key.expose_secret()).map_err(|_| {
                let detail = "AutoDS has no key to enter: log in there".to_owned();
                wrong(Kind::Unauthorized, detail)
            })?;
        let account = settings.account.to_string();
        let is_sandbox = url.scheme() == "http";
        let http = HttpClient::builder(PROVIDER, account.clone(), url, registry)
            .header(ACCEPT, BOTH)
            .rate_limit(AT_ONCE, A_SECOND)
            .classify(verdict)
            .build()?;
        let name = SecretName {
            workspace: settings.workspace,
            name: format!("supplier/{account}/tokens"),
        };
        Ok(Self {
            http,
            tokens: Tokens::new(grant, registry.clone(), vault, clock, name),
            session: OnceCell::new(),
            next: AtomicU64::new(1),
            settled: Mutex::default(),
            last: Mutex::default(),
            is_sandbox,
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
        let detail = format!("AutoDS's answer cannot be read: {what}");
        self.error(Kind::Corrupt, Retry::Never, operation, detail)
    }

    pub(crate) fn settle(&self, settled: Settled) {
        *self.settled.lock().unwrap_or_else(PoisonError::into_inner) = Some(settled);
    }

    pub(crate) fn is_settled(&self) -> Option<Settled> {
        let settled = self.settled.lock();
        settled.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn keep(&self, id: &str, told: &Value) {
        let last = (id.to_owned(), self.tokens.clock.now(), told.clone());
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(last);
    }

    pub(crate) fn kept(&self, id: &str) -> Option<Value> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.tokens.clock.now();
        let (own, at, told) = last.as_ref()?;
        (own == id && now - *at < KEPT).then(|| told.clone())
    }

    /// Tools that are not called, each as a sentence.
    pub(crate) async fn off(&self, operation: &'static str) -> PortResult<Vec<String>> {
        let session = self.session(operation).await?;
        let told = session.off.iter();
        Ok(told
            .map(|(tool, why)| format!("AutoDS's tool {tool} is not called: {why}"))
            .collect())
    }

    /// The data that a tool answers. One that differs from what is sent to it is not called.
    pub(crate) async fn call(
        &self,
        operation: &'static str,
        tool: &Sent,
        arguments: &Value,
    ) -> PortResult<Value> {
        let session = self.session(operation).await?;
        if let Some(why) = session.off.get(tool.tool) {
            let detail = format!("AutoDS's tool {} is not called: {why}", tool.tool);
            return Err(self.error(Kind::Unsupported, Retry::Never, operation, detail));
        }
        let params = json!({"name": tool.tool, "arguments": arguments});
        let id = session.id.as_deref();
        let (message, _) = self.ask(operation, "tools/call", &params, id).await?;
        let read = result(&message)
            .ok_or_else(|| self.nonsense(operation, "a result without its data"))?;
        read.map_err(|error| self.failed(operation, &error.kind, &error.told))
    }

    fn failed(&self, operation: &'static str, kind: &str, told: &str) -> PortError {
        let later = |seconds: u64| Retry::After(Duration::from_secs(seconds));
        let (as_kind, retry) = match kind {
            "rate_limited" => (Kind::RateLimited, later(wait(told).unwrap_or(USUAL_WAIT))),
            "unauthenticated" => (Kind::Unauthorized, Retry::Never),
            "forbidden" => (Kind::Forbidden, Retry::Never),
            // What the user has not booked: asking again changes nothing.
            "upstream_error" if told.contains("redirect") => (Kind::Forbidden, Retry::Never),
            "upstream_client_error" if told.contains("404") => (Kind::NotFound, Retry::Never),
            "upstream_error" | "upstream_unreachable" | "internal_error" => {
                (Kind::Unavailable, later(USUAL_WAIT))
            }
            _ => (Kind::Rejected, Retry::Never),
        };
        self.error(
            as_kind,
            retry,
            operation,
            format!("AutoDS answered {kind}: {told}"),
        )
    }

    async fn session(&self, operation: &'static str) -> PortResult<&Session> {
        self.session
            .get_or_try_init(|| self.opened(operation))
            .await
    }

    async fn opened(&self, operation: &'static str) -> PortResult<Session> {
        let hello = json!({
            "protocolVersion": VERSION,
            "capabilities": {},
            "clientInfo": {"name": "royal-equips-orchestrator", "version": env!("CARGO_PKG_VERSION")},
        });
        let (_, id) = self.ask(operation, "initialize", &hello, None).await?;
        let ready = notification("notifications/initialized");
        self.send(operation, &ready, id.as_deref()).await?;
        let mut listed = Vec::new();
        let mut cursor = Value::Null;
        for _ in 0..MOST_PAGES {
            let params = match &cursor {
                Value::Null => json!({}),
                cursor => json!({ "cursor": cursor }),
            };
            let (told, _) = self
                .ask(operation, "tools/list", &params, id.as_deref())
                .await?;
            let tools = told["result"]["tools"].as_array();
            let tools = tools.ok_or_else(|| self.nonsense(operation, "no list of tools"))?;
            listed.extend(tools.iter().cloned());
            cursor = told["result"]["nextCursor"].clone();
            if cursor.is_null() {
                break;
            }
        }
        let off = compare(&listed);
        Ok(Session { id, off })
    }

    /// The message that answers, and the session that its answer names.
    async fn ask(
        &self,
        operation: &'static str,
        method: &str,
        params: &Value,
        session: Option<&str>,
    ) -> PortResult<(Value, Option<String>)> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let message = request(id, method, params);
        let response = self.send(operation, &message, session).await?;
        let told = answer(&response, id)
            .ok_or_else(|| self.nonsense(operation, "there is no message in it"))?;
        if method != "tools/call" && told.get("error").is_some() {
            return Err(self.nonsense(operation, &format!("{method} is refused")));
        }
        let session = response.header("mcp-session-id").map(str::to_owned);
        Ok((told, session))
    }

    /// Every tool that is called only reads. A token that is refused is replaced, once.
    async fn send(
        &self,
        operation: &'static str,
        message: &Value,
        session: Option<&str>,
    ) -> PortResult<Response> {
        let mut token = self.tokens.get().await?;
        for is_second in [false, true] {
            let bearer = SecretString::from(format!("Bearer {}", token.expose_secret()));
            let mut call = Request::new(operation, Method::POST, "", Effect::Read)
                .json(message)
                .expect(Expect::Anything)
                .header(PROTOCOL, HeaderValue::from_static(VERSION))
                .secret_header(AUTHORIZATION, &bearer);
            if let Some(id) = session.and_then(|id| HeaderValue::from_str(id).ok()) {
                call = call.header(SESSION, id);
            }
            let response = self.http.send(&call).await?;
            match response.status.as_u16() {
                401 if !is_second => token = self.tokens.instead_of(&token).await?,
                200..=299 => return Ok(response),
                status => {
                    let kind = match status {
                        401 => Kind::Unauthorized,
                        403 => Kind::Forbidden,
                        _ => Kind::Rejected,
                    };
                    let detail = format!("AutoDS answered {status}");
                    return Err(self.error(kind, Retry::Never, operation, detail));
                }
            }
        }
        let detail = "AutoDS refuses a token that it has just given";
        Err(self.error(Kind::Unauthorized, Retry::Never, operation, detail))
    }
}
