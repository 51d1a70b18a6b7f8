//! Programs that must be there: says what is missing and how to get it, and installs Debian packages for the tests
//! when we may. Knows names and versions of tools only.
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};

use crate::process::{run, say};

const NODE_MAJOR: u32 = 20;

/// Rust is there, or this program would not run: look at Node and npm.
pub(crate) fn require_node() -> Result<()> {
    let remedy = format!(
        "Node.js {NODE_MAJOR} or newer with npm is needed to build the browser application: \
         see https://nodejs.org/en/download or your distribution's packages."
    );
    let node = version_of("node").with_context(|| format!("`node` was not found. {remedy}"))?;
    let major = major(&node).with_context(|| format!("`node --version` answered {node:?}"))?;
    ensure!(
        major >= NODE_MAJOR,
        "Node.js {} is too old. {remedy}",
        node.trim()
    );
    version_of("npm").with_context(|| format!("`npm` was not found. {remedy}"))?;
    Ok(())
}

fn version_of(program: &str) -> Result<String> {
    crate::workspace::output(Command::new(program).arg("--version"), program)
}

fn major(version: &str) -> Option<u32> {
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

/// `npm` in the front end's folder, without its advertisements.
pub(crate) fn npm(frontend: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("npm");
    command
        .args(args)
        .current_dir(frontend)
        .env("npm_config_fund", "false")
        .env("npm_config_audit", "false")
        .env("npm_config_update_notifier", "false");
    command
}

pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|dir| dir.join(program))
        .find(|file| file.is_file())
}

/// The folder of PostgreSQL's server programs: Debian keeps them off the PATH, one folder a version.
pub(crate) fn postgres_programs() -> Result<PathBuf> {
    if let Some(found) = find_postgres() {
        return Ok(found);
    }
    apt_install(
        "postgresql",
        "the storage tests run against a real PostgreSQL",
    )?;
    find_postgres()
        .context("postgresql was installed, but there is no initdb in /usr/lib/postgresql/*/bin")
}

fn find_postgres() -> Option<PathBuf> {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut found: Vec<(u32, PathBuf)> = debian
        .flatten()
        .filter_map(|e| Some((e.file_name().to_str()?.parse().ok()?, e.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").is_file() && bin.join("postgres").is_file())
        .collect();
    found.sort();
    let elsewhere = || {
        let initdb = on_path("initdb")?.canonicalize().ok()?;
        Some(initdb.parent()?.to_owned())
    };
    found.pop().map(|(_, bin)| bin).or_else(elsewhere)
}

/// The tests start servers of their own with it.
pub(crate) fn redis_server() -> Result<PathBuf> {
    if let Some(found) = on_path("redis-server") {
        return Ok(found);
    }
    apt_install(
        "redis-server",
        "the tests of several replicas run against a real Redis",
    )?;
    on_path("redis-server").context("redis-server was installed, but is not on the PATH")
}

/// It reads what `deploy/` gives it; a package that is only unpacked lacks its libraries.
pub(crate) fn haproxy() -> Result<PathBuf> {
    // Debian keeps it where only root looks.
    let find = || {
        on_path("haproxy")
            .or_else(|| Some("/usr/sbin/haproxy".into()).filter(|p: &PathBuf| p.is_file()))
    };
    if let Some(found) = find() {
        return Ok(found);
    }
    apt_install(
        "haproxy",
        "the proxy of several processes is checked by itself",
    )?;
    find().context("haproxy was installed, but is not in /usr/sbin")
}

/// The system's Chromium or Chrome, which the end-to-end tests drive.
pub(crate) fn chromium() -> Result<PathBuf> {
    const NAMES: [&str; 4] = [
        "chromium",
        "chromium-browser",
        "google-chrome-stable",
        "google-chrome",
    ];
    let find = || NAMES.iter().find_map(|name| on_path(name));
    if let Some(set) = env::var_os("CHROMIUM") {
        return Ok(set.into());
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    apt_install("chromium", "the end-to-end tests drive a real browser")?;
    find().context("chromium was installed, but is not on the PATH")
}

/// The folder of a Python environment with exactly these requirements (`name==version`), below the target folder; made once for
/// each set of versions.
pub(crate) fn python_tools(target: &Path, name: &str, requirements: &[&str]) -> Result<PathBuf> {
    let versions: Vec<&str> = requirements
        .iter()
        .filter_map(|r| r.rsplit("==").next())
        .collect();
    let dir = target.join("tools").join(name).join(versions.join("-"));
    let installed = dir.join("installed");
    if installed.is_file() {
        return Ok(dir);
    }
    python_venv(&dir)?;
    say(&format!("installing {} from PyPI", requirements.join(", ")));
    let mut pip = Command::new(dir.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check"])
        .args(requirements);
    run(&mut pip, &format!("pip install {}", requirements.join(" ")))?;
    fs::write(&installed, "").with_context(|| installed.display().to_string())?;
    Ok(dir)
}

/// A program of a Debian package: the system's own, or unpacked below the target folder, so that no daemon is installed along with it.
pub(crate) fn from_debian(target: &Path, package: &str, program: &str) -> Result<PathBuf> {
    let dir = target.join("tools/debian").join(package);
    let kept = dir.join(program);
    if let Some(found) = on_path(program).or_else(|| kept.is_file().then(|| kept.clone())) {
        return Ok(found);
    }
    let by_hand = format!("{program} is missing: install it, e.g. sudo apt-get install {package}");
    if on_path("apt-get").is_none() {
        bail!("{by_hand} (or your distribution's equivalent)");
    }
    fs::create_dir_all(&dir).with_context(|| dir.display().to_string())?;
    say(&format!("{program} is missing: unpacking {package}"));
    let download = || {
        let mut apt = Command::new("apt-get");
        apt.args(["download", "-qq", "-o", "APT::Sandbox::User=root", package])
            .current_dir(&dir);
        run(&mut apt, &format!("apt-get download {package}"))
    };
    // A fresh system knows of no packages yet.
    download()
        .or_else(|_| apt_get(&["update", "-qq"]).and_then(|()| download()))
        .with_context(|| by_hand.clone())?;
    let mut archives = fs::read_dir(&dir)?.flatten().map(|entry| entry.path());
    let archive = archives
        .find(|path| path.extension().is_some_and(|end| end == "deb"))
        .with_context(|| by_hand.clone())?;
    let all = dir.join("unpacked");
    let mut dpkg = Command::new("dpkg");
    run(dpkg.arg("-x").arg(&archive).arg(&all), "dpkg -x")?;
    fs::rename(all.join("usr/bin").join(program), &kept)
        .with_context(|| format!("{package} has no {program}"))?;
    fs::remove_dir_all(&all)?;
    fs::remove_file(&archive)?;
    Ok(kept)
}

/// Makes an environment for Python programs; Debian keeps what it needs in a package of its own.
fn python_venv(dir: &Path) -> Result<()> {
    let make = || {
        let mut python = Command::new("python3");
        run(python.args(["-m", "venv"]).arg(dir), "python3 -m venv")
    };
    if make().is_ok() {
        return Ok(());
    }
    apt_install(
        "python3-venv",
        "some checks are Python programs in an environment of their own",
    )?;
    make()
}

/// Installs a Debian package when that is ours to do; else says who must do it. Never carries on without it.
fn apt_install(package: &str, why: &str) -> Result<()> {
    let by_hand =
        format!("{package} is missing, and {why}.\nInstall it: sudo apt-get install {package}");
    if on_path("apt-get").is_none() {
        bail!("{by_hand} (or your distribution's equivalent)");
    }
    if !is_root() && !passwordless_sudo() {
        bail!("{by_hand}");
    }
    say(&format!("{package} is missing: installing it with apt-get"));
    apt_get(&["update", "-qq"])
        .and_then(|()| apt_get(&["install", "-y", "-qq", "--no-install-recommends", package]))
        .context(by_hand)
}

/// As root, be it by sudo.
fn apt_get(args: &[&str]) -> Result<()> {
    let mut command = if is_root() {
        Command::new("apt-get")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        sudo
    };
    command.env("DEBIAN_FRONTEND", "noninteractive").args(args);
    run(&mut command, &format!("apt-get {}", args.join(" ")))
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn passwordless_sudo() -> bool {
    Command::new("sudo")
        .args(["-n", "true"])
        .output()
        .is_ok_and(|out| out.status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read() {
        assert_eq!(major("v20.11.1\n"), Some(20));
        assert_eq!(major("v8.0.0"), Some(8));
        assert_eq!(major("20.11.1"), None);
    }
}
