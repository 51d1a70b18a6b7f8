//! Settings, parsed before anything starts. The environment wins over `royal.toml`; secrets cannot be printed.

mod backups;
mod connected;
pub mod keys;
mod managers;
mod models;
mod outside;
mod reference;
mod replicas;
mod settings;
mod values;

pub use backups::BackupSettings;
pub use connected::{BigQueryPlace, GithubPlace};
pub use models::{ModelPlace, ModelsPlace};
pub use outside::{AdsPlace, OidcPlace, SmtpPlace, SmtpTls, SuppliersPlace};
pub use reference::markdown;
pub use replicas::{ReplicaSettings, Role};
pub use settings::{
    AgentAuthorization, AppEnv, AwsPlace, AwsSignIn, DatabasePlace, LogFormat, RateLimits,
    SecretPlaces, Settings, ShopifyEnvironment, VaultPlace, VaultSignIn,
};

use std::path::{Path, PathBuf};
use values::Values;

/// The file that is read when it is there.
const FILE: &str = "royal.toml";
/// Names another file.
const FILE_SETTING: &str = "ROYAL_CONFIG";

/// What stands in the configuration cannot work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    #[error("{file} has the unknown key {key}; did you mean {nearest}?")]
    UnknownKey {
        file: String,
        key: String,
        nearest: &'static str,
    },
    #[error("{file} cannot be read: {reason}")]
    File { file: String, reason: String },
    #[error("{key}={value} in {place} cannot be used: {expected}")]
    Invalid {
        key: &'static str,
        value: String,
        place: String,
        expected: &'static str,
    },
    #[error("{key} is missing: {why}")]
    Missing {
        key: &'static str,
        why: &'static str,
    },
}

/// Settings with what a person should know about how they were given.
pub struct Loaded {
    pub settings: Settings,
    pub warnings: Vec<String>,
}

/// From this process's environment and, when it is there, the file.
pub fn load(file: Option<&Path>) -> Result<Loaded, ConfigError> {
    // A value that is no text belongs to nobody here.
    let texts = std::env::vars_os()
        .filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)));
    let environment: Vec<_> = texts.collect();
    let named = file.map(Path::to_path_buf).or_else(|| {
        let named = environment.iter().find(|(name, _)| name == FILE_SETTING)?;
        Some(PathBuf::from(&named.1))
    });
    let usual = || Some(PathBuf::from(FILE)).filter(|f| f.exists());
    from(environment, named.or_else(usual).as_deref())
}

/// From what is handed over.
pub fn from(
    environment: impl IntoIterator<Item = (String, String)>,
    file: Option<&Path>,
) -> Result<Loaded, ConfigError> {
    let values = Values::read(environment, file)?;
    let settings = Settings::parse(&values)?;
    Ok(Loaded {
        settings,
        warnings: values.warnings,
    })
}

#[cfg(test)]
mod tests;
