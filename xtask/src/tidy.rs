//! House rules that no compiler holds: what every crate and every file of this repository must look like.
use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::{
    frontend::files,
    workspace::{Package, Workspace, relative},
};

const MAX_LINES: usize = 600;
/// Files that were longer when the rule came, with the length that they must not exceed.
const LONGER: &[(&str, usize)] = &[];
/// Written apart, so that this file does not find itself.
const UNFINISHED: [&str; 4] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
];
/// Prefixes of real credentials, and how many characters after them make one.
const SECRETS: [(&str, usize); 9] = [
    (concat!("shp", "at_"), 32),
    (concat!("shp", "ss_"), 32),
    (concat!("shp", "ca_"), 32),
    (concat!("ghp", "_"), 36),
    (concat!("github_", "pat_"), 30),
    (concat!("sk-", "proj-"), 20),
    (concat!("xox", "b-"), 20),
    (concat!("AK", "IA"), 16),
    (concat!("EA", "AB"), 60),
];
/// What is not part of the repository: a test that looks for it would pass without it.
const FOR_CONTRACTS: [&str; 2] = ["ROYAL_CONTRACTS", "ROYAL_UCI_FILE"];
const PRIVATE_KEY: &str = concat!("-----BEGIN ", "PRIVATE KEY-----");
/// Folders anywhere, and beginnings of paths, that hold nothing of ours.
const NOT_OURS: [&str; 4] = [".git", "target", "node_modules", "dist"];
const ROOTS_NOT_OURS: [&str; 3] = ["target-", "data/", "out/"];

/// Every violation, as a sentence; empty when all is well.
pub(crate) fn violations(workspace: &Workspace) -> Result<Vec<String>> {
    let mut report = Vec::new();
    for package in &workspace.packages {
        let file = format!("{}/Cargo.toml", package.dir);
        let manifest = read(&workspace.root, &file)?;
        report.extend(
            crate_rules(package, &manifest)
                .into_iter()
                .map(|r| format!("{file}: {r}")),
        );
    }
    for path in files(&workspace.root, &NOT_OURS)? {
        let Some(file) = relative(&workspace.root, &path) else {
            continue;
        };
        if ROOTS_NOT_OURS.iter().any(|root| file.starts_with(root)) {
            continue;
        }
        // What is not UTF-8 is no text of ours.
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        report.extend(secrets(&text).into_iter().map(|r| format!("{file}: {r}")));
        if is_code(&file) {
            report.extend(lines_of_code(&file, &text));
        }
        if file.ends_with(".rs") {
            report.extend(
                rust_rules(&file, &text)
                    .into_iter()
                    .map(|r| format!("{file}: {r}")),
            );
        }
    }
    Ok(report)
}

fn read(root: &Path, file: &str) -> Result<String> {
    fs::read_to_string(root.join(file)).with_context(|| file.to_owned())
}

fn crate_rules(package: &Package, manifest: &str) -> Vec<String> {
    let mut report = Vec::new();
    if !manifest.contains("[lints]\nworkspace = true") {
        report.push("does not inherit the workspace's lints: [lints] workspace = true".to_owned());
    }
    if package
        .description
        .as_deref()
        .unwrap_or_default()
        .is_empty()
    {
        report.push("has no description".to_owned());
    }
    report.extend(
        own_versions(manifest)
            .into_iter()
            .map(|line| format!("takes a version of its own, not the workspace's: {line}")),
    );
    let main_tests = package.test_targets.iter().filter(|t| *t != "contracts");
    if let Some(extra) = main_tests.into_iter().find(|t| *t != "it") {
        report.push(format!(
            "tests/{extra}.rs: one integration test binary a crate, tests/it/main.rs"
        ));
    }
    report
}

/// Lines of the dependency tables that do not say `workspace = true`.
fn own_versions(manifest: &str) -> Vec<&str> {
    let mut table = "";
    let mut found = Vec::new();
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            table = line;
        } else if table.ends_with("dependencies]")
            && line.contains('=')
            && !line.starts_with('#')
            && !line.replace(' ', "").contains("workspace=true")
        {
            found.push(line);
        }
    }
    found
}

fn rust_rules(file: &str, text: &str) -> Vec<String> {
    let mut report = Vec::new();
    let in_tests = file
        .split('/')
        .any(|part| part == "tests" || part == "tests.rs");
    if !in_tests && !has_module_docs(text) {
        report.push(
            "has no module docs (`//!`): what is it for, and what must it not know?".to_owned(),
        );
    }
    let lines = text.lines().count();
    let limit = LONGER
        .iter()
        .find(|(f, _)| *f == file)
        .map_or(MAX_LINES, |(_, limit)| *limit);
    if !in_tests && lines > limit {
        report.push(format!(
            "{lines} lines, more than {limit}: which of its ideas can have a file of its own?"
        ));
    }
    if !file.starts_with("xtask/") && !file.contains("/tests/contracts") {
        for variable in FOR_CONTRACTS.iter().filter(|v| text.contains(**v)) {
            report.push(format!(
                "reads {variable}: what needs it belongs to the test target `contracts`"
            ));
        }
    }
    report
}

fn is_code(file: &str) -> bool {
    [".rs", ".ts", ".tsx", ".mjs", ".css", ".sql", ".graphql"]
        .iter()
        .any(|end| file.ends_with(end))
}

fn lines_of_code(file: &str, text: &str) -> Vec<String> {
    let mut report = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if let Some(word) = UNFINISHED.iter().find(|w| has_word(line, w)) {
            report.push(format!("{file}:{}: unfinished ({word})", at + 1));
        }
        if line.trim_start().starts_with("#[ignore") {
            report.push(format!("{file}:{}: a test is never ignored", at + 1));
        }
    }
    report
}

fn has_module_docs(text: &str) -> bool {
    let first = text.lines().find_map(|line| line.strip_prefix("//!"));
    first.is_some_and(|doc| !doc.trim().is_empty()) || text.contains("#![doc = include_str!(")
}

/// The word stands alone, so that a name that holds it is no match.
fn has_word(line: &str, word: &str) -> bool {
    let part_of_a_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let after = &line[at + word.len()..];
        !line[..at].ends_with(part_of_a_name)
            && (word.ends_with('(') || !after.starts_with(part_of_a_name))
    })
}

fn secrets(text: &str) -> Vec<String> {
    let mut report = Vec::new();
    for (at, line) in text.lines().enumerate() {
        for (prefix, length) in SECRETS {
            let real = line.match_indices(prefix).any(|(from, _)| {
                let rest = &line[from + prefix.len()..];
                let body: Vec<u8> = rest.bytes().take_while(u8::is_ascii_alphanumeric).collect();
                let varied = body.iter().collect::<std::collections::BTreeSet<_>>().len() > 4;
                body.len() >= length && varied
            });
            if real {
                report.push(format!(
                    "line {}: looks like a real credential ({prefix}…)",
                    at + 1
                ));
            }
        }
        if line.contains(PRIVATE_KEY) {
            report.push(format!("line {}: a private key", at + 1));
        }
    }
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(tests: &[&str]) -> Package {
        Package {
            name: "a".to_owned(),
            dir: "crates/a".to_owned(),
            description: Some("A crate".to_owned()),
            dependencies: Vec::new(),
            test_targets: tests.iter().map(|t| (*t).to_owned()).collect(),
        }
    }

    const MANIFEST: &str = "[package]\nname = \"a\"\n[lints]\nworkspace = true\n[dependencies]\nserde.workspace = true\n";

    #[test]
    fn this_workspace_is_tidy() {
        let found = violations(&Workspace::load().unwrap()).unwrap();
        assert!(found.is_empty(), "{}", found.join("\n"));
    }

    #[test]
    fn a_good_crate_passes() {
        assert!(crate_rules(&package(&["it", "contracts"]), MANIFEST).is_empty());
    }

    #[test]
    fn each_rule_about_a_crate_can_fail() {
        let no_lints = MANIFEST.replace("[lints]\nworkspace = true\n", "");
        assert_eq!(crate_rules(&package(&["it"]), &no_lints).len(), 1);
        let own_version = format!("{MANIFEST}tokio = {{ version = \"1\" }}\n");
        assert_eq!(crate_rules(&package(&["it"]), &own_version).len(), 1);
        assert_eq!(crate_rules(&package(&["it", "more"]), MANIFEST).len(), 1);
        let mut silent = package(&["it"]);
        silent.description = None;
        assert_eq!(crate_rules(&silent, MANIFEST).len(), 1);
    }

    #[test]
    fn each_rule_about_a_file_can_fail() {
        assert!(rust_rules("a/src/b.rs", "//! What it is for.\nfn f() {}\n").is_empty());
        assert_eq!(
            rust_rules("a/src/b.rs", "//! \nfn f() {}\n").len(),
            1,
            "no docs"
        );
        let long = format!("//! Long.\n{}", "\n".repeat(MAX_LINES));
        assert_eq!(rust_rules("a/src/b.rs", &long).len(), 1, "too long");
        assert!(rust_rules("a/tests/it/b.rs", &long).is_empty());
        for word in UNFINISHED {
            let text = format!("//! Docs.\n// {word}\n");
            assert_eq!(lines_of_code("b.ts", &text).len(), 1, "{word}");
        }
        let ignored = "//! Docs.\n    #[ignore = \"slow\"]\n";
        assert_eq!(lines_of_code("a/src/b.rs", ignored).len(), 1);
        let reader = "//! Docs.\nconst NAME: &str = \"ROYAL_CONTRACTS\";\n";
        assert_eq!(rust_rules("a/tests/it/b.rs", reader).len(), 1);
        assert!(rust_rules("a/tests/contracts/main.rs", reader).is_empty());
    }

    #[test]
    fn a_name_that_holds_the_word_is_not_unfinished() {
        let name = format!("let {}_LIST = 1;", UNFINISHED[0]);
        assert!(!has_word(&name, UNFINISHED[0]));
    }

    #[test]
    fn credentials_are_seen_and_the_sandbox_token_is_none() {
        let token = format!("{}{}", SECRETS[0].0, "0123456789abcdef0123456789abcdef");
        assert_eq!(secrets(&token).len(), 1);
        assert_eq!(secrets(PRIVATE_KEY).len(), 1);
        assert!(secrets(concat!("shp", "at_sandbox")).is_empty());
        let dummy = format!("{}{}", SECRETS[0].0, "x".repeat(32));
        assert!(secrets(&dummy).is_empty());
    }
}
