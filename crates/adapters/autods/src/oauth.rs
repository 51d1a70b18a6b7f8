//! Logging in: where that is, as whom, and what is given for it. RFC 9728 tells the server that gives tokens, RFC 8414 its addresses,
//! RFC 7591 our name there; the code is bound to us by RFC 7636.

use crate::client::PROVIDER;
use adapter_kit::{
    Effect, HttpClient, Method, Outcome, Registry, Request, Response, Url, Verdict, status_outcome,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

const OPERATION: &str = "supplier.login";
/// The only address of a person's own machine to which AutoDS sends them back.
const BACK: &str = "http://localhost:2048/callback";
const SCOPES: &str = "openid email profile";

/// A login that was begun: where the person goes, and what has to be kept sealed until they are back.
#[derive(Debug)]
pub struct Login {
    pub address: String,
    pub kept: SecretString,
}

#[derive(Serialize, Deserialize)]
struct Pending {
    state: String,
    verifier: String,
    client_id: String,
    token_endpoint: String,
    resource: String,
}

/// By which tokens are had from then on; kept sealed as the key of the account.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub refresh: String,
    pub client_id: String,
    pub token_endpoint: String,
}

#[derive(Deserialize)]
pub(crate) struct Granted {
    pub access_token: String,
    pub refresh_token: Option<String>,
    /// Seconds.
    pub expires_in: Option<i64>,
}

#[derive(Deserialize)]
struct Resource {
    #[serde(default)]
    authorization_servers: Vec<String>,
}

#[derive(Deserialize)]
struct Server {
    authorization_endpoint: String,
    token_endpoint: String,
    registration_endpoint: Option<String>,
    #[serde(default)]
    code_challenge_methods_supported: Vec<String>,
}

#[derive(Deserialize)]
struct Registered {
    client_id: String,
}

pub(crate) fn error(kind: Kind, detail: impl Into<String>) -> PortError {
    PortError::new(kind, Retry::Never, PROVIDER, OPERATION, detail)
}

/// A refusal here says nothing about the credentials of an account.
fn verdict(response: &Response) -> Verdict {
    match response.status.as_u16() {
        400..=404 => Outcome::Ignored.into(),
        _ => status_outcome(response.status, &response.headers).into(),
    }
}

/// Tokens and codes go over TLS, except to the machine itself and to a base that has none: a sandbox.
pub(crate) fn checked(text: &str, base: &Url) -> PortResult<Url> {
    let url = Url::parse(text).map_err(|e| {
        error(
            Kind::Corrupt,
            format!("AutoDS tells an address that is none: {e}"),
        )
    })?;
    if url.scheme() == "https" || base.scheme() == "http" {
        return Ok(url);
    }
    let detail = "AutoDS tells an address without TLS to which credentials would go";
    Err(error(Kind::Corrupt, detail))
}

pub(crate) fn client(url: &Url, account: &str, registry: &Registry) -> PortResult<HttpClient> {
    HttpClient::builder(PROVIDER, format!("{account}/login"), url.clone(), registry)
        .classify(verdict)
        .build()
}

async fn read<T: DeserializeOwned>(url: Url, registry: &Registry) -> PortResult<T> {
    let http = client(&url, "discovery", registry)?;
    let response = http.send(&Request::get_url(OPERATION, url)).await?;
    if !response.status.is_success() {
        let detail = format!("AutoDS does not tell where to log in: {}", response.status);
        return Err(error(Kind::Unavailable, detail));
    }
    response.json()
}

/// `Bearer resource_metadata="…"`
fn metadata(header: &str) -> Option<&str> {
    let (_, rest) = header.split_once("resource_metadata=\"")?;
    rest.split('"').next()
}

/// RFC 8414 §3.1: the well-known part stands before the issuer's path.
fn well_known(issuer: &Url) -> Url {
    let mut url = issuer.clone();
    let path = issuer.path().trim_end_matches('/').to_owned();
    url.set_path(&format!("/.well-known/oauth-authorization-server{path}"));
    url.set_query(None);
    url
}

/// What stands in an address behind `?`.
fn asked(url: &Url, name: &str) -> Option<String> {
    let mut pairs = url.query_pairs();
    pairs
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// Begins a login at the server whose tools stand at `base`.
///
/// # Errors
/// `Unavailable` where nothing tells where to log in, `Corrupt` where what is told cannot be relied on.
pub async fn begin(base: &str, registry: &Registry) -> PortResult<Login> {
    let base = Url::parse(base)
        .map_err(|e| error(Kind::Configuration, format!("the address is none: {e}")))?;
    let http = client(&base, "discovery", registry)?;
    let hello = crate::rpc::request(0, "initialize", &json!({}));
    let request = Request::new(OPERATION, Method::POST, "", Effect::Read).json(&hello);
    let response = http.send(&request).await?;
    let told = response.header("www-authenticate").and_then(metadata);
    let told = told.ok_or_else(|| {
        let detail = format!(
            "AutoDS answers {} and does not tell where to log in",
            response.status
        );
        error(Kind::Unavailable, detail)
    })?;
    let place = checked(told, &base)?;
    if place.origin() != base.origin() {
        let detail = "AutoDS's own description stands at another host than AutoDS";
        return Err(error(Kind::Corrupt, detail));
    }
    let resource: Resource = read(place, registry).await?;
    let issuer = resource.authorization_servers.first();
    let issuer = issuer.ok_or_else(|| error(Kind::Corrupt, "AutoDS names no server of tokens"))?;
    let server: Server = read(well_known(&checked(issuer, &base)?), registry).await?;
    let methods = &server.code_challenge_methods_supported;
    if !methods.is_empty() && !methods.iter().any(|m| m == "S256") {
        return Err(error(
            Kind::Corrupt,
            "AutoDS's login takes no PKCE with SHA-256",
        ));
    }
    let token_endpoint = checked(&server.token_endpoint, &base)?;
    let client_id = registered(&server, &base, registry).await?;
    let verifier = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    let state = Uuid::new_v4().simple().to_string();
    let mut address = checked(&server.authorization_endpoint, &base)?;
    address
        .query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &client_id)
        .append_pair("redirect_uri", BACK)
        .append_pair("scope", SCOPES)
        .append_pair("state", &state)
        .append_pair("code_challenge", &challenge)
        .append_pair("code_challenge_method", "S256")
        .append_pair("resource", base.as_str());
    let pending = Pending {
        state,
        verifier,
        client_id,
        token_endpoint: token_endpoint.into(),
        resource: base.into(),
    };
    Ok(Login {
        address: address.into(),
        kept: sealed(&pending)?,
    })
}

async fn registered(server: &Server, base: &Url, registry: &Registry) -> PortResult<String> {
    let place = server.registration_endpoint.as_deref();
    let place = place.ok_or_else(|| error(Kind::Corrupt, "AutoDS takes no new clients"))?;
    let place = checked(place, base)?;
    let http = client(&place, "discovery", registry)?;
    let body = json!({
        "client_name": "Royal Equips Orchestrator",
        "redirect_uris": [BACK],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    });
    // Codes and tokens hold once: whoever sends one again may lose the login.
    let effect = Effect::Write { idempotent: false };
    let request = Request::new(OPERATION, Method::POST, "", effect).json(&body);
    let response = http.send(&request).await?;
    if !response.status.is_success() {
        let detail = format!(
            "AutoDS takes no client that comes back to {BACK}: {}",
            response.status
        );
        return Err(error(Kind::Rejected, detail));
    }
    Ok(response.json::<Registered>()?.client_id)
}

pub(crate) fn sealed<T: Serialize>(value: &T) -> PortResult<SecretString> {
    let text = serde_json::to_string(value);
    text.map(SecretString::from)
        .map_err(|_| error(Kind::Corrupt, "what is kept of the login cannot be written"))
}

/// What the login gave, as the key of an account. `came_to` is the address at which the browser ended.
///
/// # Errors
/// `Unauthorized`: it is of another login, was refused, or its code does not hold any more.
pub async fn finish(
    kept: &SecretString,
    came_to: &str,
    registry: &Registry,
) -> PortResult<SecretString> {
    let pending: Pending = serde_json::from_str(kept.expose_secret()).map_err(|_| {
        error(
            Kind::Unauthorized,
            "nothing is kept of this login; begin again",
        )
    })?;
    let refused = |detail: &str| error(Kind::Unauthorized, detail);
    let url = Url::parse(came_to.trim()).map_err(|_| {
        refused("this is no address: take the whole one from the browser, from http:// on")
    })?;
    if asked(&url, "state").as_ref() != Some(&pending.state) {
        return Err(refused("this address is of another login; begin again"));
    }
    if let Some(why) = asked(&url, "error") {
        let why: String = why.chars().filter(|c| !c.is_control()).take(100).collect();
        return Err(refused(&format!("AutoDS did not let it in: {why}")));
    }
    let code = asked(&url, "code");
    let code = code.ok_or_else(|| refused("there is no code in this address"))?;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", BACK),
        ("client_id", &*pending.client_id),
        ("code_verifier", &*pending.verifier),
        ("resource", &*pending.resource),
    ];
    let granted = ask(&pending.token_endpoint, &fields, registry).await?;
    let granted = granted.ok_or_else(|| refused("the code does not hold any more; begin again"))?;
    let refresh = granted.refresh_token;
    let refresh = refresh.ok_or_else(|| refused("AutoDS gave nothing to stay logged in with"))?;
    sealed(&Grant {
        refresh,
        client_id: pending.client_id,
        token_endpoint: pending.token_endpoint,
    })
}

/// `None`: it was refused for good.
pub(crate) async fn ask(
    endpoint: &str,
    fields: &[(&str, &str)],
    registry: &Registry,
) -> PortResult<Option<Granted>> {
    let url =
        Url::parse(endpoint).map_err(|_| error(Kind::Corrupt, "the address of tokens is none"))?;
    let http = client(&url, "tokens", registry)?;
    let effect = Effect::Write { idempotent: true };
    let request = Request::new(OPERATION, Method::POST, "", effect).form(fields);
    let response = http.send(&request).await?;
    if response.status.is_success() {
        return response.json().map(Some);
    }
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    match body["error"].as_str() {
        Some("invalid_grant" | "invalid_client" | "unauthorized_client") => Ok(None),
        _ => Err(error(
            Kind::Unavailable,
            format!("AutoDS gives no token: {}", response.status),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_where_the_standards_put_them() {
        let header = r#"Bearer error="x", resource_metadata="https://a.test/.well-known/x""#;
        assert_eq!(metadata(header), Some("https://a.test/.well-known/x"));
        assert_eq!(metadata("Bearer"), None);
        let of = |text: &str| well_known(&Url::parse(text).unwrap()).to_string();
        assert_eq!(
            of("https://a.test"),
            "https://a.test/.well-known/oauth-authorization-server"
        );
        assert_eq!(
            of("https://a.test/one"),
            "https://a.test/.well-known/oauth-authorization-server/one"
        );
        let base = Url::parse("https://a.test/mcp").unwrap();
        assert!(checked("http://b.test/token", &base).is_err());
        assert!(checked("https://b.test/token", &base).is_ok());
    }
}
