//! Settings that documents and `deploy/` name, held against the reference that the code makes. A document may also name a
//! constant of the code.
use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, Result, ensure};

use super::text::{shell_lines, spans};
use crate::frontend::files;

/// Of other programs, of the tests, or of what stands in `deploy/` itself.
const OTHERS: [&str; 25] = [
    "ROYAL_HOST",
    "ROYAL_REPLICAS",
    "OTLP_BACKEND",
    "TEST_DATABASE_URL",
    "ROYAL_CONFIG",
    "ROYAL_CONTRACTS",
    "ROYAL_SHOPIFY_SCHEMA",
    "ROYAL_UCI_FILE",
    "ROYAL_TOKEN",
    "POSTGRES_PASSWORD",
    "POSTGRES_USER",
    "POSTGRES_DB",
    "POSTGRES_ADDRESS",
    "PROMETHEUS_URL",
    "MONITORING_PASSWORD",
    "GRAFANA_PASSWORD",
    "GF_SECURITY_ADMIN_PASSWORD",
    "GF_ANALYTICS_REPORTING_ENABLED",
    "GF_ANALYTICS_CHECK_FOR_UPDATES",
    "RUSTUP_TOOLCHAIN",
    "ON_ERROR_STOP",
    // Kinds of addresses, in a unit of systemd.
    "AF_INET",
    "AF_INET6",
    "AF_UNIX",
    "SQLSTATE",
];
/// Checks of checkov, rules of hadolint.
const CODES: [&str; 1] = ["CKV_"];

pub(super) struct Settings {
    known: BTreeSet<String>,
    /// Names in capitals that the crates' code has.
    constants: BTreeSet<String>,
}

impl Settings {
    pub(super) fn load(root: &Path) -> Result<Self> {
        let text = fs::read_to_string(root.join("docs/CONFIG.md")).context("docs/CONFIG.md")?;
        let known: BTreeSet<String> = spans(&text)
            .into_iter()
            .flat_map(words)
            .map(str::to_owned)
            .collect();
        ensure!(
            known.contains("DATABASE_URL"),
            "docs/CONFIG.md has no settings"
        );
        let mut constants = BTreeSet::new();
        for file in files(&root.join("crates"), &[])? {
            if file.extension().is_some_and(|end| end == "rs") {
                let code = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
                constants.extend(words(&code).filter(|w| w.contains('_')).map(str::to_owned));
            }
        }
        Ok(Self { known, constants })
    }

    pub(super) fn missing(&self, text: &str, say: &mut impl FnMut(String)) {
        let lines = shell_lines(text);
        let code = spans(text)
            .into_iter()
            .chain(lines.iter().map(String::as_str));
        for word in code.flat_map(words).filter(|word| word.contains('_')) {
            if !self.is_known(word) && !self.constants.contains(word) {
                say(format!(
                    "names {word}, which is neither a setting nor a constant"
                ));
            }
        }
    }

    /// `key = value` of the example, and every word in capitals that looks like a setting.
    pub(super) fn missing_of_deployment(
        &self,
        file: &str,
        text: &str,
        say: &mut impl FnMut(String),
    ) {
        for word in words(text).filter(|word| word.contains('_')) {
            if !self.is_known(word) {
                say(format!("names {word}, which is no setting"));
            }
        }
        if Path::new(file).extension().is_none_or(|end| end != "toml") {
            return;
        }
        let keys = text
            .lines()
            .filter_map(|line| line.trim_start_matches("# ").split_once(" = "));
        for (key, _) in keys.filter(|(key, _)| !key.contains(' ')) {
            if !self.known.contains(&key.to_uppercase()) {
                say(format!("sets {key}, which is no setting"));
            }
        }
    }

    fn is_known(&self, word: &str) -> bool {
        self.known.contains(word)
            || OTHERS.contains(&word)
            || CODES.iter().any(|prefix| word.starts_with(prefix))
            // The beginning of a family, as `CIRCUIT_BREAKER_…`.
            || (word.ends_with('_') && self.known.iter().any(|k| k.starts_with(word)))
    }
}

/// Words in capitals.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| {
            let of_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
            word.len() > 2
                && word.starts_with(|c: char| c.is_ascii_uppercase())
                && word.chars().all(of_name)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Workspace;

    fn settings() -> Settings {
        Settings::load(&Workspace::load().unwrap().root).unwrap()
    }

    #[test]
    fn a_setting_that_is_none_is_seen() {
        let found = |text: &str| {
            let mut report = Vec::new();
            settings().missing(text, &mut |what| report.push(what));
            report
        };
        assert_eq!(
            found("`SECRET_KEY=…`, `CIRCUIT_BREAKER_…`, `JSON`, `OTHER_EXPONENTS`"),
            [""; 0]
        );
        assert_eq!(found("`SECRET_KEYS`").len(), 1);
        assert_eq!(found("```sh\nDATABASE_URI=x royal migrate\n```\n").len(), 1);
    }

    #[test]
    fn a_key_of_the_example_that_is_none_is_seen() {
        let found = |text: &str| {
            let mut report = Vec::new();
            let file = "deploy/config.example.toml";
            settings().missing_of_deployment(file, text, &mut |what| report.push(what));
            report
        };
        assert_eq!(
            found("# A value = is said here\nhost = \"::1\"\n# public_url = \"x\""),
            [""; 0]
        );
        assert_eq!(found("# pubic_url = \"x\"").len(), 1);
    }
}
