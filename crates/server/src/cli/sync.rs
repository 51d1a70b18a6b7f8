//! `royal sync`: queues the run in the database; the server of this data works on it when one runs, else this process does.

use super::{Exit, print, print_json};
use crate::compose::{Composed, compose};
use crate::config::Settings;
use crate::http::syncs::view::SyncBody;
use crate::occupied::server_of;
use crate::worker::environment_connection;
use application::sync::SyncError;
use domain::audit::Actor;
use domain::connection::Connection;
use domain::ids::ConnectionId;
use domain::sync::{StepStatus, SyncKind, SyncRun, SyncStatus};
use indicatif::{ProgressBar, ProgressStyle};
use ports::clock::SystemClock;
use std::io::IsTerminal as _;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const LOOK_EVERY: Duration = Duration::from_millis(300);

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only this connection (default: all)
    #[arg(long, value_name = "ID")]
    connection: Option<ConnectionId>,
    /// Read everything again, not only what changed
    #[arg(long)]
    full: bool,
    /// Return when facts, ledger and rollups are complete
    #[arg(long)]
    wait: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(settings: Settings, args: Args) -> Result<(), Exit> {
    let composed = compose(&settings, public_url(&settings), Arc::new(SystemClock)).await?;
    let connections = connections(&composed, &settings, args.connection).await?;
    let mut runs = Vec::new();
    for connection in &connections {
        runs.push(start(&composed, connection, args.full).await?);
    }
    let by_server = server_of(&settings.data_dir).is_some();
    if by_server && !args.wait {
        return queued(&composed, &runs, args.json);
    }
    let stop = CancellationToken::new();
    let worker = (!by_server).then(|| {
        let (syncs, stop) = (composed.syncs.clone(), stop.clone());
        tokio::spawn(async move { syncs.run_worker(stop).await })
    });
    let outcome = tokio::select! {
        outcome = follow_all(&composed, runs) => outcome,
        _ = tokio::signal::ctrl_c() => Err(Exit::unavailable("stopped; royal sync goes on where it was put down")),
    };
    stop.cancel();
    if let Some(worker) = worker {
        // Puts the run down at its last saved place.
        let _ = worker.await;
    }
    let runs = outcome?;
    composed.database.close().await;
    finished(&composed, &runs, args.json)
}

/// Where providers reach the server of this data, so that webhooks stay as that server asked for them.
fn public_url(settings: &Settings) -> Option<String> {
    let local =
        || server_of(&settings.data_dir).filter(|url| settings.is_loopback() && !url.is_empty());
    settings.public_url.clone().or_else(local)
}

async fn connections(
    composed: &Composed,
    settings: &Settings,
    wanted: Option<ConnectionId>,
) -> Result<Vec<Connection>, Exit> {
    if let Some(environment) = environment_connection(composed, settings).await? {
        composed
            .connections
            .ensure_from_environment(&environment)
            .await?;
    }
    let all = composed.ports.connections.list(None).await?;
    let chosen: Vec<_> = all
        .into_iter()
        .filter(|c| wanted.is_none_or(|id| c.id == id))
        .collect();
    match (chosen.is_empty(), wanted) {
        (true, Some(id)) => Err(Exit::data(format!("there is no connection {id}"))),
        (true, None) => Err(Exit::data(
            "no store is connected: connect one in the browser, or set SHOPIFY_SHOP and its credentials and add a user first",
        )),
        _ => Ok(chosen),
    }
}

/// One that is under way is followed.
async fn start(composed: &Composed, connection: &Connection, full: bool) -> Result<SyncRun, Exit> {
    let kind = full.then_some(SyncKind::Backfill);
    match composed
        .syncs
        .start(
            connection.workspace,
            connection.id,
            kind,
            Some(Actor::command_line()),
        )
        .await
    {
        Ok(run) => Ok(run),
        Err(SyncError::AlreadyRunning(Some(id))) => {
            let run = composed.syncs.find(connection.workspace, id).await?;
            run.ok_or_else(|| Exit::data("the sync that was under way is gone"))
        }
        Err(error) => Err(error.into()),
    }
}

async fn follow_all(composed: &Composed, runs: Vec<SyncRun>) -> Result<Vec<SyncRun>, Exit> {
    let mut ended = Vec::new();
    for run in runs {
        ended.push(follow(composed, run).await?);
    }
    Ok(ended)
}

async fn follow(composed: &Composed, mut run: SyncRun) -> Result<SyncRun, Exit> {
    let bar = bar();
    while run.status.is_open() {
        tokio::time::sleep(LOOK_EVERY).await;
        let found = composed.syncs.find(run.scope.workspace, run.id).await?;
        run = found.ok_or_else(|| Exit::data("the sync is gone: its connection was removed"))?;
        show(&bar, &run);
    }
    bar.finish_and_clear();
    Ok(run)
}

fn bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    // The template is a constant that parses.
    let style = ProgressStyle::with_template("{msg:24} {wide_bar} {percent:>3} %  {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(1000).with_style(style)
}

fn show(bar: &ProgressBar, run: &SyncRun) {
    let running = run.steps.iter().find(|s| s.status == StepStatus::Running);
    if let Some(step) = running {
        let total = step.total.map(|t| format!("/{t}")).unwrap_or_default();
        bar.set_message(format!("{} {}{total}", step.kind.as_str(), step.done));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share from 0 to 1"
    )]
    bar.set_position((run.progress().unwrap_or(0.0) * 1000.0) as u64);
}

fn queued(composed: &Composed, runs: &[SyncRun], json: bool) -> Result<(), Exit> {
    if json {
        return print_json(&bodies(composed, runs));
    }
    let lines = runs.iter().map(|r| {
        format!(
            "sync {} is {}: the server works on it\n",
            r.id,
            r.status.as_str()
        )
    });
    print(&lines.collect::<String>())
}

fn finished(composed: &Composed, runs: &[SyncRun], json: bool) -> Result<(), Exit> {
    if json {
        print_json(&bodies(composed, runs))?;
    } else {
        print(&runs.iter().map(line).collect::<String>())?;
    }
    match runs.iter().find(|r| r.status != SyncStatus::Succeeded) {
        None => Ok(()),
        Some(run) => Err(Exit::unavailable(reason(run))),
    }
}

fn bodies(composed: &Composed, runs: &[SyncRun]) -> serde_json::Value {
    let now = composed.ports.clock.now();
    let syncs: Vec<SyncBody> = runs.iter().map(|r| SyncBody::of(r, now)).collect();
    serde_json::json!({ "syncs": syncs })
}

fn line(run: &SyncRun) -> String {
    let steps = run.steps.iter().filter(|s| s.done > 0);
    let steps: Vec<String> = steps
        .map(|s| format!("{} {}", s.done, s.kind.as_str()))
        .collect();
    let facts = if steps.is_empty() {
        String::new()
    } else {
        format!(": {}", steps.join(", "))
    };
    format!("sync {} {}{facts}\n", run.id, run.status.as_str())
}

fn reason(run: &SyncRun) -> String {
    match &run.error {
        Some(error) => format!("{} {}", error.message, error.remedy),
        None => format!("the sync ended as {}", run.status.as_str()),
    }
}
