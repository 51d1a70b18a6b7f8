//! Where the credentials of AWS come from: the settings, or the agent that stands beside a container (ECS, EKS Pod Identity).
//!
//! The agent answers a GET with keys that end, and is asked again in time. It may want a token, which stands in the environment or in a
//! file that others replace; so the file is read anew each time (AWS SDKs and Tools reference, container credential provider, 2026).

use adapter_kit::header::AUTHORIZATION;
use adapter_kit::{
    HttpClient, Outcome, Registry, Request, Response, StatusCode, Url, Verdict, status_outcome,
};
use chrono::{DateTime, TimeDelta, Utc};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::SecretString;
use serde::Deserialize;
use std::path::PathBuf;
use tokio::sync::Mutex;

const PROVIDER: &str = "aws-container-agent";
const READ: &str = "aws_credentials.read";
/// Keys are replaced this long before they end.
const MARGIN: TimeDelta = TimeDelta::minutes(5);

/// Keys that sign.
#[derive(Debug, Clone)]
pub struct AwsKeys {
    pub access_key_id: String,
    pub secret_access_key: SecretString,
    pub session_token: Option<SecretString>,
}

/// What the agent wants to hear.
#[derive(Debug, Clone)]
pub enum AgentToken {
    /// `AWS_CONTAINER_AUTHORIZATION_TOKEN`
    Given(SecretString),
    /// `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE`
    File(PathBuf),
}

#[derive(Debug, Clone)]
pub enum AwsCredentials {
    /// From `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
    Given(AwsKeys),
    /// From `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` or `AWS_CONTAINER_CREDENTIALS_FULL_URI`.
    Container { url: Url, token: Option<AgentToken> },
}

pub(super) enum Source {
    Given(AwsKeys),
    Agent(Agent),
}

pub(super) struct Agent {
    client: HttpClient,
    url: Url,
    token: Option<AgentToken>,
    known: Mutex<Option<Lent>>,
}

struct Lent {
    keys: AwsKeys,
    /// `None`: they do not end.
    until: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    access_key_id: String,
    secret_access_key: SecretString,
    token: Option<SecretString>,
    expiration: Option<DateTime<Utc>>,
}

fn fault(kind: Kind, detail: impl Into<String>) -> PortError {
    PortError::new(kind, Retry::Never, PROVIDER, READ, detail)
}

impl Source {
    pub(super) fn new(credentials: AwsCredentials, registry: &Registry) -> PortResult<Self> {
        let (url, token) = match credentials {
            AwsCredentials::Given(keys) => return Ok(Self::Given(keys)),
            AwsCredentials::Container { url, token } => (url, token),
        };
        let account = url.authority().to_owned();
        let mut base = url.clone();
        base.set_path("/");
        base.set_query(None);
        let client = HttpClient::builder(PROVIDER, account, base, registry)
            .classify(verdict)
            .build()?;
        Ok(Self::Agent(Agent {
            client,
            url,
            token,
            known: Mutex::new(None),
        }))
    }

    /// Keys that are good now.
    pub(super) async fn keys(&self) -> PortResult<AwsKeys> {
        match self {
            Self::Given(keys) => Ok(keys.clone()),
            Self::Agent(agent) => agent.keys(Utc::now()).await,
        }
    }
}

impl Agent {
    async fn keys(&self, now: DateTime<Utc>) -> PortResult<AwsKeys> {
        let mut known = self.known.lock().await;
        let is_good = |lent: &Lent, margin| lent.until.is_none_or(|until| now + margin < until);
        if let Some(lent) = known.as_ref().filter(|lent| is_good(lent, MARGIN)) {
            return Ok(lent.keys.clone());
        }
        match self.ask().await {
            Ok(lent) => {
                let keys = lent.keys.clone();
                *known = Some(lent);
                Ok(keys)
            }
            // While the old ones still hold, an agent that is away for a moment stops nothing.
            Err(error) => match known.as_ref().filter(|l| is_good(l, TimeDelta::zero())) {
                Some(lent) => {
                    tracing::warn!(%error, "new AWS credentials are not to be had; the old ones still hold");
                    Ok(lent.keys.clone())
                }
                None => Err(error),
            },
        }
    }

    async fn ask(&self) -> PortResult<Lent> {
        let mut request = Request::get(READ, self.url.path().trim_start_matches('/'));
        for (name, value) in self.url.query_pairs() {
            request = request.query(name, value);
        }
        if let Some(token) = self.read_token().await? {
            request = request.secret_header(AUTHORIZATION, &token);
        }
        let answer = self.client.send(&request).await?;
        if !answer.status.is_success() {
            let kind = match answer.status {
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Kind::Unauthorized,
                _ => Kind::Rejected,
            };
            let detail = format!(
                "the agent for AWS credentials answered {}. Check AWS_CONTAINER_CREDENTIALS_FULL_URI and its authorization token",
                answer.status
            );
            return Err(fault(kind, detail));
        }
        let read: Result<Answer, _> = serde_json::from_slice(&answer.body);
        // The error's own text may quote a key.
        let answer = read.map_err(|_| {
            let detail = "the agent for AWS credentials answered something else";
            fault(Kind::Corrupt, detail)
        })?;
        Ok(Lent {
            keys: AwsKeys {
                access_key_id: answer.access_key_id,
                secret_access_key: answer.secret_access_key,
                session_token: answer.token,
            },
            until: answer.expiration,
        })
    }

    async fn read_token(&self) -> PortResult<Option<SecretString>> {
        let path = match &self.token {
            None => return Ok(None),
            Some(AgentToken::Given(token)) => return Ok(Some(token.clone())),
            Some(AgentToken::File(path)) => path,
        };
        let text = tokio::fs::read_to_string(path).await.map_err(|e| {
            let path = path.display();
            let detail =
                format!("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE={path} cannot be read: {e}");
            fault(Kind::Configuration, detail)
        })?;
        Ok(Some(SecretString::from(text.trim())))
    }
}

/// A refusal is read here; it says nothing of other calls.
fn verdict(answer: &Response) -> Verdict {
    match status_outcome(answer.status, &answer.headers) {
        Outcome::CredentialsBroken => Outcome::Success.into(),
        outcome => outcome.into(),
    }
}
