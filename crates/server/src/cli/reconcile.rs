//! `royal reconcile`: queues the comparison in the database; the server of this data works on it when one runs, else this process
//! does. Waits for its end.

use super::{Exit, open, print, print_json};
use crate::compose::Composed;
use crate::config::Settings;
use crate::http::amounts::amount;
use crate::http::reconciliation::view::{DayBody, RunBody};
use crate::occupied::server_of;
use application::reconciliation::{ReconciliationError, has_unexplained};
use chrono::NaiveDate;
use domain::ids::StoreId;
use domain::reconciliation::{DayState, Reconciled, ReconciliationRun};
use domain::store::Store;
use domain::sync::SyncStatus;
use ports::reconciliations::CheckedDay;
use std::fmt::Write as _;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const LOOK_EVERY: Duration = Duration::from_millis(300);

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// First day of the store's calendar (default: thirty days before the last)
    #[arg(long, value_name = "DAY")]
    from: Option<NaiveDate>,
    /// Last day, included (default: today)
    #[arg(long, value_name = "DAY")]
    to: Option<NaiveDate>,
    /// Only this store (default: all)
    #[arg(long, value_name = "ID")]
    store: Option<StoreId>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(settings: Settings, args: Args) -> Result<(), Exit> {
    let composed = open(&settings).await?;
    let stores = composed.doctor.stores().await?;
    let stores: Vec<Store> = stores
        .into_iter()
        .filter(|s| args.store.is_none_or(|id| id == s.scope.store))
        .collect();
    if stores.is_empty() {
        return Err(Exit::data("there is no such store"));
    }
    let stop = CancellationToken::new();
    let worker = server_of(&settings.data_dir).is_none().then(|| {
        let (service, stop) = (composed.reconciliations.clone(), stop.clone());
        tokio::spawn(async move { service.run_worker(stop).await })
    });
    let outcome = tokio::select! {
        outcome = all(&composed, &stores, &args) => outcome,
        _ = tokio::signal::ctrl_c() => Err(Exit::unavailable("stopped; the next royal reconcile goes on where it was put down")),
    };
    stop.cancel();
    if let Some(worker) = worker {
        // Puts the run down at its last saved day.
        let _ = worker.await;
    }
    let found = outcome?;
    composed.database.close().await;
    if args.json {
        let stores: Vec<_> = found
            .iter()
            .map(|(store, run, days)| {
                let days: Vec<_> = days.iter().map(DayBody::of).collect();
                serde_json::json!({ "store": store.name, "run": RunBody::of(run), "days": days })
            })
            .collect();
        print_json(&serde_json::json!({ "stores": stores }))?;
    } else {
        print(
            &found
                .iter()
                .map(|(s, r, d)| text(s, r, d))
                .collect::<String>(),
        )?;
    }
    verdict(&found)
}

type Found = (Store, ReconciliationRun, Vec<CheckedDay>);

fn verdict(found: &[Found]) -> Result<(), Exit> {
    for (store, run, _) in found {
        if run.status != SyncStatus::Succeeded {
            let why = run.error.as_ref().map_or_else(
                || format!("it ended as {}", run.status.as_str()),
                |e| format!("{} {}", e.message, e.remedy),
            );
            return Err(Exit::unavailable(format!("{}: {why}", store.name)));
        }
    }
    match found.iter().find(|(_, run, _)| has_unexplained(run)) {
        Some((store, run, _)) => Err(Exit::found(format!(
            "{}: {} days differ from the provider's own totals and nothing explains it",
            store.name, run.tally.unexplained
        ))),
        None => Ok(()),
    }
}

async fn all(composed: &Composed, stores: &[Store], args: &Args) -> Result<Vec<Found>, Exit> {
    let service = &composed.reconciliations;
    let mut found = Vec::new();
    for store in stores {
        let (workspace, id) = (store.scope.workspace, Some(store.scope.store));
        let run = match service.start(workspace, id, args.from, args.to).await {
            // One that is under way is followed.
            Err(ReconciliationError::AlreadyRunning(Some(id))) => {
                service.find(workspace, id).await?
            }
            other => Some(other?),
        };
        let mut run = run.ok_or_else(|| Exit::data("the run that was under way is gone"))?;
        while run.status.is_open() {
            tokio::time::sleep(LOOK_EVERY).await;
            let again = service.find(workspace, run.id).await?;
            run = again.ok_or_else(|| Exit::data("the run is gone: its connection was removed"))?;
        }
        let (from, to) = (Some(run.range.from), Some(run.range.to));
        let (_, _, days) = service.days(workspace, id, from, to).await?;
        found.push((store.clone(), run, days));
    }
    Ok(found)
}

fn text(store: &Store, run: &ReconciliationRun, days: &[CheckedDay]) -> String {
    let mut out = String::new();
    let tally = run.tally;
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "{}: {} to {}, by {}: {} days agree, {} explained, {} unexplained",
        store.name,
        run.range.from,
        run.range.to,
        run.source.map_or("nothing", |s| s.as_str()),
        tally.agree,
        tally.explained,
        tally.unexplained
    );
    if let Some(reason) = &run.source_reason {
        let _ = writeln!(out, "  {reason}");
    }
    for day in days
        .iter()
        .map(|d| &d.result)
        .filter(|d| d.state != DayState::Agrees)
    {
        out.push_str(&day_text(day));
    }
    out
}

fn day_text(day: &Reconciled) -> String {
    let money = |minor| amount(minor, day.currency);
    let mut out = format!(
        "{}  ours {}  theirs {}  difference {}\n",
        day.day,
        money(day.ours.total_sales),
        money(day.theirs.total_sales),
        money(day.difference.total_sales)
    );
    for f in &day.findings {
        let _ = writeln!(
            out,
            "  {:18} {:12} {}",
            f.cause.as_str(),
            f.name,
            money(f.difference.total_sales)
        );
    }
    if day.state == DayState::Unexplained {
        let _ = writeln!(
            out,
            "  not explained: {}",
            money(day.unexplained.total_sales)
        );
    }
    out
}
