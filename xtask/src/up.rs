//! `cargo xtask up`: from a fresh clone to the product in the browser, with the sandbox store beside it.
use std::{
    env, fs,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use clap::Args;

use crate::{
    frontend, net,
    process::{interrupted, pause, run, say},
    stack::{Plan, Sandbox, Stack, setup_code},
    tools,
    workspace::{Workspace, cargo, output},
};

#[derive(Debug, Args)]
pub(crate) struct Up {
    /// Start the product alone
    #[arg(long)]
    no_sandbox: bool,
    /// Keep new orders, refunds and edits coming as webhooks: so many orders a minute
    #[arg(long, value_name = "RATE", conflicts_with = "no_sandbox")]
    live: Option<String>,
    /// Fill the sandbox store from a CSV of order lines (columns of the UCI Online Retail data)
    #[arg(long, value_name = "FILE", conflicts_with = "no_sandbox")]
    orders: Option<PathBuf>,
    /// Run a second sandbox store beside the first: in euros, with days of Berlin
    #[arg(long, conflicts_with = "no_sandbox")]
    second_store: bool,
    /// Where the product keeps its database and keys
    #[arg(long, value_name = "DIR", env = "DATA_DIR", default_value = "data")]
    data: PathBuf,
    /// Port of the product
    #[arg(long, default_value_t = 10000)]
    port: u16,
    /// Port of the sandbox
    #[arg(long, default_value_t = 10001)]
    sandbox_port: u16,
    /// Port of the second sandbox
    #[arg(long, default_value_t = 10002)]
    second_sandbox_port: u16,
    /// Build optimised binaries
    #[arg(long)]
    release: bool,
}

/// Another shop: another seed, name, currency and zone.
const SECOND: [&str; 10] = [
    "--seed",
    "2",
    "--name",
    "Royal Equips Berlin",
    "--currency",
    "EUR",
    "--zone",
    "Europe/Berlin",
    "--size",
    "4000",
];

pub(crate) fn up(workspace: &Workspace, options: &Up) -> Result<()> {
    tools::require_node()?;
    net::must_be_free(options.port, "--port")?;
    if !options.no_sandbox {
        net::must_be_free(options.sandbox_port, "--sandbox-port")?;
    }
    if options.second_store {
        net::must_be_free(options.second_sandbox_port, "--second-sandbox-port")?;
    }
    let plan = options.plan()?;
    frontend::build(workspace)?;
    build_servers(workspace, &plan)?;
    let mut stack = Stack::start(workspace, &plan)?;
    announce(&plan);
    while !interrupted() {
        stack.check()?;
        if pause().is_err() {
            break;
        }
    }
    say("stopping");
    drop(stack);
    say("stopped");
    Ok(())
}

impl Up {
    fn plan(&self) -> Result<Plan> {
        let here = env::current_dir().context("the current folder is gone")?;
        let data = here.join(&self.data);
        Ok(Plan {
            release: self.release,
            port: self.port,
            sandboxes: self.sandboxes(&here, &data)?,
            data,
            settings: Vec::new(),
        })
    }

    fn sandboxes(&self, here: &Path, data: &Path) -> Result<Vec<Sandbox>> {
        if self.no_sandbox {
            return Ok(Vec::new());
        }
        let mut sandboxes = vec![self.sandbox(here, data)?];
        if self.second_store {
            let now = now()?;
            let first = first_start(data, &now)?;
            let args = SECOND.iter().map(|arg| (*arg).to_owned());
            sandboxes.push(Sandbox {
                port: self.second_sandbox_port,
                args: args.chain(["--now".to_owned(), first]).collect(),
                clock: Some(now),
            });
        }
        Ok(sandboxes)
    }

    fn sandbox(&self, here: &Path, data: &Path) -> Result<Sandbox> {
        let mut args = Vec::new();
        let mut clock = None;
        if let Some(rate) = &self.live {
            args.extend(["--live".to_owned(), rate.clone()]);
        }
        if let Some(file) = &self.orders {
            let file = here.join(file);
            let file = file
                .canonicalize()
                .with_context(|| format!("--orders {}", file.display()))?;
            args.extend(["--orders".to_owned(), file.display().to_string()]);
        } else {
            let now = now()?;
            args.extend(["--now".to_owned(), first_start(data, &now)?]);
            clock = Some(now);
        }
        Ok(Sandbox {
            port: self.sandbox_port,
            args,
            clock,
        })
    }
}

/// The sandbox keeps nothing: it makes its history anew, up to the moment that it is told. With the moment of the first start
/// it is the same history each time, and a data folder goes on with the store that it knows.
fn first_start(data: &Path, now: &str) -> Result<String> {
    let file = data.join("sandbox-first-start");
    if let Ok(first) = fs::read_to_string(&file) {
        return Ok(first.trim().to_owned());
    }
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(data)
        .and_then(|()| fs::write(&file, now))
        .with_context(|| format!("{}", file.display()))?;
    Ok(now.to_owned())
}

fn now() -> Result<String> {
    let mut date = Command::new("date");
    let text = output(date.args(["-u", "+%Y-%m-%dT%H:%M:%SZ"]), "date")?;
    Ok(text.trim().to_owned())
}

pub(crate) fn build_servers(workspace: &Workspace, plan: &Plan) -> Result<()> {
    let mut command = cargo(&workspace.root);
    command.args(["build", "--package", "server", "--bin", "royal"]);
    if !plan.sandboxes.is_empty() {
        command.args(["--package", "sandbox", "--bin", "royal-sandbox"]);
    }
    if plan.release {
        command.arg("--release");
    }
    run(&mut command, "cargo build")
}

fn announce(plan: &Plan) {
    let home = format!("http://localhost:{}", plan.port);
    let mut lines = vec![String::new()];
    match setup_code(&plan.data) {
        Some(code) => {
            lines.push(format!(
                "  Royal Equips Orchestrator  {home}/command-center/setup?code={code}"
            ));
            lines.push(format!("  one-time set-up code       {code}"));
        }
        None => lines.push(format!("  Royal Equips Orchestrator  {home}")),
    }
    for sandbox in &plan.sandboxes {
        lines.push(format!(
            "  sandbox store              http://127.0.0.1:{}",
            sandbox.port
        ));
    }
    lines.push(format!(
        "  data                       {}",
        plan.data.display()
    ));
    lines.push("  stop                       Ctrl-C\n".to_owned());
    say(&lines.join("\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_folder_remembers_the_first_start_of_its_sandbox() {
        let dir = crate::temp::TempDir::new("up").unwrap();
        let data = dir.path().join("data");
        let first = now().unwrap();
        assert_eq!(first_start(&data, &first).unwrap(), first);
        assert_eq!(first_start(&data, "2031-01-01T00:00:00Z").unwrap(), first);
    }
}
