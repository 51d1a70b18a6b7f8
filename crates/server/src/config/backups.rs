//! What is set about backups.

use super::ConfigError;
use super::settings::{boolean, parsed, positive, secret};
use super::values::Values;
use secrecy::SecretString;
use std::path::PathBuf;
use std::time::Duration;

/// A year: what is made more seldom is no schedule.
const MOST_HOURS: u64 = 8_760;

#[derive(Clone)]
pub struct BackupSettings {
    /// Where the server makes them by itself; `None`: it does not.
    pub folder: Option<PathBuf>,
    pub every: Duration,
    pub keep: usize,
    pub recipients: Option<String>,
    pub passphrase: Option<SecretString>,
    pub with_keyring: bool,
}

impl BackupSettings {
    pub(super) fn parse(values: &Values) -> Result<Self, ConfigError> {
        let hours = |text: &str| parsed(text).filter(|n| (1..=MOST_HOURS).contains(n));
        let every = values
            .parse("BACKUP_EVERY", "a number of hours from 1 to 8760", hours)?
            .unwrap_or(24);
        let keep = values
            .parse("BACKUP_KEEP", "a number from 1", positive)?
            .unwrap_or(14);
        Ok(Self {
            folder: values.text("BACKUP_DIR").map(PathBuf::from),
            every: Duration::from_secs(every * 3_600),
            keep: usize::try_from(keep).unwrap_or(usize::MAX),
            recipients: values.text("BACKUP_RECIPIENTS").map(str::to_owned),
            passphrase: secret(values, "BACKUP_PASSPHRASE"),
            with_keyring: values
                .parse("BACKUP_KEYRING", "true or false", boolean)?
                .unwrap_or(true),
        })
    }
}
