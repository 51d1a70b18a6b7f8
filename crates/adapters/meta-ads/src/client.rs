//! One call: version, token, proof, pace, errors. Knows no kind of thing.

use crate::errors::{Meaning, Said, verdict};
use crate::report::ReportLimits;
use crate::usage::{Pace, pace};
use crate::wire::{Listed, Paging};
use crate::{DEFAULT_BASE, DEFAULT_VERSION};
use adapter_kit::header::AUTHORIZATION;
use adapter_kit::settings::Limits;
use adapter_kit::{Effect, HttpClient, Method, Registry, Request, Url, mac};
use ports::ad_platforms::{AdAuth, AdSettings};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

pub(crate) const PROVIDER: &str = "meta-ads";
/// Answers of reports are long.
const LARGEST: usize = 64 << 20;

/// The way to one ad account.
pub struct MetaAds {
    http: HttpClient,
    version: String,
    /// Digits.
    pub(crate) account: String,
    proof: Option<SecretString>,
    pub(crate) is_sandbox: bool,
    pub(crate) reports: ReportLimits,
    pace: Mutex<Option<(Instant, bool)>>,
}

impl MetaAds {
    /// # Errors
    /// `Configuration` when address, account or credentials cannot be right.
    pub fn new(
        settings: &AdSettings,
        reports: ReportLimits,
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
        let AdAuth::Token { token, app_secret } = &settings.auth else {
            return Err(wrong("Meta is spoken to with a token".to_owned()));
        };
        let account = settings.external_id.trim_start_matches("act_").to_owned();
        if account.is_empty() || !account.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong(format!(
                "{:?} is no number of an ad account: it has digits alone, as in act_1234567890",
                settings.external_id
            )));
        }
        let base = settings.base_url.as_deref().unwrap_or(DEFAULT_BASE);
        let url =
            Url::parse(base).map_err(|e| wrong(format!("META_BASE_URL is no address: {e}")))?;
        let is_sandbox = url.host_str() != Some("graph.facebook.com");
        let bearer = SecretString::from(format!("Bearer {}", token.expose_secret()));
        let proof = app_secret.as_ref().map(|secret| {
            let key = secret.expose_secret().as_bytes();
            let signed = mac::hmac_sha256(key, token.expose_secret().as_bytes());
            SecretString::from(hex::encode(signed))
        });
        let limits = Limits {
            total: Duration::from_secs(120),
            first_byte: Duration::from_secs(60),
            max_body: LARGEST,
            ..Limits::default()
        };
        let http = HttpClient::builder(PROVIDER, account.clone(), url, registry)
            .secret_header(AUTHORIZATION, &bearer)
            .limits(limits)
            .classify(verdict)
            .build()?;
        // Whoever opens the account again may bring another token: an earlier refusal says nothing about it.
        http.credentials_renewed();
        let version = settings.api_version.as_deref().unwrap_or(DEFAULT_VERSION);
        Ok(Self {
            http,
            version: version.to_owned(),
            account,
            proof,
            is_sandbox,
            reports,
            pace: Mutex::default(),
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
            "Meta's answer about account {} cannot be read: {what}",
            self.account
        );
        self.error(Kind::Corrupt, Retry::Never, operation, detail)
    }

    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        path: &str,
        query: &[(&str, String)],
    ) -> PortResult<Result<T, Said>> {
        let request = Request::get(operation, format!("{}/{path}", self.version));
        self.send(request, query, operation).await
    }

    /// A change, or the order of a report. Parameters go into the form, as Meta's own clients do.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        path: &str,
        fields: &[(&str, String)],
        effect: Effect,
    ) -> PortResult<Result<T, Said>> {
        let path = format!("{}/{path}", self.version);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let request = Request::new(operation, Method::POST, path, effect).form(&fields);
        self.send(request, &[], operation).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        mut request: Request,
        query: &[(&str, String)],
        operation: &'static str,
    ) -> PortResult<Result<T, Said>> {
        self.keep_pace(operation).await?;
        for (name, value) in query {
            request = request.query(*name, value);
        }
        if let Some(proof) = &self.proof {
            request = request.query("appsecret_proof", proof.expose_secret());
        }
        let response = match self.http.send(&request).await {
            Ok(response) => response,
            // The kit's own words know no Meta: a token is renewed elsewhere than a shop's.
            Err(mut error) if error.kind == Kind::Unauthorized => {
                error.detail = format!(
                    "Meta's token for account {} is not accepted any more (code 190). Make a new one for the system user, and enter it.",
                    self.account
                );
                return Err(error);
            }
            Err(error) => return Err(error),
        };
        self.remember(pace(&response));
        match Said::of(&response) {
            Some(said) => Ok(Err(said)),
            None if response.status.is_success() => Ok(Ok(response.json()?)),
            None => Err(self.nonsense(operation, &format!("status {}", response.status))),
        }
    }

    /// What an error means, for calls that can do nothing else with it.
    pub(crate) fn refused(&self, operation: &'static str, said: &Said) -> PortError {
        let (kind, retry, detail) = said.told(&self.account);
        self.error(kind, retry, operation, detail)
    }

    async fn keep_pace(&self, operation: &'static str) -> PortResult<()> {
        let held = *self.pace.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((until, stopped)) = held else {
            return Ok(());
        };
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        if stopped {
            let detail = format!(
                "Meta's limits for account {} are used up; nothing is asked until they are free again",
                self.account
            );
            return Err(self.error(Kind::RateLimited, Retry::After(left), operation, detail));
        }
        tokio::time::sleep(left).await;
        Ok(())
    }

    fn remember(&self, pace: Pace) {
        let held = match pace {
            Pace::Free => None,
            Pace::Slow(wait) => Some((Instant::now() + wait, false)),
            Pace::Stop(wait) => Some((Instant::now() + wait, true)),
        };
        *self.pace.lock().unwrap_or_else(PoisonError::into_inner) = held;
    }

    /// Every page of a list. Where Meta asks for less, pages become smaller; the address of the next page is never used,
    /// because the token stands in it.
    pub(crate) async fn pages<T: DeserializeOwned + Send>(
        &self,
        operation: &'static str,
        path: &str,
        query: &[(&str, String)],
        limit: u32,
    ) -> PortResult<Result<Vec<T>, Said>> {
        let mut all = Vec::new();
        let read = self.each_page(operation, path, query, limit, |page| {
            all.extend(page);
            Ok(())
        });
        Ok(read.await?.map(|()| all))
    }

    /// As [`Self::pages`]: each page is handed over when it has come, so that no more than one is held in Meta's own words.
    pub(crate) async fn each_page<T: DeserializeOwned + Send>(
        &self,
        operation: &'static str,
        path: &str,
        query: &[(&str, String)],
        limit: u32,
        mut each: impl FnMut(Vec<T>) -> PortResult<()> + Send,
    ) -> PortResult<Result<(), Said>> {
        const SMALLEST: u32 = 10;
        let (mut limit, mut after) = (limit, None::<String>);
        loop {
            let mut query = query.to_vec();
            query.push(("limit", limit.to_string()));
            if let Some(after) = &after {
                query.push(("after", after.clone()));
            }
            let page: Listed<T> = match self.get(operation, path, &query).await? {
                Ok(page) => page,
                Err(said) if said.meaning() == Meaning::TooMuch && limit > SMALLEST => {
                    limit = (limit / 2).max(SMALLEST);
                    continue;
                }
                Err(said) => return Ok(Err(said)),
            };
            each(page.data)?;
            match page.paging {
                Some(Paging {
                    next: Some(_),
                    cursors: Some(cursors),
                }) => {
                    let next = cursors.after.filter(|a| after.as_ref() != Some(a));
                    let Some(next) = next else {
                        return Err(self.nonsense(operation, "the next page is the same again"));
                    };
                    after = Some(next);
                }
                _ => return Ok(Ok(())),
            }
        }
    }
}
