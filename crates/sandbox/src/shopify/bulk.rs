//! Bulk operations: their states, and the JSONL file that they write.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use apollo_compiler::ExecutableDocument;
use serde_json::Map;

use crate::app::{App, Shared, lock};
use crate::graphql::execute::{Nested, Writer};
use crate::graphql::plan::{Compiler, Plan};
use crate::graphql::resolve::bulk_object;
use crate::graphql::schema;
use crate::graphql::value::{Node, Object, Value};
use crate::random::Random;
use crate::store::{Seconds, Store, ids};

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

/// What stands under `edges { node { … } }`.
fn node_plan(connection: &Plan) -> Option<&Plan> {
    let edges = connection
        .fields(&connection.ty)
        .iter()
        .find(|f| f.name == "edges")?;
    let inner = edges.plan.as_ref()?;
    inner
        .fields(&inner.ty)
        .iter()
        .find(|f| f.name == "node")?
        .plan
        .as_ref()
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

/// The file while it is written. Without grouping, rows are mixed within a chunk, and some children are held back to
/// the very end: nothing may be concluded from where a row stands.
struct Rows {
    path: PathBuf,
    out: BufWriter<File>,
    late: BufWriter<File>,
    late_path: PathBuf,
    rows: Vec<(bool, String)>,
    group: bool,
    random: Random,
    objects: u64,
    roots: u64,
}

impl Rows {
    fn create(path: PathBuf, job: &Job) -> std::io::Result<Self> {
        let late_path = path.with_extension("late");
        Ok(Self {
            out: BufWriter::new(File::create(&path)?),
            late: BufWriter::new(File::create(&late_path)?),
            path,
            late_path,
            rows: Vec::new(),
            group: job.group,
            random: Random::new(u64::try_from(job.number).unwrap_or(0)),
            objects: 0,
            roots: 0,
        })
    }

    fn root<'a, 'p>(&mut self, writer: &mut Writer<'a, 'p>, object: &Object<'a>, plan: &'p Plan) {
        self.roots += 1;
        self.row(writer, object, plan, None);
    }

    fn row<'a, 'p>(
        &mut self,
        writer: &mut Writer<'a, 'p>,
        object: &Object<'a>,
        plan: &'p Plan,
        parent: Option<&str>,
    ) {
        writer.out.clear();
        writer.out.push('{');
        writer.fields(object, plan);
        if let Some(parent) = parent {
            if writer.out.len() > 1 {
                writer.out.push(',');
            }
            writer.out.push_str("\"__parentId\":\"");
            writer.out.push_str(parent);
            writer.out.push('"');
        }
        writer.out.push('}');
        let text = writer.out.clone();
        let nested = writer.nested.replace(Vec::new()).unwrap_or_default();
        let id = if nested.is_empty() {
            String::new()
        } else {
            id_of(writer, object)
        };
        self.rows.push((parent.is_some(), text));
        self.objects += 1;
        for Nested { nodes, plan } in nested {
            let Some(inner) = node_plan(plan) else {
                continue;
            };
            for Node { object, .. } in nodes {
                self.row(writer, &object, inner, Some(&id));
            }
        }
    }

    fn flush(&mut self, job: &Job) -> std::io::Result<()> {
        let mut rows = std::mem::take(&mut self.rows);
        if !self.group {
            for i in (1..rows.len()).rev() {
                let other = self.random.index(i + 1);
                rows.swap(i, other);
            }
        }
        for (child, row) in rows {
            let late = !self.group && child && self.random.chance(90);
            let out = if late { &mut self.late } else { &mut self.out };
            out.write_all(row.as_bytes())?;
            out.write_all(b"\n")?;
        }
        let mut state = lock(&job.state);
        (state.objects, state.roots) = (self.objects, self.roots);
        Ok(())
    }

    fn end(mut self, job: &Job) -> std::io::Result<()> {
        self.late.flush()?;
        std::io::copy(&mut File::open(&self.late_path)?, &mut self.out)?;
        self.out.flush()?;
        std::fs::remove_file(&self.late_path)?;
        let size = std::fs::metadata(&self.path)?.len();
        let mut state = lock(&job.state);
        (state.objects, state.roots, state.size) = (self.objects, self.roots, Some(size));
        Ok(())
    }
}

fn id_of<'a>(writer: &Writer<'a, '_>, object: &Object<'a>) -> String {
    match crate::graphql::resolve::resolve(
        writer.context,
        object,
        "id",
        &crate::graphql::argument::Arguments::default(),
    ) {
        Value::Text(id) => id.into_owned(),
        _ => String::new(),
    }
}
