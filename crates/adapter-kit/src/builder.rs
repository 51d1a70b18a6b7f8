//! Makes a client: where, as whom, with which limits, and how its answers are read.

use std::net::SocketAddr;
use std::sync::Arc;

use ports::{Kind, PortError, PortResult, Retry};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::SecretString;
use url::Url;

use crate::client::{HttpClient, Inner};
use crate::reach;
use crate::registry::{Registry, lock};
use crate::request::secret_value;
use crate::response::Response;
use crate::settings::Limits;
use crate::verdict::{Classify, Verdict, default_verdict};

/// Makes an [`HttpClient`].
pub struct Builder {
    provider: &'static str,
    account: Arc<str>,
    base: Url,
    registry: Registry,
    headers: HeaderMap,
    bad_header: Option<HeaderName>,
    limits: Limits,
    classify: Classify,
    bucket: Option<(f64, f64)>,
    pinned: Vec<SocketAddr>,
    authorities: Option<Vec<reqwest::Certificate>>,
    only_public: bool,
}

impl HttpClient {
    /// `account` is the provider's own name of the account (no secret); `base` is what every path is appended to.
    #[must_use]
    pub fn builder(
        provider: &'static str,
        account: impl Into<Arc<str>>,
        base: Url,
        registry: &Registry,
    ) -> Builder {
        Builder {
            provider,
            account: account.into(),
            base,
            registry: registry.clone(),
            headers: HeaderMap::new(),
            bad_header: None,
            limits: registry.settings().limits.clone(),
            classify: Arc::new(default_verdict),
            bucket: None,
            pinned: Vec::new(),
            authorities: None,
            only_public: false,
        }
    }
}

impl Builder {
    /// Sent with every call below the base URL.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Sent with every call below the base URL; no log shows it.
    #[must_use]
    pub fn secret_header(mut self, name: HeaderName, value: &SecretString) -> Self {
        match secret_value(value) {
            Some(value) => drop(self.headers.insert(name, value)),
            None => self.bad_header = Some(name),
        }
        self
    }

    /// Time and size limits other than the registry's.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// How answers are read. Default: by the status alone, [`default_verdict`].
    #[must_use]
    pub fn classify(
        mut self,
        classify: impl Fn(&Response) -> Verdict + Send + Sync + 'static,
    ) -> Self {
        self.classify = Arc::new(classify);
        self
    }

    /// A rate limit that is known before the first answer: points of the bucket, points restored per second.
    #[must_use]
    pub fn rate_limit(mut self, capacity: f64, restore_rate: f64) -> Self {
        self.bucket = Some((capacity, restore_rate));
        self
    }

    /// Calls the base URL's host at these addresses, whatever a name server says later.
    #[must_use]
    pub fn pin(mut self, addresses: Vec<SocketAddr>) -> Self {
        self.pinned = addresses;
        self
    }

    /// Calls no address inside a network, whatever a name server says at any time, and no proxy, whose connections nobody here looks at. For
    /// addresses that people enter.
    #[must_use]
    pub fn only_public(mut self) -> Self {
        self.only_public = true;
        self
    }

    /// Believes these certificate authorities alone, in place of the system's. `pem` holds one or more certificates.
    ///
    /// # Errors
    /// `Configuration`: there is no certificate in it.
    pub fn authorities(mut self, pem: &[u8]) -> PortResult<Self> {
        let read = reqwest::Certificate::from_pem_bundle(pem);
        let found = read.ok().filter(|found| !found.is_empty());
        let found = found.ok_or_else(|| {
            let detail = format!("{}: no certificate in PEM is in it", self.provider);
            PortError::new(
                Kind::Configuration,
                Retry::Never,
                self.provider,
                "connect",
                detail,
            )
        })?;
        self.authorities = Some(found);
        Ok(self)
    }

    /// # Errors
    /// `Configuration`: a base URL that is not http(s), a credential that no header can carry, or no usable TLS roots.
    pub fn build(self) -> PortResult<HttpClient> {
        let fault = |detail: String| {
            PortError::new(
                Kind::Configuration,
                Retry::Never,
                self.provider,
                "connect",
                detail,
            )
        };
        if !matches!(self.base.scheme(), "http" | "https") || self.base.host_str().is_none() {
            return Err(fault(format!(
                "{}: the address must begin with https:// or http://",
                self.provider
            )));
        }
        if self.only_public && reach::is_number_inside(&self.base) {
            return Err(fault(format!(
                "{}: {} is inside a network, and is not called",
                self.provider,
                self.base.host_str().unwrap_or_default()
            )));
        }
        if let Some(name) = &self.bad_header {
            return Err(fault(format!(
                "{}: the credential sent as {name} holds characters that cannot be sent",
                self.provider
            )));
        }
        let authorities = self.authorities.clone();
        let resolve = self.only_public.then(reach::Public::alone);
        let made = transport(&self.base, &self.limits, &self.pinned, authorities, resolve);
        let http = made.map_err(|e| {
            fault(format!(
                "{}: no HTTP client: are the system's CA certificates installed?",
                self.provider
            ))
            .with_source(e)
        })?;
        let (reads, writes) = self.registry.pair(self.provider, &self.account);
        if let Some((capacity, rate)) = self.bucket {
            lock(&reads.account.bucket).assume(capacity, rate, self.registry.0.now());
        }
        Ok(HttpClient(Arc::new(Inner {
            provider: self.provider,
            account: self.account,
            base: self.base,
            http,
            headers: self.headers,
            limits: self.limits,
            classify: self.classify,
            registry: self.registry,
            reads,
            writes,
        })))
    }
}

fn transport(
    base: &Url,
    limits: &Limits,
    pinned: &[SocketAddr],
    authorities: Option<Vec<reqwest::Certificate>>,
    resolve: Option<reach::Public>,
) -> Result<reqwest::Client, reqwest::Error> {
    // The process installs its TLS provider at start; a program that did not (a test) gets the same one here.
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    let builder = reqwest::Client::builder()
        .user_agent(concat!("royal-equips/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(limits.connect)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false);
    let builder = match base.host_str() {
        Some(host) if !pinned.is_empty() => builder.resolve_to_addrs(host, pinned),
        _ => builder,
    };
    let builder = match resolve {
        Some(public) => builder.dns_resolver(public).no_proxy(),
        None => builder,
    };
    // Plain http needs no CA certificates, which a small machine may not have.
    let builder = match authorities {
        _ if base.scheme() == "http" => builder.tls_certs_only([]),
        Some(authorities) => builder.tls_certs_only(authorities),
        None => builder,
    };
    builder.build()
}
