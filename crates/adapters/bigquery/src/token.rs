//! Access tokens for a service account: a signed assertion (RFC 7523, RS256) becomes a token for an hour.

use crate::errors::error;
use adapter_kit::{Effect, HttpClient, Method, Request};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use ports::{Kind, PortResult, Retry};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;

const OPERATION: &str = "token.get";
const SCOPE: &str = "https://www.googleapis.com/auth/bigquery";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// Of an assertion; the most that Google takes.
const LIFE: Duration = Duration::hours(1);
/// A token is renewed so long before its end.
const BEFORE: Duration = Duration::minutes(5);

/// What of the service account's file is needed.
#[derive(Deserialize)]
struct Account {
    client_email: String,
    private_key: String,
    #[serde(default)]
    private_key_id: Option<String>,
}

struct Kept {
    /// The credential that it was made with.
    credential: SecretString,
    token: SecretString,
    until: DateTime<Utc>,
}

/// The tokens of one client; kept in memory alone.
pub(crate) struct Tokens {
    http: HttpClient,
    /// Where tokens are, and whom assertions are for.
    url: String,
    kept: Mutex<Option<Kept>>,
}

#[derive(Deserialize)]
struct Answer {
    access_token: String,
    expires_in: i64,
}

fn wrong(detail: &str) -> ports::PortError {
    error(
        Kind::Configuration,
        Retry::Never,
        OPERATION,
        format!("BIGQUERY_CREDENTIALS is no service account's file: {detail}"),
    )
}

impl Account {
    fn of(credential: &SecretString) -> PortResult<Self> {
        // What the parser says may quote the key.
        serde_json::from_str(credential.expose_secret())
            .map_err(|_| wrong("it has to be JSON with client_email and private_key"))
    }

    fn assertion(&self, audience: &str, now: DateTime<Utc>) -> PortResult<String> {
        let header = json!({"alg": "RS256", "typ": "JWT", "kid": self.private_key_id});
        let claims = json!({"iss": self.client_email, "scope": SCOPE, "aud": audience,
            "iat": now.timestamp(), "exp": (now + LIFE).timestamp()});
        let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(&header), part(&claims));
        let lines = self.private_key.lines();
        let pem: String = lines.filter(|line| !line.starts_with("-----")).collect();
        let der = STANDARD.decode(pem.trim());
        let der = der.map_err(|_| wrong("private_key is no PEM"))?;
        let key = RsaKeyPair::from_pkcs8(&der)
            .map_err(|_| wrong("private_key is no RSA key in PKCS #8"))?;
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            text.as_bytes(),
            &mut signature,
        )
        .map_err(|_| wrong("private_key cannot sign"))?;
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

impl Tokens {
    pub(crate) fn new(http: HttpClient, url: String) -> Self {
        Self {
            http,
            url,
            kept: Mutex::default(),
        }
    }

    /// The one that is kept, or a new one; of many at once one asks.
    pub(crate) async fn token(&self, credential: &SecretString) -> PortResult<SecretString> {
        let mut kept = self.kept.lock().await;
        let now = Utc::now();
        if let Some(known) = kept.as_ref()
            && known.credential.expose_secret() == credential.expose_secret()
            && known.until > now
        {
            return Ok(known.token.clone());
        }
        let assertion = Account::of(credential)?.assertion(&self.url, now)?;
        // A second token does no harm.
        let request = Request::new(OPERATION, Method::POST, "", Effect::Read)
            .form(&[("grant_type", GRANT), ("assertion", &assertion)]);
        let response = self.http.send(&request).await?;
        if !response.status.is_success() {
            let body: serde_json::Value = response.json().unwrap_or_default();
            let said = body["error_description"]
                .as_str()
                .or(body["error"].as_str());
            return Err(error(
                Kind::Unauthorized,
                Retry::Never,
                OPERATION,
                format!(
                    "Google gives no token for this service account ({}): check BIGQUERY_CREDENTIALS and this machine's clock",
                    said.unwrap_or("no reason was told")
                ),
            ));
        }
        let answer: Answer = response.json()?;
        let token = SecretString::from(answer.access_token);
        *kept = Some(Kept {
            credential: credential.clone(),
            token: token.clone(),
            until: now + Duration::seconds(answer.expires_in) - BEFORE,
        });
        Ok(token)
    }

    /// The token was refused: the next one is asked for anew.
    pub(crate) async fn forget(&self) {
        *self.kept.lock().await = None;
    }
}
