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

enum Begun {
    Ended(Count),
    GoesOn(Beside),
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
        let ended = match group.begin(workspace, options) {
            Ok(Begun::GoesOn(step)) => {
                beside.push((name, step));
                continue;
            }
            Ok(Begun::Ended(count)) => Ok(count),
            Err(error) => Err(error),
        };
        let count = counted(&name, ended)?;
        summary.push(line(&name, started.elapsed(), count));
        total = total.plus(count);
    }
    for (name, step) in beside {
        say(&format!("\n── {name}, to its end"));
        let (lasted, ended) = step.end();
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

/// In a folder of its own: builds in one folder wait for each other. Targets that are run by name alone are not among all.
fn clippy(workspace: &Workspace) -> Vec<Command> {
    let of = |targets: &[&str]| {
        let mut command = cargo(&workspace.root);
        command
            .args(["clippy", "--workspace", "--all-features", "--locked"])
            .args(targets)
            .arg("--target-dir")
            .arg(workspace.target.join("clippy"))
            .args(["--quiet", "--", "-D", "warnings"]);
        command
    };
    vec![of(&["--all-targets"]), of(&["--test", contracts::TARGET])]
}

impl Group {
    fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |v| v.get_name().to_owned())
    }

    fn begin(self, workspace: &Workspace, options: &Test) -> Result<Begun> {
        let ended = match self {
            Self::Fmt => {
                let mut command = cargo(&workspace.root);
                let ended = run(command.args(["fmt", "--all", "--check"]), "cargo fmt");
                ended.map(|()| Count::default())
            }
            Self::Layers => none_of(&layers::violations(workspace)?),
            Self::Tidy => none_of(&tidy::violations(workspace)?),
            Self::Docs => none_of(&docs::missing(workspace)?),
            Self::Frontend => browser::unit(workspace),
            Self::Schema => contracts::schema_alone(workspace),
            Self::Build => rust::build(workspace, &options.package).map(|()| Count::default()),
            Self::Clippy => {
                let step = Beside::start(clippy(workspace), &self.name());
                return Ok(Begun::GoesOn(step));
            }
            Self::Rust => rust::tests(workspace, &options.package),
            Self::Generated => none_of(&generate::outdated(workspace)?),
            Self::Deploy => deploy::test(workspace).map(|()| Count::default()),
            Self::Api => api::described(workspace),
            Self::E2e => browser::end_to_end(workspace),
        };
        ended.map(Begun::Ended)
    }
}

fn none_of(violations: &[String]) -> Result<Count> {
    if !violations.is_empty() {
        bail!("{} to mend\n{}", violations.len(), violations.join("\n"));
    }
    Ok(Count::default())
}
