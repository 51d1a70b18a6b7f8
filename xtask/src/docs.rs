//! The documents name files and folders of this repository: each must be there.
use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, Result};

use crate::workspace::Workspace;

const DOCUMENTS: [&str; 6] = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/ARCHITECTURE.md",
    "docs/TESTING.md",
    "deploy/README.md",
];
/// What a path of this repository begins with.
const ROOTS: [&str; 8] = [
    "crates", "xtask", "frontend", "docs", "deploy", ".github", ".ci", ".cargo",
];

/// Every named path that is not there, as a sentence.
pub(crate) fn missing_paths(workspace: &Workspace) -> Result<Vec<String>> {
    let mut report = Vec::new();
    for document in DOCUMENTS {
        let file = workspace.root.join(document);
        if !file.is_file() {
            // Only the first is a must by itself; another that is named by one of them is found missing there.
            if document == "README.md" || document == "docs/ARCHITECTURE.md" {
                report.push(format!("{document} is missing"));
            }
            continue;
        }
        let text = fs::read_to_string(&file).with_context(|| document.to_owned())?;
        for path in links(&text) {
            let base = file.parent().unwrap_or(&workspace.root);
            if !base.join(&path).exists() {
                report.push(format!("{document} links to {path}, which does not exist"));
            }
        }
        for path in named(&text) {
            if !exists(&workspace.root, &path) {
                report.push(format!("{document} names {path}, which does not exist"));
            }
        }
    }
    Ok(report)
}

/// A path, or the folder before its first wildcard.
fn exists(root: &Path, path: &str) -> bool {
    let fixed = path.split(['*', '{', '<']).next().unwrap_or_default();
    root.join(fixed).exists()
        || (fixed != path
            && root
                .join(fixed.rsplit_once('/').map_or("", |(dir, _)| dir))
                .exists())
}

/// Paths between backticks.
fn named(text: &str) -> BTreeSet<String> {
    let spans = text
        .lines()
        .flat_map(|line| line.split('`').skip(1).step_by(2));
    spans
        .map(|span| {
            span.trim_end_matches('/')
                .split(['#', ':'])
                .next()
                .unwrap_or_default()
        })
        .filter(|span| {
            let (first, rest) = span.split_once('/').unwrap_or((span, ""));
            !rest.is_empty() && ROOTS.contains(&first) && !span.contains([' ', '…'])
        })
        .map(str::to_owned)
        .collect()
}

/// Targets of Markdown links within the repository, without their anchors.
fn links(text: &str) -> BTreeSet<String> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter_map(|target| target.split('#').next())
        .filter(|target| {
            !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:")
        })
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_links_are_found() {
        let text = "See `crates/domain/src/money.rs`, `crates/adapters/*`, `cargo xtask up`, `a/b` and \
                    [the map](docs/ARCHITECTURE.md#layers), [home](https://example.com/x).";
        assert_eq!(
            named(text).into_iter().collect::<Vec<_>>(),
            ["crates/adapters/*", "crates/domain/src/money.rs"]
        );
        assert_eq!(
            links(text).into_iter().collect::<Vec<_>>(),
            ["docs/ARCHITECTURE.md"]
        );
    }

    #[test]
    fn a_path_that_is_not_there_is_seen() {
        let root = &Workspace::load().unwrap().root;
        assert!(exists(root, "xtask/src/docs.rs"));
        assert!(exists(root, "crates/adapters/*/src"));
        assert!(!exists(root, "xtask/src/nowhere.rs"));
        assert!(!exists(root, "nowhere/*"));
    }
}
