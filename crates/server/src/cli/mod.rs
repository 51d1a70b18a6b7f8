//! The command line `royal`. Each command is a file; what they share is how they end.

mod agents;
mod ask;
mod audit;
mod backup;
mod change_sets;
mod doctor;
mod exit;
mod export;
mod figure;
mod forecast;
mod import;
mod mcp;
mod migrate;
mod rates;
mod reconcile;
mod reference;
mod report;
mod restore;
mod secret_vectors;
mod secrets;
mod serve;
mod stop;
mod sync;
mod token;
mod user;
mod workspace;

pub use exit::Exit;

use crate::compose::{Composed, compose};
use crate::config::{self, Settings};
use crate::logging;
use clap::{CommandFactory as _, Parser, Subcommand};
use ports::clock::SystemClock;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// Runs a store's numbers: sync, ledger, profit, and the command center in the browser.
#[derive(Debug, Parser)]
#[command(name = "royal", version, about, propagate_version = true)]
struct Args {
    /// Settings file (else ROYAL_CONFIG, else royal.toml in this folder when it is there)
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the product (default); the first start migrates
    Serve(serve::Args),
    /// Bring the database to this version
    Migrate(migrate::Args),
    /// Bring a store's facts up to date
    Sync(sync::Args),
    /// Import CSV files: checked first, all or nothing
    Import(import::Args),
    /// Policies that look at the facts and propose changes
    #[command(subcommand)]
    Agents(agents::Agents),
    /// Changes of a store outside: look at them and decide on them
    #[command(subcommand)]
    ChangeSets(change_sets::ChangeSets),
    /// Stop every change of a store outside at once, or let changes be written again
    Stop(stop::Args),
    /// Hold a store's days against the provider's own (exit code 1: something is unexplained)
    Reconcile(reconcile::Args),
    /// Print a report
    #[command(subcommand)]
    Report(report::Report),
    /// Explain a figure: formula, inputs, sources, coverage
    Figure(figure::Args),
    /// Ask the store in words
    Ask(ask::Args),
    /// Serve the assistant's tools to a program on this machine (Model Context Protocol on stdin and stdout)
    Mcp,
    /// Forecast daily series: CSV in, CSV with intervals out; needs no store
    Forecast(forecast::Args),
    /// Exchange rates
    #[command(subcommand)]
    Rates(rates::Rates),
    /// Prove that what is stored equals what the facts say
    Doctor(doctor::Args),
    /// Write everything into one encrypted file, while the server runs
    Backup(backup::Args),
    /// Put a backup back: proved first, the present database is kept beside it
    Restore(restore::Args),
    /// Write everything that a workspace owns into a ZIP of JSON lines, without credentials
    Export(export::Args),
    /// Workspaces: list them, delete one
    #[command(subcommand)]
    Workspace(workspace::WorkspaceCommand),
    /// Print the API description (OpenAPI 3.1)
    Openapi,
    /// People
    #[command(subcommand)]
    User(user::User),
    /// API tokens
    #[command(subcommand)]
    Token(token::Token),
    /// Credentials and the keys over them
    #[command(subcommand)]
    Secrets(secrets::Secrets),
    /// Who did what
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Print completions for a shell
    Completions { shell: clap_complete::Shell },
    /// Print a page of documentation
    #[command(hide = true)]
    Reference { page: reference::Page },
    /// Print the version
    Version,
}

/// Parses, runs, and answers the exit code.
#[must_use]
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version go to stdout and are no failure.
            let _ = error.print();
            return if error.use_stderr() {
                ExitCode::from(exit::USAGE)
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    match run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(exit) => exit.report(),
    }
}

fn run(args: Args) -> Result<(), Exit> {
    let file = args.config;
    match args
        .command
        .unwrap_or(Command::Serve(serve::Args::default()))
    {
        Command::Serve(args) => within(file, |s| serve::run(s, args)),
        Command::Migrate(args) => within(file, |s| migrate::run(s, args)),
        Command::Sync(args) => within(file, |s| sync::run(s, args)),
        Command::Import(args) => within(file, |s| import::run(s, args)),
        Command::Agents(command) => within(file, |s| agents::run(s, command)),
        Command::ChangeSets(command) => within(file, |s| change_sets::run(s, command)),
        Command::Stop(args) => within(file, |s| stop::run(s, args)),
        Command::Reconcile(args) => within(file, |s| reconcile::run(s, args)),
        Command::Report(report) => within(file, |s| report::run(s, report)),
        Command::Figure(args) => within(file, |s| figure::run(s, args)),
        Command::Ask(args) => within(file, |s| ask::run(s, args)),
        Command::Mcp => within(file, mcp::run),
        // Needs no settings either.
        Command::Forecast(args) => forecast::run(&args),
        Command::Rates(command) => within(file, |s| rates::run(s, command)),
        Command::Doctor(args) => within(file, |s| doctor::run(s, args)),
        Command::Backup(args) => within(file, |s| backup::run(s, args)),
        Command::Restore(args) => within(file, |s| restore::run(s, args)),
        Command::Export(args) => within(file, |s| export::run(s, args)),
        Command::Workspace(command) => within(file, |s| workspace::run(s, command)),
        Command::User(user) => within(file, |s| user::run(s, user)),
        Command::Token(token) => within(file, |s| token::run(s, token)),
        // Needs no settings, and must not touch the store.
        Command::Secrets(secrets::Secrets::Vectors) => secret_vectors::run(),
        Command::Secrets(secrets) => within(file, |s| secrets::run(s, secrets)),
        Command::Audit(audit) => within(file, |s| audit::run(s, audit)),
        Command::Openapi => print(&crate::openapi::text()),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "royal", &mut text);
            print(&String::from_utf8_lossy(&text))
        }
        Command::Reference { page } => print(&reference::text(page, Args::command())),
        Command::Version => print(&format!("royal {}\n", crate::VERSION)),
    }
}

/// Loads the settings and runs the command on a runtime of its own.
fn within<F: Future<Output = Result<(), Exit>>>(
    file: Option<PathBuf>,
    command: impl FnOnce(Settings) -> F,
) -> Result<(), Exit> {
    let loaded = config::load(file.as_deref())?;
    // Dropped after the runtime, which is made later.
    let _spans = logging::start(&loaded.settings);
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_keep_alive(std::time::Duration::from_secs(5))
        .enable_all()
        .build();
    let runtime = runtime.map_err(|e| Exit::defect(format!("threads cannot be started: {e}")))?;
    runtime.block_on(command(loaded.settings))
}

/// A closed pipe (`royal … | head`) is no failure.
fn print(text: &str) -> Result<(), Exit> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Exit::defect(format!("stdout cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

fn print_json(value: &impl serde::Serialize) -> Result<(), Exit> {
    let text = serde_json::to_string_pretty(value).map_err(|e| Exit::defect(e.to_string()))?;
    print(&format!("{text}\n"))
}

/// The use cases without a server.
async fn open(settings: &Settings) -> Result<Composed, Exit> {
    let public_url = settings.public_url.clone();
    Ok(compose(settings, public_url, Arc::new(SystemClock)).await?)
}

/// What somebody with a shell does where no use case records it: before it is done.
async fn record(
    composed: &crate::compose::Composed,
    workspace: domain::ids::WorkspaceId,
    action: &str,
    target: (&str, &str, &str),
) -> Result<(), Exit> {
    let actor = domain::audit::Actor::command_line();
    let now = composed.ports.clock.now();
    let entry = domain::audit::NewEntry::done(workspace, now, actor, action, target);
    Ok(composed.audit.record(&entry).await?)
}
