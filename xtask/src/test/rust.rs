//! The Rust tests, with what they need around them.
use std::{
    process::Command,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Result;

use super::{Count, postgres::Postgres, schema};
use crate::{
    process::{Running, run, say},
    workspace::{Workspace, cargo},
};

pub(super) fn all(workspace: &Workspace) -> Result<Count> {
    let schema = schema::file(workspace)?;
    let mut build = cargo(&workspace.root);
    build.args(["test", "--workspace", "--locked", "--no-run"]);
    run(&mut build, "cargo test --no-run")?;
    let postgres = Postgres::start()?;
    let mut tests = cargo(&workspace.root);
    tests
        .args(["test", "--workspace", "--locked", "--no-fail-fast"])
        .env("TEST_DATABASE_URL", postgres.url())
        .env("ROYAL_SHOPIFY_SCHEMA", schema);
    cargo_test(&mut tests, "cargo test")
}

/// Runs a `cargo test` and counts what it reports; its output is passed on as it comes.
pub(crate) fn cargo_test(command: &mut Command, name: &str) -> Result<Count> {
    let total = Arc::new(Mutex::new(Count::default()));
    let sink = Arc::clone(&total);
    let status = Running::start_reading(command, name, move |line| {
        say(line);
        if let Some(count) = Count::from_libtest(line) {
            let mut total = sink.lock().unwrap_or_else(PoisonError::into_inner);
            *total = total.plus(count);
        }
    })?
    .wait()?;
    let total = *total.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(total.with_exit(status.success()))
}
