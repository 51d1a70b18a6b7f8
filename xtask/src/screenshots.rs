//! `cargo xtask screenshots`: the pictures of `README.md`, taken of the product with a sandbox store. What is on them is the
//! business of the front end's script.
use anyhow::Result;

use crate::{
    frontend,
    process::run,
    test::build_servers,
    tools::{self, npm},
    workspace::Workspace,
};

const FOLDER: &str = "docs/images";

pub(crate) fn take(workspace: &Workspace) -> Result<()> {
    tools::require_node()?;
    let chromium = tools::chromium()?;
    frontend::build(workspace)?;
    build_servers(workspace)?;
    let folder = workspace.root.join(FOLDER);
    let mut command = npm(&workspace.frontend(), &["run", "screenshots", "--"]);
    command
        .arg(folder)
        .env("ROYAL_BIN", workspace.binary("royal", false))
        .env("SANDBOX_BIN", workspace.binary("royal-sandbox", false))
        .env("CHROMIUM", chromium);
    run(&mut command, "npm run screenshots")
}
