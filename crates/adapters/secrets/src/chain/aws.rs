//! AWS Secrets Manager: one secret whose text is a JSON object; its members are our secrets.
//!
//! JSON 1.1 over POST, signed with Signature Version 4 (crate `aws-sigv4`). Refusals come as 400 with `__type`, sometimes with a
//! namespace before `#` and with `Message` or `message` (service model 2017-10-17).

use super::aws_credentials::{AwsCredentials, AwsKeys, Source};
use adapter_kit::header::{HeaderName, HeaderValue};
use adapter_kit::{
    Effect, Failure, HttpClient, Method, Outcome, Registry, Request, Response, StatusCode, Url,
    Verdict, status_outcome,
};
use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use ports::secrets::{SecretName, SecretPlace, SecretSource};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use std::collections::HashMap;
use std::time::SystemTime;

const PROVIDER: &str = "aws-secrets-manager";
const READ: &str = "aws_secrets.read";
const TARGET: &str = "secretsmanager.GetSecretValue";
const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

#[derive(Debug, Clone)]
pub struct AwsSettings {
    /// E.g. `https://secretsmanager.eu-central-1.amazonaws.com`.
    pub endpoint: Url,
    pub region: String,
    pub credentials: AwsCredentials,
    /// Name or ARN of the secret.
    pub secret_id: String,
}

pub struct AwsSecretsManager {
    client: HttpClient,
    settings: AwsSettings,
    source: Source,
}

#[derive(Deserialize)]
struct Value {
    #[serde(rename = "SecretString")]
    text: Option<SecretString>,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(rename = "__type", default)]
    kind: String,
    #[serde(alias = "Message", default)]
    message: String,
}

impl AwsSecretsManager {
    /// # Errors
    /// `Configuration` when the endpoint cannot be used.
    pub fn new(settings: AwsSettings, registry: &Registry) -> PortResult<Self> {
        let account = format!("{}/{}", settings.region, settings.secret_id);
        let client = HttpClient::builder(PROVIDER, account, settings.endpoint.clone(), registry)
            .classify(verdict)
            .build()?;
        let source = Source::new(settings.credentials.clone(), registry)?;
        Ok(Self {
            client,
            settings,
            source,
        })
    }

    fn request(&self, keys: &AwsKeys) -> PortResult<Request> {
        let body = serde_json::json!({ "SecretId": self.settings.secret_id }).to_string();
        let headers = self.signed(&body, keys)?;
        let request = Request::new(READ, Method::POST, "", Effect::Read)
            .expect(adapter_kit::Expect::Anything)
            .header(
                HeaderName::from_static("x-amz-target"),
                HeaderValue::from_static(TARGET),
            )
            .body(HeaderValue::from_static(CONTENT_TYPE), body);
        let bad = |e: &dyn std::fmt::Display| {
            let detail = format!("the AWS credentials cannot stand in a header: {e}");
            fault(Kind::Configuration, detail)
        };
        headers.iter().try_fold(request, |request, (name, value)| {
            let name = HeaderName::try_from(name.as_str()).map_err(|e| bad(&e))?;
            Ok(request.secret_header(name, value))
        })
    }

    /// The headers that sign this body now.
    fn signed(&self, body: &str, credentials: &AwsKeys) -> PortResult<Vec<(String, SecretString)>> {
        let AwsSettings {
            endpoint, region, ..
        } = &self.settings;
        let unsigned = |e: &dyn std::fmt::Display| {
            fault(
                Kind::Configuration,
                format!("the request to AWS cannot be signed: {e}"),
            )
        };
        let token = credentials.session_token.as_ref();
        let identity = Credentials::new(
            credentials.access_key_id.as_str(),
            credentials.secret_access_key.expose_secret(),
            token.map(|t| t.expose_secret().to_owned()),
            None,
            "royal",
        )
        .into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name("secretsmanager")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|e| unsigned(&e))?;
        let host = endpoint.authority();
        let headers = [
            ("content-type", CONTENT_TYPE),
            ("host", host),
            ("x-amz-target", TARGET),
        ];
        let signable = SignableRequest::new(
            "POST",
            endpoint.as_str(),
            headers.into_iter(),
            SignableBody::Bytes(body.as_bytes()),
        );
        let signable = signable.map_err(|e| unsigned(&e))?;
        let (instructions, _) = sign(signable, &parameters.into())
            .map_err(|e| unsigned(&e))?
            .into_parts();
        let (headers, _) = instructions.into_parts();
        Ok(headers
            .into_iter()
            .map(|h| (h.name().to_owned(), SecretString::from(h.value())))
            .collect())
    }
}

#[async_trait]
impl SecretPlace for AwsSecretsManager {
    fn source(&self) -> SecretSource {
        SecretSource::AwsSecretsManager
    }

    fn whereabouts(&self) -> String {
        format!("{} in {}", self.settings.secret_id, self.settings.region)
    }

    async fn look_up(&self, name: &SecretName) -> PortResult<Option<SecretString>> {
        let keys = self.source.keys().await?;
        let answer = self.client.send(&self.request(&keys)?).await?;
        if !answer.status.is_success() {
            let refusal = refusal(&answer);
            return match refusal.kind.as_str() {
                "ResourceNotFoundException" => Ok(None),
                _ => Err(refused(&answer, &refusal)),
            };
        }
        let value: Value = answer.json()?;
        let Some(text) = value.text else {
            return Err(fault(
                Kind::Corrupt,
                "the secret in AWS is binary; a JSON object belongs there",
            ));
        };
        let members: HashMap<String, serde_json::Value> =
            serde_json::from_str(text.expose_secret())
                // The error's own text may quote the secret.
                .map_err(|_| fault(Kind::Corrupt, "the secret in AWS is no JSON object"))?;
        match members.get(&name.name) {
            Some(serde_json::Value::String(value)) if !value.is_empty() => {
                Ok(Some(SecretString::from(value.as_str())))
            }
            None | Some(serde_json::Value::Null | serde_json::Value::String(_)) => Ok(None),
            Some(_) => {
                let detail = format!("the member {} of the secret in AWS is no text", name.name);
                Err(fault(Kind::Corrupt, detail))
            }
        }
    }
}

fn refusal(answer: &Response) -> Refusal {
    let read = serde_json::from_slice::<Refusal>(&answer.body);
    let mut refusal = read.unwrap_or(Refusal {
        kind: String::new(),
        message: String::new(),
    });
    if let Some((_, name)) = refusal.kind.split_once('#') {
        refusal.kind = name.to_owned();
    }
    refusal
}

/// 400 carries nearly everything; the type says what it is.
fn verdict(answer: &Response) -> Verdict {
    if answer.status != StatusCode::BAD_REQUEST {
        return match status_outcome(answer.status, &answer.headers) {
            Outcome::CredentialsBroken => Outcome::Ignored.into(),
            outcome => outcome.into(),
        };
    }
    match refusal(answer).kind.as_str() {
        "ThrottlingException" | "RequestLimitExceeded" => Outcome::Throttled { wait: None },
        "InternalServiceError" | "InternalServiceErrorException" => Outcome::Failure(Failure {
            kind: Kind::Unavailable,
            reason: "had an internal failure".into(),
            wait: None,
        }),
        _ => Outcome::Success,
    }
    .into()
}

fn refused(answer: &Response, refusal: &Refusal) -> PortError {
    let kind = match refusal.kind.as_str() {
        "AccessDeniedException" => Kind::Forbidden,
        "UnrecognizedClientException" | "ExpiredTokenException" | "InvalidSignatureException" => {
            Kind::Unauthorized
        }
        _ => Kind::Rejected,
    };
    let detail = format!(
        "AWS Secrets Manager answered {} {}: {}",
        answer.status, refusal.kind, refusal.message
    );
    fault(kind, detail)
}

fn fault(kind: Kind, detail: impl Into<String>) -> PortError {
    PortError::new(kind, Retry::Never, PROVIDER, READ, detail)
}
