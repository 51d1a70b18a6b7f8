//! `royal import`: takes files into the data folder and queues them; the server of this data works on them when one runs, else this
//! process does.

use super::{Exit, open, print, print_json};
use crate::compose::Composed;
use crate::config::Settings;
use crate::http::imports::view::{ImportBody, MappingBody, ProblemRowBody};
use crate::occupied::server_of;
use application::imports::{NewImport, NewStore};
use bytes::Bytes;
use domain::ids::{StoreId, StoreScope, WorkspaceId};
use domain::import::{Import, ImportKind, ImportStatus, Mapping, RowProblem, Severity};
use domain::money::Currency;
use indicatif::{ProgressBar, ProgressStyle};
use ports::PageRequest;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::AsyncReadExt as _;
use tokio_util::sync::CancellationToken;

const LOOK_EVERY: Duration = Duration::from_millis(200);
const CHUNK: usize = 256 * 1024;
/// Problems that are printed of one file; `--json` and the browser have all that are kept.
const SHOWN: u32 = 50;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// CSV files: orders, products, costs, shipping costs, payment fees, ad spend, fixed costs, exchange rates
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What the files are (default: recognised by their headers)
    #[arg(long, value_parser = kind, value_name = "KIND")]
    kind: Option<ImportKind>,
    /// JSON file with the columns: {"kind":…, "columns":{field: header}, "answers":{question: answer}}
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Answers a question of the check, e.g. date_order=month_first
    #[arg(long, value_name = "QUESTION=ANSWER")]
    answer: Vec<String>,
    /// Read every row and report, write nothing
    #[arg(long)]
    dry_run: bool,
    /// Import the good rows of a file in which others are refused
    #[arg(long)]
    good_rows: bool,
    /// Into this store (default: the first one)
    #[arg(long, value_name = "ID")]
    store: Option<StoreId>,
    /// Create a store of this name when there is none yet, with --currency and --timezone
    #[arg(
        long,
        value_name = "NAME",
        requires = "currency",
        requires = "timezone"
    )]
    store_name: Option<String>,
    /// Currency of the new store (ISO 4217)
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// Time zone of the new store (IANA), e.g. Europe/Berlin
    #[arg(long, value_name = "ZONE")]
    timezone: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn kind(text: &str) -> Result<ImportKind, String> {
    let all = ImportKind::ALL.map(ImportKind::as_str).join(", ");
    ImportKind::parse(&text.replace('-', "_")).ok_or_else(|| format!("one of {all}"))
}

/// One file at its end, with its first problems.
struct Ended {
    import: Import,
    problems: Vec<RowProblem>,
}

pub(super) async fn run(settings: Settings, args: Args) -> Result<(), Exit> {
    let composed = open(&settings).await?;
    let scope = scope(&composed, &args).await?;
    let stop = CancellationToken::new();
    let worker = server_of(&settings.data_dir).is_none().then(|| {
        let (imports, stop) = (composed.imports.clone(), stop.clone());
        tokio::spawn(async move { imports.run_worker(stop).await })
    });
    let outcome = tokio::select! {
        outcome = import_all(&composed, scope, &args) => outcome,
        _ = tokio::signal::ctrl_c() => Err(Exit::unavailable("stopped; what was being imported goes on at the next start of royal")),
    };
    stop.cancel();
    if let Some(worker) = worker {
        // Puts the work down at its last saved place.
        let _ = worker.await;
    }
    let ended = outcome?;
    composed.database.close().await;
    finished(&composed, &ended, &args)
}

async fn scope(composed: &Composed, args: &Args) -> Result<StoreScope, Exit> {
    let stores = composed.doctor.stores().await?;
    let found = stores
        .iter()
        .find(|s| args.store.is_none_or(|id| s.scope.store == id));
    if let Some(found) = found {
        return Ok(found.scope);
    }
    if let Some(id) = args.store {
        return Err(Exit::data(format!("there is no store {id}")));
    }
    let (Some(name), Some(currency), Some(timezone)) =
        (&args.store_name, &args.currency, &args.timezone)
    else {
        return Err(Exit::data(
            "there is no store yet: connect one, or name one with --store-name, --currency and --timezone",
        ));
    };
    let workspace = workspace(composed).await?;
    let currency = Currency::parse(currency).map_err(|e| Exit::usage(e.to_string()))?;
    let new = NewStore {
        name: name.clone(),
        currency,
        timezone: timezone.clone(),
    };
    super::record(composed, workspace, "store.create", ("store", "", name)).await?;
    let store = composed.imports.create_store(workspace, new).await?;
    Ok(store.scope)
}

async fn workspace(composed: &Composed) -> Result<WorkspaceId, Exit> {
    let all = composed.ports.accounts.workspaces().await?;
    let first = all.first().map(|w| w.id);
    first.ok_or_else(|| {
        Exit::data("there is no workspace yet: create the owner first (royal user add)")
    })
}

async fn import_all(
    composed: &Composed,
    scope: StoreScope,
    args: &Args,
) -> Result<Vec<Ended>, Exit> {
    let mapping = args.mapping.as_deref().map(read_mapping).transpose()?;
    let mut ended = Vec::new();
    for file in &args.files {
        ended.push(one(composed, scope, args, file, mapping.clone()).await?);
    }
    Ok(ended)
}

fn read_mapping(path: &Path) -> Result<Mapping, Exit> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|e| Exit::usage(format!("{shown} cannot be read: {e}")))?;
    let body: MappingBody = serde_json::from_str(&text)
        .map_err(|e| Exit::usage(format!("{shown} is no mapping: {e}")))?;
    Ok(body.into())
}

async fn one(
    composed: &Composed,
    scope: StoreScope,
    args: &Args,
    file: &Path,
    mapping: Option<Mapping>,
) -> Result<Ended, Exit> {
    let imports = &composed.imports;
    let workspace = scope.workspace;
    let mut import = upload(composed, scope, args, file, mapping).await?;
    if !args.answer.is_empty() {
        let mut mapping = import.mapping.clone().ok_or_else(|| {
            Exit::data(format!(
                "{}: its kind was not recognised; say it with --kind",
                file.display()
            ))
        })?;
        for answer in &args.answer {
            let (question, answer) = answer
                .split_once('=')
                .ok_or_else(|| Exit::usage(format!("{answer:?} is no QUESTION=ANSWER")))?;
            mapping
                .answers
                .insert(question.to_owned(), answer.to_owned());
        }
        import = imports.set_mapping(workspace, import.id, mapping).await?;
    }
    import = imports.check(workspace, import.id).await?;
    import = follow(composed, import, "checking").await?;
    let clean = import
        .report
        .as_ref()
        .is_some_and(|r| r.is_clean() || (args.good_rows && r.questions.is_empty()));
    if import.status == ImportStatus::Checked && clean && !args.dry_run {
        let (id, name) = (import.id.to_string(), import.file.name.clone());
        let target = ("import", id.as_str(), name.as_str());
        super::record(composed, workspace, "import.start", target).await?;
        import = imports.start(workspace, import.id, args.good_rows).await?;
        import = follow(composed, import, "importing").await?;
    }
    let page = PageRequest::first(SHOWN);
    let problems = imports.problems(workspace, import.id, &page).await?.items;
    if matches!(import.status, ImportStatus::Checked | ImportStatus::Refused) {
        // Nothing more comes of this upload: the file is not kept.
        let _ = imports.cancel(workspace, import.id).await;
    }
    Ok(Ended { import, problems })
}

async fn upload(
    composed: &Composed,
    scope: StoreScope,
    args: &Args,
    path: &Path,
    mapping: Option<Mapping>,
) -> Result<Import, Exit> {
    let shown = path.display();
    let unreadable = |e: std::io::Error| Exit::data(format!("{shown} cannot be read: {e}"));
    let mut file = tokio::fs::File::open(path).await.map_err(unreadable)?;
    let mut upload = composed.imports.upload().await?;
    loop {
        let mut chunk = Vec::with_capacity(CHUNK);
        let read = (&mut file).take(CHUNK as u64).read_to_end(&mut chunk).await;
        if read.map_err(unreadable)? == 0 {
            break;
        }
        upload.write(Bytes::from(chunk)).await?;
    }
    let name = path.file_name().unwrap_or(path.as_os_str());
    let import = upload
        .finish(NewImport {
            scope,
            file_name: name.to_string_lossy().into_owned(),
            kind: args.kind,
            mapping,
        })
        .await
        .map_err(|e| Exit::data(format!("{shown}: {e}")))?;
    Ok(import)
}

async fn follow(composed: &Composed, mut import: Import, what: &str) -> Result<Import, Exit> {
    let bar = bar();
    bar.set_message(format!("{what} {}", import.file.name));
    while import.status.is_work() {
        tokio::time::sleep(LOOK_EVERY).await;
        import = composed
            .imports
            .find(import.scope.workspace, import.id)
            .await?;
        if let Some(total) = import.progress.rows_total {
            bar.set_length(total);
        }
        bar.set_position(import.progress.rows_done);
    }
    bar.finish_and_clear();
    Ok(import)
}

fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    // The template is a constant that parses.
    let style = ProgressStyle::with_template(
        "{msg:36} {wide_bar} {human_pos}/{human_len} rows  {per_sec}  {eta} left",
    )
    .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}

fn finished(composed: &Composed, ended: &[Ended], args: &Args) -> Result<(), Exit> {
    if args.json {
        let now = composed.ports.clock.now();
        let imports: Vec<_> = ended
            .iter()
            .map(|e| {
                let problems: Vec<_> = e.problems.iter().map(ProblemRowBody::from).collect();
                serde_json::json!({ "import": ImportBody::of(&e.import, now), "problems": problems })
            })
            .collect();
        print_json(&serde_json::json!({ "imports": imports }))?;
    } else {
        print(
            &ended
                .iter()
                .map(|e| text(e, args.dry_run))
                .collect::<String>(),
        )?;
    }
    let good = |e: &Ended| match e.import.status {
        ImportStatus::Done => true,
        ImportStatus::Checked => {
            args.dry_run
                && e.import
                    .report
                    .as_ref()
                    .is_some_and(|r| r.is_clean() || args.good_rows && r.questions.is_empty())
        }
        _ => false,
    };
    match ended.iter().find(|e| !good(e)) {
        None => Ok(()),
        Some(bad) if bad.import.status == ImportStatus::Failed => {
            let error = bad.import.error.as_ref();
            let why = error.map_or_else(String::new, |e| format!("{} {}", e.message, e.remedy));
            Err(Exit::data(format!("{}: {why}", bad.import.file.name)))
        }
        Some(bad) => Err(Exit::data(format!(
            "{}: nothing was imported; mend what is named above{}",
            bad.import.file.name,
            if bad
                .import
                .report
                .as_ref()
                .is_some_and(|r| r.good > 0 && r.questions.is_empty())
            {
                ", or import the good rows with --good-rows"
            } else {
                ""
            }
        ))),
    }
}

fn text(ended: &Ended, dry_run: bool) -> String {
    let import = &ended.import;
    let mut out = format!("{}: ", import.file.name);
    let kind = import
        .mapping
        .as_ref()
        .map_or("unknown", |m| m.kind.spec().label);
    let counts = import.place.counts;
    match (&import.report, import.status) {
        (_, ImportStatus::Done) => out.push_str(&format!(
            "{kind} imported: {} new, {} changed, {} as before, {} kept from the connection, {} refused\n",
            counts.created, counts.changed, counts.unchanged, counts.kept, counts.refused
        )),
        (Some(report), _) => {
            let dry = if dry_run { "dry run, " } else { "" };
            out.push_str(&format!(
                "{kind}, {dry}{} rows: {} good, {} refused\n",
                report.rows, report.good, report.refused
            ));
        }
        (None, status) => out.push_str(&format!("{}\n", status.as_str())),
    }
    if let Some(report) = &import.report {
        for question in &report.questions {
            let place = question
                .row
                .map_or_else(String::new, |row| format!(" (row {row})"));
            let column = question
                .column
                .as_deref()
                .map_or_else(String::new, |c| format!("{c}: "));
            out.push_str(&format!("  ? {column}{}{place}\n", question.question));
            for choice in &question.choices {
                out.push_str(&format!(
                    "      --answer {}={}  {}\n",
                    question.key, choice.value, choice.label
                ));
            }
        }
        for note in &report.notes {
            out.push_str(&format!("  note: {note}\n"));
        }
    }
    for problem in &ended.problems {
        let mark = if problem.severity == Severity::Refused {
            "refused"
        } else {
            "noted"
        };
        let column = problem
            .column
            .as_deref()
            .map_or_else(String::new, |c| format!(", {c}"));
        let value = problem
            .value
            .as_deref()
            .map_or_else(String::new, |v| format!(" {v:?}"));
        out.push_str(&format!(
            "  row {}{column}:{value} {} ({mark})\n",
            problem.row, problem.reason
        ));
    }
    let all = import.report.as_ref().map_or(0, |r| r.problems + r.noted);
    if all > ended.problems.len() as u64 {
        out.push_str(&format!(
            "  … and {} more\n",
            all - ended.problems.len() as u64
        ));
    }
    out
}
