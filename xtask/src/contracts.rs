//! `cargo xtask contracts`: our code against providers' recorded answers and schemas that are not part of this repository.
//! They are test targets of their own, built only here, so that the normal run has nothing to skip.
use std::{env, path::PathBuf};

use anyhow::{Context, Result, ensure};

use crate::{
    process::say,
    test::{Count, cargo_test, schema},
    workspace::{Workspace, cargo},
};

/// Name of the test target, and of the feature that it requires.
const TARGET: &str = "contracts";
const FOLDER: &str = "ROYAL_CONTRACTS";

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
        "ROYAL_CONTRACTS={}: not an absolute path of a folder",
        folder.display()
    );
    let schema = match env::var_os("ROYAL_SHOPIFY_SCHEMA") {
        Some(file) => file.into(),
        None => schema::file(workspace)?,
    };
    let with_target = |p: &&crate::workspace::Package| p.test_targets.iter().any(|t| t == TARGET);
    let mut total = Count::default();
    for package in workspace.packages.iter().filter(with_target) {
        say(&format!("\n── {TARGET}: {}", package.name));
        let mut command = cargo(&workspace.root);
        command
            .args([
                "test",
                "--locked",
                "--no-fail-fast",
                "--package",
                &package.name,
            ])
            .args(["--features", TARGET, "--test", TARGET])
            .env("ROYAL_SHOPIFY_SCHEMA", &schema);
        total = total.plus(cargo_test(&mut command, "cargo test")?);
    }
    Ok(total)
}
