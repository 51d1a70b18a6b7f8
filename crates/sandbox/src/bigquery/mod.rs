//! A warehouse beside the shop: BigQuery's API v2 below `/bigquery`, its uploads below `/bigquery-upload`, and its tokens at
//! `/bigquery-token`. It verifies assertions, knows one dataset, checks the types of rows, and keeps partitions in memory.
//!
//! `GET /__bigquery` tells jobs, tables and rows, `GET /__bigquery/credentials` the file of the service account. A job runs until it was looked at once, and fails as its faults say.

mod job;
mod key;
mod types;

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, Form, Json, PayloadConfig, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

use crate::app::{App, lock};
use crate::http::hang_up;

pub const PROJECT: &str = "sandbox-project";
pub const DATASET: &str = "royal";
pub const LOCATION: &str = "EU";
const EMAIL: &str = "loader@sandbox-project.iam.gserviceaccount.com";
/// Of an upload.
const LARGEST: usize = 64 << 20;

#[derive(Debug, Default)]
pub(crate) struct Warehouse {
    tokens: Vec<String>,
    jobs: BTreeMap<String, job::Job>,
    /// Schema by table.
    schemas: BTreeMap<String, Value>,
    /// Rows by table and partition.
    rows: BTreeMap<(String, String), Vec<Value>>,
    calls: BTreeMap<String, u64>,
}

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/bigquery-token", web::post().to(token))
        .service(
            web::resource("/bigquery-upload/projects/{project}/jobs")
                .app_data(PayloadConfig::new(LARGEST))
                .route(web::post().to(upload)),
        )
        .route(
            "/bigquery/projects/{project}/datasets/{dataset}",
            web::get().to(dataset),
        )
        .route(
            "/bigquery/projects/{project}/queries",
            web::post().to(query),
        )
        .route(
            "/bigquery/projects/{project}/jobs/{job}",
            web::get().to(look),
        )
        .route("/__bigquery", web::get().to(show))
        .route("/__bigquery/credentials", web::get().to(file));
}

async fn file() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(credentials())
}

/// The file of the service account, with its key.
#[must_use]
pub fn credentials() -> String {
    let text = key::KEY;
    let (begin, end) = ("-----BEGIN ", "-----END ");
    let kind = "PRIVATE KEY-----";
    json!({"type": "service_account", "project_id": PROJECT, "private_key_id": "sandbox",
        "private_key": format!("{begin}{kind}\n{text}\n{end}{kind}\n"), "client_email": EMAIL,
        "token_uri": "https://oauth2.googleapis.com/token"})
    .to_string()
}

fn refused(status: u16, reason: &str, message: &str) -> HttpResponse {
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    HttpResponse::build(code).json(json!({"error": {"code": status, "message": message,
        "errors": [{"message": message, "domain": "global", "reason": reason}], "status": reason}}))
}

/// What is wrong with an assertion; Google says `invalid_grant` to all of it.
fn verified(app: &App, assertion: &str) -> Result<(), String> {
    let (signed, signature) = assertion.rsplit_once('.').ok_or("no JWT")?;
    let (header, claims) = signed.split_once('.').ok_or("no JWT")?;
    let read = |part: &str| -> Option<Value> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
    };
    let header = read(header).ok_or("no header")?;
    let claims = read(claims).ok_or("no claims")?;
    if header["alg"] != "RS256" || claims["iss"] != EMAIL {
        return Err("Invalid grant: account not found".to_owned());
    }
    let der = STANDARD.decode(key::KEY).map_err(|e| e.to_string())?;
    let pair = RsaKeyPair::from_pkcs8(&der).map_err(|e| e.to_string())?;
    let signature = URL_SAFE_NO_PAD
        .decode(signature)
        .map_err(|e| e.to_string())?;
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, pair.public().as_ref())
        .verify(signed.as_bytes(), &signature)
        .map_err(|_| "Invalid JWT Signature.")?;
    let audience = format!("{}/bigquery-token", app.base());
    if claims["aud"] != audience {
        return Err("Invalid JWT: wrong audience".to_owned());
    }
    let (from, until) = (claims["iat"].as_i64(), claims["exp"].as_i64());
    let (from, until) = from.zip(until).ok_or("Invalid JWT: no times")?;
    let now = chrono::Utc::now().timestamp();
    if until - from > 3600 || from > now + 60 || until < now {
        return Err("Invalid JWT: Token must be a short-lived token (60 minutes)".to_owned());
    }
    let scope = claims["scope"].as_str().unwrap_or_default();
    if scope != "https://www.googleapis.com/auth/bigquery" {
        return Err("Invalid OAuth scope".to_owned());
    }
    Ok(())
}

async fn token(app: Data<App>, form: Form<HashMap<String, String>>) -> HttpResponse {
    let text = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    if text("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer" {
        return HttpResponse::BadRequest().json(json!({"error": "unsupported_grant_type"}));
    }
    if let Err(why) = verified(&app, text("assertion")) {
        return HttpResponse::BadRequest()
            .json(json!({"error": "invalid_grant", "error_description": why}));
    }
    let token = format!("ya29.{}", uuid::Uuid::new_v4().simple());
    lock(&app.warehouse).tokens.push(token.clone());
    HttpResponse::Ok()
        .json(json!({"access_token": token, "expires_in": 3599, "token_type": "Bearer"}))
}

/// What stands before every call.
fn admitted(app: &App, request: &HttpRequest, project: &str, name: &str) -> Option<HttpResponse> {
    *lock(&app.warehouse)
        .calls
        .entry(name.to_owned())
        .or_default() += 1;
    let header = request.headers().get("authorization");
    let header = header.and_then(|v| v.to_str().ok()).unwrap_or_default();
    let token = header.strip_prefix("Bearer ").unwrap_or_default();
    if app.strikes("bq_token") {
        lock(&app.warehouse).tokens.clear();
    }
    if !lock(&app.warehouse)
        .tokens
        .iter()
        .any(|known| known == token)
    {
        return Some(refused(401, "authError", "Invalid Credentials"));
    }
    if app.strikes("bq_status") {
        return Some(refused(
            503,
            "backendError",
            "Error encountered during execution. Retrying may solve the problem.",
        ));
    }
    if app.strikes("bq_limit") {
        return Some(refused(
            403,
            "rateLimitExceeded",
            "Exceeded rate limits: too many api requests",
        ));
    }
    if app.strikes("bq_quota") {
        return Some(refused(
            403,
            "quotaExceeded",
            "Quota exceeded: Your project exceeded quota for imports per table",
        ));
    }
    if app.strikes("bq_denied") {
        return Some(refused(
            403,
            "accessDenied",
            "Access Denied: User does not have bigquery.jobs.create permission",
        ));
    }
    (project != PROJECT).then(|| refused(404, "notFound", &format!("Not found: Project {project}")))
}

async fn dataset(
    app: Data<App>,
    path: web::Path<(String, String)>,
    request: HttpRequest,
) -> HttpResponse {
    let (project, name) = path.into_inner();
    if let Some(not) = admitted(&app, &request, &project, "datasets.get") {
        return not;
    }
    if name != DATASET {
        return refused(
            404,
            "notFound",
            &format!("Not found: Dataset {project}:{name}"),
        );
    }
    HttpResponse::Ok().json(
        json!({"kind": "bigquery#dataset", "id": format!("{project}:{name}"), "location": LOCATION,
        "datasetReference": {"datasetId": name, "projectId": project}}),
    )
}

async fn query(
    app: Data<App>,
    project: web::Path<String>,
    request: HttpRequest,
    body: Json<Value>,
) -> HttpResponse {
    if let Some(not) = admitted(&app, &request, &project, "jobs.query") {
        return not;
    }
    if body["dryRun"] != true || body["useLegacySql"] != false || !body["query"].is_string() {
        return refused(
            400,
            "invalidQuery",
            "only dry runs of standard SQL are answered here",
        );
    }
    HttpResponse::Ok().json(
        json!({"kind": "bigquery#queryResponse", "jobComplete": true, "totalBytesProcessed": "0",
        "schema": {"fields": []}}),
    )
}

async fn upload(
    app: Data<App>,
    project: web::Path<String>,
    query: Query<HashMap<String, String>>,
    request: HttpRequest,
    body: Bytes,
) -> HttpResponse {
    if let Some(not) = admitted(&app, &request, &project, "jobs.insert") {
        return not;
    }
    if app.strikes("bq_unsent") {
        return hang_up();
    }
    if query
        .get("uploadType")
        .is_none_or(|kind| kind != "multipart")
    {
        return refused(400, "badRequest", "uploadType");
    }
    let kind = request.headers().get("content-type");
    let kind = kind.and_then(|v| v.to_str().ok()).unwrap_or_default();
    let parts = job::parts(kind, &body);
    let done = match parts.and_then(|(configuration, rows)| job::insert(&app, configuration, rows))
    {
        Ok(told) => HttpResponse::Ok().json(told),
        Err((status, reason, message)) => refused(status, reason, &message),
    };
    if app.strikes("bq_lost") {
        return hang_up();
    }
    done
}

async fn look(
    app: Data<App>,
    path: web::Path<(String, String)>,
    query: Query<HashMap<String, String>>,
    request: HttpRequest,
) -> HttpResponse {
    let (project, name) = path.into_inner();
    if let Some(not) = admitted(&app, &request, &project, "jobs.get") {
        return not;
    }
    let here = query.get("location").is_some_and(|place| place == LOCATION);
    match job::look(&app, &name).filter(|_| here) {
        Some(told) => HttpResponse::Ok().json(told),
        None => refused(404, "notFound", &format!("Not found: Job {project}:{name}")),
    }
}

pub(crate) fn told(app: &App) -> Value {
    let own = lock(&app.warehouse);
    let mut tables: BTreeMap<&str, BTreeMap<&str, &Vec<Value>>> = BTreeMap::new();
    for ((table, partition), rows) in &own.rows {
        tables.entry(table).or_default().insert(partition, rows);
    }
    let jobs = own.jobs.values().map(job::Job::told);
    json!({"jobs": jobs.collect::<Vec<_>>(), "tables": tables, "schemas": own.schemas, "calls": own.calls,
        "tokens": own.tokens.len()})
}

async fn show(app: Data<App>) -> HttpResponse {
    HttpResponse::Ok().json(told(&app))
}
