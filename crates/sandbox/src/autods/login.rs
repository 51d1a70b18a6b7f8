//! The server of tokens: where it is told, clients, codes bound to a challenge, and tokens.

use actix_web::HttpResponse;
use actix_web::web::{self, Data, Form, Json, Query, ServiceConfig};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;

use crate::app::{App, lock};

const CLIENT: &str = "autods-sandbox-client";
/// The only address to which people are sent back.
const BACK: &str = "http://localhost:2048/callback";

type Fields = HashMap<String, String>;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .route(
            "/autods/.well-known/oauth-protected-resource",
            web::get().to(resource),
        )
        .route(
            "/.well-known/oauth-authorization-server/autods",
            web::get().to(server),
        )
        .route("/autods/oauth/register", web::post().to(register))
        .route("/autods/oauth2/authorize", web::get().to(authorize))
        .route("/autods/oauth2/token", web::post().to(token));
}

pub(super) fn holds(app: &App, token: &str) -> bool {
    lock(&app.autods).access.iter().any(|t| t == token)
}

async fn resource(app: Data<App>) -> HttpResponse {
    let base = app.base();
    HttpResponse::Ok().json(json!({"resource": format!("{base}/autods/mcp"), "authorization_servers": [format!("{base}/autods")]}))
}

async fn server(app: Data<App>) -> HttpResponse {
    let at = |path: &str| format!("{}/autods/{path}", app.base());
    HttpResponse::Ok().json(json!({"issuer": format!("{}/autods", app.base()), "authorization_endpoint": at("oauth2/authorize"),
        "token_endpoint": at("oauth2/token"), "registration_endpoint": at("oauth/register"), "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"], "scopes_supported": ["email", "openid", "phone", "profile"]}))
}

async fn register(body: Json<Value>) -> HttpResponse {
    if body["redirect_uris"] != json!([BACK]) {
        return HttpResponse::BadRequest().json(json!({"error": "invalid_redirect_uri"}));
    }
    HttpResponse::Created().json(
        json!({"client_id": CLIENT, "redirect_uris": [BACK], "token_endpoint_auth_method": "none"}),
    )
}

fn new() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

/// Everybody is let in at once.
async fn authorize(app: Data<App>, query: Query<Fields>) -> HttpResponse {
    let of = |name: &str| query.get(name).cloned().unwrap_or_default();
    let is_right = of("client_id") == CLIENT
        && of("redirect_uri") == BACK
        && of("response_type") == "code"
        && of("code_challenge_method") == "S256";
    if !is_right {
        return HttpResponse::BadRequest().body("this login cannot be");
    }
    let code = new();
    let challenge = of("code_challenge");
    lock(&app.autods).codes.insert(code.clone(), challenge);
    let place = format!("{BACK}?code={code}&state={}", of("state"));
    HttpResponse::Found()
        .insert_header(("location", place))
        .finish()
}

async fn token(app: Data<App>, form: Form<Fields>) -> HttpResponse {
    let of = |name: &str| form.get(name).cloned().unwrap_or_default();
    let refused = || HttpResponse::BadRequest().json(json!({"error": "invalid_grant"}));
    if of("client_id") != CLIENT {
        return HttpResponse::BadRequest().json(json!({"error": "invalid_client"}));
    }
    let mut finder = lock(&app.autods);
    match &*of("grant_type") {
        "authorization_code" => {
            let Some(challenge) = finder.codes.remove(&of("code")) else {
                return refused();
            };
            let digest = Sha256::digest(of("code_verifier").as_bytes());
            if URL_SAFE_NO_PAD.encode(digest) != challenge || of("redirect_uri") != BACK {
                return refused();
            }
            finder.logins += 1;
        }
        "refresh_token" => {
            let told = of("refresh_token");
            if !finder.refresh.contains(&told) {
                return refused();
            }
            // Each holds once, as servers that turn them over have it.
            finder.refresh.retain(|t| *t != told);
            finder.refreshes += 1;
        }
        _ => return refused(),
    }
    let (access, refresh) = (new(), new());
    finder.access.push(access.clone());
    finder.refresh.push(refresh.clone());
    HttpResponse::Ok().json(json!({"access_token": access, "refresh_token": refresh, "expires_in": 3600, "token_type": "Bearer"}))
}
