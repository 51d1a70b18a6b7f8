//! The library's requests over our own client: guarded, limited, behind a circuit for each host.

use crate::{PROVIDER, fault, guard};
use adapter_kit::header::CONTENT_TYPE;
use adapter_kit::{
    Effect, Expect, HttpClient, Method, Outcome, Registry, Request, Response, Url, Verdict,
    status_outcome,
};
use openidconnect::http;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use ports::{Kind, PortError, PortResult};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Of a whole call: somebody is waiting for it.
const TOTAL: Duration = Duration::from_secs(10);
const LARGEST: usize = 1 << 20;

/// One operation's requests, as the library makes them.
pub(crate) struct Call {
    web: Arc<Web>,
    operation: &'static str,
}

impl Call {
    pub(crate) fn new(web: &Arc<Web>, operation: &'static str) -> Self {
        Self {
            web: Arc::clone(web),
            operation,
        }
    }
}

impl<'c> AsyncHttpClient<'c> for Call {
    type Error = PortError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, PortError>> + Send>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        let (web, operation) = (Arc::clone(&self.web), self.operation);
        Box::pin(async move { web.call(operation, request).await })
    }
}

pub(crate) struct Web {
    issuer: Url,
    registry: Registry,
    clients: Mutex<HashMap<String, HttpClient>>,
}

impl Web {
    pub(crate) fn new(issuer: Url, registry: Registry) -> Self {
        Self {
            issuer,
            registry,
            clients: Mutex::default(),
        }
    }

    fn clients(&self) -> MutexGuard<'_, HashMap<String, HttpClient>> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hosts are looked up anew.
    pub(crate) fn forget(&self) {
        self.clients().clear();
    }

    pub(crate) async fn call(
        &self,
        operation: &'static str,
        request: HttpRequest,
    ) -> Result<HttpResponse, PortError> {
        let refuse = |why: String| fault(Kind::Configuration, operation, why);
        let (parts, body) = request.into_parts();
        let url = Url::parse(&parts.uri.to_string()).map_err(|e| refuse(e.to_string()))?;
        let client = self.client(operation, &url).await?;
        // A code is used up by the first try, whatever came of it.
        let effect = if parts.method == Method::GET {
            Effect::Read
        } else {
            Effect::Write { idempotent: false }
        };
        let mut asked = Request::new(operation, parts.method, url.path(), effect)
            .expect(Expect::Json)
            .within(TOTAL)
            .max_body(LARGEST)
            .classify(verdict);
        for (name, value) in url.query_pairs() {
            asked = asked.query(name, value);
        }
        if let Some(kind) = parts.headers.get(CONTENT_TYPE) {
            asked = asked.body(kind.clone(), body);
        }
        for (name, value) in &parts.headers {
            if name != CONTENT_TYPE {
                let mut value = value.clone();
                value.set_sensitive(true);
                asked = asked.header(name.clone(), value);
            }
        }
        let answer = client.send(&asked).await?;
        let mut response = http::Response::builder().status(answer.status);
        if let Some(headers) = response.headers_mut() {
            *headers = answer.headers;
        }
        response
            .body(answer.body.to_vec())
            .map_err(|e| refuse(e.to_string()))
    }

    /// One for each origin. A host that is not the issuer's is looked up once, and called where it was found.
    async fn client(&self, operation: &'static str, url: &Url) -> PortResult<HttpClient> {
        let origin = url.origin().ascii_serialization();
        let refuse = |why: &str| {
            let detail = format!("the provider names {why}: {origin} is not called");
            fault(Kind::Configuration, operation, detail)
        };
        let is_foreign = guard::endpoint(url, &self.issuer).map_err(refuse)?;
        if let Some(client) = self.clients().get(&origin) {
            return Ok(client.clone());
        }
        let base = Url::parse(&origin).map_err(|e| refuse(&e.to_string()))?;
        let account = url.host_str().unwrap_or_default().to_owned();
        let mut builder = HttpClient::builder(PROVIDER, account.clone(), base, &self.registry);
        if is_foreign {
            let port = url.port_or_known_default().unwrap_or(443);
            let found = tokio::net::lookup_host((account.as_str(), port)).await;
            let found: Vec<SocketAddr> = found
                .map_err(|_| {
                    fault(
                        Kind::Unavailable,
                        operation,
                        format!("{account} is not found"),
                    )
                })?
                .collect();
            if found.is_empty() || !found.iter().all(|a| adapter_kit::reach::is_public(a.ip())) {
                return Err(refuse("a host in a private network"));
            }
            builder = builder.pin(found);
        }
        let client = builder.build()?;
        self.clients().insert(origin, client.clone());
        Ok(client)
    }
}

/// A refusal is the library's to read; it stops no later calls.
fn verdict(response: &Response) -> Verdict {
    match status_outcome(response.status, &response.headers) {
        Outcome::CredentialsBroken => Outcome::Success.into(),
        other => other.into(),
    }
}
