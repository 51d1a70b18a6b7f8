//! `cargo xtask lighthouse`: what the browser application costs a reader, measured by Lighthouse over the release build.
//! Lighthouse and its dependencies live in a folder of their own, so that nobody else installs them.
use anyhow::Result;
use clap::Args;

use crate::{
    frontend,
    process::{Running, run},
    tools::{self, npm},
    workspace::{Workspace, cargo},
};

#[derive(Debug, Args)]
pub(crate) struct Lighthouse {
    /// Loads of each page in each profile; the one with the middle score counts
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Pages to measure (default: all)
    pages: Vec<String>,
}

/// False when a bar of the design is missed.
pub(crate) fn lighthouse(workspace: &Workspace, options: &Lighthouse) -> Result<bool> {
    tools::require_node()?;
    let chromium = tools::chromium()?;
    frontend::build(workspace)?;
    frontend::install_lighthouse(workspace)?;
    let mut build = cargo(&workspace.root);
    build.args([
        "build",
        "--release",
        "--package",
        "server",
        "--bin",
        "royal",
    ]);
    build.args(["--package", "sandbox", "--bin", "royal-sandbox"]);
    run(&mut build, "cargo build --release")?;
    let mut command = npm(
        &workspace.frontend(),
        &["run", "--silent", "lighthouse", "--"],
    );
    command
        .args(["--runs", &options.runs.to_string()])
        .args(options.json.then_some("--json"))
        .args(&options.pages)
        .env("ROYAL_BIN", workspace.binary("royal", true))
        .env("SANDBOX_BIN", workspace.binary("royal-sandbox", true))
        .env("CHROMIUM", chromium);
    let status = Running::start(&mut command, "npm run lighthouse")?.wait()?;
    Ok(status.success())
}
