//! The product and the sandbox beside it as two child processes: started, ready, stopped together.
//! Used by `up` and by the measurements.
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Result, bail, ensure};

use crate::{
    net,
    process::{Running, say},
    workspace::Workspace,
};

/// A cold debug build on a slow machine makes a store of 18 months before it listens.
const READY_LIMIT: Duration = Duration::from_secs(180);

#[derive(Debug, Clone)]
pub(crate) struct Sandbox {
    pub(crate) port: u16,
    /// Passed on as they are: `--live`, `--orders`, `--seed`, `--faults`.
    pub(crate) args: Vec<String>,
    /// Where its clock is set to once it runs (RFC 3339).
    pub(crate) clock: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) release: bool,
    pub(crate) data: PathBuf,
    pub(crate) port: u16,
    /// Settings of the product beside the usual ones.
    pub(crate) settings: Vec<(&'static str, &'static str)>,
    /// The exchange rates come from the first one.
    pub(crate) sandboxes: Vec<Sandbox>,
}

#[derive(Debug)]
pub(crate) struct Stack {
    servers: Vec<(&'static str, Running)>,
}

impl Stack {
    pub(crate) fn start(workspace: &Workspace, plan: &Plan) -> Result<Self> {
        let mut servers = Vec::new();
        let mut royal = Command::new(workspace.binary("royal", plan.release));
        royal
            .arg("serve")
            .current_dir(&workspace.root)
            .env("PORT", plan.port.to_string())
            .env("DATA_DIR", &plan.data)
            .envs(plan.settings.iter().copied());
        for sandbox in &plan.sandboxes {
            let mut command = Command::new(workspace.binary("royal-sandbox", plan.release));
            command
                .args(["--port", &sandbox.port.to_string()])
                .args(&sandbox.args)
                .current_dir(&workspace.root);
            let mut running = Running::start_reading(&mut command, "royal-sandbox", |line| {
                say(&format!("sandbox | {line}"));
            })?;
            net::wait_for_200(
                &mut running,
                "royal-sandbox",
                sandbox.port,
                "/healthz",
                READY_LIMIT,
            )?;
            if let Some(now) = &sandbox.clock {
                let body = format!("{{\"now\":\"{now}\"}}");
                let status = net::post(sandbox.port, "/__clock", &body)?;
                ensure!(
                    status == 200,
                    "royal-sandbox did not take the time {now}: {status}"
                );
            }
            servers.push(("royal-sandbox", running));
        }
        let urls: Vec<String> = plan
            .sandboxes
            .iter()
            .map(|sandbox| format!("http://127.0.0.1:{}", sandbox.port))
            .collect();
        if let Some(first) = urls.first() {
            royal.env("SANDBOX_URL", urls.join(","));
            if std::env::var_os("SUPPLIER_IMAGE_ALLOWED_HOSTS").is_none() {
                royal.env("SUPPLIER_IMAGE_ALLOWED_HOSTS", "127.0.0.1");
            }
            if std::env::var_os("RATES_URL").is_none() {
                royal.env("RATES_URL", format!("{first}/ecb"));
            }
        }
        let mut running = Running::start_reading(&mut royal, "royal", |line| {
            say(&format!("royal   | {line}"));
        })?;
        net::wait_for_200(&mut running, "royal", plan.port, "/readyz", READY_LIMIT)?;
        // The product stops first: it is dropped before the sandbox that it talks to.
        servers.insert(0, ("royal", running));
        Ok(Self { servers })
    }

    /// An error once one of them ended by itself.
    pub(crate) fn check(&mut self) -> Result<()> {
        for (name, running) in &mut self.servers {
            if let Some(how) = running.ended()? {
                bail!("{name} ended by itself ({how})");
            }
        }
        Ok(())
    }
}

/// The one-time code for the first owner, until it was used.
pub(crate) fn setup_code(data: &Path) -> Option<String> {
    let code = fs::read_to_string(data.join("setup-code")).ok()?;
    let code = code.trim();
    let code = code.strip_prefix("set-up code:").unwrap_or(code).trim();
    (!code.is_empty()).then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_read_from_the_data_folder() {
        let dir = crate::temp::TempDir::new("code").unwrap();
        assert_eq!(setup_code(dir.path()), None);
        fs::write(dir.path().join("setup-code"), "ABCD-EFGH-JKLM\n").unwrap();
        assert_eq!(setup_code(dir.path()).as_deref(), Some("ABCD-EFGH-JKLM"));
    }
}
