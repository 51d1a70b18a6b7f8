//! The settings as a page of documentation.

use super::keys::{ALIASES, Group, KEYS};
use std::fmt::Write as _;

/// `docs/CONFIG.md`.
#[must_use]
pub fn markdown() -> String {
    let mut out = String::from(
        "# Settings\n\nMade by `royal reference config`; do not edit by hand.\n\n\
Each setting is an environment variable, or the same name (in any case) in `royal.toml` in the working folder (another file: `ROYAL_CONFIG`, `--config`). \
The environment wins. An unknown key in the file ends the start with exit code 78 and the name of the nearest known key.\n",
    );
    for group in Group::ALL {
        let keys: Vec<_> = KEYS.iter().filter(|k| k.group == group).collect();
        // Writing to a string cannot fail.
        let _ = writeln!(out, "\n## {}\n", group.title());
        if group == Group::Later {
            let names: Vec<_> = keys.iter().map(|k| format!("`{}`", k.name)).collect();
            let _ = writeln!(
                out,
                "{}, and everything that begins with `GOOGLE_ADS_`.",
                names.join(", ")
            );
            continue;
        }
        out.push_str("| setting | default | what it is for |\n|---|---|---|\n");
        for key in keys {
            let _ = writeln!(out, "| `{}` | {} | {} |", key.name, key.default, key.about);
        }
    }
    out.push_str("\n## Old names\n\nAccepted with a warning.\n\n| old | now |\n|---|---|\n");
    for (old, new) in ALIASES {
        let _ = writeln!(out, "| `{old}` | `{new}` |");
    }
    out
}
