//! Who can open a backup: whoever knows a passphrase, or holds the identity of a recipient.

use crate::archive::ArchiveError;
use age::{DecryptError, Decryptor, Encryptor};
use secrecy::{ExposeSecret as _, SecretString};
use std::io::Read;

/// Costs of a guess: scrypt with N = 2^16, r = 8, which is 64 MiB for each.
const WORK: u8 = 16;
/// A backup of a stronger machine may ask for more, but not for more than this one has (1 GiB).
const MOST_WORK: u8 = 20;
/// Fewer characters are guessed with a backup at hand.
pub const SHORTEST_PASSPHRASE: usize = 12;

/// How a backup is closed. With recipients the machine that writes backups cannot read them.
#[derive(Clone)]
pub enum Seal {
    Passphrase(SecretString),
    Recipients(Vec<age::x25519::Recipient>),
}

/// How it is opened.
pub enum Unseal {
    Passphrase(SecretString),
    Identities(Vec<age::x25519::Identity>),
}

impl Seal {
    /// # Errors
    /// A sentence, when the passphrase is too short to withstand guessing.
    pub fn passphrase(text: SecretString) -> Result<Self, String> {
        if text.expose_secret().chars().count() < SHORTEST_PASSPHRASE {
            return Err(format!(
                "a passphrase for backups has at least {SHORTEST_PASSPHRASE} characters"
            ));
        }
        Ok(Self::Passphrase(text))
    }

    /// `age1…`, several separated by commas.
    ///
    /// # Errors
    /// A sentence that names the one that is none.
    pub fn recipients(text: &str) -> Result<Self, String> {
        let each = text.split([',', ' ', '\n']).filter(|t| !t.is_empty());
        let parsed: Result<Vec<_>, _> = each
            .map(|t| {
                t.parse().map_err(|_| {
                    format!("{t} is no age recipient: age-keygen prints one, it begins with age1")
                })
            })
            .collect();
        match parsed? {
            none if none.is_empty() => Err("no age recipient is given".to_owned()),
            some => Ok(Self::Recipients(some)),
        }
    }

    pub(crate) fn encryptor(&self) -> Result<Encryptor, ArchiveError> {
        let made = match self {
            Self::Passphrase(text) => {
                let mut recipient = age::scrypt::Recipient::new(text.clone());
                recipient.set_work_factor(WORK);
                Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
            }
            Self::Recipients(all) => {
                Encryptor::with_recipients(all.iter().map(|r| r as &dyn age::Recipient))
            }
        };
        made.map_err(|e| {
            ArchiveError::io("the backup", "sealed")(std::io::Error::other(e.to_string()))
        })
    }
}

impl Unseal {
    /// What `age-keygen` writes: lines that begin with `AGE-SECRET-KEY-1`; the others are comments.
    ///
    /// # Errors
    /// A sentence, when there is none in it.
    pub fn identities(text: &SecretString) -> Result<Self, String> {
        let lines = text.expose_secret().lines().map(str::trim);
        let found: Vec<_> = lines.filter_map(|line| line.parse().ok()).collect();
        if found.is_empty() {
            return Err("it holds no identity: age-keygen writes one, its line begins with AGE-SECRET-KEY-1".to_owned());
        }
        Ok(Self::Identities(found))
    }

    pub(crate) fn open<R: Read>(
        &self,
        name: &str,
        input: R,
    ) -> Result<impl Read + use<R>, ArchiveError> {
        let decryptor = Decryptor::new(input).map_err(|e| not_opened(name, &e))?;
        let by_passphrase = decryptor.is_scrypt();
        let reader = match self {
            Self::Passphrase(_) if !by_passphrase => {
                let why = "it is sealed to a recipient, so that it opens with an identity file (--identity)";
                return Err(ArchiveError::WrongKey(why.to_owned()));
            }
            Self::Identities(_) if by_passphrase => {
                let why = "it is sealed with a passphrase (BACKUP_PASSPHRASE)";
                return Err(ArchiveError::WrongKey(why.to_owned()));
            }
            Self::Passphrase(text) => {
                let mut identity = age::scrypt::Identity::new(text.clone());
                identity.set_max_work_factor(MOST_WORK);
                decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity))
            }
            Self::Identities(all) => decryptor.decrypt(all.iter().map(|i| i as &dyn age::Identity)),
        };
        reader.map_err(|e| not_opened(name, &e))
    }
}

fn not_opened(name: &str, error: &DecryptError) -> ArchiveError {
    match error {
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => {
            ArchiveError::WrongKey("the passphrase is another one".to_owned())
        }
        DecryptError::NoMatchingKeys => {
            ArchiveError::WrongKey("it is sealed to other recipients".to_owned())
        }
        DecryptError::ExcessiveWork { required, .. } => ArchiveError::WrongKey(format!(
            "its passphrase asks for 2^{required} rounds, more than this program does (2^{MOST_WORK})"
        )),
        DecryptError::InvalidMac => ArchiveError::Damaged("its head was changed".to_owned()),
        DecryptError::Io(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
            ArchiveError::Damaged("it ends within its head".to_owned())
        }
        // No head of an age file.
        _ => ArchiveError::Foreign(name.to_owned()),
    }
}
