//! The start: the keys are found, and proved against the database before anything is written.

use std::path::PathBuf;
use std::sync::Arc;

use ports::PortError;
use ports::secrets::{KeyRecords, SecretBlobs};
use secrecy::{ExposeSecret, SecretString};

use crate::canary;
use crate::entropy;
use crate::envelope::NotOpened;
use crate::keyfile::{self, KeyFileError};
use crate::keyring::{Kek, Keyring};
use crate::vault::Vault;

/// Exit code of a process whose configuration cannot work (`sysexits.h`).
pub const EX_CONFIG: u8 = 78;

/// Shorter than this, a text may be guessed.
const GUESSABLE_BELOW: usize = 32;

/// Where the keys come from. The first of `secret_key`, `passphrase` and the file's first key seals; all the others only open what
/// they sealed before. Empty texts count as not set.
#[derive(Debug, Clone)]
pub struct KeySource {
    /// The keyring's file, `keyring` in the data folder. Created at the first start when no setting gives a key.
    pub file: PathBuf,
    /// `SECRET_KEY`.
    pub secret_key: Option<SecretString>,
    /// `SECRET_PASSPHRASE`.
    pub passphrase: Option<SecretString>,
    /// `SECRET_KEY_PREVIOUS`: opens what an earlier `SECRET_KEY` sealed.
    pub previous: Option<SecretString>,
}

impl KeySource {
    /// Name of the setting whose key seals; `None` when it is the file's.
    pub(crate) fn setting(&self) -> Option<&'static str> {
        let set = |text: &Option<SecretString>| given(text).is_some();
        if set(&self.secret_key) {
            return Some("SECRET_KEY");
        }
        set(&self.passphrase).then_some("SECRET_PASSPHRASE")
    }

    /// `salt` belongs to the passphrase. `None`: there is no key anywhere yet.
    pub(crate) fn keys(&self, salt: Option<&[u8]>) -> Result<Option<Keyring>, OpenError> {
        let file = keyfile::read(&self.file)?;
        let mut keys = Vec::new();
        keys.extend(given(&self.secret_key).map(Kek::from_text));
        if let (Some(words), Some(salt)) = (given(&self.passphrase), salt) {
            let key = Kek::from_passphrase(words, salt);
            keys.push(key.map_err(|_| OpenError::SaltDamaged)?);
        }
        keys.extend(file.map(Keyring::into_keys).unwrap_or_default());
        keys.extend(given(&self.previous).map(Kek::from_text));
        let mut keys = keys.into_iter();
        Ok(keys
            .next()
            .map(|primary| Keyring::new(primary, keys.collect())))
    }

    fn warn_of_guessable(&self) {
        for (setting, text) in [
            ("SECRET_KEY", &self.secret_key),
            ("SECRET_KEY_PREVIOUS", &self.previous),
        ] {
            if given(text).is_some_and(|t| t.expose_secret().len() < GUESSABLE_BELOW) {
                tracing::warn!(
                    "{setting} is shorter than {GUESSABLE_BELOW} characters and may be guessed: use a random one"
                );
            }
        }
    }
}

fn given(text: &Option<SecretString>) -> Option<&SecretString> {
    text.as_ref()
        .filter(|text| !text.expose_secret().is_empty())
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
    #[error(
        "the salt of SECRET_PASSPHRASE in the database is damaged: put the database's backup back"
    )]
    SaltDamaged,
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
            Self::WrongKey { .. }
            | Self::CanaryDamaged { .. }
            | Self::SaltDamaged
            | Self::KeyFile(_) => EX_CONFIG,
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
    pub async fn open(
        blobs: Arc<dyn SecretBlobs>,
        records: Arc<dyn KeyRecords>,
        source: &KeySource,
    ) -> Result<Self, OpenError> {
        let known = records.canaries().await?;
        source.warn_of_guessable();
        let salt = match given(&source.passphrase) {
            Some(_) => Some(salt(records.as_ref()).await?),
            None => None,
        };
        let keyring = match source.keys(salt.as_deref())? {
            Some(keyring) => keyring,
            None if known.is_empty() => keyfile::create(&source.file)?,
            None => return Err(wrong_key(source, &known[0].0)),
        };
        prove(&keyring, source, &known)?;
        let has = known.iter().map(|(key_id, _)| key_id.clone()).collect();
        let vault = Self::new(blobs, Arc::clone(&records), source.clone(), keyring, has);
        if known.is_empty() {
            vault.put_canary().await?;
            // Another process may have begun with another key at the same moment.
            prove(&vault.keyring(), source, &records.canaries().await?)?;
        }
        Ok(vault)
    }
}

/// The stored one; a new one is no trace of a wrong key, because it is there before any key is made from it.
async fn salt(records: &dyn KeyRecords) -> Result<Vec<u8>, OpenError> {
    let fresh = entropy::bytes::<16>().map_err(KeyFileError::from)?;
    Ok(records.salt(&fresh).await?)
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
