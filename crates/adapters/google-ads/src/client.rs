//! One call: token, headers, errors. Knows no kind of thing.

use crate::errors::{Meaning, Said, verdict};
use crate::tokens::Tokens;
use crate::wire::{Chunk, Row};
use crate::{DEFAULT_BASE, DEFAULT_TOKEN_URL, DEFAULT_VERSION};
use adapter_kit::header::{AUTHORIZATION, HeaderName, HeaderValue};
use adapter_kit::settings::Limits;
use adapter_kit::{Effect, HttpClient, Method, Registry, Request, Response, Url};
use ports::ad_platforms::{AdAuth, AdSettings};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::Mutex;

pub(crate) const PROVIDER: &str = "google-ads";
const LOGIN: HeaderName = HeaderName::from_static("login-customer-id");
const DEVELOPER: HeaderName = HeaderName::from_static("developer-token");
/// A month of a large account's ad groups has some 60 MB.
const LARGEST: usize = 128 << 20;

/// The way to one account.
pub struct GoogleAds {
    http: HttpClient,
    tokens: Tokens,
    version: String,
    /// Digits.
    pub(crate) account: String,
    login: Option<HeaderValue>,
    /// An empty one is refused, so it is sent only where it is there.
    developer: Option<SecretString>,
    pub(crate) is_sandbox: bool,
}

fn digits(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| *c != '-').collect();
    let sound = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    sound.then_some(digits)
}

impl GoogleAds {
    /// # Errors
    /// `Configuration` when address, account or credentials cannot be right.
    pub fn new(
        settings: &AdSettings,
        token_url: Option<&str>,
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
        let AdAuth::Refresh {
            client_id,
            client_secret,
            refresh_token,
            developer_token,
        } = &settings.auth
        else {
            return Err(wrong(
                "Google Ads is spoken to with an OAuth client and a refresh token".to_owned(),
            ));
        };
        let account = digits(&settings.external_id).ok_or_else(|| {
            wrong(format!(
                "{:?} is no number of an account: it has ten digits, as in 123-456-7890",
                settings.external_id
            ))
        })?;
        let login = match settings.login_account.as_deref().filter(|l| !l.is_empty()) {
            None => None,
            Some(login) => Some(
                digits(login)
                    .and_then(|l| HeaderValue::from_str(&l).ok())
                    .ok_or_else(|| wrong(format!("{login:?} is no number of a manager account")))?,
            ),
        };
        let base = settings.base_url.as_deref().unwrap_or(DEFAULT_BASE);
        let url = Url::parse(base)
            .map_err(|e| wrong(format!("GOOGLE_ADS_BASE_URL is no address: {e}")))?;
        let is_sandbox = url.host_str() != Some("googleads.googleapis.com");
        let token_url = token_url.unwrap_or(DEFAULT_TOKEN_URL);
        let token_url = Url::parse(token_url)
            .map_err(|e| wrong(format!("GOOGLE_ADS_TOKEN_URL is no address: {e}")))?;
        let limits = Limits {
            total: Duration::from_secs(180),
            first_byte: Duration::from_secs(90),
            max_body: LARGEST,
            ..Limits::default()
        };
        let http = HttpClient::builder(PROVIDER, account.clone(), url, registry)
            .limits(limits)
            .classify(verdict)
            .build()?;
        // Whoever opens the account again may bring other credentials: an earlier refusal says nothing about them.
        http.credentials_renewed();
        let tokens = Tokens {
            http: HttpClient::builder(PROVIDER, format!("{account}/token"), token_url, registry)
                .build()?,
            client_id: client_id.clone(),
            client_secret: client_secret.clone(),
            refresh_token: refresh_token.clone(),
            held: Mutex::default(),
        };
        let version = settings.api_version.as_deref().unwrap_or(DEFAULT_VERSION);
        Ok(Self {
            http,
            tokens,
            version: version.to_owned(),
            account,
            login,
            developer: developer_token
                .clone()
                .filter(|t| !t.expose_secret().trim().is_empty()),
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
        let detail = format!(
            "Google's answer about account {} cannot be read: {what}",
            self.account
        );
        self.error(Kind::Corrupt, Retry::Never, operation, detail)
    }

    pub(crate) fn refused(&self, operation: &'static str, said: &Said) -> PortError {
        let (kind, retry, detail) = said.told(&self.account);
        self.error(kind, retry, operation, detail)
    }

    /// The rows of a query, or the error that speaks of its size.
    pub(crate) async fn search(
        &self,
        operation: &'static str,
        query: &str,
    ) -> PortResult<Result<Vec<Row>, Said>> {
        let path = format!("customers/{}/googleAds:searchStream", self.account);
        let body = json!({ "query": query });
        match self.post(operation, &path, &body, Effect::Read).await? {
            Ok(response) => {
                let chunks: Vec<Chunk> = response.json()?;
                Ok(Ok(chunks.into_iter().flat_map(|c| c.results).collect()))
            }
            Err(said) if said.meaning() == Meaning::TooMuch => Ok(Err(said)),
            Err(said) => Err(self.refused(operation, &said)),
        }
    }

    /// As [`Self::search`], where nothing smaller can be asked for.
    pub(crate) async fn rows(&self, operation: &'static str, query: &str) -> PortResult<Vec<Row>> {
        self.search(operation, query)
            .await?
            .map_err(|said| self.refused(operation, &said))
    }

    /// A token that is refused is fetched anew, once.
    pub(crate) async fn post(
        &self,
        operation: &'static str,
        path: &str,
        body: &Value,
        effect: Effect,
    ) -> PortResult<Result<Response, Said>> {
        let mut is_second = false;
        loop {
            let token = self.tokens.get().await?;
            let bearer = SecretString::from(format!("Bearer {}", token.expose_secret()));
            let mut request = Request::new(
                operation,
                Method::POST,
                format!("{}/{path}", self.version),
                effect,
            )
            .secret_header(AUTHORIZATION, &bearer)
            .json(body);
            if let Some(login) = &self.login {
                request = request.header(LOGIN, login.clone());
            }
            if let Some(developer) = &self.developer {
                request = request.secret_header(DEVELOPER, developer);
            }
            let response = self.http.send(&request).await?;
            let Some(said) = Said::of(&response) else {
                if response.status.is_success() {
                    return Ok(Ok(response));
                }
                return Err(self.nonsense(operation, &format!("status {}", response.status)));
            };
            let id = response.header("request-id").unwrap_or_default();
            tracing::debug!(
                account = self.account,
                request = id,
                value = said.value,
                "Google Ads refused"
            );
            if said.meaning() == Meaning::Token && !is_second {
                is_second = true;
                self.tokens.drop_refused(&token).await;
                continue;
            }
            return Ok(Err(said));
        }
    }
}
