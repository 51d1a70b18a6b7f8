//! The front end's own checks, and the product as a whole in a real browser.
use std::{
    fs,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::{
    Count, build_servers,
    failures::{self, Watch},
};
use crate::{
    frontend,
    process::{Running, run, say},
    tools::{self, npm},
    workspace::Workspace,
};

/// Lint, types, unit tests, build, size budget.
pub(super) fn unit(workspace: &Workspace) -> Result<Count> {
    tools::require_node()?;
    frontend::install(workspace)?;
    let dir = workspace.frontend();
    // All of them run, so that one look shows all that is wrong.
    let mut failures = Vec::new();
    for script in ["lint", "typecheck"] {
        let result = run(
            &mut npm(&dir, &["run", script]),
            &format!("npm run {script}"),
        );
        failures.extend(result.err());
    }
    let count = vitest(workspace)?;
    frontend::build(workspace)?;
    let budget = run(&mut npm(&dir, &["run", "budget"]), "npm run budget");
    failures.extend(budget.err());
    for failure in &failures {
        say(&format!("{failure:#}"));
    }
    Ok(failures
        .iter()
        .fold(count, |count, _| count.plus(Count::one_failure())))
}

fn vitest(workspace: &Workspace) -> Result<Count> {
    let report = workspace.target.join("xtask/vitest.json");
    if report.exists() {
        fs::remove_file(&report).with_context(|| format!("{}", report.display()))?;
    }
    let to = format!("--outputFile.json={}", report.display());
    let args = [
        "run",
        "test",
        "--",
        "--reporter=default",
        "--reporter=json",
        &to,
    ];
    let status = Running::start(&mut npm(&workspace.frontend(), &args), "npm test")?.wait()?;
    let text = fs::read_to_string(&report).context("npm test left no report")?;
    let json: Value = serde_json::from_str(&text).context("vitest's report")?;
    let count = Count::from_vitest(&json).context("vitest's report has no numbers")?;
    failures::keep_of_vitest(&json);
    Ok(count.with_exit(status.success()))
}

/// `npm run e2e`: its tests start the two binaries named in the environment as often as they need.
pub(super) fn end_to_end(workspace: &Workspace) -> Result<Count> {
    tools::require_node()?;
    let chromium = tools::chromium()?;
    frontend::build(workspace)?;
    build_servers(workspace)?;
    let mut command = npm(&workspace.frontend(), &["run", "e2e"]);
    command
        .env("ROYAL_BIN", workspace.binary("royal", false))
        .env("SANDBOX_BIN", workspace.binary("royal-sandbox", false))
        .env("CHROMIUM", chromium);
    let total = Arc::new(Mutex::new(Count::default()));
    let sink = Arc::clone(&total);
    let watch = Mutex::new(Watch::default());
    let status = Running::start_reading(&mut command, "npm run e2e", move |line| {
        say(line);
        watch
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .line(line);
        if let Some(count) = Count::from_node_test(line) {
            let mut total = sink.lock().unwrap_or_else(PoisonError::into_inner);
            *total = total.plus(count);
        }
    })?
    .wait()?;
    let total = *total.lock().unwrap_or_else(PoisonError::into_inner);
    if status.success() && total.passed == 0 {
        bail!("npm run e2e ran no test");
    }
    Ok(total.with_exit(status.success()))
}
