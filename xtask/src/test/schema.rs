//! Shopify's own Admin schema, from the package in which Shopify publishes it, kept in the target folder.
use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, Result};

use super::sdl;
use crate::{
    process::run,
    temp::TempDir,
    workspace::{Workspace, output},
};

/// A newer one may carry the next version of the API: change both lines together.
const PACKAGE: &str = "@shopify/dev-mcp@1.16.0";
const VERSION: &str = "2026-10";

/// The schema as a GraphQL document (SDL); fetched once for each version of the package.
pub(crate) fn file(workspace: &Workspace) -> Result<PathBuf> {
    let version = PACKAGE.rsplit('@').next().unwrap_or_default();
    let dir = workspace.target.join("schema").join(version);
    let file = dir.join(format!("admin_{VERSION}.graphql"));
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
    let member = format!("package/dist/data/admin_{VERSION}.json.gz");
    let mut tar = Command::new("tar");
    tar.args(["-xzf", archive, &member])
        .current_dir(temp.path());
    run(&mut tar, "tar")?;
    let mut gunzip = Command::new("gzip");
    gunzip.args(["-d", &member]).current_dir(temp.path());
    run(&mut gunzip, "gzip")?;
    let unpacked = temp.path().join(member.trim_end_matches(".gz"));
    let text = fs::read(&unpacked).with_context(|| member.clone())?;
    let json = serde_json::from_slice(&text).with_context(|| member.clone())?;
    let sdl = sdl::from_introspection(&json).context(member)?;
    // Written beside and renamed: another run never sees half a file.
    let part = file.with_extension(std::process::id().to_string());
    fs::write(&part, sdl).with_context(|| format!("{}", part.display()))?;
    fs::rename(&part, &file).with_context(|| format!("{}", file.display()))?;
    Ok(file)
}
