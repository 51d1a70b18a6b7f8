//! HashiCorp Vault and OpenBao: the KV engine, version 2. One entry holds the secrets, a field each.
//!
//! Signs in by token or AppRole. A token that can be renewed is renewed at two thirds of its life; where that is refused, AppRole
//! signs in anew. Codes: HTTP API of Vault (2026): 404 is *no such entry* or *its version was deleted*; 403 also means *no such
//! path*; 412, 472, 473, 500, 502 and 503 (sealed) are failures of the server.

use adapter_kit::header::{HeaderName, HeaderValue};
use adapter_kit::{
    Effect, Failure, HttpClient, Method, Outcome, Registry, Request, Response, StatusCode, Url,
    Verdict, retry_after,
};
use async_trait::async_trait;
use chrono::Utc;
use ports::secrets::{SecretName, SecretPlace, SecretSource};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::SecretString;
use serde::Deserialize;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

const PROVIDER: &str = "vault";
const READ: &str = "vault.read";
const SIGN_IN: &str = "vault.sign_in";
const TOKEN: HeaderName = HeaderName::from_static("x-vault-token");

/// How we prove who we are.
#[derive(Debug, Clone)]
pub enum VaultAuth {
    Token(SecretString),
    AppRole {
        role_id: String,
        secret_id: SecretString,
    },
}

#[derive(Debug, Clone)]
pub struct VaultSettings {
    /// `VAULT_ADDR`.
    pub address: Url,
    pub auth: VaultAuth,
    pub namespace: Option<String>,
    /// Where the engine is mounted, e.g. `secret`.
    pub mount: String,
    /// The entry, e.g. `royal`.
    pub path: String,
    /// Certificates in PEM that its own is held against, in place of the system's.
    pub authorities: Option<Vec<u8>>,
}

/// Reads one entry; its fields are the secrets.
pub struct VaultKv {
    client: HttpClient,
    settings: VaultSettings,
    session: Mutex<Option<Session>>,
}

struct Session {
    token: SecretString,
    /// When to renew; `None`: it lives as long as it lives.
    renew_at: Option<Instant>,
    renewable: bool,
}

#[derive(Deserialize)]
struct SignedIn {
    auth: Option<Auth>,
}

#[derive(Deserialize)]
struct Auth {
    client_token: SecretString,
    #[serde(default)]
    lease_duration: u64,
    #[serde(default)]
    renewable: bool,
}

#[derive(Deserialize)]
struct Entry {
    data: Option<EntryData>,
}

#[derive(Deserialize)]
struct EntryData {
    data: Option<HashMap<String, serde_json::Value>>,
}

impl VaultKv {
    /// # Errors
    /// `Configuration` when the address or a header cannot be used.
    pub fn new(settings: VaultSettings, registry: &Registry) -> PortResult<Self> {
        let account = settings.address.authority().to_owned();
        let mut builder =
            HttpClient::builder(PROVIDER, account, settings.address.clone(), registry)
                .header(
                    HeaderName::from_static("x-vault-request"),
                    HeaderValue::from_static("true"),
                )
                .classify(verdict);
        if let Some(pem) = &settings.authorities {
            builder = builder.authorities(pem)?;
        }
        if let Some(namespace) = &settings.namespace {
            let value = HeaderValue::from_str(namespace)
                .map_err(|e| fault(Kind::Configuration, READ, format!("VAULT_NAMESPACE: {e}")))?;
            builder = builder.header(HeaderName::from_static("x-vault-namespace"), value);
        }
        Ok(Self {
            client: builder.build()?,
            settings,
            session: Mutex::new(None),
        })
    }

    /// A token that is good now.
    async fn token(&self) -> PortResult<SecretString> {
        let mut session = self.session.lock().await;
        let due = |s: &Session| s.renew_at.is_some_and(|at| Instant::now() >= at);
        if let Some(present) = session.as_ref().filter(|s| !due(s)) {
            return Ok(present.token.clone());
        }
        let renewed = match session.as_ref().filter(|s| s.renewable) {
            Some(present) => self.renew(&present.token).await.ok(),
            None => None,
        };
        let fresh = match renewed {
            Some(renewed) => renewed,
            None => self.sign_in().await?,
        };
        let token = fresh.token.clone();
        *session = Some(fresh);
        Ok(token)
    }

    async fn sign_in(&self) -> PortResult<Session> {
        let (role_id, secret_id) = match &self.settings.auth {
            VaultAuth::Token(token) => return self.own_token(token).await,
            VaultAuth::AppRole { role_id, secret_id } => (role_id, secret_id),
        };
        use secrecy::ExposeSecret as _;
        let body =
            serde_json::json!({ "role_id": role_id, "secret_id": secret_id.expose_secret() });
        // Signing in twice makes two tokens and does no harm.
        let effect = Effect::Write { idempotent: true };
        let request =
            Request::new(SIGN_IN, Method::POST, "v1/auth/approle/login", effect).json(&body);
        session(&self.client.send(&request).await?)
    }

    /// How long the given token lives, so that it can be renewed in time.
    async fn own_token(&self, token: &SecretString) -> PortResult<Session> {
        #[derive(Deserialize)]
        struct Found {
            data: Life,
        }
        #[derive(Deserialize)]
        struct Life {
            #[serde(default)]
            ttl: u64,
            #[serde(default)]
            renewable: bool,
        }
        let request =
            Request::get(SIGN_IN, "v1/auth/token/lookup-self").secret_header(TOKEN, token);
        let answer = self.client.send(&request).await?;
        if answer.status == StatusCode::FORBIDDEN {
            return Err(refusal(&answer, SIGN_IN));
        }
        let life = answer.json::<Found>().map(|found| found.data);
        let life = life.unwrap_or(Life {
            ttl: 0,
            renewable: false,
        });
        Ok(Session::new(token.clone(), life.ttl, life.renewable))
    }

    async fn renew(&self, token: &SecretString) -> PortResult<Session> {
        let effect = Effect::Write { idempotent: true };
        let request = Request::new(SIGN_IN, Method::POST, "v1/auth/token/renew-self", effect)
            .secret_header(TOKEN, token)
            .json(&serde_json::json!({}));
        session(&self.client.send(&request).await?)
    }

    async fn read(&self) -> PortResult<Response> {
        let VaultSettings { mount, path, .. } = &self.settings;
        let request = Request::get(READ, format!("v1/{mount}/data/{path}"))
            .secret_header(TOKEN, &self.token().await?);
        self.client.send(&request).await
    }
}

impl Session {
    fn new(token: SecretString, seconds: u64, renewable: bool) -> Self {
        let life = Duration::from_secs(seconds);
        Self {
            token,
            renew_at: (!life.is_zero()).then(|| Instant::now() + life * 2 / 3),
            renewable,
        }
    }
}

fn session(answer: &Response) -> PortResult<Session> {
    if !answer.status.is_success() {
        return Err(refusal(answer, SIGN_IN));
    }
    let signed: SignedIn = answer.json()?;
    let auth = signed.auth.ok_or_else(|| {
        fault(
            Kind::Corrupt,
            SIGN_IN,
            "Vault answered a sign-in without a token",
        )
    })?;
    Ok(Session::new(
        auth.client_token,
        auth.lease_duration,
        auth.renewable,
    ))
}

#[async_trait]
impl SecretPlace for VaultKv {
    fn source(&self) -> SecretSource {
        SecretSource::Vault
    }

    fn whereabouts(&self) -> String {
        let VaultSettings {
            address,
            mount,
            path,
            ..
        } = &self.settings;
        format!(
            "{mount}/{path} at {}",
            address.as_str().trim_end_matches('/')
        )
    }

    async fn look_up(&self, name: &SecretName) -> PortResult<Option<SecretString>> {
        let mut answer = self.read().await?;
        if answer.status == StatusCode::FORBIDDEN
            && matches!(self.settings.auth, VaultAuth::AppRole { .. })
        {
            // The token may have been revoked: once more with a new one.
            *self.session.lock().await = None;
            answer = self.read().await?;
        }
        match answer.status {
            StatusCode::NOT_FOUND => return Ok(None),
            status if status.is_success() => {}
            _ => return Err(refusal(&answer, READ)),
        }
        let entry: Entry = answer.json()?;
        let fields = entry.data.and_then(|d| d.data).unwrap_or_default();
        Ok(match fields.get(&name.name) {
            Some(serde_json::Value::String(value)) if !value.is_empty() => {
                Some(SecretString::from(value.as_str()))
            }
            None | Some(serde_json::Value::Null | serde_json::Value::String(_)) => None,
            Some(_) => {
                let detail = format!("the field {} in Vault is no text", name.name);
                return Err(fault(Kind::Corrupt, READ, detail));
            }
        })
    }
}

/// Refusals are answers here: a forbidden path does not stop the others.
fn verdict(answer: &Response) -> Verdict {
    let status = answer.status.as_u16();
    let outcome = match status {
        429 => Outcome::Throttled {
            wait: retry_after(&answer.headers, Utc::now()),
        },
        412 | 472 | 473 | 500 | 502 | 503 => Outcome::Failure(Failure {
            kind: Kind::Unavailable,
            reason: match status {
                503 => "is sealed or in maintenance".into(),
                _ => format!("answered {status}").into(),
            },
            wait: retry_after(&answer.headers, Utc::now()),
        }),
        _ => Outcome::Success,
    };
    outcome.into()
}

fn refusal(answer: &Response, operation: &'static str) -> PortError {
    #[derive(Deserialize)]
    struct Errors {
        #[serde(default)]
        errors: Vec<String>,
    }
    let said = answer.json::<Errors>().map(|e| e.errors.join("; "));
    let said = said.unwrap_or_default();
    let said: String = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let kind = match answer.status {
        StatusCode::FORBIDDEN => Kind::Forbidden,
        StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED => Kind::Unauthorized,
        _ => Kind::Rejected,
    };
    let detail = format!(
        "Vault answered {}: {said}. Check VAULT_TOKEN or VAULT_ROLE_ID, its policy, the mount and the path",
        answer.status
    );
    fault(kind, operation, detail)
}

fn fault(kind: Kind, operation: &'static str, detail: impl Into<String>) -> PortError {
    PortError::new(kind, Retry::Never, PROVIDER, operation, detail)
}
