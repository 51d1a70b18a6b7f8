//! `cargo xtask contracts`: our code against providers' recorded answers and schemas that are not part of this repository.
//! They are test targets of their own, run only here, so that the normal run has nothing to skip.
use std::{env, path::PathBuf};

use anyhow::{Context, Result, ensure};

use crate::{
    process::say,
    test::{Count, cargo_test, schema},
    workspace::{Workspace, cargo},
};

/// Name of the test target.
pub(crate) const TARGET: &str = "contracts";
const FOLDER: &str = "ROYAL_CONTRACTS";
const SCHEMA: &str = "ROYAL_SHOPIFY_SCHEMA";

/// Whether the recorded answers are at hand.
pub(crate) fn available() -> bool {
    env::var_os(FOLDER).is_some()
}

pub(crate) fn contracts(workspace: &Workspace) -> Result<Count> {
    let folder = env::var_os(FOLDER)
        .map(PathBuf::from)
        .context("ROYAL_CONTRACTS must name the folder of recorded answers (absolute path)")?;
    ensure!(
        folder.is_absolute() && folder.is_dir(),
        "{FOLDER}={}: not an absolute path of a folder",
        folder.display()
    );
    let schema = match env::var_os(SCHEMA) {
        Some(file) => file.into(),
        None => schema::file(workspace)?,
    };
    say("\n── contracts");
    run(workspace, &schema, &[])
}

/// Those of the tests that need nothing but the schema which Shopify publishes.
pub(crate) fn schema_alone(workspace: &Workspace) -> Result<Count> {
    let count = run(workspace, &schema::file(workspace)?, &["schema"])?;
    ensure!(count != Count::default(), "no document was checked");
    Ok(count)
}

fn run(workspace: &Workspace, schema: &PathBuf, filter: &[&str]) -> Result<Count> {
    let mut command = cargo(&workspace.root);
    // The whole workspace, so that its libraries are those of the other tests.
    command
        .args(["test", "--workspace", "--locked", "--no-fail-fast"])
        .args(["--test", TARGET])
        .arg("--")
        .args(filter)
        .env(SCHEMA, schema);
    cargo_test(&mut command, "cargo test")
}
