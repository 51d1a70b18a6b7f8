//! Files that are made from the code and committed: written by `generate`, compared by the tests.
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{
    frontend,
    process::{run, say},
    test::build_servers,
    tools::npm,
    workspace::{Workspace, output, relative},
};

/// What `royal` prints, and where it is kept.
const PRINTED: [(&str, &[&str]); 3] = [
    ("docs/openapi.json", &["openapi"]),
    ("docs/CLI.md", &["reference", "cli"]),
    ("docs/CONFIG.md", &["reference", "config"]),
];
/// Where the front end's `generate` script writes.
const CLIENT: &str = "frontend/src/shared/api";

pub(crate) fn generate(workspace: &Workspace) -> Result<()> {
    build_servers(workspace)?;
    for (file, args) in PRINTED {
        let text = printed(workspace, args)?;
        let path = workspace.root.join(file);
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            say(&format!("{file}: unchanged"));
        } else {
            fs::write(&path, text).with_context(|| file.to_owned())?;
            say(&format!("{file}: written"));
        }
    }
    generate_client(workspace)
}

/// Every generated file that is not what the code makes now; the tree is left as it was.
pub(crate) fn outdated(workspace: &Workspace) -> Result<Vec<String>> {
    build_servers(workspace)?;
    let mut report = Vec::new();
    for (file, args) in PRINTED {
        let text = printed(workspace, args)?;
        let committed = fs::read_to_string(workspace.root.join(file)).unwrap_or_default();
        report.extend(difference(file, &committed, &text));
    }
    let before = snapshot(&workspace.root.join(CLIENT))?;
    let result = generate_client(workspace).and_then(|()| snapshot(&workspace.root.join(CLIENT)));
    restore(&before)?;
    for (path, text) in result? {
        let old = before
            .iter()
            .find(|(p, _)| *p == path)
            .map_or("", |(_, t)| t);
        let file = relative(&workspace.root, &path).unwrap_or_default();
        report.extend(difference(&file, old, &text));
        if old.is_empty() && !text.is_empty() {
            fs::remove_file(&path).with_context(|| file.clone())?;
        }
    }
    Ok(report)
}

fn printed(workspace: &Workspace, args: &[&str]) -> Result<String> {
    let mut royal = Command::new(workspace.binary("royal", false));
    royal.args(args).current_dir(&workspace.root);
    let text = output(&mut royal, &format!("royal {}", args.join(" ")))?;
    Ok(format!("{}\n", text.trim_end()))
}

fn generate_client(workspace: &Workspace) -> Result<()> {
    frontend::install(workspace)?;
    run(
        &mut npm(&workspace.frontend(), &["run", "generate"]),
        "npm run generate",
    )
}

/// The first line that differs, which is mostly enough to know what happened.
fn difference(file: &str, committed: &str, made: &str) -> Option<String> {
    if committed == made {
        return None;
    }
    let mut pairs = committed.lines().zip(made.lines());
    let line = pairs.position(|(a, b)| a != b).map_or_else(
        || committed.lines().count().min(made.lines().count()) + 1,
        |at| at + 1,
    );
    Some(format!(
        "{file}:{line}: out of date; run: cargo xtask generate"
    ))
}

fn snapshot(dir: &Path) -> Result<Vec<(PathBuf, String)>> {
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).with_context(|| format!("{}", path.display()))?;
        Ok((path, text))
    };
    frontend::files(dir, &[])?.into_iter().map(read).collect()
}

fn restore(files: &[(PathBuf, String)]) -> Result<()> {
    for (path, text) in files {
        if !fs::read_to_string(path).is_ok_and(|now| now == *text) {
            fs::write(path, text).with_context(|| format!("{}", path.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_its_first_line() {
        assert_eq!(difference("f", "a\nb\n", "a\nb\n"), None);
        let at = |old, new| difference("f", old, new).unwrap();
        assert!(at("a\nb\n", "a\nc\n").starts_with("f:2:"));
        assert!(at("a\n", "a\nc\n").starts_with("f:2:"));
        assert!(at("", "a\n").starts_with("f:1:"));
    }
}
