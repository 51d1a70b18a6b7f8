//! The project's own commands, the same for a developer and for the CI. `cargo xtask --help` lists them.
mod bench;
mod contracts;
mod deploy;
mod docs;
mod frontend;
mod generate;
mod layers;
mod lighthouse;
mod net;
mod process;
mod screenshots;
mod simulate;
mod stack;
mod temp;
mod test;
mod tidy;
mod tools;
mod up;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::{Parser, Subcommand};

use crate::{process::say, test::Count, workspace::Workspace};

#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "Build, run and check the project"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build everything and run the product with a sandbox store beside it
    Up(up::Up),
    /// Run all checks and tests, as the CI does
    Test(test::Test),
    /// Check the arrows between crates
    Layers,
    /// Check the house rules for crates and files
    Tidy,
    /// Write the files that are made from the code: OpenAPI, its TypeScript client, the references
    Generate,
    /// `test`, then `contracts` where ROYAL_CONTRACTS is set, with one sum at the end
    Ci,
    /// Test against recorded answers of providers (ROYAL_CONTRACTS names their folder)
    Contracts,
    /// All linters over `deploy/` and `.github/`, also the one that `test` leaves out because it takes long to install
    LintDeploy,
    /// Take the pictures of README.md
    Screenshots,
    /// Live through histories by seeds: three replicas over the fakes, with faults; a failing seed is printed
    Simulate(simulate::Simulate),
    /// Replace an earlier release's processes by these, one after the other and under load
    Upgrade(test::Upgrade),
    /// Measure the release build
    Bench(bench::Bench),
    /// Measure the browser application with Lighthouse, over the release build and the sandbox's store
    Lighthouse(lighthouse::Lighthouse),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match process::listen_for_signals().and_then(|()| execute(&arguments.command)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(_) if process::interrupted() => ExitCode::from(130),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// False: it failed, and has said all there is to say.
fn execute(command: &Command) -> Result<bool> {
    let workspace = Workspace::load()?;
    let done = match command {
        Command::Up(options) => up::up(&workspace, options),
        Command::Test(options) => return Ok(sum(test::test(&workspace, options)?)),
        Command::Contracts => return Ok(sum(contracts::contracts(&workspace)?)),
        Command::Lighthouse(options) => return lighthouse::lighthouse(&workspace, options),
        Command::Ci => return Ok(sum(ci(&workspace)?)),
        Command::Layers => report("layers", &layers::violations(&workspace)?),
        Command::Tidy => report("tidy", &tidy::violations(&workspace)?),
        Command::Generate => generate::generate(&workspace),
        Command::Screenshots => screenshots::take(&workspace),
        Command::LintDeploy => deploy::lint(&workspace),
        Command::Simulate(options) => return simulate::simulate(&workspace, options),
        Command::Upgrade(options) => return Ok(sum(test::upgrade(&workspace, options)?)),
        Command::Bench(options) => bench::bench(&workspace, options),
    };
    done.map(|()| true)
}

fn ci(workspace: &Workspace) -> Result<Count> {
    let tests = test::test(workspace, &test::Test::default())?;
    if !contracts::available() {
        return Ok(tests);
    }
    let contracts = contracts::contracts(workspace).unwrap_or_else(|error| {
        let error = format!("contracts: {error:#}");
        say(&error);
        test::failures::keep(&error);
        Count::one_failure()
    });
    if process::interrupted() {
        bail!("interrupted");
    }
    Ok(tests.plus(contracts))
}

/// The last line of all: nothing may follow it.
fn sum(count: Count) -> bool {
    test::failures::say_again();
    say(&count.line());
    count.failed == 0
}

fn report(name: &str, violations: &[String]) -> Result<()> {
    if violations.is_empty() {
        say(&format!("{name}: ok"));
        return Ok(());
    }
    bail!(
        "{name}: {} to mend\n{}",
        violations.len(),
        violations.join("\n")
    )
}
