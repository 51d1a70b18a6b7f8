//! Language models behind servers that speak OpenAI's chat completions: OpenAI itself, Ollama, llama.cpp, vLLM and others.
//!
//! One model of one server is one [`OpenAi`]; each has a circuit of its own, so that a broken one does not keep another from answering. A
//! reply is read as it comes ([`read_events`]); what the servers do unlike the description is told in `gather.rs`. A server that loads its
//! model is waited for; one that is asked for less is asked again at the time that it names, within the limit of a first word.

mod errors;
mod gather;
mod reply;
mod request;

pub use reply::read_events;

use adapter_kit::header::AUTHORIZATION;
use adapter_kit::settings::Limits;
use adapter_kit::{Effect, Expect, HttpClient, Method, Registry, Request, Url};
use async_trait::async_trait;
use errors::{Refusal, refusal, verdict};
use ports::models::{Model, Prompt, Reply};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep};

pub(crate) const PROVIDER: &str = "openai";
pub(crate) const OPERATION: &str = "model.ask";
pub const DEFAULT_BASE: &str = "https://api.openai.com/v1";

/// Where a model is, and how long it is waited for.
#[derive(Debug, Clone)]
pub struct OpenAiSettings {
    /// With its version, e.g. `https://api.openai.com/v1` or `http://localhost:11434/v1`.
    pub base: String,
    /// As the server knows it.
    pub model: String,
    /// Whether it is asked with a key, as a bearer token; local servers need none.
    pub wants_key: bool,
    /// Until the first word, loading included, and between two words.
    pub first_word: Duration,
    /// Between two looks at a server that loads.
    pub look_every: Duration,
}

impl OpenAiSettings {
    /// A minute until the first word, and a look every second.
    #[must_use]
    pub fn new(base: impl Into<String>, model: impl Into<String>) -> Self {
        Self {
            base: base.into(),
            model: model.into(),
            wants_key: false,
            first_word: Duration::from_secs(60),
            look_every: Duration::from_secs(1),
        }
    }
}

/// One model of one server.
pub struct OpenAi {
    http: HttpClient,
    model: String,
    place: String,
    first_word: Duration,
    look_every: Duration,
    wants_key: bool,
    /// The key that was sent last: another one may be accepted where it was not.
    last_key: Mutex<Option<SecretString>>,
    /// The server wants `max_completion_tokens`; learned from its refusal.
    newer_limit: AtomicBool,
    /// The server does not know `stream_options`; learned alike.
    no_options: AtomicBool,
}

impl OpenAi {
    /// # Errors
    /// `Configuration` when the address, the model or the key cannot be right.
    pub fn new(settings: &OpenAiSettings, registry: &Registry) -> PortResult<Self> {
        let wrong = |detail: String| {
            PortError::new(
                Kind::Configuration,
                Retry::Never,
                PROVIDER,
                "connect",
                detail,
            )
        };
        let model = settings.model.trim().to_owned();
        if model.is_empty() {
            return Err(wrong("OPENAI_MODEL names no model".to_owned()));
        }
        let url = Url::parse(settings.base.trim_end_matches('/'))
            .map_err(|e| wrong(format!("OPENAI_BASE_URL is no address: {e}")))?;
        let place = match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            (host, _) => host.unwrap_or_default().to_owned(),
        };
        let limits = Limits {
            first_byte: settings.first_word,
            body_idle: settings.first_word,
            total: settings.first_word,
            max_body: 1 << 20,
            ..Limits::default()
        };
        let account = format!("{model} at {place}");
        let http = HttpClient::builder(PROVIDER, account, url, registry)
            .limits(limits)
            .classify(verdict)
            .build()?;
        Ok(Self {
            http,
            model,
            place,
            first_word: settings.first_word,
            look_every: settings.look_every,
            wants_key: settings.wants_key,
            last_key: Mutex::default(),
            newer_limit: AtomicBool::new(false),
            no_options: AtomicBool::new(false),
        })
    }

    fn error(&self, kind: Kind, retry: Retry, detail: impl Into<String>) -> PortError {
        PortError::new(kind, retry, PROVIDER, OPERATION, detail)
    }

    fn renewed(&self, key: Option<&SecretString>) {
        let text = |key: &SecretString| key.expose_secret().to_owned();
        let mut last = self.last_key.lock().unwrap_or_else(PoisonError::into_inner);
        if last.as_ref().map(text) != key.map(text) {
            self.http.credentials_renewed();
            *last = key.cloned();
        }
    }

    fn request(&self, prompt: &Prompt, key: Option<&SecretString>, deadline: Instant) -> Request {
        let newer = self.newer_limit.load(Ordering::Relaxed);
        let counts = !self.no_options.load(Ordering::Relaxed);
        let body = request::body(&self.model, prompt, newer, counts);
        let left = deadline.saturating_duration_since(Instant::now());
        // Nothing changes outside, so it may be sent again.
        let request = Request::new(OPERATION, Method::POST, "chat/completions", Effect::Read)
            .json(&body)
            .expect(Expect::Anything)
            .within(left)
            .first_byte_within(left);
        match key {
            Some(key) => {
                let bearer = SecretString::from(format!("Bearer {}", key.expose_secret()));
                request.secret_header(AUTHORIZATION, &bearer)
            }
            None => request,
        }
    }

    /// Whether the same question, asked in another form, may be understood.
    fn learn(&self, refusal: &Refusal) -> bool {
        match refusal {
            Refusal::Limit => !self.newer_limit.swap(true, Ordering::Relaxed),
            Refusal::Options => !self.no_options.swap(true, Ordering::Relaxed),
            _ => false,
        }
    }

    fn told(&self, refusal: Refusal) -> PortError {
        let (model, place) = (&self.model, &self.place);
        let (kind, retry, detail) = match refusal {
            Refusal::NoModel(said) => (
                Kind::NotFound,
                Retry::Never,
                format!("{place} has no model {model} ({said}): check OPENAI_MODEL"),
            ),
            Refusal::TooLong(said) => (
                Kind::Rejected,
                Retry::Never,
                format!("the conversation is too long for {model} at {place}: {said}"),
            ),
            Refusal::Paid(said) => (
                Kind::Forbidden,
                Retry::Never,
                format!("{place} answers no more until its account is filled: {said}"),
            ),
            Refusal::Loading => (
                Kind::Unavailable,
                Retry::After(self.first_word),
                format!("{place} still loads {model}"),
            ),
            Refusal::Limit => refused(place, "it does not take a limit of tokens"),
            Refusal::Options => refused(place, "it does not take stream_options"),
            Refusal::Other(said) => refused(place, &said),
        };
        self.error(kind, retry, detail)
    }
}

fn refused(place: &str, said: &str) -> (Kind, Retry, String) {
    let detail = format!("{place} refused: {said}");
    (Kind::Rejected, Retry::Never, detail)
}

#[async_trait]
impl Model for OpenAi {
    fn name(&self) -> String {
        format!("{} at {}", self.model, self.place)
    }

    fn wants_key(&self) -> bool {
        self.wants_key
    }

    async fn ask(&self, prompt: &Prompt, key: Option<&SecretString>) -> PortResult<Box<dyn Reply>> {
        self.renewed(key);
        let deadline = Instant::now() + self.first_word;
        let mut loads = false;
        loop {
            let response = match self.http.open(self.request(prompt, key, deadline)).await {
                Ok(Ok(body)) => {
                    return Ok(Box::new(reply::Streamed::new(body, self.first_word)));
                }
                Ok(Err(response)) => response,
                // The time ended in the middle of a look: what the looks before told is the reason.
                Err(_) if loads && Instant::now() >= deadline => {
                    return Err(self.told(Refusal::Loading));
                }
                Err(error) => return Err(error),
            };
            let refusal = refusal(&response);
            if self.learn(&refusal) {
                continue;
            }
            let waits = matches!(refusal, Refusal::Loading);
            if waits && Instant::now() + self.look_every < deadline {
                loads = true;
                sleep(self.look_every).await;
                continue;
            }
            return Err(self.told(refusal));
        }
    }
}
