//! The start: the keys are found, and proved against the database before anything is written.

use std::path::PathBuf;
use std::sync::Arc;

use ports::PortError;
use ports::secrets::SecretBlobs;
use secrecy::{ExposeSecret, SecretString};

use crate::canary;
use crate::envelope::NotOpened;
use crate::keyfile::{self, KeyFileError};
use crate::keyring::{Kek, Keyring};
use crate::vault::Vault;

/// Exit code of a process whose configuration cannot work (`sysexits.h`).
pub const EX_CONFIG: u8 = 78;

/// Shorter than this, a text may be guessed.
const GUESSABLE_BELOW: usize = 32;

/// Where the keys come from.
#[derive(Debug)]
pub struct KeySource {
    /// The keyring's file, `keyring` in the data folder. Created at the first start when there is no `secret_key`.
    pub file: PathBuf,
    /// `SECRET_KEY`: seals when it is set; the file's keys then only open what they sealed before. Empty counts as not set.
    pub secret_key: Option<SecretString>,
}

/// Why the vault does not open. Nothing was written to the database.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(
        "the database's secrets are sealed with the key {key_id}, which is neither SECRET_KEY nor in {file}: set the SECRET_KEY \
         or put back the keyring that this database was used with"
    )]
    WrongKey { key_id: String, file: PathBuf },
    #[error(
        "the canary of key {key_id} in the database is damaged: put the database's backup back"
    )]
    CanaryDamaged { key_id: String },
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    #[error(transparent)]
    Store(#[from] PortError),
}

impl OpenError {
    /// Code to end the process with: [`EX_CONFIG`] when a person must give it other keys.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::WrongKey { .. } | Self::CanaryDamaged { .. } | Self::KeyFile(_) => EX_CONFIG,
            Self::Store(_) => 1,
        }
    }
}

impl Vault {
    /// Finds the keys and proves them: every key that the database knows must be there and open its canary. The first key of a
    /// fresh database gets its canary here; a new primary key beside an old one gets it when it seals for the first time, so that
    /// a mistyped `SECRET_KEY` leaves no trace.
    ///
    /// # Errors
    /// [`OpenError`], before anything is written to the database; a keyring file is only created for a database that has no
    /// secrets yet.
    pub async fn open(blobs: Arc<dyn SecretBlobs>, source: &KeySource) -> Result<Self, OpenError> {
        let known = blobs.canaries().await?;
        let keyring = match keys(source)? {
            Some(keyring) => keyring,
            None if known.is_empty() => keyfile::create(&source.file)?,
            None => return Err(wrong_key(source, &known[0].0)),
        };
        prove(&keyring, source, &known)?;
        let primary = keyring.primary().id().to_string();
        let has_canary = known.iter().any(|(key_id, _)| *key_id == primary);
        let vault = Self::new(Arc::clone(&blobs), keyring, has_canary);
        if known.is_empty() {
            vault.put_canary().await?;
            // Another process may have begun with another key at the same moment.
            prove(vault.keyring(), source, &blobs.canaries().await?)?;
        }
        Ok(vault)
    }
}

fn keys(source: &KeySource) -> Result<Option<Keyring>, OpenError> {
    let from_file = keyfile::read(&source.file)?;
    let text = source
        .secret_key
        .as_ref()
        .filter(|text| !text.expose_secret().is_empty());
    let Some(text) = text else {
        return Ok(from_file);
    };
    if text.expose_secret().len() < GUESSABLE_BELOW {
        tracing::warn!(
            "SECRET_KEY is shorter than {GUESSABLE_BELOW} characters and may be guessed: use a random one"
        );
    }
    let others = from_file.map(Keyring::into_keys).unwrap_or_default();
    Ok(Some(Keyring::new(Kek::from_text(text), others)))
}

fn prove(
    keyring: &Keyring,
    source: &KeySource,
    known: &[(String, Vec<u8>)],
) -> Result<(), OpenError> {
    for (key_id, blob) in known {
        canary::check(keyring, key_id, blob).map_err(|e| match e {
            NotOpened::UnknownKey(_) => wrong_key(source, key_id),
            NotOpened::UnknownForm | NotOpened::Altered => OpenError::CanaryDamaged {
                key_id: key_id.clone(),
            },
        })?;
    }
    Ok(())
}

fn wrong_key(source: &KeySource, key_id: &str) -> OpenError {
    OpenError::WrongKey {
        key_id: key_id.to_owned(),
        file: source.file.clone(),
    }
}
