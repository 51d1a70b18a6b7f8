//! Key-encryption keys: one that seals, and others that only open.

use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::entropy::{self, NoEntropy};
use crate::primitives::hkdf_sha512;

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
#[derive(Clone)]
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

    /// From words that a person can remember: Argon2id (RFC 9106) with 64 MiB, 3 passes and one lane slows a guesser down.
    ///
    /// # Errors
    /// [`KeyDamaged`] when the salt is shorter than 8 bytes.
    pub fn from_passphrase(words: &SecretString, salt: &[u8]) -> Result<Self, KeyDamaged> {
        let params = Params::new(64 * 1024, 3, 1, Some(32)).map_err(|_| KeyDamaged)?;
        let mut key = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(words.expose_secret().as_bytes(), salt, key.as_mut())
            .map_err(|_| KeyDamaged)?;
        Ok(Self::new(key))
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

fn expand(material: &[u8], info: &[u8], out: &mut [u8]) {
    let enough = hkdf_sha512(material, None, info, out);
    debug_assert!(
        enough,
        "32 bytes are fewer than the 255 · 64 that may be asked for"
    );
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

    /// Ids, the one that seals first.
    pub(crate) fn ids(&self) -> impl Iterator<Item = KekId> {
        self.keys.iter().map(Kek::id)
    }

    pub(crate) fn keys(&self) -> &[Kek] {
        &self.keys
    }

    pub(crate) fn into_keys(self) -> Vec<Kek> {
        self.keys
    }
}
