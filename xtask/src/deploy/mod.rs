//! What is in `deploy/` and `.github/` cannot be run here: linters and validators read it, and the queries of the dashboards
//! run on a migrated database. Knows tools and their versions; the metrics that dashboards name are looked for by a test of
//! the front end's `e2e` folder, which has a running product.
mod dashboards;
mod linters;
mod queries;

use anyhow::{Result, ensure};

use crate::{process::say, workspace::Workspace};

/// What `cargo xtask test` runs: tools that are installed within seconds.
pub(crate) fn test(workspace: &Workspace) -> Result<()> {
    let mut failures = linters::quick(workspace)?;
    failures.extend(queries::run(workspace)?);
    ended(&failures)
}

/// All linters, checkov too, which takes more than a minute to install.
pub(crate) fn lint(workspace: &Workspace) -> Result<()> {
    let mut failures = linters::quick(workspace)?;
    failures.extend(linters::slow(workspace)?);
    ended(&failures)?;
    say("lint-deploy: ok");
    Ok(())
}

fn ended(failures: &[String]) -> Result<()> {
    ensure!(
        failures.is_empty(),
        "{} to mend\n{}",
        failures.len(),
        failures.join("\n")
    );
    Ok(())
}
