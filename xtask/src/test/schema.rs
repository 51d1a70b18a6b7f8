//! Shopify's own Admin schema, from the package in which Shopify publishes it, kept in the target folder.
use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result, ensure};

use crate::{
    process::run,
    temp::TempDir,
    workspace::{Workspace, output},
};

/// A newer one may carry the next version of the API: change both lines together.
const PACKAGE: &str = "@shopify/dev-mcp@1.16.0";
const FILE: &str = "admin_2026-10.json";

/// The schema as an introspection result in JSON; fetched once for each version of the package.
pub(crate) fn file(workspace: &Workspace) -> Result<PathBuf> {
    let version = PACKAGE.rsplit('@').next().unwrap_or_default();
    let dir = workspace.target.join("schema").join(version);
    let file = dir.join(FILE);
    if file.is_file() {
        return Ok(file);
    }
    fs::create_dir_all(&dir).with_context(|| format!("{}", dir.display()))?;
    let temp = TempDir::new("schema")?;
    let mut pack = Command::new("npm");
    pack.args(["pack", "--silent", PACKAGE])
        .current_dir(temp.path());
    let archive = output(&mut pack, "npm pack")
        .with_context(|| format!("{PACKAGE} carries Shopify's schema and could not be fetched"))?;
    let archive = archive.trim().lines().last().unwrap_or_default();
    let member = format!("package/dist/data/{FILE}.gz");
    let mut tar = Command::new("tar");
    tar.args(["-xzf", archive, &member])
        .current_dir(temp.path());
    run(&mut tar, "tar")?;
    let mut gunzip = Command::new("gzip");
    gunzip.args(["-d", &member]).current_dir(temp.path());
    run(&mut gunzip, "gzip")?;
    let unpacked = temp.path().join("package/dist/data").join(FILE);
    let text = fs::read_to_string(&unpacked).with_context(|| member.clone())?;
    ensure!(
        text.contains("\"__schema\""),
        "{member} is not an introspection result"
    );
    // Written beside and renamed: another run never sees half a file.
    let part = dir.join(format!("{FILE}.{}", std::process::id()));
    fs::write(&part, text).with_context(|| format!("{}", part.display()))?;
    fs::rename(&part, &file).with_context(|| format!("{}", file.display()))?;
    Ok(file)
}
