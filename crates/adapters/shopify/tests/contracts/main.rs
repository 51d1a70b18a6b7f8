//! The adapter against what Shopify itself says: its schema, and answers that were recorded from real shops.
//!
//! `ROYAL_SHOPIFY_SCHEMA` names the schema of the default version (SDL), `ROYAL_CONTRACTS` the folder of recorded answers.
//! Without them this fails.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails at once")]

mod recorded;
mod schema;
mod webhooks;

use std::path::{Path, PathBuf};

fn path_from(variable: &str) -> PathBuf {
    let path = std::env::var_os(variable).unwrap_or_else(|| panic!("{variable} must be set"));
    let path = PathBuf::from(path);
    assert!(
        path.exists(),
        "{variable}={}: nothing there",
        path.display()
    );
    path
}

fn shopify() -> PathBuf {
    path_from("ROYAL_CONTRACTS").join("shopify")
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_str(&text(path)).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let folder = shopify().join(folder);
    let entries =
        std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut files: Vec<_> = entries
        .map(|e| e.unwrap().path())
        .filter(|p| p.to_string_lossy().ends_with(ending))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{}: no {ending}", folder.display());
    files
}
