//! `cargo xtask simulate`: the simulation in a release build, over many seeds or one.

use anyhow::{Context, Result};
use clap::Args;

use crate::workspace::{Workspace, cargo};

#[derive(Debug, Args)]
pub(crate) struct Simulate {
    /// How many seeds
    #[arg(long, default_value_t = 2_000)]
    seeds: u64,
    /// The first of them
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// This one alone, with everything that happens
    #[arg(long)]
    seed: Option<u64>,
    /// With a mistake in it, to see that it is found
    #[arg(long)]
    plant: Option<String>,
}

/// False: a history breaks what must hold, and that was said.
pub(crate) fn simulate(workspace: &Workspace, options: &Simulate) -> Result<bool> {
    let mut command = cargo(&workspace.root);
    command.args([
        "run",
        "--quiet",
        "--release",
        "--package",
        "simulation",
        "--",
    ]);
    match options.seed {
        Some(seed) => command.args(["--seed".to_owned(), seed.to_string()]),
        None => command.args([
            "--seeds".to_owned(),
            options.seeds.to_string(),
            "--from".to_owned(),
            options.from.to_string(),
        ]),
    };
    if let Some(plant) = &options.plant {
        command.args(["--plant", plant]);
    }
    let status = command.status().context("the simulation does not start")?;
    Ok(status.success())
}
