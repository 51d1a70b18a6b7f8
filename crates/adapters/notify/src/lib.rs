//! Messages to addresses that people give: incoming webhooks as Slack has them, and signed ones after Standard Webhooks.
//!
//! An address that a person gives may point anywhere, this machine included. So only public addresses are spoken to, by https, redirects are not
//! followed, and what the name of a host resolves to is looked at before anything is connected; hosts that the operator lists are trusted.

mod address;
mod fault;
mod signed;
mod slack;

use adapter_kit::reach::{Hosts, Public};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::notifications::ChannelKind;
use fault::{PROVIDER, Said};
use ports::notify::{Message, Messenger, SendError, Target};
use ports::{Kind, PortError, PortResult, Retry};
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::Arc;
use std::time::Duration;
use url::Url;
use uuid::Uuid;

/// Of an answer no more than that is read.
const MOST_READ: usize = 2048;
const CONNECT: Duration = Duration::from_secs(3);

#[derive(Debug, Clone)]
pub struct MessengerSettings {
    /// Hosts beside Slack's own that plain webhooks may go to, and that may have private addresses and no TLS.
    pub allowed_hosts: Vec<String>,
    /// Of a whole call.
    pub timeout: Duration,
}

pub struct WebMessenger {
    hosts: Arc<Hosts>,
    http: reqwest::Client,
}

impl WebMessenger {
    /// # Errors
    /// `Configuration` when there is no TLS to speak.
    pub fn new(settings: &MessengerSettings) -> PortResult<Self> {
        let hosts = Arc::new(Hosts::new(&settings.allowed_hosts, address::HOW_TO_ALLOW));
        let http = reqwest::Client::builder()
            .user_agent("royal-equips/1 (+webhooks)")
            .redirect(Policy::none())
            // What a proxy connects to, nobody here looks at.
            .no_proxy()
            .dns_resolver(Public::new(Arc::clone(&hosts)))
            .connect_timeout(CONNECT)
            .timeout(settings.timeout)
            .build()
            .map_err(|e| {
                let detail = format!("webhooks cannot be sent: {e}");
                PortError::new(
                    Kind::Configuration,
                    Retry::Never,
                    PROVIDER,
                    "notify",
                    detail,
                )
            })?;
        Ok(Self { hosts, http })
    }

    async fn call(
        &self,
        kind: ChannelKind,
        url: Url,
        headers: Vec<(&'static str, String)>,
        body: String,
    ) -> Result<(), SendError> {
        let mut request = self.http.post(url).header(CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let answer = request.body(body).send().await;
        let mut answer = answer.map_err(fault::unanswered)?;
        let (status, wait) = (answer.status(), fault::wait(answer.headers()));
        let mut text = Vec::new();
        // What it says is for people; an answer that breaks off has its status already.
        while let Ok(Some(chunk)) = answer.chunk().await {
            text.extend_from_slice(&chunk);
            if text.len() >= MOST_READ {
                break;
            }
        }
        let said = Said { status, wait, text };
        fault::judge(kind, &said)
    }
}

#[async_trait]
impl Messenger for WebMessenger {
    fn check(&self, kind: ChannelKind, url: &str) -> PortResult<String> {
        let url = address::parse(&self.hosts, kind, url)?;
        Ok(match kind {
            ChannelKind::Slack => url.host_str().unwrap_or_default().to_owned(),
            ChannelKind::Webhook => url.to_string(),
        })
    }

    fn new_secret(&self) -> SecretString {
        signed::new_secret()
    }

    async fn send(&self, target: &Target, message: &Message<'_>) -> Result<(), SendError> {
        let (kind, url) = match target {
            Target::Slack { url } => (ChannelKind::Slack, url.expose_secret()),
            Target::Webhook { url, .. } => (ChannelKind::Webhook, url.as_str()),
        };
        // Looked at again: what is allowed may have changed since it was entered.
        let url = address::parse(&self.hosts, kind, url).map_err(fault::never)?;
        let (headers, body) = match target {
            Target::Slack { .. } => (Vec::new(), slack::body(message)),
            Target::Webhook { secret, .. } => {
                let body = signed::body(message);
                let id = message.id.to_string();
                let headers = signed::headers(secret, &id, message.at, &body);
                (headers.map_err(fault::never)?, body)
            }
        };
        self.call(kind, url, headers, body).await
    }

    async fn post(
        &self,
        target: &Target,
        id: Uuid,
        at: DateTime<Utc>,
        body: &str,
    ) -> Result<(), SendError> {
        let Target::Webhook { url, secret } = target else {
            let detail = "only signed webhooks take documents";
            let refused = PortError::new(
                Kind::Rejected,
                Retry::Never,
                PROVIDER,
                "notify.post",
                detail,
            );
            return Err(fault::never(refused));
        };
        let kind = ChannelKind::Webhook;
        let url = address::parse(&self.hosts, kind, url).map_err(fault::never)?;
        let headers = signed::headers(secret, &id.to_string(), at, body).map_err(fault::never)?;
        self.call(kind, url, headers, body.to_owned()).await
    }
}
