//! The figures that a program of its own measures: those that need a store, over each database, and forecasts.
use std::{
    path::Path,
    process::Command,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Result, ensure};
use serde_json::Value;

use super::{Bench, Database, Name};
use crate::{
    frontend,
    process::{Running, run, say},
    temp::TempDir,
    test::Postgres,
    workspace::{Workspace, cargo},
};

const PROGRAM: &str = "royal-bench";

/// What that program measures, without what belongs to the other database.
fn wanted(options: &Bench, database: Database) -> Vec<String> {
    use Name as N;
    let of_other: &[Name] = match database {
        Database::Sqlite => &[
            N::IngestVsCopyPostgres,
            N::CheapReadVsFastify,
            N::CheapReadVsFastifyAsking,
            N::ProfitReportVsFastify,
            N::QueuePostgres,
            N::RollingRestartFailedRequests,
            N::RollingRestartP99Ms,
            N::MillionRequestsMemoryGrowthMb,
        ],
        Database::Postgres => &[N::IngestVsInsertSqlite, N::QueueSqlite],
    };
    let all = [
        N::IngestVsInsertSqlite,
        N::IngestVsCopyPostgres,
        N::IngestPeakMemoryMb,
        N::ProfitReportP99Ms,
        N::ProfitReportVsBare,
        N::ProfitReportGrowth,
        N::MetricsP99Ms,
        N::MetricsVsBare,
        N::MetricsGrowth,
        N::CheapReadVsActix,
        N::CheapReadVsFastify,
        N::CheapReadVsFastifyAsking,
        N::ProfitReportVsFastify,
        N::Incremental,
        N::WebhookAcceptP99Ms,
        N::SessionCheckMs,
        N::SignInIndistinguishableP,
        N::QueueSqlite,
        N::QueuePostgres,
        N::QueueLatency,
        N::ForecastNight,
        N::ForecastNightPeakMemoryMb,
        N::AdsMeta,
        N::AdsGoogle,
        N::AdsWindow,
        N::AdsSyncPeakMemoryMb,
        N::SupplierImport,
        N::SupplierImportPeakMemoryMb,
        N::OpportunitiesPageP99Ms,
        N::StreamsDeliveryP99Ms,
        N::StreamsKbEach,
        N::AssistantStreamsRequestsP99Ms,
        N::AssistantStreamsKbEach,
        N::AssistantFirstTokenP99Ms,
        N::RollingRestartFailedRequests,
        N::RollingRestartP99Ms,
        N::MillionRequestsMemoryGrowthMb,
    ];
    let all = all.into_iter().filter(|name| !of_other.contains(name));
    chosen(options, all)
}

fn chosen(options: &Bench, all: impl IntoIterator<Item = Name>) -> Vec<String> {
    let chosen = |name: &Name| options.names.is_empty() || options.names.contains(name);
    all.into_iter().filter(chosen).map(Name::name).collect()
}

/// What needs neither store nor database.
pub(super) fn forecasts(
    workspace: &Workspace,
    options: &Bench,
    royal: &Path,
) -> Result<Vec<Value>> {
    use Name as N;
    let all = [
        N::ForecastMase,
        N::ForecastCoveragePct,
        N::ForecastManySeries,
        N::ForecastPeakMemoryMb,
    ];
    let names = chosen(options, all);
    if names.is_empty() {
        return Ok(Vec::new());
    }
    build(workspace)?;
    let folder = TempDir::new("bench-forecast")?;
    let mut command = Command::new(workspace.binary(PROGRAM, true));
    command.arg("--royal").arg(royal);
    command.arg("--folder").arg(folder.path()).args(names);
    figures_of(&mut command, options.json)
}

fn build(workspace: &Workspace) -> Result<()> {
    let mut build = cargo(&workspace.root);
    build.args(["build", "--release", "--package", "bench", "--bin", PROGRAM]);
    run(&mut build, "cargo build --release")
}

pub(super) fn measure(workspace: &Workspace, options: &Bench, royal: &Path) -> Result<Vec<Value>> {
    let mut figures = Vec::new();
    for database in [Database::Sqlite, Database::Postgres] {
        let names = wanted(options, database);
        if names.is_empty() || options.database.is_some_and(|only| only != database) {
            continue;
        }
        build(workspace)?;
        let fastify = workspace.root.join("crates/bench/fastify");
        let postgres = match database {
            Database::Sqlite => None,
            Database::Postgres => Some(Postgres::start_durable()?),
        };
        let folder = TempDir::new("bench-store")?;
        let mut command = Command::new(workspace.binary(PROGRAM, true));
        command
            .arg("--royal")
            .arg(royal)
            .arg("--folder")
            .arg(folder.path())
            .args(["--orders", &options.orders.to_string()])
            .args(["--seconds", &options.seconds.to_string()])
            .args(&names);
        if let Some(postgres) = &postgres {
            command.args(["--postgres", &postgres.url()]);
            if names.iter().any(|name| name.ends_with("_vs_fastify")) {
                frontend::install_in(workspace, &fastify, "fastify-install")?;
                command.arg("--fastify").arg(&fastify);
            }
        }
        figures.extend(figures_of(&mut command, options.json)?);
    }
    Ok(figures)
}

/// A line of JSON is a figure; everything else tells how far it is.
fn figures_of(command: &mut Command, quiet_out: bool) -> Result<Vec<Value>> {
    let figures = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&figures);
    let status =
        Running::start_reading(command, PROGRAM, move |line| {
            match serde_json::from_str::<Value>(line) {
                Ok(figure) if figure.is_object() => {
                    let mut all = sink.lock().unwrap_or_else(PoisonError::into_inner);
                    all.push(figure);
                }
                _ if quiet_out => eprintln!("{line}"),
                _ => say(line),
            }
        })?
        .wait()?;
    ensure!(status.success(), "{PROGRAM} failed ({status})");
    let figures = figures.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(figures.clone())
}
