//! Key-encryption keys: one that seals, and others that only open.

use std::fmt;

use hkdf::Hkdf;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha512;
use zeroize::Zeroizing;

use crate::entropy::{self, NoEntropy};

/// HKDF info of a key's id. The id is public and says nothing of the key.
const ID_INFO: &[u8] = b"royal/kek-id/v1";
/// HKDF info of the key from the environment's text.
const TEXT_INFO: &[u8] = b"royal/kek-from-text/v1";

/// Names a key. Derived from it, so that a wrong key never has a right name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KekId(pub(crate) [u8; 16]);

impl fmt::Display for KekId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for KekId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KekId({self})")
    }
}

/// A key-encryption key of 256 bit. Wiped when dropped; `Debug` shows its id only.
pub struct Kek {
    id: KekId,
    key: Zeroizing<[u8; 32]>,
}

/// A key's text is not 32 bytes in hexadecimal, or not the key of the id beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key is damaged")]
pub struct KeyDamaged;

impl Kek {
    #[must_use]
    pub fn new(key: Zeroizing<[u8; 32]>) -> Self {
        let mut id = [0; 16];
        expand(key.as_slice(), ID_INFO, &mut id);
        Self { id: KekId(id), key }
    }

    /// A new one from the operating system's randomness.
    ///
    /// # Errors
    /// [`NoEntropy`].
    pub fn generate() -> Result<Self, NoEntropy> {
        Ok(Self::new(entropy::secret()?))
    }

    /// From a text of any length, e.g. `SECRET_KEY`: HKDF-SHA-512 without salt and with a fixed info. The text itself must be
    /// hard to guess (32 random characters): HKDF does not slow a guesser down.
    #[must_use]
    pub fn from_text(text: &SecretString) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        expand(text.expose_secret().as_bytes(), TEXT_INFO, key.as_mut());
        Self::new(key)
    }

    /// # Errors
    /// [`KeyDamaged`] unless it is 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Result<Self, KeyDamaged> {
        let mut key = Zeroizing::new([0; 32]);
        hex::decode_to_slice(text, key.as_mut()).map_err(|_| KeyDamaged)?;
        Ok(Self::new(key))
    }

    #[must_use]
    pub fn id(&self) -> KekId {
        self.id
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.key
    }

    pub(crate) fn to_hex(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.key.as_slice()))
    }
}

impl fmt::Debug for Kek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kek({}, [secret])", self.id)
    }
}

/// HKDF-SHA-512 without salt (RFC 5869).
fn expand(ikm: &[u8], info: &[u8], out: &mut [u8]) {
    Hkdf::<Sha512>::new(None, ikm)
        .expand(info, out)
        .expect("at most 255 · 64 bytes are asked for, and 32 are the most here");
}

/// The keys of a process: the first seals, all open.
#[derive(Debug)]
pub struct Keyring {
    keys: Vec<Kek>,
}

impl Keyring {
    #[must_use]
    pub fn new(primary: Kek, decrypt_only: Vec<Kek>) -> Self {
        let mut keys = vec![primary];
        for key in decrypt_only {
            if keys.iter().all(|k| k.id != key.id) {
                keys.push(key);
            }
        }
        Self { keys }
    }

    /// The key that seals.
    #[must_use]
    pub fn primary(&self) -> &Kek {
        &self.keys[0]
    }

    #[must_use]
    pub fn find(&self, id: KekId) -> Option<&Kek> {
        self.keys.iter().find(|key| key.id == id)
    }

    pub(crate) fn into_keys(self) -> Vec<Kek> {
        self.keys
    }
}
