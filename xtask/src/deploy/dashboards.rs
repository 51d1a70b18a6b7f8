//! The panels of the dashboards in `deploy/grafana`, as Grafana reads them. Knows no query language.
use std::{fs, path::Path};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::frontend::files;

/// One question of a panel.
pub(super) struct Target {
    /// With the dashboard's title before it, for messages.
    pub(super) panel: String,
    pub(super) query: Value,
}

pub(super) fn targets(root: &Path) -> Result<Vec<Target>> {
    let mut found = Vec::new();
    for file in files(&root.join("deploy/grafana/dashboards"), &[])? {
        let name = || file.display().to_string();
        let text = fs::read_to_string(&file).with_context(name)?;
        let board: Value = serde_json::from_str(&text).with_context(name)?;
        found.extend(targets_of(&board));
    }
    Ok(found)
}

fn targets_of(board: &Value) -> Vec<Target> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let title = |value: &Value| value["title"].as_str().unwrap_or_default().to_owned();
    let panels = list(&board["panels"]).into_iter();
    let targets = panels.flat_map(|panel| {
        let name = format!("{}: {}", title(board), title(&panel));
        let of_panel = move |query| Target {
            panel: name.clone(),
            query,
        };
        list(&panel["targets"]).into_iter().map(of_panel)
    });
    targets.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::workspace::Workspace;

    #[test]
    fn every_target_of_every_panel_is_found() {
        let board = json!({ "title": "Board", "panels": [
            { "title": "One", "targets": [{ "expr": "a" }, { "rawSql": "b" }] },
            { "title": "Two", "targets": [{ "expr": "c" }] },
        ] });
        let found: Vec<_> = targets_of(&board).into_iter().map(|t| t.panel).collect();
        assert_eq!(found, ["Board: One", "Board: One", "Board: Two"]);
    }

    #[test]
    fn the_dashboards_ask_prometheus_and_postgresql() {
        let targets = targets(&Workspace::load().unwrap().root).unwrap();
        for language in ["expr", "rawSql"] {
            assert!(
                targets.iter().any(|t| t.query[language].is_string()),
                "{language}"
            );
        }
    }
}
