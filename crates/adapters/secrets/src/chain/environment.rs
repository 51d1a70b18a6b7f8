//! The process's environment, read once at the start.

use async_trait::async_trait;
use ports::PortResult;
use ports::secrets::{SecretName, SecretPlace, SecretSource};
use secrecy::SecretString;
use std::collections::HashMap;

/// Named values, empty ones left out.
pub struct Environment(HashMap<String, SecretString>);

impl Environment {
    #[must_use]
    pub fn new(values: impl IntoIterator<Item = (String, String)>) -> Self {
        let set = values.into_iter().filter(|(_, value)| !value.is_empty());
        Self(set.map(|(name, value)| (name, value.into())).collect())
    }
}

#[async_trait]
impl SecretPlace for Environment {
    fn source(&self) -> SecretSource {
        SecretSource::Environment
    }

    fn whereabouts(&self) -> String {
        "the environment of this process".to_owned()
    }

    async fn look_up(&self, name: &SecretName) -> PortResult<Option<SecretString>> {
        Ok(self.0.get(&name.name).cloned())
    }
}
