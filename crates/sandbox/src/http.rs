//! The routes.

use std::io::SeekFrom;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RANGE};
use actix_web::web::{Bytes, Data, Json, Path, Query, ServiceConfig};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use crate::app::{App, lock};
use crate::graphql::resolve::time;
use crate::shopify::answer::{Request, answer};

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/healthz", web::get().to(health))
        .route("/admin/oauth/access_token", web::post().to(token))
        .route("/admin/api/{version}/graphql.json", web::post().to(graphql))
        .route("/bulk/{file}", web::get().to(bulk_file))
        .route("/ecb/{file}", web::get().to(crate::ecb::file))
        .route("/__rates", web::get().to(crate::ecb::told))
        .route("/__ledger", web::get().to(ledger))
        .route("/__writes", web::get().to(writes))
        .route("/__faults", web::get().to(show_faults))
        .route("/__faults", web::post().to(set_faults))
        .route("/__clock", web::get().to(crate::clock::show))
        .route("/__clock", web::post().to(crate::clock::set))
        .route("/__events", web::post().to(crate::events::handle))
        .route("/__plant", web::post().to(crate::plant::handle))
        .route("/__people", web::post().to(crate::people_events::handle))
        .route("/__demand", web::get().to(crate::demand::handle))
        .route("/__truth", web::get().to(crate::truth::handle));
}

async fn health(app: Data<App>) -> HttpResponse {
    let store = app.read();
    HttpResponse::Ok().json(json!({"status": "ok", "orders": store.orders.len(), "products": store.products.len(), "now": time(app.now())}))
}

/// Client credentials become a token that counts like the static one.
async fn token(app: Data<App>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let form = request.content_type() == "application/x-www-form-urlencoded";
    let fields: Map<String, Value> = if form {
        url::form_urlencoded::parse(&body)
            .map(|(k, v)| (k.into_owned(), Value::from(v.into_owned())))
            .collect()
    } else {
        serde_json::from_slice(&body).unwrap_or_default()
    };
    let is = |name: &str, wanted: &str| fields.get(name).and_then(Value::as_str) == Some(wanted);
    if !is("grant_type", "client_credentials") {
        let error = json!({"error": "invalid_request", "error_description": "grant_type must be client_credentials"});
        return HttpResponse::BadRequest().json(error);
    }
    if !is("client_id", "sandbox") || !is("client_secret", "sandbox") {
        let error = json!({"error": "application_cannot_be_found", "error_description": "The client id or the client secret is wrong"});
        return HttpResponse::BadRequest().json(error);
    }
    let token = format!("shpat_{}", uuid::Uuid::new_v4().simple());
    lock(&app.tokens).push(token.clone());
    HttpResponse::Ok()
        .json(json!({"access_token": token, "scope": app.scopes().join(","), "expires_in": 86_399}))
}

async fn graphql(
    app: Data<App>,
    version: Path<String>,
    request: HttpRequest,
    body: Bytes,
) -> HttpResponse {
    let token = request
        .headers()
        .get("x-shopify-access-token")
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    if app.strikes("unauthorized") || !lock(&app.tokens).contains(&token) {
        let message =
            "[API] Invalid API key or access token (unrecognized login or wrong password)";
        return HttpResponse::Unauthorized().json(json!({"errors": message}));
    }
    if app.strikes("slow") {
        let ms = if app.rate("slow_ms") > 0.0 {
            app.rate("slow_ms")
        } else {
            1_500.0
        };
        tokio::time::sleep(Duration::from_secs_f64(ms / 1000.0)).await;
    }
    if app.strikes("status") {
        return broken(&app);
    }
    let Ok(parsed) = serde_json::from_slice::<Request>(&body) else {
        return HttpResponse::BadRequest()
            .json(json!({"errors": {"query": "Required parameter missing or invalid"}}));
    };
    let version = answering(&app, &version);
    let (shared, answered) = (app.clone().into_inner(), version.clone());
    let text = web::block(move || answer(&shared, &parsed, &answered))
        .await
        .unwrap_or_else(|_| Some("{}".to_owned()));
    // What is lost on its way, there or back, is never answered.
    text.map_or_else(hang_up, |text| respond(&app, text, &version))
}

/// The version that really answers.
fn answering(app: &App, asked: &str) -> String {
    use crate::graphql::resolve::VERSIONS;
    let known = VERSIONS
        .iter()
        .find(|v| **v == asked)
        .copied()
        .or((asked == "unstable").then_some("unstable"));
    app.options
        .answer_version
        .clone()
        .unwrap_or_else(|| known.unwrap_or(VERSIONS[0]).to_owned())
}

fn broken(app: &App) -> HttpResponse {
    let code = app.rate("status_code");
    let status = [429, 500, 502, 503, 504, 401, 402, 403, 404, 423]
        .into_iter()
        .find(|c| f64::from(*c) == code)
        .unwrap_or(503);
    let mut answer = HttpResponse::build(
        StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE),
    );
    if matches!(status, 429 | 503) {
        answer.insert_header(("retry-after", "2.0"));
    }
    answer
        .content_type("text/html")
        .body("<html><body><h1>Something went wrong</h1></body></html>")
}

fn respond(app: &App, text: String, version: &str) -> HttpResponse {
    if app.strikes("lost") {
        // What was asked for has been done; only the answer never arrives.
        return hang_up();
    }
    if app.strikes("nonsense") {
        return HttpResponse::Ok()
            .content_type("text/html")
            .body("<!DOCTYPE html><html><body>Please wait, you are being redirected");
    }
    if app.strikes("cut") {
        let length = text.len();
        return cut(Bytes::from(text).slice(..length / 2), length);
    }
    let mut answer = HttpResponse::Ok();
    if let Ok(value) = HeaderValue::from_str(version) {
        answer.insert_header(("x-shopify-api-version", value));
    }
    answer
        .insert_header(("x-request-id", uuid::Uuid::new_v4().to_string()))
        .content_type("application/json; charset=utf-8")
        .body(text)
}

/// A body that ends before its announced length.
fn cut(part: Bytes, whole: usize) -> HttpResponse {
    let end = async {
        // What was written must have left before the line is cut.
        tokio::time::sleep(Duration::from_millis(20)).await;
        Err(std::io::Error::other("cut"))
    };
    let start = futures::stream::once(std::future::ready(Ok::<Bytes, std::io::Error>(part)));
    let body = futures::StreamExt::chain(start, futures::stream::once(end));
    HttpResponse::Ok()
        .no_chunking(whole as u64)
        .content_type("application/json; charset=utf-8")
        .streaming(Box::pin(body))
}

/// The line is cut before anything was said.
pub(crate) fn hang_up() -> HttpResponse {
    let nothing = futures::stream::iter([Err::<Bytes, _>(std::io::Error::other("lost"))]);
    HttpResponse::Ok().streaming(nothing)
}

/// The file of a bulk operation; a range may be asked for, to go on after a break.
async fn bulk_file(app: Data<App>, name: Path<String>, request: HttpRequest) -> HttpResponse {
    let number = name.strip_suffix(".jsonl").and_then(|n| n.parse().ok());
    let Some(job) = number.and_then(|n| app.jobs.find(n)) else {
        return HttpResponse::NotFound().finish();
    };
    let Ok(mut file) = tokio::fs::File::open(job.file(&app)).await else {
        return HttpResponse::NotFound().finish();
    };
    let size = file.metadata().await.map_or(0, |m| m.len());
    let from = request
        .headers()
        .get(RANGE)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| {
            v.strip_prefix("bytes=")?
                .strip_suffix('-')?
                .parse::<u64>()
                .ok()
        });
    let start = from.unwrap_or(0).min(size);
    if file.seek(SeekFrom::Start(start)).await.is_err() {
        return HttpResponse::InternalServerError().finish();
    }
    if app.strikes("bulk_cut") {
        let part = ReaderStream::new(file.take((size - start) / 2));
        let broken = futures::stream::iter([Err(std::io::Error::other("cut"))]);
        return HttpResponse::Ok()
            .content_type("application/jsonl")
            .streaming(futures::StreamExt::chain(part, broken));
    }
    let mut answer = if from.is_some() {
        HttpResponse::PartialContent()
    } else {
        HttpResponse::Ok()
    };
    if from.is_some() {
        answer.insert_header((
            "content-range",
            format!("bytes {start}-{}/{size}", size.saturating_sub(1)),
        ));
    }
    answer
        .no_chunking(size - start)
        .content_type("application/jsonl")
        .streaming(ReaderStream::with_capacity(file, 64 * 1024))
}

async fn ledger(app: Data<App>) -> HttpResponse {
    HttpResponse::Ok().json(json!({"writes": app.ledger()}))
}

/// Every change that was made, and every repeat that was answered out of what is remembered under its key.
async fn writes(app: Data<App>) -> HttpResponse {
    HttpResponse::Ok().json(lock(&app.writes).to_json())
}

async fn show_faults(app: Data<App>) -> HttpResponse {
    HttpResponse::Ok().json(lock(&app.faults).to_json())
}

/// Rates by name; `{"reset": true}` clears all first; `{"scopes": ["read_orders"]}` changes what the token may see.
async fn set_faults(app: Data<App>, body: Json<Map<String, Value>>) -> HttpResponse {
    let mut faults = lock(&app.faults).clone();
    if body.get("reset").and_then(Value::as_bool).unwrap_or(false) {
        faults = crate::faults::Faults::default();
        lock(&app.bucket).fill();
        app.scopes
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone_from(&app.options.scopes);
    }
    for (name, value) in body.iter().filter(|(n, _)| *n != "reset") {
        if name == "scopes" {
            let list: Vec<String> = match value {
                Value::String(text) => text.split(',').map(str::to_owned).collect(),
                other => serde_json::from_value(other.clone()).unwrap_or_default(),
            };
            *app.scopes
                .write()
                .unwrap_or_else(std::sync::PoisonError::into_inner) = list;
            continue;
        }
        let Some(rate) = value.as_f64() else {
            return refuse(&format!("the rate of {name} is no number"));
        };
        if let Err(problem) = faults.set(name, rate) {
            return refuse(&problem);
        }
    }
    let shown = faults.to_json();
    *lock(&app.faults) = faults;
    HttpResponse::Ok().json(shown)
}

pub(crate) fn refuse(problem: &str) -> HttpResponse {
    HttpResponse::BadRequest().json(json!({"error": problem}))
}

/// What `GET /__truth` is asked.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct TruthArguments {
    pub(crate) from: Option<chrono::NaiveDate>,
    pub(crate) to: Option<chrono::NaiveDate>,
    pub(crate) by: Option<crate::truth::By>,
}

pub(crate) type TruthQuery = Query<TruthArguments>;
