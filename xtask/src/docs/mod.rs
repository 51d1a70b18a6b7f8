//! The documents name files, headings, commands, settings and addresses of this repository: each must be there.
mod addresses;
mod commands;
mod headings;
mod settings;
mod text;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use crate::{
    frontend::files,
    workspace::{Workspace, relative},
};

/// A must; what else lies beside them is read too.
const NEEDED: [&str; 8] = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/ARCHITECTURE.md",
    "docs/TESTING.md",
    "docs/OPERATIONS.md",
    "docs/SECURITY.md",
    "docs/API.md",
];
/// Made by whoever follows a document, and never committed.
const OF_READERS: [&str; 1] = ["deploy/.env"];
/// History names what is gone.
const HISTORY: [&str; 1] = ["CHANGELOG.md"];
/// What a path of this repository begins with.
const ROOTS: [&str; 8] = [
    "crates", "xtask", "frontend", "docs", "deploy", ".github", ".ci", ".cargo",
];

/// Everything that is named and not there, as a sentence.
pub(crate) fn missing(workspace: &Workspace) -> Result<Vec<String>> {
    let root = &workspace.root;
    let mut report = Vec::new();
    for needed in NEEDED {
        if !root.join(needed).is_file() {
            report.push(format!("{needed} is missing"));
        }
    }
    let commands = commands::Commands::load(root)?;
    let settings = settings::Settings::load(root)?;
    let addresses = addresses::Addresses::load(root)?;
    for document in documents(root)? {
        let text = fs::read_to_string(root.join(&document)).with_context(|| document.clone())?;
        let mut say = |what: String| report.push(format!("{document} {what}"));
        missing_paths(root, &document, &text, &mut say);
        headings::missing(root, &document, &text, &mut say)?;
        commands.missing(&text, &mut say);
        settings.missing(&text, &mut say);
        addresses.missing(&text, &mut say);
    }
    let deploy = files(&root.join("deploy"), &[])?;
    let names = deploy.iter().filter_map(|path| relative(root, path));
    for file in names {
        let text = fs::read_to_string(root.join(&file)).with_context(|| file.clone())?;
        let mut say = |what: String| report.push(format!("{file} {what}"));
        headings::missing_runbooks(root, &text, &mut say)?;
        settings.missing_of_deployment(&file, &text, &mut say);
    }
    Ok(report)
}

/// In the root and in `docs/`, without its folders: what was decided once may name what has gone.
fn documents(root: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for dir in [root.to_owned(), root.join("docs")] {
        for entry in fs::read_dir(&dir).with_context(|| dir.display().to_string())? {
            let path: PathBuf = entry?.path();
            found.extend(relative(root, &path).filter(|name| {
                path.extension().is_some_and(|end| end == "md") && !HISTORY.contains(&name.as_str())
            }));
        }
    }
    found.sort();
    ensure!(!found.is_empty(), "there are no documents");
    Ok(found)
}

fn missing_paths(root: &Path, document: &str, text: &str, say: &mut impl FnMut(String)) {
    let folder = root.join(document);
    let folder = folder.parent().unwrap_or(root);
    for path in links(text) {
        if !folder.join(&path).exists() {
            say(format!("links to {path}, which does not exist"));
        }
    }
    for path in named(text) {
        if !exists(root, &path) && !OF_READERS.contains(&path.as_str()) {
            say(format!("names {path}, which does not exist"));
        }
    }
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

/// Paths between backticks, and as words of commands.
fn named(text: &str) -> BTreeSet<String> {
    let spans = text::spans(text);
    let lines = text::shell_lines(text);
    let words = lines.iter().flat_map(|line| line.split([' ', '"', '=']));
    spans
        .into_iter()
        .chain(words)
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

/// Targets of links and pictures within the repository, without their anchors.
fn links(text: &str) -> BTreeSet<String> {
    let after = |mark: &'static str, end: char| {
        text.split(mark)
            .skip(1)
            .filter_map(move |rest| rest.split(end).next())
    };
    after("](", ')')
        .chain(after("src=\"", '"'))
        .chain(after("srcset=\"", '"'))
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
                    [the map](docs/ARCHITECTURE.md#layers), [home](https://example.com/x), <img src=\"docs/a.webp\">.";
        assert_eq!(
            named(text).into_iter().collect::<Vec<_>>(),
            ["crates/adapters/*", "crates/domain/src/money.rs"]
        );
        assert_eq!(
            links(text).into_iter().collect::<Vec<_>>(),
            ["docs/ARCHITECTURE.md", "docs/a.webp"]
        );
    }

    #[test]
    fn a_path_that_is_not_there_is_seen() {
        let root = &Workspace::load().unwrap().root;
        assert!(exists(root, "xtask/src/docs/mod.rs"));
        assert!(exists(root, "crates/adapters/*/src"));
        assert!(!exists(root, "xtask/src/nowhere.rs"));
        assert!(!exists(root, "nowhere/*"));
    }
}
