//! Where things are: the repository's root, the target folder, the crates as Cargo sees them.
//! Knows Cargo's metadata; knows none of the commands that use it.
use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// One crate of this repository.
#[derive(Debug, Clone)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// Folder relative to the root, with `/` between its parts.
    pub(crate) dir: String,
    pub(crate) description: Option<String>,
    pub(crate) dependencies: Vec<Dependency>,
    /// Names of targets of the kind `test`.
    pub(crate) test_targets: Vec<String>,
}

/// One line of a `[dependencies]` table.
#[derive(Debug, Clone)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) dev: bool,
    /// Folder relative to the root when the dependency is a crate of this repository.
    pub(crate) local: Option<String>,
}

#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
    pub(crate) packages: Vec<Package>,
}

impl Workspace {
    pub(crate) fn load() -> Result<Self> {
        let root = root()?;
        let text = output(
            cargo(&root).args(["metadata", "--format-version=1", "--no-deps"]),
            "cargo metadata",
        )?;
        let meta: Value = serde_json::from_str(&text).context("cargo metadata: not JSON")?;
        let target = meta["target_directory"]
            .as_str()
            .context("cargo metadata: no target_directory")?
            .into();
        let packages = meta["packages"]
            .as_array()
            .context("cargo metadata: no packages")?
            .iter()
            .map(|p| package(&root, p))
            .collect::<Result<_>>()?;
        Ok(Self {
            root,
            target,
            packages,
        })
    }

    pub(crate) fn frontend(&self) -> PathBuf {
        self.root.join("frontend")
    }

    /// A binary of this workspace, where `cargo build` puts it.
    pub(crate) fn binary(&self, name: &str, release: bool) -> PathBuf {
        let profile = if release { "release" } else { "debug" };
        self.target.join(profile).join(name)
    }
}

/// `cargo` as a command that runs in the root: the very one that runs this program, without what it told us about our own
/// package. Build scripts look at that (ring's does), and would run again each time that cargo is called from elsewhere.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(is_about_our_package) {
            command.env_remove(name);
        }
    }
    command
}

fn is_about_our_package(variable: &str) -> bool {
    [
        "CARGO_PKG_",
        "CARGO_MANIFEST_",
        "CARGO_BIN_",
        "CARGO_CRATE_",
        "CARGO_PRIMARY_",
    ]
    .iter()
    .any(|prefix| variable.starts_with(prefix))
}

/// Runs a short command and returns what it printed; its error output becomes ours.
pub(crate) fn output(command: &mut Command, name: &str) -> Result<String> {
    let out = command
        .output()
        .with_context(|| format!("{name}: could not be started"))?;
    ensure!(
        out.status.success(),
        "{name}: {}\n{}",
        out.status,
        String::from_utf8_lossy(&out.stderr).trim_end()
    );
    String::from_utf8(out.stdout).with_context(|| format!("{name}: not UTF-8"))
}

/// Cargo tells a program it runs where its manifest is; a copy of the binary falls back to where it was built.
fn root() -> Result<PathBuf> {
    let manifest = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    let root = manifest
        .parent()
        .context("xtask: its manifest has no parent folder")?;
    root.canonicalize()
        .with_context(|| format!("{}: not there", root.display()))
}

fn package(root: &Path, value: &Value) -> Result<Package> {
    let name = value["name"].as_str().context("a package without a name")?;
    let manifest = value["manifest_path"].as_str().unwrap_or_default();
    let targets = value["targets"].as_array().into_iter().flatten();
    Ok(Package {
        name: name.to_owned(),
        dir: Path::new(manifest)
            .parent()
            .and_then(|dir| relative(root, dir))
            .with_context(|| format!("{name}: its manifest is outside the repository"))?,
        description: value["description"].as_str().map(str::to_owned),
        dependencies: value["dependencies"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|d| dependency(root, d))
            .collect(),
        test_targets: targets
            .filter(|t| t["kind"][0] == "test")
            .filter_map(|t| t["name"].as_str().map(str::to_owned))
            .collect(),
    })
}

fn dependency(root: &Path, value: &Value) -> Dependency {
    Dependency {
        name: value["name"].as_str().unwrap_or_default().to_owned(),
        dev: value["kind"] == "dev",
        local: value["path"]
            .as_str()
            .and_then(|dir| relative(root, Path::new(dir))),
    }
}

pub(crate) fn relative(root: &Path, path: &Path) -> Option<String> {
    let parts = path.strip_prefix(root).ok()?.iter();
    Some(
        parts
            .filter_map(|p| p.to_str())
            .collect::<Vec<_>>()
            .join("/"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nested_cargo_is_not_told_about_our_package() {
        let command = cargo(Path::new("/"));
        let removed = |name: &str| {
            command
                .get_envs()
                .any(|(key, value)| key == name && value.is_none())
        };
        assert!(removed("CARGO_MANIFEST_DIR") && removed("CARGO_PKG_NAME"));
        assert!(
            !is_about_our_package("CARGO_TARGET_DIR") && !is_about_our_package("CARGO_INCREMENTAL")
        );
    }
}
