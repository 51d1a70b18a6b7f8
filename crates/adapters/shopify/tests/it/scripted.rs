//! A small server on a port of its own that answers what a test says, and remembers what it was asked.

use actix_web::dev::ServerHandle;
use actix_web::web::{Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use futures::stream;
use serde_json::{Value, json};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// `OrdersPage`; `GET /file` and `POST /admin/oauth/access_token` for what is no GraphQL.
    pub(crate) name: String,
    pub(crate) query: String,
    pub(crate) variables: Value,
    pub(crate) token: String,
    /// How often the same was asked before.
    pub(crate) nth: usize,
    pub(crate) range: Option<String>,
}

pub(crate) enum Answer {
    Json(Value),
    Status(u16, &'static [(&'static str, &'static str)]),
    /// Lines of a result file.
    Lines(Vec<Value>),
    /// Part of the lines; the rest comes when the range is asked for.
    CutLines(Vec<Value>, usize),
    /// The line breaks before anything is answered.
    Lost,
    /// Never answers.
    Silence,
}

type Script = Box<dyn Fn(&Asked) -> Answer + Send + Sync>;

pub(crate) struct Scripted {
    pub(crate) base: String,
    state: Arc<State>,
    handle: ServerHandle,
}

struct State {
    script: Script,
    log: Mutex<Vec<Asked>>,
}

impl State {
    fn remember(&self, mut asked: Asked) -> Asked {
        let mut log = self.log.lock().unwrap();
        asked.nth = log.iter().filter(|a| a.name == asked.name).count();
        log.push(asked.clone());
        asked
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        let handle = self.handle.clone();
        tokio::spawn(async move { handle.stop(false).await });
    }
}

impl Scripted {
    pub(crate) async fn start(script: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        Self::starting(|_| script).await
    }

    /// For scripts that have to name the server's own address.
    pub(crate) async fn starting<S>(script: impl FnOnce(String) -> S) -> Self
    where
        S: Fn(&Asked) -> Answer + Send + Sync + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(State {
            script: Box::new(script(base.clone())),
            log: Mutex::default(),
        });
        let data = Data::from(Arc::clone(&state));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .default_service(web::to(handle))
        })
        .workers(1)
        .disable_signals()
        .listen(listener)
        .unwrap()
        .run();
        let handle = server.handle();
        tokio::spawn(server);
        Self {
            base,
            state,
            handle,
        }
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.state.log.lock().unwrap().clone()
    }

    pub(crate) fn times(&self, name: &str) -> usize {
        self.asked().iter().filter(|a| a.name == name).count()
    }

    /// The last request of a name.
    #[track_caller]
    pub(crate) fn last(&self, name: &str) -> Asked {
        let found = self.asked().into_iter().rev().find(|a| a.name == name);
        found.unwrap_or_else(|| panic!("{name} was never asked"))
    }
}

async fn handle(request: HttpRequest, body: Bytes, state: Data<State>) -> HttpResponse {
    let header = |name: &str| {
        let value = request.headers().get(name).and_then(|v| v.to_str().ok());
        value.map(str::to_owned)
    };
    let sent: Value = serde_json::from_slice(&body).unwrap_or_default();
    let query = sent["query"].as_str().unwrap_or_default().to_owned();
    let name = query.split_whitespace().nth(1).unwrap_or_default();
    let name = match name.split(['(', '{']).next() {
        Some(name) if !name.is_empty() => name.to_owned(),
        _ => format!("{} {}", request.method(), request.path()),
    };
    let asked = state.remember(Asked {
        nth: 0,
        name,
        query,
        variables: sent["variables"].clone(),
        token: header("x-shopify-access-token").unwrap_or_default(),
        range: header("range"),
    });
    match (state.script)(&asked) {
        Answer::Json(value) => HttpResponse::Ok()
            .insert_header(("X-Shopify-API-Version", "2026-10"))
            .json(value),
        Answer::Status(status, headers) => {
            let status = actix_web::http::StatusCode::from_u16(status).unwrap();
            let mut answer = HttpResponse::build(status);
            for header in headers {
                answer.insert_header(*header);
            }
            answer.content_type("text/html").body("<html></html>")
        }
        Answer::Lines(lines) => file(&lines, None, asked.range.as_deref()),
        Answer::CutLines(lines, at) => file(&lines, Some(at), asked.range.as_deref()),
        Answer::Lost => HttpResponse::Ok()
            .no_chunking(1_000)
            .streaming(stream::once(async {
                Err::<Bytes, _>(std::io::Error::other("cut"))
            })),
        Answer::Silence => {
            futures::future::pending::<()>().await;
            HttpResponse::Ok().finish()
        }
    }
}

fn file(lines: &[Value], cut: Option<usize>, range: Option<&str>) -> HttpResponse {
    let text: String = lines.iter().map(|l| format!("{l}\n")).collect();
    let whole = Bytes::from(text);
    let start: usize = range
        .and_then(|r| r.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok())
        .unwrap_or(0);
    let mut answer = if start > 0 {
        let mut part = HttpResponse::PartialContent();
        let end = whole.len() - 1;
        part.insert_header((
            "Content-Range",
            format!("bytes {start}-{end}/{}", whole.len()),
        ));
        part
    } else {
        HttpResponse::Ok()
    };
    answer
        .content_type("application/jsonl")
        .insert_header(("ETag", "\"one\""));
    let rest = whole.slice(start..);
    match cut.filter(|at| start < *at) {
        None => answer.body(rest),
        Some(at) => {
            let begun = rest.slice(..at - start);
            let pieces = [Ok(begun), Err(std::io::Error::other("cut"))];
            answer
                .no_chunking(rest.len() as u64)
                .streaming(stream::iter(pieces))
        }
    }
}

/// `data` with the cost that every answer carries.
pub(crate) fn data(data: Value) -> Answer {
    Answer::Json(json!({ "data": data, "extensions": { "cost": cost(2000.0) } }))
}

pub(crate) fn cost(available: f64) -> Value {
    json!({
        "requestedQueryCost": 10, "actualQueryCost": 10,
        "throttleStatus": { "maximumAvailable": 2000, "currentlyAvailable": available, "restoreRate": 1000 }
    })
}

/// An answer without data.
pub(crate) fn refused(code: &str, path: &[&str]) -> Answer {
    Answer::Json(json!({ "errors": [error(code, path)] }))
}

pub(crate) fn error(code: &str, path: &[&str]) -> Value {
    json!({
        "message": format!("{code} for {path:?}"),
        "path": path,
        "extensions": { "code": code, "requiredAccess": "`read_something` access scope." }
    })
}

pub(crate) fn page(root: &str, nodes: Vec<Value>, next: Option<&str>) -> Answer {
    data(json!({ root: connection(nodes, next) }))
}

pub(crate) fn connection(nodes: Vec<Value>, next: Option<&str>) -> Value {
    json!({ "nodes": nodes, "pageInfo": { "hasNextPage": next.is_some(), "endCursor": next } })
}
