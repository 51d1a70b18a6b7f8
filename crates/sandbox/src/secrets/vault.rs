//! Vault's HTTP API: AppRole, tokens, the KV engine of version 2.

use std::time::{Duration, Instant};

use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::{Managers, State, TOKEN};
use crate::app::lock;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .route("/vault/v1/sys/health", web::get().to(health))
        .route("/vault/v1/auth/approle/login", web::post().to(sign_in))
        .route("/vault/v1/auth/token/lookup-self", web::get().to(look_up))
        .route("/vault/v1/auth/token/renew-self", web::post().to(renew))
        .route("/vault/v1/{mount}/data/{path:.*}", web::get().to(read));
}

fn errors(status: StatusCode, texts: &[&str]) -> HttpResponse {
    HttpResponse::build(status).json(json!({ "errors": texts }))
}

fn denied() -> HttpResponse {
    errors(
        StatusCode::FORBIDDEN,
        &["1 error occurred:\n\t* permission denied\n\n"],
    )
}

/// What every call meets first.
fn refused(state: &mut State) -> Option<HttpResponse> {
    if state.sealed {
        return Some(errors(
            StatusCode::SERVICE_UNAVAILABLE,
            &["Vault is sealed"],
        ));
    }
    if state.throttled > 0 {
        state.throttled -= 1;
        let mut answer = HttpResponse::TooManyRequests();
        answer.insert_header(("retry-after", "1"));
        return Some(answer.json(json!({"errors": ["request path quota exceeded"]})));
    }
    None
}

fn token(request: &HttpRequest) -> String {
    let header = request.headers().get("x-vault-token");
    let text = header.and_then(|v| v.to_str().ok());
    text.unwrap_or_default().to_owned()
}

/// How long the token lives on; `None`: it is not known.
fn life(state: &State, token: &str) -> Option<Option<Duration>> {
    if token == TOKEN {
        return Some(None);
    }
    let end = state.tokens.get(token)?;
    match end {
        None => Some(None),
        Some(end) => end.checked_duration_since(Instant::now()).map(Some),
    }
}

async fn health(managers: Data<Managers>) -> HttpResponse {
    let sealed = lock(&managers.0).sealed;
    let status = if sealed { 503 } else { 200 };
    let status = StatusCode::from_u16(status).unwrap_or_default();
    HttpResponse::build(status)
        .json(json!({"initialized": true, "sealed": sealed, "standby": false, "version": "1.20.0"}))
}

fn granted(state: &mut State, token: String) -> HttpResponse {
    let seconds = state.token_seconds;
    let end = (seconds > 0).then(|| Instant::now() + Duration::from_secs(seconds));
    state.tokens.insert(token.clone(), end);
    HttpResponse::Ok().json(json!({
        "auth": {"client_token": token, "accessor": "a", "policies": ["default", "royal"], "lease_duration": seconds,
                 "renewable": seconds > 0, "token_type": "service", "orphan": true, "num_uses": 0},
        "data": null, "warnings": null,
    }))
}

async fn sign_in(managers: Data<Managers>, body: Json<Value>) -> HttpResponse {
    managers.dawdle().await;
    let mut state = lock(&managers.0);
    if let Some(refusal) = refused(&mut state) {
        return refusal;
    }
    let is = |name: &str| body.get(name).and_then(Value::as_str) == Some("sandbox");
    if !is("role_id") || !is("secret_id") {
        return errors(StatusCode::BAD_REQUEST, &["invalid role or secret ID"]);
    }
    state.sign_ins += 1;
    granted(&mut state, format!("hvs.{}", uuid::Uuid::new_v4().simple()))
}

async fn look_up(managers: Data<Managers>, request: HttpRequest) -> HttpResponse {
    let mut state = lock(&managers.0);
    if let Some(refusal) = refused(&mut state) {
        return refusal;
    }
    match life(&state, &token(&request)) {
        None => denied(),
        Some(left) => {
            let ttl = left.map_or(0, |left| left.as_secs());
            HttpResponse::Ok()
                .json(json!({"data": {"ttl": ttl, "renewable": ttl > 0, "policies": ["royal"]}}))
        }
    }
}

async fn renew(managers: Data<Managers>, request: HttpRequest) -> HttpResponse {
    let mut state = lock(&managers.0);
    if let Some(refusal) = refused(&mut state) {
        return refusal;
    }
    let token = token(&request);
    if life(&state, &token).is_none() {
        return denied();
    }
    state.renewals += 1;
    granted(&mut state, token)
}

async fn read(
    managers: Data<Managers>,
    place: Path<(String, String)>,
    request: HttpRequest,
) -> HttpResponse {
    managers.dawdle().await;
    let mut state = lock(&managers.0);
    if let Some(refusal) = refused(&mut state) {
        return refusal;
    }
    if state.forbidden || life(&state, &token(&request)).is_none() {
        return denied();
    }
    let (mount, path) = place.into_inner();
    let name = format!("{mount}/{path}");
    let metadata = |deleted: &str| json!({"created_time": "2026-11-01T10:00:00Z", "custom_metadata": null, "deletion_time": deleted, "destroyed": false, "version": 3});
    if let Some(fields) = state.entries.get(&name) {
        return HttpResponse::Ok().json(json!({
            "request_id": "2a1c", "lease_id": "", "renewable": false, "lease_duration": 0,
            "data": {"data": fields, "metadata": metadata("")}, "wrap_info": null, "warnings": null, "auth": null, "mount_type": "kv",
        }));
    }
    if state.deleted.contains(&name) {
        let data = json!({"data": null, "metadata": metadata("2026-11-02T10:00:00Z")});
        return HttpResponse::NotFound().json(json!({"request_id": "2a1d", "data": data}));
    }
    errors(StatusCode::NOT_FOUND, &[])
}
