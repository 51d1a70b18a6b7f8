//! `cargo xtask bench`: figures of the release build on this machine, as JSON for scripts or lines for people.
mod store;

use std::{
    fs,
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::{
    frontend, net,
    process::{Running, interrupted, pause, run, say},
    temp::TempDir,
    workspace::{Workspace, cargo, output},
};

const READY_LIMIT: Duration = Duration::from_secs(30);
const STARTS: usize = 5;
const IDLE: Duration = Duration::from_secs(10);

#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Orders of the large store; the small one that it is compared with has a tenth
    #[arg(long, default_value_t = 1_000_000)]
    orders: u64,
    /// Seconds of each load of requests
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// Over this database only (default: both)
    #[arg(long)]
    database: Option<Database>,
    /// What to measure (default: all)
    names: Vec<Name>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Name {
    /// Start to the first 200 on /readyz, database already migrated: median of 5
    StartMs,
    /// The same in an empty data folder, migrations included: median of 5
    StartFreshMs,
    /// Resident memory after 10 s without a request
    IdleMemoryMb,
    /// Size of the binary
    BinaryMb,
    /// Orders a second into facts, ledger and rollups on SQLite, against prepared inserts of the same rows
    IngestVsInsertSqlite,
    /// The same on PostgreSQL, against COPY
    IngestVsCopyPostgres,
    /// Largest resident memory while that many orders were read
    IngestPeakMemoryMb,
    /// `/v1/reports/profit` by day over two years, 16 connections
    #[value(name = "profit_report_p99_ms")]
    ProfitReportP99Ms,
    /// The same in requests a second, against a bare handler with one indexed query
    ProfitReportVsBare,
    /// How many times slower it is over the large store than over the small one
    #[value(name = "profit_report_growth_100k_1m")]
    ProfitReportGrowth,
    /// `/v1/metrics`, 16 connections
    #[value(name = "metrics_p99_ms")]
    MetricsP99Ms,
    MetricsVsBare,
    #[value(name = "metrics_growth_100k_1m")]
    MetricsGrowth,
    /// Who is asking, in requests a second, against actix-web that answers the same bytes
    CheapReadVsActix,
    /// The same against Fastify (PostgreSQL)
    CheapReadVsFastify,
    /// And against Fastify that looks up token and user (PostgreSQL)
    CheapReadVsFastifyAsking,
    /// The report by day against Fastify with one indexed query (PostgreSQL)
    ProfitReportVsFastify,
    /// From 1 000 changed orders to changed figures
    #[value(name = "incremental_1000_orders_s")]
    Incremental,
    /// From a webhook that is due to its 202, 50 a second
    #[value(name = "webhook_accept_p99_ms")]
    WebhookAcceptP99Ms,
    /// What knowing a session costs a request
    SessionCheckMs,
    /// Sign-ins with an unknown address against a wrong password, 200 each: p of a Mann-Whitney test
    SignInIndistinguishableP,
    /// What `royal forecast` misses by 28 days ahead, in misses of the week before; against a mean of eight weeks
    ForecastMase,
    /// Days that fall into its interval of 80 %
    ForecastCoveragePct,
    /// 10 000 series of 730 days
    #[value(name = "forecast_10000_series_s")]
    ForecastManySeries,
    /// Largest resident memory meanwhile
    ForecastPeakMemoryMb,
    /// The first night of a store of 10 000 variants, from the run's start to its end
    #[value(name = "forecast_night_10000_variants_s")]
    ForecastNight,
    /// Largest resident memory of the product meanwhile
    ForecastNightPeakMemoryMb,
    /// Three years of 200 campaigns with five ad sets each, read from Meta
    #[value(name = "ads_sync_meta_s")]
    AdsMeta,
    /// The same from Google Ads
    #[value(name = "ads_sync_google_s")]
    AdsGoogle,
    /// The days that may still move, read again: the slower of the two
    #[value(name = "ads_sync_window_s")]
    AdsWindow,
    /// Largest resident memory of the product meanwhile
    AdsSyncPeakMemoryMb,
    /// A supplier's catalogue of 100 000 variants from a file, imported and scored
    #[value(name = "supplier_import_100000_variants_s")]
    SupplierImport,
    /// Largest resident memory of the product meanwhile
    SupplierImportPeakMemoryMb,
    /// The page of opportunities over it
    #[value(name = "opportunities_page_p99_ms")]
    OpportunitiesPageP99Ms,
    /// From an event to its arrival at each of 10 000 streams
    #[value(name = "streams_delivery_p99_ms")]
    StreamsDeliveryP99Ms,
    /// Resident memory that each of them takes
    StreamsKbEach,
    /// Ordinary requests beside 1 000 open conversations, 50 a second
    #[value(name = "assistant_streams_requests_p99_ms")]
    AssistantStreamsRequestsP99Ms,
    /// Resident memory that each of those takes
    AssistantStreamsKbEach,
    /// From a question to the first words of the built-in analyst, over the large store
    #[value(name = "assistant_first_token_p99_ms")]
    AssistantFirstTokenP99Ms,
    /// Requests that fail while each of three processes is replaced, 200 a second (PostgreSQL)
    RollingRestartFailedRequests,
    /// From due to answered meanwhile
    #[value(name = "rolling_restart_p99_ms")]
    RollingRestartP99Ms,
    /// Resident memory after 1 000 000 requests, less what it was after the first tenth (PostgreSQL)
    MillionRequestsMemoryGrowthMb,
    /// Runs of agents that do nothing, from queued to their end, on SQLite; against commits of one row
    #[value(name = "queue_sqlite_runs_per_s")]
    QueueSqlite,
    /// The same on PostgreSQL
    #[value(name = "queue_postgres_runs_per_s")]
    QueuePostgres,
    /// From queued to started, 200 a second
    #[value(name = "queue_latency_p99_ms")]
    QueueLatency,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Database {
    Sqlite,
    Postgres,
}

pub(crate) fn bench(workspace: &Workspace, options: &Bench) -> Result<()> {
    if options.wants_product() {
        frontend::build(workspace)?;
        let mut build = cargo(&workspace.root);
        build.args([
            "build",
            "--release",
            "--package",
            "server",
            "--bin",
            "royal",
        ]);
        run(&mut build, "cargo build --release")?;
    }
    let binary = workspace.binary("royal", true);
    let mut results = Vec::new();
    for name in Name::value_variants() {
        if !options.names.is_empty() && !options.names.contains(name) {
            continue;
        }
        if let Some((value, unit)) = name.measure(&binary)? {
            let value = (value * 10.0).round() / 10.0;
            results.push(json!({"name": name.name(), "value": value, "unit": unit}));
        }
    }
    results.extend(store::forecasts(workspace, options, &binary)?);
    results.extend(store::measure(workspace, options, &binary)?);
    if !options.json {
        say("");
        results.iter().for_each(|figure| say(&line(figure)));
    } else {
        let report = json!({
            "machine": machine(),
            "commit": commit(workspace),
            "results": results,
        });
        say(&serde_json::to_string_pretty(&report)?);
    }
    Ok(())
}

impl Bench {
    /// The queue alone is measured without it.
    fn wants_product(&self) -> bool {
        use Name as N;
        let is_of_queue =
            |name: &Name| matches!(name, N::QueueSqlite | N::QueuePostgres | N::QueueLatency);
        self.names.is_empty() || !self.names.iter().all(is_of_queue)
    }
}

impl Name {
    fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |v| v.get_name().to_owned())
    }

    /// `None`: it is measured over a store.
    fn measure(self, binary: &Path) -> Result<Option<(f64, &'static str)>> {
        Ok(Some(match self {
            Self::StartMs => {
                let data = TempDir::new("bench")?;
                start(binary, data.path())?;
                let starts = (0..STARTS).map(|_| Ok(start(binary, data.path())?.1));
                (median(starts.collect::<Result<_>>()?), "ms")
            }
            Self::StartFreshMs => {
                let fresh = |_| Ok(start(binary, TempDir::new("bench")?.path())?.1);
                (median((0..STARTS).map(fresh).collect::<Result<_>>()?), "ms")
            }
            Self::IdleMemoryMb => {
                let data = TempDir::new("bench")?;
                let (running, _) = start(binary, data.path())?;
                let from = Instant::now();
                while from.elapsed() < IDLE {
                    pause()?;
                }
                (resident_mb(running.id())?, "MB")
            }
            Self::BinaryMb => {
                let bytes = fs::metadata(binary)
                    .with_context(|| format!("{}", binary.display()))?
                    .len();
                (megabytes(bytes), "MB")
            }
            _ => return Ok(None),
        }))
    }
}

/// A figure for people.
fn line(figure: &Value) -> String {
    let text = |field: &str| figure[field].as_str().unwrap_or_default().to_owned();
    let (name, value, unit) = (text("name"), figure["value"].as_f64(), text("unit"));
    let value = value.unwrap_or(f64::NAN);
    let digits = if value.abs() < 1.0 { 3 } else { 1 };
    let line = format!("{name:<40} {value:>10.digits$} {unit}");
    match figure["ratio"].as_f64() {
        Some(ratio) => format!("{line:<64} {ratio:>6.2} of {}", text("against")),
        None => line,
    }
}

/// Starts the product alone; how long it took to be ready, in milliseconds.
fn start(binary: &Path, data: &Path) -> Result<(Running, f64)> {
    let port = net::free_port()?;
    let mut command = Command::new(binary);
    command
        .arg("serve")
        .current_dir(data)
        .env("DATA_DIR", data)
        .env("PORT", port.to_string());
    let began = Instant::now();
    let mut running = Running::start_reading(&mut command, "royal", |_| ())?;
    while !matches!(net::status(port, "/readyz"), Ok(200)) {
        if let Some(how) = running.ended()? {
            bail!("royal ended before it was ready ({how})");
        }
        if interrupted() || began.elapsed() > READY_LIMIT {
            bail!("royal was not ready after {} s", READY_LIMIT.as_secs());
        }
        // Finer than the usual pause: it is what is measured.
        thread::sleep(Duration::from_millis(1));
    }
    Ok((running, began.elapsed().as_secs_f64() * 1000.0))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn resident_mb(pid: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).context("royal's memory")?;
    let kib = status
        .lines()
        .find_map(|line| {
            line.strip_prefix("VmRSS:")?
                .trim()
                .strip_suffix("kB")?
                .trim()
                .parse::<u64>()
                .ok()
        })
        .context("royal's memory: no VmRSS")?;
    Ok(megabytes(kib * 1024))
}

/// 10⁶ bytes.
#[expect(clippy::cast_precision_loss, reason = "sizes are far below 2⁵²")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn machine() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'))
        .map_or("unknown processor", |(_, model)| model.trim());
    let cores = thread::available_parallelism().map_or(1, usize::from);
    format!("{model}, {cores} cores")
}

/// The commit, with a plus when the tree holds more than it.
fn commit(workspace: &Workspace) -> Value {
    let git = |args: &[&str]| {
        let mut git = Command::new("git");
        output(git.args(args).current_dir(&workspace.root), "git").ok()
    };
    let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]) else {
        return Value::Null;
    };
    let dirty = git(&["status", "--porcelain"]).is_some_and(|s| !s.trim().is_empty());
    json!(format!("{}{}", commit.trim(), if dirty { "+" } else { "" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_one() {
        assert!((median(vec![9.0, 1.0, 5.0]) - 5.0).abs() < f64::EPSILON);
    }

    #[test]
    fn our_own_memory_is_more_than_nothing() {
        assert!(resident_mb(std::process::id()).unwrap() > 0.5);
    }
}
