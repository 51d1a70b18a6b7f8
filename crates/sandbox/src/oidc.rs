//! A provider of identities that speaks OpenID Connect over HTTP, with a key that it made itself, and with faults on demand.
//!
//! It asks nobody who they are: whoever comes is the person that was set. Everything else it holds to: client, address to come back
//! to, PKCE, and codes that work once.

use crate::app::lock;
use actix_web::dev::ServerHandle;
use actix_web::web::{self, Data, Form, Query};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::Utc;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::{HashMap, HashSet};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

pub const CLIENT_ID: &str = "royal";
/// With what a form changes, so that encoding it wrongly is noticed.
pub const CLIENT_SECRET: &str = "s3cret/of the+client";

/// Who comes.
#[derive(Debug, Clone)]
pub struct Person {
    pub subject: String,
    pub email: String,
    pub email_verified: bool,
    pub groups: Vec<String>,
}

/// What is wrong with the next answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Nothing,
    /// Signed by a key that is not in its list, under the name of one that is.
    Key,
    Nonce,
    Audience,
    Issuer,
    /// Ended an hour ago.
    Expired,
    /// Not signed at all: `alg` is `none`.
    Unsigned,
    /// The UserInfo endpoint speaks of somebody else.
    Subject,
    /// Every answer is 503.
    Down,
}

struct State {
    key: SigningKey,
    person: Person,
    wrong: Wrong,
    /// Address and groups are told at the UserInfo endpoint alone.
    thin: bool,
    codes: HashMap<String, Asked>,
    /// Access tokens that are good.
    access: HashSet<String>,
    tokens: u32,
}

struct SigningKey {
    pair: EcdsaKeyPair,
    id: String,
}

struct Asked {
    redirect: String,
    challenge: String,
    nonce: String,
}

/// Listens on a free port of 127.0.0.1 until it is dropped.
pub struct Provider {
    pub issuer: String,
    state: Arc<Mutex<State>>,
    handle: ServerHandle,
}

impl Drop for Provider {
    fn drop(&mut self) {
        // Told now; what it still does is nobody's any more.
        drop(self.handle.stop(false));
    }
}

fn new_key() -> anyhow::Result<SigningKey> {
    let random = SystemRandom::new();
    let broken = |_| anyhow::anyhow!("no key could be made");
    let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
    let sealed = EcdsaKeyPair::generate_pkcs8(algorithm, &random).map_err(broken)?;
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, sealed.as_ref(), &random)
        .map_err(|e| anyhow::anyhow!("no key could be made: {e}"))?;
    Ok(SigningKey {
        pair,
        id: uuid::Uuid::new_v4().to_string(),
    })
}

/// Starts one.
///
/// # Errors
/// When no port is free.
pub async fn start(person: Person) -> anyhow::Result<Provider> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let issuer = format!("http://{}", listener.local_addr()?);
    let state = Arc::new(Mutex::new(State {
        key: new_key()?,
        person,
        wrong: Wrong::Nothing,
        thin: false,
        codes: HashMap::new(),
        access: HashSet::new(),
        tokens: 0,
    }));
    let (shared, own) = (Data::from(Arc::clone(&state)), Data::new(issuer.clone()));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shared.clone())
            .app_data(own.clone())
            .route(
                "/.well-known/openid-configuration",
                web::get().to(discovery),
            )
            .route("/jwks", web::get().to(keys))
            .route("/authorize", web::get().to(authorize))
            .route("/token", web::post().to(token))
            .route("/userinfo", web::get().to(user_info))
    })
    .workers(1)
    .disable_signals()
    .listen(listener)?
    .run();
    let handle = server.handle();
    tokio::spawn(server);
    Ok(Provider {
        issuer,
        state,
        handle,
    })
}

impl Provider {
    pub fn set_person(&self, person: Person) {
        lock(&self.state).person = person;
    }

    pub fn set_wrong(&self, wrong: Wrong) {
        lock(&self.state).wrong = wrong;
    }

    /// Whether ID tokens name the subject and nothing else.
    pub fn set_thin(&self, thin: bool) {
        lock(&self.state).thin = thin;
    }

    /// From now on another key signs.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn change_key(&self) -> anyhow::Result<()> {
        lock(&self.state).key = new_key()?;
        Ok(())
    }

    /// How many tokens it gave out.
    #[must_use]
    pub fn tokens(&self) -> u32 {
        lock(&self.state).tokens
    }
}

fn down(state: &Mutex<State>) -> Option<HttpResponse> {
    let is_down = lock(state).wrong == Wrong::Down;
    is_down.then(|| HttpResponse::ServiceUnavailable().finish())
}

async fn discovery(state: Data<Mutex<State>>, issuer: Data<String>) -> HttpResponse {
    if let Some(answer) = down(&state) {
        return answer;
    }
    let issuer = issuer.as_str();
    HttpResponse::Ok().json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
    }))
}

async fn keys(state: Data<Mutex<State>>) -> HttpResponse {
    if let Some(answer) = down(&state) {
        return answer;
    }
    let state = lock(&state);
    // A point without compression: 4, then both coordinates.
    let point = state.key.pair.public_key().as_ref();
    let (x, y) = point[1..].split_at(32);
    HttpResponse::Ok().json(json!({ "keys": [{
        "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": state.key.id,
        "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y),
    }] }))
}

#[derive(Deserialize)]
struct Question {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    scope: String,
    state: String,
    nonce: String,
    code_challenge: String,
    code_challenge_method: String,
}

async fn authorize(state: Data<Mutex<State>>, asked: Query<Question>) -> HttpResponse {
    if let Some(answer) = down(&state) {
        return answer;
    }
    let asked = asked.into_inner();
    let fits = asked.response_type == "code"
        && asked.client_id == CLIENT_ID
        && asked.code_challenge_method == "S256"
        && asked.scope.split(' ').any(|s| s == "openid");
    let Ok(mut back) = url::Url::parse(&asked.redirect_uri) else {
        return HttpResponse::BadRequest().body("redirect_uri");
    };
    if !fits {
        return HttpResponse::BadRequest().body("not as the specification says");
    }
    let code = uuid::Uuid::new_v4().to_string();
    back.query_pairs_mut()
        .append_pair("code", &code)
        .append_pair("state", &asked.state);
    let kept = Asked {
        redirect: asked.redirect_uri,
        challenge: asked.code_challenge,
        nonce: asked.nonce,
    };
    lock(&state).codes.insert(code, kept);
    HttpResponse::Found()
        .insert_header(("location", back.to_string()))
        .finish()
}

#[derive(Deserialize)]
struct Exchange {
    grant_type: String,
    code: String,
    redirect_uri: String,
    code_verifier: String,
}

/// RFC 6749 §2.3.1: both parts are encoded as in a form first.
fn is_client(request: &HttpRequest) -> bool {
    let header = request.headers().get("authorization");
    let text = header.and_then(|v| v.to_str().ok()).unwrap_or_default();
    let given = text
        .strip_prefix("Basic ")
        .and_then(|b| STANDARD.decode(b).ok());
    let given = given.and_then(|bytes| String::from_utf8(bytes).ok());
    let Some((id, secret)) = given.as_deref().and_then(|t| t.split_once(':')) else {
        return false;
    };
    let decoded = |text: &str| {
        let pair = format!("x={text}");
        let mut pairs = url::form_urlencoded::parse(pair.as_bytes());
        pairs.next().map(|(_, value)| value.into_owned())
    };
    decoded(id).as_deref() == Some(CLIENT_ID) && decoded(secret).as_deref() == Some(CLIENT_SECRET)
}

async fn token(
    state: Data<Mutex<State>>,
    issuer: Data<String>,
    request: HttpRequest,
    asked: Form<Exchange>,
) -> HttpResponse {
    if let Some(answer) = down(&state) {
        return answer;
    }
    let refuse = |error: &str| HttpResponse::BadRequest().json(json!({ "error": error }));
    if !is_client(&request) {
        return HttpResponse::Unauthorized().json(json!({ "error": "invalid_client" }));
    }
    let mut state = lock(&state);
    let Some(known) = state.codes.remove(&asked.code) else {
        return refuse("invalid_grant");
    };
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(asked.code_verifier.as_bytes()));
    let fits = asked.grant_type == "authorization_code"
        && asked.redirect_uri == known.redirect
        && challenge == known.challenge;
    if !fits {
        return refuse("invalid_grant");
    }
    let Ok(id_token) = signed(&state, &issuer, &known.nonce) else {
        return HttpResponse::InternalServerError().finish();
    };
    state.tokens += 1;
    let access = uuid::Uuid::new_v4().to_string();
    state.access.insert(access.clone());
    HttpResponse::Ok().json(json!({
        "access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": id_token,
    }))
}

/// Address and groups of a person, as claims.
fn about(person: &Person) -> Value {
    json!({ "email": person.email, "email_verified": person.email_verified, "groups": person.groups })
}

async fn user_info(state: Data<Mutex<State>>, request: HttpRequest) -> HttpResponse {
    if let Some(answer) = down(&state) {
        return answer;
    }
    let state = lock(&state);
    let header = request.headers().get("authorization");
    let text = header.and_then(|v| v.to_str().ok()).unwrap_or_default();
    let known = text
        .strip_prefix("Bearer ")
        .is_some_and(|token| state.access.contains(token));
    if !known {
        return HttpResponse::Unauthorized().finish();
    }
    let mut claims = about(&state.person);
    claims["sub"] = if state.wrong == Wrong::Subject {
        json!("somebody else")
    } else {
        json!(state.person.subject)
    };
    HttpResponse::Ok().json(claims)
}

fn signed(state: &State, issuer: &str, nonce: &str) -> anyhow::Result<String> {
    let (now, wrong, person) = (Utc::now().timestamp(), state.wrong, &state.person);
    let (issued, ends) = if wrong == Wrong::Expired {
        (now - 7200, now - 3600)
    } else {
        (now, now + 300)
    };
    let mut claims = if state.thin { json!({}) } else { about(person) };
    let named = json!({
        "iss": if wrong == Wrong::Issuer { "https://elsewhere.example" } else { issuer },
        "aud": if wrong == Wrong::Audience { "somebody else" } else { CLIENT_ID },
        "nonce": if wrong == Wrong::Nonce { "of another question" } else { nonce },
        "sub": person.subject, "iat": issued, "exp": ends,
    });
    if let (Some(all), Value::Object(named)) = (claims.as_object_mut(), named) {
        all.extend(named);
    }
    let algorithm = if wrong == Wrong::Unsigned {
        "none"
    } else {
        "ES256"
    };
    let header = json!({ "alg": algorithm, "typ": "JWT", "kid": state.key.id });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(&header), part(&claims));
    if wrong == Wrong::Unsigned {
        return Ok(format!("{text}."));
    }
    let stranger = new_key()?;
    let key = if wrong == Wrong::Key {
        &stranger
    } else {
        &state.key
    };
    let random = SystemRandom::new();
    let signature = key.pair.sign(&random, text.as_bytes());
    let signature = signature.map_err(|_| anyhow::anyhow!("it could not be signed"))?;
    Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
}
