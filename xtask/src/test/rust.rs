//! The Rust tests, with what they need around them.
use std::{
    env,
    path::PathBuf,
    process::Command,
    sync::{Arc, Mutex, PoisonError},
    thread::available_parallelism,
};

use anyhow::{Context, Result, ensure};
use clap::Args;

use super::{Count, failures::Watch, postgres::Postgres};
use crate::{
    process::{Running, run, say},
    tools,
    workspace::{Workspace, cargo},
};

/// All crates, or those named.
fn test(workspace: &Workspace, packages: &[String]) -> Command {
    let mut command = cargo(&workspace.root);
    command.args(["test", "--locked"]);
    match packages {
        [] => command.arg("--workspace"),
        some => command.args(some.iter().flat_map(|p| ["--package", p])),
    };
    command
}

pub(super) fn build(workspace: &Workspace, packages: &[String]) -> Result<()> {
    let mut build = test(workspace, packages);
    run(build.arg("--no-run"), "cargo test --no-run")
}

pub(super) fn tests(workspace: &Workspace, packages: &[String]) -> Result<Count> {
    build(workspace, packages)?;
    tools::redis_server()?;
    let postgres = Postgres::start()?;
    let mut tests = test(workspace, packages);
    tests
        .arg("--no-fail-fast")
        .env("TEST_DATABASE_URL", postgres.url());
    if env::var_os(THREADS).is_none() {
        tests.env(THREADS, threads().to_string());
    }
    cargo_test(&mut tests, "cargo test")
}

const THREADS: &str = "RUST_TEST_THREADS";

/// Most of what a test does is waiting for a database, a browser or a moment.
fn threads() -> usize {
    2 * available_parallelism().map_or(1, usize::from)
}

#[derive(Debug, Args)]
pub(crate) struct Upgrade {
    /// The earlier program
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
}

/// That program's processes over PostgreSQL and Redis, replaced by those that are built here.
pub(crate) fn upgrade(workspace: &Workspace, options: &Upgrade) -> Result<Count> {
    let from = options
        .from
        .canonicalize()
        .with_context(|| format!("{}", options.from.display()))?;
    tools::redis_server()?;
    let postgres = Postgres::start()?;
    let mut command = cargo(&workspace.root);
    // The whole workspace, so that its libraries are those of the other tests.
    command
        .args(["test", "--locked", "--workspace"])
        .args(["--features", "server/earlier-release", "--test", "it"])
        .args(["--", "two_releases", "--nocapture"])
        .env("ROYAL_EARLIER", from)
        .env("TEST_DATABASE_URL", postgres.url());
    let count = cargo_test(&mut command, "cargo test")?;
    ensure!(count != Count::default(), "nothing was tested");
    Ok(count)
}

/// Both servers, with the very libraries that the tests were built with: a build of the two alone would select other
/// features and compile half of the dependencies a second time.
pub(crate) fn build_servers(workspace: &Workspace) -> Result<()> {
    let mut command = cargo(&workspace.root);
    command.args(["build", "--workspace", "--bins", "--tests", "--locked"]);
    run(&mut command, "cargo build")
}

/// Runs a `cargo test` and counts what it reports; its output is passed on as it comes.
pub(crate) fn cargo_test(command: &mut Command, name: &str) -> Result<Count> {
    let total = Arc::new(Mutex::new(Count::default()));
    let sink = Arc::clone(&total);
    let watch = Mutex::new(Watch::default());
    let status = Running::start_reading(command, name, move |line| {
        say(line);
        watch
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .line(line);
        if let Some(count) = Count::from_libtest(line) {
            let mut total = sink.lock().unwrap_or_else(PoisonError::into_inner);
            *total = total.plus(count);
        }
    })?
    .wait()?;
    let total = *total.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(total.with_exit(status.success()))
}
