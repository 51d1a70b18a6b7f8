//! A tracker beside the shop: GitHub's REST API below `/github`, with one repository, its issues, their comments and its dispatches.
//!
//! `GET /__github` tells what stands there and what was called; `POST /__github` closes or deletes an issue, sets how many calls are left in
//! the hour, and adds issues of others. Nothing here has a key against a second one: who sends twice has two.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, Json, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

use crate::app::{App, lock};
use crate::http::hang_up;

pub const GITHUB_TOKEN: &str = "github_pat_sandbox";
pub const GITHUB_REPOSITORY: &str = "royal/operations";
const LIMIT: u64 = 5000;
/// Of a body, in characters.
const LONGEST_BODY: usize = 65_536;

#[derive(Debug, Clone)]
struct Issue {
    number: u64,
    title: String,
    body: String,
    labels: Vec<String>,
    open: bool,
    is_pull: bool,
    comments: Vec<String>,
    at: i64,
}

#[derive(Debug)]
pub(crate) struct Repository {
    issues: Vec<Issue>,
    next: u64,
    dispatches: Vec<Value>,
    calls: BTreeMap<String, u64>,
    left: u64,
    has_issues: bool,
    private: bool,
}

impl Default for Repository {
    fn default() -> Self {
        Self {
            issues: Vec::new(),
            next: 1,
            dispatches: Vec::new(),
            calls: BTreeMap::new(),
            left: LIMIT,
            has_issues: true,
            private: true,
        }
    }
}

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/github/rate_limit", web::get().to(rate_limit))
        .route("/github/{tail:.*}", web::route().to(call))
        .route("/__github", web::get().to(show))
        .route("/__github", web::post().to(change));
}

fn time(at: i64) -> String {
    let at = DateTime::from_timestamp(at, 0).unwrap_or_default();
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

impl Issue {
    fn json(&self, base: &str) -> Value {
        let mut told = json!({
            "id": 9_000_000_000_u64 + self.number, "number": self.number,
            "url": format!("{base}/github/repos/{GITHUB_REPOSITORY}/issues/{}", self.number),
            "html_url": format!("{base}/{GITHUB_REPOSITORY}/issues/{}", self.number),
            "state": if self.open { "open" } else { "closed" }, "state_reason": null,
            "title": self.title, "body": self.body, "comments": self.comments.len(),
            "labels": self.labels.iter().map(|name| json!({"name": name})).collect::<Vec<_>>(),
            "user": {"login": "royal-bot"}, "created_at": time(self.at), "updated_at": time(self.at),
        });
        if self.is_pull {
            told["pull_request"] = json!({"url": "…"});
        }
        told
    }
}

/// With the headers of the hour's limit.
fn headed(app: &App, status: StatusCode) -> HttpResponseBuilder {
    let left = lock(&app.github).left;
    let reset = app.now() + 3600;
    let mut answer = HttpResponse::build(status);
    answer
        .insert_header(("x-ratelimit-limit", LIMIT))
        .insert_header(("x-ratelimit-remaining", left))
        .insert_header(("x-ratelimit-used", LIMIT - left.min(LIMIT)))
        .insert_header(("x-ratelimit-reset", reset))
        .insert_header(("x-ratelimit-resource", "core"))
        .insert_header(("x-github-request-id", "A"));
    if let Some(now) = DateTime::from_timestamp(app.now(), 0) {
        answer.insert_header(("date", now.to_rfc2822()));
    }
    answer
}

fn refused(app: &App, status: u16, message: &str) -> HttpResponse {
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    headed(app, code).json(json!({"message": message, "status": status.to_string(),
        "documentation_url": "https://docs.github.com/rest"}))
}

fn invalid(app: &App, resource: &str, field: &str, code: &str) -> HttpResponse {
    headed(app, StatusCode::UNPROCESSABLE_ENTITY).json(
        json!({"message": "Validation Failed", "status": "422",
        "errors": [{"resource": resource, "field": field, "code": code}],
        "documentation_url": "https://docs.github.com/rest"}),
    )
}

/// What stands before every call.
fn admitted(app: &App, request: &HttpRequest, counts: bool) -> Option<HttpResponse> {
    let header = |name: &str| {
        let value = request.headers().get(name)?.to_str().ok()?;
        Some(value.to_owned())
    };
    if header("user-agent").is_none_or(|agent| agent.is_empty()) {
        let message = "Request forbidden by administrative rules. Please make sure your request has a User-Agent header";
        return Some(refused(app, 403, message));
    }
    if !header("accept")
        .unwrap_or_default()
        .contains("application/vnd.github+json")
    {
        return Some(refused(app, 415, "Unsupported 'Accept' header"));
    }
    let version = header("x-github-api-version").unwrap_or_default();
    if !["2022-11-28", "2026-03-10"].contains(&version.as_str()) {
        return Some(refused(app, 400, "The version of the API is not supported"));
    }
    let token = header("authorization").unwrap_or_default();
    if token != format!("Bearer {GITHUB_TOKEN}") || app.strikes("gh_token") {
        return Some(refused(app, 401, "Bad credentials"));
    }
    if app.strikes("gh_status") {
        return Some(refused(app, 502, "Server Error"));
    }
    if app.strikes("gh_secondary") {
        let message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
        let mut answer = headed(app, StatusCode::FORBIDDEN);
        let wait = app.rate("gh_wait");
        if wait > 0.0 {
            answer.insert_header(("retry-after", wait.round().to_string()));
        }
        return Some(
            answer
                .json(json!({"message": message, "documentation_url": "https://docs.github.com"})),
        );
    }
    if counts {
        if lock(&app.github).left == 0 {
            return Some(refused(app, 403, "API rate limit exceeded for user ID 1."));
        }
        lock(&app.github).left -= 1;
    }
    None
}

/// Free, as GitHub's is.
async fn rate_limit(app: Data<App>, request: HttpRequest) -> HttpResponse {
    if let Some(not) = admitted(&app, &request, false) {
        return not;
    }
    let (left, reset) = (lock(&app.github).left, app.now() + 3600);
    let core = json!({"limit": LIMIT, "remaining": left, "reset": reset, "used": LIMIT - left.min(LIMIT), "resource": "core"});
    headed(&app, StatusCode::OK).json(json!({"resources": {"core": core}, "rate": core}))
}

async fn call(
    app: Data<App>,
    path: web::Path<String>,
    request: HttpRequest,
    query: Query<HashMap<String, String>>,
    body: Bytes,
) -> HttpResponse {
    if let Some(not) = admitted(&app, &request, true) {
        return not;
    }
    let method = request.method().as_str();
    let Some(rest) = path.strip_prefix(&format!("repos/{GITHUB_REPOSITORY}")) else {
        return refused(&app, 404, "Not Found");
    };
    let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    let name = format!("{method} {}", parts.first().unwrap_or(&"repository"));
    *lock(&app.github).calls.entry(name).or_default() += 1;
    if method != "GET" {
        if app.strikes("gh_denied") {
            return refused(
                &app,
                403,
                "Resource not accessible by personal access token",
            );
        }
        if app.strikes("gh_unsent") {
            return hang_up();
        }
    }
    let body: Value = match serde_json::from_slice(&body) {
        Ok(body) => body,
        Err(_) if method == "GET" => Value::Null,
        Err(_) => return refused(&app, 400, "Problems parsing JSON"),
    };
    let done = match (method, parts.as_slice()) {
        ("GET", []) => repository(&app),
        ("POST", ["dispatches"]) => dispatch(&app, &body),
        (_, ["issues", ..]) if !lock(&app.github).has_issues => {
            refused(&app, 410, "Issues has been disabled in this repository.")
        }
        ("GET", ["issues"]) => list(&app, &query),
        ("POST", ["issues"]) => open(&app, &body),
        ("PATCH", ["issues", number]) => set(&app, number, &body),
        ("GET", ["issues", number, "comments"]) => comments(&app, number, &query),
        ("POST", ["issues", number, "comments"]) => comment(&app, number, &body),
        _ => refused(&app, 404, "Not Found"),
    };
    if method != "GET" && done.status().is_success() && app.strikes("gh_lost") {
        return hang_up();
    }
    done
}

fn repository(app: &App) -> HttpResponse {
    let (has_issues, private) = {
        let own = lock(&app.github);
        (own.has_issues, own.private)
    };
    headed(app, StatusCode::OK).json(
        json!({"id": 1, "name": "operations", "full_name": GITHUB_REPOSITORY,
        "private": private, "archived": false, "has_issues": has_issues,
        "permissions": {"admin": false, "push": true, "pull": true}}),
    )
}

/// A page of a list, and the link to the next one.
fn page(app: &App, query: &HashMap<String, String>, all: Vec<Value>) -> HttpResponse {
    let number = |name: &str, usual: usize| {
        let number = query.get(name).and_then(|text| text.parse().ok());
        number.unwrap_or(usual).max(1)
    };
    let (size, page) = (number("per_page", 30).min(100), number("page", 1));
    let rest = all.len().saturating_sub(size * page);
    let items: Vec<Value> = all.into_iter().skip(size * (page - 1)).take(size).collect();
    let mut answer = headed(app, StatusCode::OK);
    if rest > 0 {
        let next = format!("<{}/next?page={}>; rel=\"next\"", app.base(), page + 1);
        answer.insert_header(("link", next));
    }
    answer.json(items)
}

fn list(app: &App, query: &HashMap<String, String>) -> HttpResponse {
    let text = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let wanted: Vec<String> = text("labels")
        .split(',')
        .filter(|l| !l.is_empty())
        .map(str::to_owned)
        .collect();
    let state = if text("state").is_empty() {
        "open"
    } else {
        text("state")
    };
    let mut found: Vec<Issue> = {
        let own = lock(&app.github);
        let fits = |i: &&Issue| {
            (state == "all" || (state == "open") == i.open)
                && wanted.iter().all(|label| i.labels.contains(label))
        };
        own.issues.iter().filter(fits).cloned().collect()
    };
    if text("direction") != "asc" {
        found.reverse();
    }
    let base = app.base().to_owned();
    page(app, query, found.iter().map(|i| i.json(&base)).collect())
}

fn open(app: &App, body: &Value) -> HttpResponse {
    let Some(title) = body["title"].as_str().filter(|title| !title.is_empty()) else {
        return invalid(app, "Issue", "title", "missing_field");
    };
    let text = body["body"].as_str().unwrap_or_default();
    if text.chars().count() > LONGEST_BODY || title.chars().count() > 256 {
        return invalid(app, "Issue", "body", "too_long");
    }
    let labels = body["labels"].as_array().cloned().unwrap_or_default();
    let labels: Option<Vec<String>> = labels
        .iter()
        .map(|l| l.as_str().map(str::to_owned))
        .collect();
    let Some(labels) = labels else {
        return invalid(app, "Issue", "labels", "invalid");
    };
    let made = add(app, title, text, labels, false);
    headed(app, StatusCode::CREATED).json(made.json(app.base()))
}

fn add(app: &App, title: &str, body: &str, labels: Vec<String>, is_pull: bool) -> Issue {
    let at = app.now();
    let mut own = lock(&app.github);
    let made = Issue {
        number: own.next,
        title: title.to_owned(),
        body: body.to_owned(),
        labels,
        open: true,
        is_pull,
        comments: Vec::new(),
        at,
    };
    own.next += 1;
    own.issues.push(made.clone());
    made
}

/// Answers what it made of the issue.
fn with<T>(app: &App, number: &str, act: impl FnOnce(&mut Issue) -> T) -> Option<T> {
    let number: u64 = number.parse().ok()?;
    let mut own = lock(&app.github);
    own.issues.iter_mut().find(|i| i.number == number).map(act)
}

fn set(app: &App, number: &str, body: &Value) -> HttpResponse {
    let open = match body["state"].as_str() {
        Some("open") => true,
        Some("closed") => false,
        _ => return invalid(app, "Issue", "state", "invalid"),
    };
    if !matches!(
        body["state_reason"].as_str(),
        None | Some("completed" | "not_planned" | "reopened" | "duplicate")
    ) {
        return invalid(app, "Issue", "state_reason", "invalid");
    }
    let set = with(app, number, |issue| {
        issue.open = open;
        issue.clone()
    });
    match set {
        Some(issue) => headed(app, StatusCode::OK).json(issue.json(app.base())),
        None => refused(app, 404, "Not Found"),
    }
}

fn comments(app: &App, number: &str, query: &HashMap<String, String>) -> HttpResponse {
    match with(app, number, |issue| issue.comments.clone()) {
        Some(all) => {
            let all = all.iter().enumerate();
            page(
                app,
                query,
                all.map(|(id, body)| json!({"id": id, "body": body}))
                    .collect(),
            )
        }
        None => refused(app, 404, "Not Found"),
    }
}

fn comment(app: &App, number: &str, body: &Value) -> HttpResponse {
    let Some(text) = body["body"].as_str().filter(|text| !text.is_empty()) else {
        return invalid(app, "IssueComment", "body", "missing_field");
    };
    if text.chars().count() > LONGEST_BODY {
        return invalid(app, "IssueComment", "body", "too_long");
    }
    match with(app, number, |issue| issue.comments.push(text.to_owned())) {
        Some(()) => headed(app, StatusCode::CREATED).json(json!({"id": 1, "body": text})),
        None => refused(app, 404, "Not Found"),
    }
}

fn dispatch(app: &App, body: &Value) -> HttpResponse {
    let name = body["event_type"].as_str().unwrap_or_default();
    if name.is_empty() || name.chars().count() > 100 {
        return invalid(app, "RepositoryDispatch", "event_type", "invalid");
    }
    let payload = &body["client_payload"];
    let keys = payload.as_object().map_or(0, serde_json::Map::len);
    if keys > 10 || !(payload.is_null() || payload.is_object()) {
        let message = "No more than 10 properties are allowed; 11 were supplied.";
        return refused(app, 422, message);
    }
    lock(&app.github).dispatches.push(body.clone());
    headed(app, StatusCode::NO_CONTENT).finish()
}

pub(crate) fn told(app: &App) -> Value {
    let own = lock(&app.github);
    let issues = own.issues.iter().map(|i| {
        json!({"number": i.number, "title": i.title, "body": i.body, "labels": i.labels, "open": i.open, "comments": i.comments})
    });
    json!({"repository": GITHUB_REPOSITORY, "issues": issues.collect::<Vec<_>>(), "dispatches": own.dispatches,
        "calls": own.calls, "left": own.left})
}

pub(crate) fn apply(app: &App, change: &Value) -> Result<(), String> {
    for (name, value) in change.as_object().ok_or("a change is an object")? {
        let number = value.as_u64().unwrap_or_default();
        match name.as_str() {
            "left" => lock(&app.github).left = number,
            "has_issues" => lock(&app.github).has_issues = value == true,
            "private" => lock(&app.github).private = value == true,
            "close" => drop(with(app, &number.to_string(), |issue| issue.open = false)),
            "delete" => lock(&app.github).issues.retain(|i| i.number != number),
            // Of others: every second one is a pull request.
            "others" => {
                for n in 0..number {
                    add(
                        app,
                        "Of others",
                        "nothing of ours",
                        vec!["royal-equips".to_owned()],
                        n % 2 == 1,
                    );
                }
            }
            _ => return Err(format!("unknown change {name}")),
        }
    }
    Ok(())
}

async fn show(app: Data<App>) -> HttpResponse {
    HttpResponse::Ok().json(told(&app))
}

async fn change(app: Data<App>, body: Json<Value>) -> HttpResponse {
    match apply(&app, &body) {
        Ok(()) => HttpResponse::Ok().json(told(&app)),
        Err(why) => HttpResponse::BadRequest().json(json!({ "error": why })),
    }
}
