//! `cargo xtask up`: from a fresh clone to the product in the browser, with the sandbox store beside it.
use std::{env, path::PathBuf};

use anyhow::{Context, Result};
use clap::Args;

use crate::{
    frontend, net,
    process::{interrupted, pause, run, say},
    stack::{Plan, Sandbox, Stack, setup_code},
    tools,
    workspace::{Workspace, cargo},
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
    /// Where the product keeps its database and keys
    #[arg(long, value_name = "DIR", env = "DATA_DIR", default_value = "data")]
    data: PathBuf,
    /// Port of the product
    #[arg(long, default_value_t = 10000)]
    port: u16,
    /// Port of the sandbox
    #[arg(long, default_value_t = 10001)]
    sandbox_port: u16,
    /// Build optimised binaries
    #[arg(long)]
    release: bool,
}

pub(crate) fn up(workspace: &Workspace, options: &Up) -> Result<()> {
    tools::require_node()?;
    net::must_be_free(options.port, "--port")?;
    if !options.no_sandbox {
        net::must_be_free(options.sandbox_port, "--sandbox-port")?;
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
        let mut args = Vec::new();
        if let Some(rate) = &self.live {
            args.extend(["--live".to_owned(), rate.clone()]);
        }
        if let Some(file) = &self.orders {
            let file = here.join(file);
            let file = file
                .canonicalize()
                .with_context(|| format!("--orders {}", file.display()))?;
            args.extend(["--orders".to_owned(), file.display().to_string()]);
        }
        Ok(Plan {
            release: self.release,
            data: here.join(&self.data),
            port: self.port,
            sandbox: (!self.no_sandbox).then_some(Sandbox {
                port: self.sandbox_port,
                args,
            }),
        })
    }
}

pub(crate) fn build_servers(workspace: &Workspace, plan: &Plan) -> Result<()> {
    let mut command = cargo(&workspace.root);
    command.args(["build", "--package", "server", "--bin", "royal"]);
    if plan.sandbox.is_some() {
        command.args(["--package", "sandbox", "--bin", "royal-sandbox"]);
    }
    if plan.release {
        command.arg("--release");
    }
    run(&mut command, "cargo build")
}

fn announce(plan: &Plan) {
    say("");
    say(&format!(
        "  Royal Equips Orchestrator  http://localhost:{}",
        plan.port
    ));
    match setup_code(&plan.data) {
        Some(code) => say(&format!("  one-time set-up code       {code}")),
        None => say("  this data folder has an owner: sign in"),
    }
    if let Some(sandbox) = &plan.sandbox {
        say(&format!(
            "  sandbox store              http://127.0.0.1:{}",
            sandbox.port
        ));
    }
    say(&format!(
        "  data                       {}",
        plan.data.display()
    ));
    say("  stop                       Ctrl-C");
    say("");
}
