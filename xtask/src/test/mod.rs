//! `cargo xtask test`: all that the CI runs, in named and timed groups, and one line at the end that adds up their tests.
//! A group that needs something installs it or fails: nothing is skipped in silence.
mod api;
mod beside;
mod browser;
mod count;
pub(crate) mod failures;
mod postgres;
mod rust;
pub(crate) mod schema;
mod sdl;

use std::{
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use beside::Beside;
pub(crate) use count::Count;
pub(crate) use postgres::Postgres;
pub(crate) use rust::{Upgrade, build_servers, cargo_test, upgrade};

use crate::{
    contracts, deploy, docs, generate, layers,
    process::{interrupted, run, say},
    tidy,
    workspace::{Workspace, cargo},
};

#[derive(Debug, Default, Args)]
pub(crate) struct Test {
    /// Run this group only (may be repeated)
    #[arg(long, value_name = "GROUP")]
    only: Vec<Group>,
    /// Of the Rust tests, run those of this crate only (may be repeated)
    #[arg(long, short, value_name = "CRATE")]
    package: Vec<String>,
}

/// In the order in which they begin: what fails fast comes first, and the front end before the server that serves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Group {
    /// rustfmt
    Fmt,
    /// The arrows between crates
    Layers,
    /// House rules for crates and files
    Tidy,
    /// Every path, command, setting and address that the documents name exists
    Docs,
    /// Front end: lint, types, unit tests, build, size budget
    Frontend,
    /// Our GraphQL documents against Shopify's real schema
    Schema,
    /// What the Rust tests are made of is compiled
    Build,
    /// Clippy, warnings denied; it goes on beside the tests, which mostly wait
    Clippy,
    /// Rust tests, with a real PostgreSQL
    Rust,
    /// OpenAPI, the TypeScript client and the references are up to date
    Generated,
    /// Image, manifests, workflows, alerts and the queries of dashboards, read by linters and tried on a real database
    Deploy,
    /// The API against its own description: requests made from it, every answer looked at (schemathesis)
    Api,
    /// The product, the sandbox and a real browser
    E2e,
}

pub(crate) fn test(workspace: &Workspace, options: &Test) -> Result<Count> {
    let mut total = Count::default();
    let mut summary = Vec::new();
    let mut beside = Vec::new();
    for group in Group::value_variants() {
        if !options.only.is_empty() && !options.only.contains(group) {
            continue;
        }
        let name = group.name();
        say(&format!("\n── {name}"));
        let started = Instant::now();
        let outcome = match group {
            Group::Clippy => match Beside::start(&mut clippy(workspace), &name) {
                Ok(begun) => {
                    beside.push((name, begun));
                    continue;
                }
                Err(error) => Err(error),
            },
            _ => group.run(workspace, options),
        };
        let count = counted(&name, outcome)?;
        summary.push(line(&name, started.elapsed(), count));
        total = total.plus(count);
    }
    for (name, begun) in beside {
        say(&format!("\n── {name}, to its end"));
        let (lasted, ended) = begun.end();
        let count = counted(&name, ended.map(|()| Count::default()))?;
        summary.push(line(&name, lasted, count));
        total = total.plus(count);
    }
    say("\n── summary");
    for line in summary {
        say(&line);
    }
    Ok(total)
}

/// What could not be run counts as one failure, and is told again at the end.
fn counted(name: &str, outcome: Result<Count>) -> Result<Count> {
    let count = outcome.unwrap_or_else(|error| {
        let error = format!("{name}: {error:#}");
        say(&error);
        failures::keep(&error);
        Count::one_failure()
    });
    if interrupted() {
        bail!("interrupted");
    }
    Ok(count)
}

fn line(name: &str, lasted: Duration, count: Count) -> String {
    let seconds = lasted.as_secs_f32();
    format!("{name:<10} {seconds:>7.1} s  {}", count.describe())
}

/// In a folder of its own: builds in one folder wait for each other.
fn clippy(workspace: &Workspace) -> Command {
    let mut command = cargo(&workspace.root);
    command
        .args(["clippy", "--workspace", "--all-targets", "--all-features"])
        .args(["--locked", "--quiet"])
        .arg("--target-dir")
        .arg(workspace.target.join("clippy"))
        .args(["--", "-D", "warnings"]);
    command
}

impl Group {
    fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |v| v.get_name().to_owned())
    }

    fn run(self, workspace: &Workspace, options: &Test) -> Result<Count> {
        match self {
            Self::Fmt => {
                let mut command = cargo(&workspace.root);
                run(command.args(["fmt", "--all", "--check"]), "cargo fmt")?;
                Ok(Count::default())
            }
            Self::Layers => none_of(&layers::violations(workspace)?),
            Self::Tidy => none_of(&tidy::violations(workspace)?),
            Self::Docs => none_of(&docs::missing(workspace)?),
            Self::Frontend => browser::unit(workspace),
            Self::Schema => contracts::schema_alone(workspace),
            Self::Build => rust::build(workspace, &options.package).map(|()| Count::default()),
            Self::Clippy => run(&mut clippy(workspace), "cargo clippy").map(|()| Count::default()),
            Self::Rust => rust::tests(workspace, &options.package),
            Self::Generated => none_of(&generate::outdated(workspace)?),
            Self::Deploy => deploy::test(workspace).map(|()| Count::default()),
            Self::Api => api::described(workspace),
            Self::E2e => browser::end_to_end(workspace),
        }
    }
}

fn none_of(violations: &[String]) -> Result<Count> {
    if !violations.is_empty() {
        bail!("{} to mend\n{}", violations.len(), violations.join("\n"));
    }
    Ok(Count::default())
}
