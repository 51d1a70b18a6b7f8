//! `royal agents`: runs are queued in the database; the server of this data works on them when one runs, else this process does.

mod text;

use super::{Exit, open, print, print_json};
use crate::compose::Composed;
use crate::config::Settings;
use crate::http::agents::view::AgentBody;
use crate::http::runs::replay::ReplayBody;
use crate::http::runs::view::RunBody;
use crate::occupied::server_of;
use application::agents::AgentError;
use chrono::NaiveDate;
use clap::Subcommand;
use domain::agents::{AgentRun, RunStatus};
use domain::audit::Actor;
use domain::ids::{RunId, StoreId};
use domain::store::Store;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const LOOK_EVERY: Duration = Duration::from_millis(300);

#[derive(Debug, Subcommand)]
pub(super) enum Agents {
    /// Show the agents and how they fare
    List(Of),
    /// Let an agent look now, and wait until it has decided
    Run {
        /// The agent, e.g. pricing_optimizer
        id: String,
        #[command(flatten)]
        of: Of,
    },
    /// Decide again on the facts of a run (exit code 1: something else comes of it)
    Replay {
        run: RunId,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Tell what an agent, as it is set, would have done on past days
    Rehearse {
        /// The agent, e.g. pricing_optimizer
        id: String,
        /// First day of the store's calendar
        #[arg(long, value_name = "DAY")]
        from: NaiveDate,
        /// Last day, included
        #[arg(long, value_name = "DAY")]
        to: NaiveDate,
        #[command(flatten)]
        of: Of,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Of {
    /// The store (default: the first)
    #[arg(long, value_name = "ID")]
    store: Option<StoreId>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(settings: Settings, command: Agents) -> Result<(), Exit> {
    let composed = open(&settings).await?;
    let ended = act(&composed, &settings, command).await;
    composed.database.close().await;
    ended
}

async fn act(composed: &Composed, settings: &Settings, command: Agents) -> Result<(), Exit> {
    match command {
        Agents::List(of) => list(composed, &of).await,
        Agents::Run { id, of } => {
            let store = store(composed, of.store).await?;
            let parameters = serde_json::json!({});
            let by = Actor::command_line();
            let started = composed.agents.start(&store, &id, parameters, by).await;
            let run = followed(composed, settings, &store, started).await?;
            told(composed, &run, &store, of.json).await
        }
        Agents::Replay { run, json } => replay(composed, run, json).await,
        Agents::Rehearse { id, from, to, of } => {
            let store = store(composed, of.store).await?;
            let by = Actor::command_line();
            let started = composed.agents.rehearse(&store, &id, from, to, by).await;
            let run = followed(composed, settings, &store, started).await?;
            told(composed, &run, &store, of.json).await
        }
    }
}

async fn store(composed: &Composed, wanted: Option<StoreId>) -> Result<Store, Exit> {
    let stores = composed.doctor.stores().await?;
    let mut stores = stores.into_iter();
    let store = stores.find(|s| wanted.is_none_or(|id| s.scope.store == id));
    store.ok_or_else(|| match wanted {
        Some(id) => Exit::data(format!("there is no store {id}")),
        None => Exit::data("no store is connected yet"),
    })
}

async fn list(composed: &Composed, of: &Of) -> Result<(), Exit> {
    let store = store(composed, of.store).await?;
    let agents = composed.agents.list(&store).await?;
    if of.json {
        let agents: Vec<_> = agents.iter().map(AgentBody::of).collect();
        return print_json(&serde_json::json!({ "agents": agents }));
    }
    print(&agents.iter().map(text::agent).collect::<String>())
}

async fn replay(composed: &Composed, run: RunId, json: bool) -> Result<(), Exit> {
    let mut found = Err(AgentError::UnknownRun);
    for workspace in composed.ports.accounts.workspaces().await? {
        found = composed.agents.replay(workspace.id, run).await;
        if !matches!(found, Err(AgentError::UnknownRun)) {
            break;
        }
    }
    let replay = found?;
    let (is_same, shown) = (replay.same, text::replay(&replay));
    if json {
        print_json(&ReplayBody::of(replay))?;
    } else {
        print(&shown)?;
    }
    if is_same {
        return Ok(());
    }
    Err(Exit::found(
        "what was recorded does not come of it any more",
    ))
}

/// The run when nobody works on it any more: it has ended, or waits for people.
async fn followed(
    composed: &Composed,
    settings: &Settings,
    store: &Store,
    started: Result<AgentRun, AgentError>,
) -> Result<AgentRun, Exit> {
    let run = match started {
        Ok(run) => run.id,
        // One that is under way is followed.
        Err(AgentError::AlreadyRunning(run)) => run,
        Err(error) => return Err(error.into()),
    };
    let stop = CancellationToken::new();
    let worker = server_of(&settings.data_dir).is_none().then(|| {
        let (agents, stop) = (composed.agents.clone(), stop.clone());
        tokio::spawn(async move { agents.run_worker(stop).await })
    });
    let outcome = tokio::select! {
        outcome = follow(composed, store, run) => outcome,
        _ = tokio::signal::ctrl_c() => Err(Exit::unavailable("stopped; whoever works on it next goes on where it was put down")),
    };
    stop.cancel();
    if let Some(worker) = worker {
        // Puts runs down after what they last saved.
        let _ = worker.await;
    }
    outcome
}

async fn follow(composed: &Composed, store: &Store, id: RunId) -> Result<AgentRun, Exit> {
    loop {
        let run = composed.agents.find(store.scope.workspace, id).await?;
        let run = run.ok_or_else(|| Exit::data("the run is gone: its connection was removed"))?;
        if !run.status.holds() {
            return Ok(run);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn told(composed: &Composed, run: &AgentRun, store: &Store, json: bool) -> Result<(), Exit> {
    if json {
        let names = composed.agents.names(store.scope.workspace).await?;
        print_json(&RunBody::of(run, store.currency, &names))?;
    } else {
        print(&text::run(run, store.currency))?;
    }
    match run.status {
        RunStatus::Failed | RunStatus::Dead | RunStatus::Cancelled => {
            let why = format!("the run ended as {}", run.status.as_str());
            Err(Exit::unavailable(run.error.clone().unwrap_or(why)))
        }
        _ => Ok(()),
    }
}

impl From<AgentError> for Exit {
    fn from(error: AgentError) -> Self {
        match error {
            AgentError::Port(error) => error.into(),
            AgentError::Store(error) => error.into(),
            AgentError::Invalid(faults) => {
                let faults = faults.iter().map(|f| format!("{} {}", f.field, f.message));
                Self::usage(faults.collect::<Vec<_>>().join("; "))
            }
            other => Self::data(other.to_string()),
        }
    }
}
