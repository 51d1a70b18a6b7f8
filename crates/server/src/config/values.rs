//! Settings as texts: from the environment, which wins, and from `royal.toml`.

use super::ConfigError;
use super::keys::{ALIASES, is_known, nearest};
use config::{Config, File, FileFormat};
use std::collections::BTreeMap;
use std::path::Path;

/// Where a value stands, for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    Environment,
    File(String),
}

pub(super) struct Values {
    /// Values may be secrets: there is no way to print them.
    values: BTreeMap<String, (String, Origin)>,
    pub(super) warnings: Vec<String>,
}

impl Values {
    /// `file` must exist when it is given.
    pub(super) fn read(
        environment: impl IntoIterator<Item = (String, String)>,
        file: Option<&Path>,
    ) -> Result<Self, ConfigError> {
        let mut values = Self {
            values: BTreeMap::new(),
            warnings: Vec::new(),
        };
        if let Some(path) = file {
            values.read_file(path)?;
        }
        let mut environment: Vec<_> = environment.into_iter().collect();
        // A name itself outranks its old names.
        environment.sort_by_key(|(name, _)| is_known(name));
        for (name, value) in environment {
            if let Some(name) = values.current_name(&name).filter(|_| !value.is_empty()) {
                values.values.insert(name, (value, Origin::Environment));
            }
        }
        Ok(values)
    }

    fn read_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let shown = path.display().to_string();
        let unreadable = |reason: String| ConfigError::File {
            file: shown.clone(),
            reason,
        };
        let file = File::from(path).format(FileFormat::Toml).required(true);
        let parsed = Config::builder().add_source(file).build();
        let parsed = parsed.map_err(|e| unreadable(e.to_string()))?;
        let table: BTreeMap<String, config::Value> = parsed
            .try_deserialize()
            .map_err(|e| unreadable(e.to_string()))?;
        for (key, value) in table {
            let upper = key.to_uppercase();
            let name = self
                .current_name(&upper)
                .ok_or_else(|| ConfigError::UnknownKey {
                    file: shown.clone(),
                    nearest: nearest(&upper),
                    key: key.clone(),
                })?;
            let text = value
                .into_string()
                .map_err(|_| unreadable(format!("{key} must be a text, a number or true/false")))?;
            if !text.is_empty() {
                self.values
                    .insert(name, (text, Origin::File(shown.clone())));
            }
        }
        Ok(())
    }

    /// `None` for a name that is not ours.
    fn current_name(&mut self, name: &str) -> Option<String> {
        if let Some((old, new)) = ALIASES.iter().find(|(old, _)| *old == name) {
            self.warnings
                .push(format!("{old} is an old name: use {new}"));
            return Some((*new).to_owned());
        }
        is_known(name).then(|| name.to_owned())
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.values
            .get(name)
            .map(|(value, _)| value.trim())
            .filter(|v| !v.is_empty())
    }

    /// Parses what is there; the message names the setting and where it stands, but not a secret's value.
    pub(super) fn parse<T>(
        &self,
        name: &'static str,
        expected: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, ConfigError> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        match parse(text) {
            Some(value) => Ok(Some(value)),
            None => Err(ConfigError::Invalid {
                key: name,
                value: text.to_owned(),
                place: self.place(name),
                expected,
            }),
        }
    }

    fn place(&self, name: &str) -> String {
        match self.values.get(name) {
            Some((_, Origin::File(file))) => file.clone(),
            _ => "the environment".to_owned(),
        }
    }
}
