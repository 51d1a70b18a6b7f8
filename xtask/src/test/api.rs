//! The API against its own description: schemathesis makes requests that fit it and requests that do not, and looks at every answer.
use std::{fs, process::Command};

use anyhow::{Context, Result, ensure};

use super::{Count, build_servers};
use crate::{
    net,
    process::Running,
    stack::{Plan, Sandbox, Stack},
    temp::TempDir,
    tools,
    workspace::{Workspace, output},
};

/// Its checks change with its versions.
const SCHEMATHESIS: [&str; 1] = ["schemathesis==4.32.5"];
const OWNER: &str = "owner@example.com";

/// One check that passed for each operation without a failure.
pub(super) fn described(workspace: &Workspace) -> Result<Count> {
    let python = tools::python_tools(&workspace.target, "schemathesis", &SCHEMATHESIS)?;
    build_servers(workspace)?;
    let data = TempDir::new("api")?;
    let royal = |args: &[&str]| {
        let mut command = Command::new(workspace.binary("royal", false));
        command
            .args(args)
            .current_dir(data.path())
            .env("DATA_DIR", data.path());
        command
    };
    let password = data.path().join("password");
    fs::write(&password, "correct horse battery\n").context("the owner's password")?;
    let mut add = royal(&[
        "user",
        "add",
        "--email",
        OWNER,
        "--role",
        "owner",
        "--password-stdin",
    ]);
    output(add.stdin(fs::File::open(&password)?), "royal user add")?;
    let mut create = royal(&["token", "create", "--user", OWNER, "--name", "schemathesis"]);
    let token = output(&mut create, "royal token create")?;

    let sandbox = Sandbox {
        port: net::free_port()?,
        args: Vec::new(),
        clock: None,
    };
    let plan = Plan {
        release: false,
        data: data.path().to_owned(),
        port: net::free_port()?,
        // More than any person asks in a minute.
        settings: vec![
            ("RATE_LIMIT_REQUESTS", "0"),
            ("RATE_LIMIT_ANONYMOUS_REQUESTS", "0"),
        ],
        sandboxes: vec![sandbox],
    };
    let _stack = Stack::start(workspace, &plan)?;
    let config = workspace.root.join("xtask/schemathesis.toml");
    let mut test = Command::new(python.join("bin/st"));
    test.arg("--config-file")
        .arg(config)
        .arg("run")
        .arg(format!("http://127.0.0.1:{}/openapi.json", plan.port))
        .env("ROYAL_TOKEN", token.trim())
        .current_dir(data.path());
    let status = Running::start(&mut test, "schemathesis")?.wait()?;
    ensure!(status.success(), "the API is not what its description says");
    Ok(Count::default())
}
