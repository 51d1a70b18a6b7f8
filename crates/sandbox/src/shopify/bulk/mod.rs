//! Bulk operations and their states.

mod rows;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use apollo_compiler::ExecutableDocument;
use serde_json::Map;

use crate::app::{App, Shared, lock};
use crate::graphql::execute::Writer;
use crate::graphql::plan::Compiler;
use crate::graphql::resolve::bulk_object;
use crate::graphql::schema;
use crate::graphql::value::{Object, Value};
use crate::store::{Seconds, Store, ids};
use rows::{Rows, node_plan};

/// Queries that may run at the same time.
const AT_ONCE: usize = 5;
/// Root objects that are written under one lock of the store, and mixed with each other.
const CHUNK: usize = 200;

#[derive(Debug)]
pub struct Job {
    pub number: i64,
    pub query: String,
    pub group: bool,
    created: Seconds,
    state: Mutex<State>,
}

#[derive(Debug, Clone)]
struct State {
    status: &'static str,
    error: Option<&'static str>,
    completed: Option<Seconds>,
    objects: u64,
    roots: u64,
    size: Option<u64>,
}

impl Job {
    pub fn status(&self) -> &'static str {
        lock(&self.state).status
    }

    pub fn running(&self) -> bool {
        matches!(self.status(), "CREATED" | "RUNNING" | "CANCELING")
    }

    pub fn cancel(&self) {
        lock(&self.state).status = "CANCELING";
    }

    pub fn file(&self, app: &App) -> PathBuf {
        app.folder.join(format!("bulk-{}.jsonl", self.number))
    }

    pub fn object<'a>(&self, app: &App) -> Object<'a> {
        let s = lock(&self.state).clone();
        let url = format!(
            "{}/bulk/{}.jsonl?Expires={}&Signature=sandbox",
            app.base(),
            self.number,
            self.created + 7 * 86_400
        );
        let (whole, partial) = match s.status {
            "COMPLETED" if s.objects > 0 => (Some(url), None),
            "FAILED" if s.objects > 0 => (None, Some(url)),
            _ => (None, None),
        };
        bulk_object(
            self.number,
            s.status,
            s.error,
            self.query.clone(),
            self.created,
            s.completed,
            (s.objects, s.roots),
            s.size,
            (whole, partial),
        )
    }

    /// As the mutation answers, whatever has happened since.
    pub fn object_as_created<'a>(&self) -> Object<'a> {
        bulk_object(
            self.number,
            "CREATED",
            None,
            self.query.clone(),
            self.created,
            None,
            (0, 0),
            None,
            (None, None),
        )
    }

    fn set(&self, status: &'static str) {
        let mut state = lock(&self.state);
        if state.status != "CANCELING" {
            state.status = status;
        }
    }

    fn canceling(&self) -> bool {
        self.status() == "CANCELING"
    }
}

#[derive(Debug, Default)]
pub struct Jobs(Mutex<Vec<Arc<Job>>>);

impl Jobs {
    pub fn all(&self) -> Vec<Arc<Job>> {
        lock(&self.0).clone()
    }

    pub fn find(&self, number: i64) -> Option<Arc<Job>> {
        lock(&self.0).iter().find(|j| j.number == number).cloned()
    }
}

/// Starts a bulk query that was checked before.
///
/// # Errors
/// The message of a real shop when too many run already.
pub(crate) fn begin(app: &Shared, query: &str, group: bool) -> Result<Arc<Job>, String> {
    let mut jobs = lock(&app.jobs.0);
    let running: Vec<String> = jobs
        .iter()
        .filter(|j| j.running())
        .map(|j| ids::gid("BulkOperation", j.number))
        .collect();
    if running.len() >= AT_ONCE {
        return Err(format!(
            "A bulk query operation for this app and shop is already in progress: {}.",
            running.join(", ")
        ));
    }
    let state = State {
        status: "CREATED",
        error: None,
        completed: None,
        objects: 0,
        roots: 0,
        size: None,
    };
    let number = ids::BULK + 32_768 * (jobs.len() as i64 + 1);
    let job = Arc::new(Job {
        number,
        query: query.to_owned(),
        group,
        created: app.now(),
        state: Mutex::new(state),
    });
    jobs.push(Arc::clone(&job));
    drop(jobs);
    let (app, mine) = (Arc::clone(app), Arc::clone(&job));
    std::thread::spawn(move || work(&app, &mine));
    Ok(job)
}

/// The whole life of an operation, on its own thread.
fn work(app: &Shared, job: &Job) {
    let (began, least) = (Instant::now(), Duration::from_millis(app.options.bulk_ms));
    std::thread::sleep(least / 4);
    job.set("RUNNING");
    let stalls = app.strikes("bulk_stall");
    let fails = app.strikes("bulk_fail");
    let outcome = write_file(app, job, fails);
    while !job.canceling() && (stalls || began.elapsed() < least) {
        std::thread::sleep(Duration::from_millis(10));
    }
    let mut state = lock(&job.state);
    state.completed = Some(app.now());
    match outcome {
        _ if state.status == "CANCELING" => state.status = "CANCELED",
        Ok(()) if fails => (state.status, state.error) = ("FAILED", Some("INTERNAL_SERVER_ERROR")),
        Ok(()) => state.status = "COMPLETED",
        Err(problem) if problem.kind() == std::io::ErrorKind::PermissionDenied => {
            (state.status, state.error) = ("FAILED", Some("ACCESS_DENIED"));
        }
        Err(problem) => {
            tracing::error!(%problem, "a bulk file could not be written");
            (state.status, state.error) = ("FAILED", Some("INTERNAL_SERVER_ERROR"));
        }
    }
    let status = state.status;
    drop(state);
    super::webhooks::bulk_finished(app, job.number, status);
}

fn write_file(app: &Shared, job: &Job, half: bool) -> std::io::Result<()> {
    let Ok(document) = ExecutableDocument::parse_and_validate(schema(), &job.query, "bulk.graphql")
    else {
        return Ok(());
    };
    let Ok(operation) = document.operations.get(None) else {
        return Ok(());
    };
    let (variables, scopes) = (Map::new(), app.scopes());
    let mut compiler = Compiler {
        document: &document,
        variables: &variables,
        scopes: &scopes,
        bulk: true,
        errors: Vec::new(),
    };
    let Some(plan) = compiler.operation(operation) else {
        return Err(std::io::ErrorKind::PermissionDenied.into());
    };
    let mut file = Rows::create(job.file(app), job)?;
    for root in plan
        .fields("QueryRoot")
        .iter()
        .filter_map(|f| f.plan.as_ref().map(|p| (f, p)))
    {
        let handles = roots(app, root.0, &scopes);
        let wanted = if half {
            handles.len() / 2
        } else {
            handles.len()
        };
        let Some(node) = node_plan(root.1) else {
            continue;
        };
        for chunk in handles[..wanted].chunks(CHUNK) {
            if job.canceling() {
                return Ok(());
            }
            let store = app.read();
            let context = app.context(&store, &scopes);
            for handle in chunk {
                let Some(object) = handle.open(&store) else {
                    continue;
                };
                let mut writer = Writer::new(&context, true);
                file.root(&mut writer, &object, node);
            }
            drop(context);
            drop(store);
            file.flush(job)?;
        }
    }
    file.end(job)
}

/// A root object that outlives the lock of the store.
enum Handle {
    Order(u32),
    Product(u32),
    Variant(u32),
    Item(u32),
    Customer(u32),
    Location(usize),
    /// Things that are made on the spot cannot be exported.
    Nothing,
}

impl Handle {
    fn of(object: &Object<'_>) -> Self {
        match object {
            Object::Order(o) => Self::Order(o.index),
            Object::Product(n) => Self::Product(*n),
            Object::Variant(n) => Self::Variant(*n),
            Object::Item(n) => Self::Item(*n),
            Object::Customer(n) => Self::Customer(*n),
            Object::Location(n) => Self::Location(*n),
            _ => Self::Nothing,
        }
    }

    fn open<'a>(&self, store: &'a Store) -> Option<Object<'a>> {
        Some(match self {
            Self::Order(n) => Object::Order(
                store
                    .orders
                    .get(*n as usize)
                    .filter(|o| o.deleted.is_none())?,
            ),
            Self::Product(n) => Object::Product(*n),
            Self::Variant(n) => Object::Variant(*n),
            Self::Item(n) => Object::Item(*n),
            Self::Customer(n) => Object::Customer(*n),
            Self::Location(n) => Object::Location(*n),
            Self::Nothing => return None,
        })
    }
}

fn roots(app: &App, field: &crate::graphql::plan::PlanField, scopes: &[String]) -> Vec<Handle> {
    let store = app.read();
    let context = app.context(&store, scopes);
    match crate::graphql::resolve::resolve(&context, &Object::Query, &field.name, &field.arguments)
    {
        Value::Connection(all) if field.arguments.flag("reverse") => all
            .nodes
            .iter()
            .rev()
            .map(|n| Handle::of(&n.object))
            .collect(),
        Value::Connection(all) => all.nodes.iter().map(|n| Handle::of(&n.object)).collect(),
        _ => Vec::new(),
    }
}
