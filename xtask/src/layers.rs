//! The arrows between crates. The folder names the layer; these tables name the arrows. What is not allowed is refused,
//! so that a new folder is checked from its first day.
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::{Context, Result};

use crate::{
    frontend::files,
    workspace::{Package, Workspace, cargo, output, relative},
};

const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("ports", &["domain"]),
    ("application", &["domain", "ports"]),
    ("adapter-kit", &["domain", "ports"]),
    ("sql-kit", &["domain", "ports"]),
    ("adapters", &["domain", "ports", "adapter-kit", "sql-kit"]),
    (
        "server",
        &["domain", "ports", "application", "adapter-kit", "adapters"],
    ),
    ("testkit", &["domain", "ports"]),
    // It is a test of the use cases over the fakes, with a command line.
    ("simulation", &["domain", "ports", "application", "testkit"]),
    ("sandbox", &[]),
    // The queue is measured in the bench's own process, and platforms are played in it.
    (
        "bench",
        &["domain", "ports", "application", "adapters", "sandbox"],
    ),
    ("xtask", &[]),
];
/// What tests may use besides: the fakes and laws, and a provider on loopback.
const TESTS_MAY_USE: &[(&str, &[&str])] = &[
    ("application", &["testkit"]),
    ("adapter-kit", &["testkit"]),
    ("sql-kit", &["testkit"]),
    ("adapters", &["testkit", "sandbox"]),
    ("server", &["testkit", "sandbox"]),
    // A product to measure in the same process.
    ("bench", &["server"]),
];
/// Crates that a layer must not reach by normal dependencies, even through others.
const MUST_NOT_REACH: &[(&str, &[&str])] = &[
    ("domain", &["tokio", "sqlx", "reqwest", "actix-web"]),
    ("ports", &["sqlx", "reqwest", "actix-web"]),
    ("application", &["sqlx", "reqwest", "actix-web", "redis"]),
    ("server", &["testkit", "sandbox", "bench"]),
];
/// Crates that a layer must not name in its own manifest.
const MUST_NOT_NAME: &[(&str, &[&str])] = &[("server", &["sqlx", "reqwest"])];
/// The only module of the server that may name an adapter: this file, and the folder beside it.
const COMPOSITION: &str = "compose.rs";

struct Edge {
    from: String,
    to: String,
    dev: bool,
}

/// Every violation, as a sentence; empty when all is well.
pub(crate) fn violations(workspace: &Workspace) -> Result<Vec<String>> {
    let packages = &workspace.packages;
    let mut report = folders(packages, &member_folders(&workspace.root)?);
    report.extend(arrows(&edges(packages)));
    report.extend(named(packages));
    report.extend(reached(workspace)?);
    report.extend(adapters_in_server(&workspace.root)?);
    Ok(report)
}

fn layer(dir: &str) -> Option<&str> {
    match dir.split('/').collect::<Vec<_>>()[..] {
        ["crates", "adapters", _] => Some("adapters"),
        ["crates", layer] => Some(layer),
        ["xtask"] => Some("xtask"),
        _ => None,
    }
}

fn row<'a>(table: &[(&str, &'a [&'a str])], layer: &str) -> Option<&'a [&'a str]> {
    table.iter().find(|(l, _)| *l == layer).map(|(_, to)| *to)
}

fn edges(packages: &[Package]) -> Vec<Edge> {
    let mut edges = Vec::new();
    for package in packages {
        for dependency in &package.dependencies {
            let Some(to) = &dependency.local else {
                continue;
            };
            edges.push(Edge {
                from: layer(&package.dir).unwrap_or(&package.dir).to_owned(),
                to: layer(to).unwrap_or(to).to_owned(),
                dev: dependency.dev,
            });
        }
    }
    edges
}

fn arrows(edges: &[Edge]) -> Vec<String> {
    let allowed = |edge: &Edge| {
        let always = row(MAY_USE, &edge.from).unwrap_or_default();
        let tests = row(TESTS_MAY_USE, &edge.from).unwrap_or_default();
        let to = edge.to.as_str();
        always.contains(&to) || (edge.dev && tests.contains(&to))
    };
    edges
        .iter()
        .filter(|edge| !allowed(edge))
        .map(|edge| {
            let dev = if edge.dev {
                ", not even in its tests"
            } else {
                ""
            };
            format!("{} must not use {}{dev}", edge.from, edge.to)
        })
        .collect()
}

/// What the other rules would never look at: folders without a layer, layers without a crate, crates that are no members.
fn folders(packages: &[Package], on_disk: &[String]) -> Vec<String> {
    let known: BTreeMap<&str, Option<&str>> = packages
        .iter()
        .map(|p| (p.dir.as_str(), layer(&p.dir)))
        .collect();
    let mut report = Vec::new();
    for (dir, layer) in &known {
        if !layer.is_some_and(|l| row(MAY_USE, l).is_some()) {
            report.push(format!("{dir}: in no layer"));
        }
    }
    for (layer, _) in MAY_USE {
        if !known.values().any(|l| *l == Some(*layer)) {
            report.push(format!(
                "layer {layer} has no crate: the rules about it prove nothing"
            ));
        }
    }
    for dir in on_disk {
        if !known.contains_key(dir.as_str()) {
            report.push(format!(
                "{dir}: not a workspace member, so nothing checks it"
            ));
        }
    }
    report
}

/// Folders below `crates` that hold a manifest.
fn member_folders(root: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for parent in ["crates", "crates/adapters"] {
        let dir = root.join(parent);
        let entries = fs::read_dir(&dir).with_context(|| format!("{}", dir.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.join("Cargo.toml").is_file() {
                found.extend(relative(root, &path));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn named(packages: &[Package]) -> Vec<String> {
    let mut report = Vec::new();
    for package in packages {
        let banned = layer(&package.dir).and_then(|l| row(MUST_NOT_NAME, l));
        for dependency in package.dependencies.iter().filter(|d| !d.dev) {
            if banned.is_some_and(|b| b.contains(&dependency.name.as_str())) {
                report.push(format!(
                    "{} must not depend on {}",
                    package.name, dependency.name
                ));
            }
        }
    }
    report
}

fn reached(workspace: &Workspace) -> Result<Vec<String>> {
    let mut report = Vec::new();
    for (from, banned) in MUST_NOT_REACH {
        for package in workspace
            .packages
            .iter()
            .filter(|p| layer(&p.dir) == Some(from))
        {
            let mut tree = cargo(&workspace.root);
            tree.args(["tree", "--package", &package.name, "--edges", "normal"]);
            tree.args(["--prefix", "none", "--format", "{p}"]);
            let tree = output(&mut tree, "cargo tree")?;
            report.extend(banned_in(&package.name, &tree, banned));
        }
    }
    Ok(report)
}

/// `tree`: a line a package, its name first.
fn banned_in(name: &str, tree: &str, banned: &[&str]) -> Vec<String> {
    let found: BTreeSet<_> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .filter(|reached| banned.contains(reached))
        .collect();
    found
        .into_iter()
        .map(|reached| {
            format!("{name} must not reach {reached}: cargo tree -p {name} -e normal -i {reached}")
        })
        .collect()
}

fn adapters_in_server(root: &Path) -> Result<Vec<String>> {
    let src = root.join("crates/server/src");
    let mut report = Vec::new();
    for file in files(&src, &[])? {
        let name = relative(root, &file).unwrap_or_default();
        let composes = file == src.join(COMPOSITION)
            || file.starts_with(src.join(COMPOSITION).with_extension(""));
        if file.extension().is_some_and(|e| e == "rs") && !composes {
            let text = fs::read_to_string(&file).with_context(|| name.clone())?;
            report.extend(adapter_names(&name, &text));
        }
    }
    Ok(report)
}

/// Lines of code that name an adapter crate; `adapter_kit` is none.
fn adapter_names(file: &str, text: &str) -> Vec<String> {
    let names_one = |line: &str| {
        let code = line.split("//").next().unwrap_or_default();
        code.match_indices("adapter_").any(|(at, _)| {
            let starts_a_word = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            starts_a_word && !code[at..].starts_with("adapter_kit")
        })
    };
    text.lines()
        .enumerate()
        .filter(|(_, line)| names_one(line))
        .map(|(at, _)| format!("{file}:{}: only {COMPOSITION} names an adapter", at + 1))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Dependency;

    fn edge(from: &str, to: &str, dev: bool) -> Edge {
        Edge {
            from: from.to_owned(),
            to: to.to_owned(),
            dev,
        }
    }

    fn package(dir: &str, dependencies: &[(&str, bool)]) -> Package {
        let dependencies = dependencies.iter().map(|(name, dev)| Dependency {
            name: (*name).to_owned(),
            dev: *dev,
            local: None,
        });
        Package {
            name: dir.replace('/', "-"),
            dir: dir.to_owned(),
            description: None,
            dependencies: dependencies.collect(),
            test_targets: Vec::new(),
        }
    }

    #[test]
    fn this_workspace_obeys() {
        let found = violations(&Workspace::load().unwrap()).unwrap();
        assert!(found.is_empty(), "{}", found.join("\n"));
    }

    #[test]
    fn every_forbidden_arrow_is_seen() {
        let bad = [
            edge("domain", "ports", false),
            edge("ports", "application", false),
            edge("application", "adapter-kit", false),
            edge("adapters", "adapters", false),
            edge("adapters", "application", false),
            edge("server", "testkit", false),
            edge("server", "sandbox", false),
            edge("domain", "testkit", true),
            edge("sandbox", "domain", true),
            edge("xtask", "domain", false),
            edge("novel", "domain", false),
        ];
        assert_eq!(arrows(&bad).len(), bad.len());
    }

    #[test]
    fn tests_may_use_the_testkit() {
        let good = [
            edge("adapters", "testkit", true),
            edge("application", "testkit", true),
            edge("server", "sandbox", true),
        ];
        assert!(arrows(&good).is_empty());
    }

    #[test]
    fn an_unknown_folder_an_empty_layer_and_a_non_member_are_seen() {
        let all: Vec<_> = MAY_USE
            .iter()
            .map(|(l, _)| match *l {
                "adapters" => package("crates/adapters/shopify", &[]),
                "xtask" => package("xtask", &[]),
                layer => package(&format!("crates/{layer}"), &[]),
            })
            .collect();
        assert!(folders(&all, &[]).is_empty());

        let mut novel = all.clone();
        novel.push(package("crates/novel", &[]));
        assert_eq!(folders(&novel, &[]), ["crates/novel: in no layer"]);

        assert_eq!(folders(&all[1..], &[]).len(), 1, "domain has no crate");
        assert_eq!(folders(&all, &["crates/lost".to_owned()]).len(), 1);
    }

    #[test]
    fn a_library_in_the_wrong_place_is_seen() {
        assert_eq!(
            named(&[package("crates/server", &[("sqlx", false)])]).len(),
            1
        );
        assert!(named(&[package("crates/server", &[("sqlx", true)])]).is_empty());
        let tree = "domain v0.1.0 (/src/crates/domain)\nchrono v0.4.45\ntokio v1.54.0\ntokio v1.54.0 (*)\n";
        assert_eq!(banned_in("domain", tree, &["tokio", "sqlx"]).len(), 1);
    }

    #[test]
    fn an_adapter_outside_the_composition_is_seen() {
        let text = "use adapter_kit::X;\nuse adapter_sqlite::Store;\n// adapter_shopify\nlet my_adapter_a = 1;\n";
        let found = adapter_names("main.rs", text);
        assert_eq!(found, ["main.rs:2: only compose.rs names an adapter"]);
    }
}
