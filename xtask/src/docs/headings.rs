//! Links to a heading of a document of this repository, and the runbooks that alerts and dashboards name.
use std::{fs, path::Path};

use anyhow::{Context, Result};

use super::text::anchors;

const RUNBOOKS: &str = "docs/OPERATIONS.md#";

pub(super) fn missing(
    root: &Path,
    document: &str,
    text: &str,
    say: &mut impl FnMut(String),
) -> Result<()> {
    let folder = root.join(document);
    let folder = folder.parent().unwrap_or(root);
    for target in text.split("](").skip(1).filter_map(|r| r.split(')').next()) {
        let Some((file, anchor)) = target.split_once('#') else {
            continue;
        };
        if file.contains("://") || (!file.is_empty() && !file.ends_with(".md")) {
            continue;
        }
        let there = if file.is_empty() {
            anchors(text)
        } else if folder.join(file).is_file() {
            let other = fs::read_to_string(folder.join(file)).with_context(|| file.to_owned())?;
            anchors(&other)
        } else {
            // Its path is missed already.
            continue;
        };
        if !there.iter().any(|a| a == anchor) {
            say(format!("links to {target}, and there is no such heading"));
        }
    }
    Ok(())
}

pub(super) fn missing_runbooks(
    root: &Path,
    text: &str,
    say: &mut impl FnMut(String),
) -> Result<()> {
    let mut named = runbooks(text);
    if named.is_empty() {
        return Ok(());
    }
    let there = anchors(&fs::read_to_string(root.join("docs/OPERATIONS.md"))?);
    named.retain(|anchor| !there.iter().any(|a| a == anchor));
    for anchor in named {
        say(format!(
            "names the runbook {RUNBOOKS}{anchor}, which does not exist"
        ));
    }
    Ok(())
}

fn runbooks(text: &str) -> Vec<&str> {
    let of_anchor = |c: char| c.is_alphanumeric() || c == '-';
    text.split(RUNBOOKS)
        .skip(1)
        .filter_map(|rest| rest.split(|c| !of_anchor(c)).next())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Workspace;

    fn found(text: &str) -> Vec<String> {
        let mut report = Vec::new();
        let root = Workspace::load().unwrap().root;
        missing(&root, "docs/TESTING.md", text, &mut |what| {
            report.push(what)
        })
        .unwrap();
        report
    }

    #[test]
    fn a_heading_is_looked_for_here_and_elsewhere() {
        let good = "# Here it is\n[a](#here-it-is) [b](ARCHITECTURE.md#the-layers) [c](https://example.com/#x)";
        assert_eq!(found(good), [""; 0]);
        assert_eq!(found("[a](#nowhere)").len(), 1);
        assert_eq!(found("[a](ARCHITECTURE.md#nowhere)").len(), 1);
    }

    #[test]
    fn a_runbook_ends_where_its_anchor_ends() {
        let text =
            "runbook_url: docs/OPERATIONS.md#requests-fail\n\"Runbook: docs/OPERATIONS.md#a-b\",";
        assert_eq!(runbooks(text), ["requests-fail", "a-b"]);
        let mut report = Vec::new();
        let root = Workspace::load().unwrap().root;
        let text = "docs/OPERATIONS.md#nobody-wrote-this";
        missing_runbooks(&root, text, &mut |what| report.push(what)).unwrap();
        assert_eq!(report.len(), 1);
    }
}
