//! The sealed form of one secret, version 1.
//!
//! ```text
//! offset  bytes  field
//!      0      4  magic "RYLS"                         ┐
//!      4      1  version 1                            │
//!      5      1  algorithm 1 (AES-256-GCM,            │ header
//!                HKDF-SHA-512)                        │
//!      6     16  id of the key-encryption key         │
//!     22     32  salt                                 │
//!     54     32  key commitment                       ┘
//!     86     12  nonce of the wrapped data key
//!     98     32  data key, encrypted with the KEK
//!    130     16  its tag
//!    146     12  nonce of the value
//!    158      n  value, encrypted with the encryption key
//!  158+n     16  its tag
//! ```
//!
//! A fresh data key, salt and nonces for each sealing. Encryption key and commitment are HKDF-SHA-512 of the data key with the
//! salt and an info of their own; the commitment is compared in constant time before the value is decrypted, because GCM alone
//! does not bind a ciphertext to one key. Associated data of both encryptions: the header, then workspace, name, version and
//! purpose, each with its length as 8 bytes big-endian before it, so a blob that was moved does not open. RFC 5116, RFC 5869,
//! NIST SP 800-38D (random 96-bit nonces: at most 2^32 uses of a key; a data key is used once).

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::entropy::{self, NoEntropy};
use crate::keyring::{Kek, KekId, Keyring};
use crate::primitives::{NONCE, TAG, aes_256_gcm_open, aes_256_gcm_seal, hkdf_sha512};

const MAGIC: &[u8; 4] = b"RYLS";
const VERSION: u8 = 1;
const AES_256_GCM_HKDF_SHA_512: u8 = 1;
const ENCRYPTION_INFO: &[u8] = b"royal/secret/v1/encryption";
const COMMITMENT_INFO: &[u8] = b"royal/secret/v1/commitment";

const KEK_ID: usize = 6;
const SALT: usize = 22;
const COMMITMENT: usize = 54;
const HEADER: usize = 86;
const DATA_KEY: usize = HEADER + NONCE;
const VALUE_NONCE: usize = DATA_KEY + 32 + TAG;
const VALUE: usize = VALUE_NONCE + NONCE;
/// Bytes that sealing adds.
pub const OVERHEAD: usize = VALUE + TAG;

/// Where a secret belongs; it opens nowhere else.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    pub workspace: &'a [u8],
    pub name: &'a str,
    pub version: i64,
    pub purpose: &'a str,
}

/// Why a blob does not open. Says nothing that helps to change it until it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotOpened {
    #[error("it is no sealed secret of a form that is known here")]
    UnknownForm,
    #[error("it was sealed with the key {0}, which is not in the keyring")]
    UnknownKey(KekId),
    #[error("it was changed, or it belongs to another name, version or workspace")]
    Altered,
}

/// Chance of one sealing; fixed only by the test of the form itself.
struct Fresh {
    data_key: Zeroizing<[u8; 32]>,
    salt: [u8; 32],
    wrap_nonce: [u8; NONCE],
    value_nonce: [u8; NONCE],
}

/// Seals `value` for `context` with `kek`.
///
/// # Errors
/// [`NoEntropy`] when the operating system gives no randomness.
pub fn seal(kek: &Kek, context: Context<'_>, value: &[u8]) -> Result<Vec<u8>, NoEntropy> {
    let fresh = Fresh {
        data_key: entropy::secret()?,
        salt: entropy::bytes()?,
        wrap_nonce: entropy::bytes()?,
        value_nonce: entropy::bytes()?,
    };
    Ok(seal_with(kek, context, value, &fresh))
}

fn seal_with(kek: &Kek, context: Context<'_>, value: &[u8], fresh: &Fresh) -> Vec<u8> {
    let derived = Derived::new(&fresh.data_key, &fresh.salt);
    let mut blob = Vec::with_capacity(value.len() + OVERHEAD);
    blob.extend_from_slice(MAGIC);
    blob.extend_from_slice(&[VERSION, AES_256_GCM_HKDF_SHA_512]);
    blob.extend_from_slice(&kek.id().0);
    blob.extend_from_slice(&fresh.salt);
    blob.extend_from_slice(derived.commitment.as_slice());
    let associated = associated(&blob, context);
    append_encrypted(
        &mut blob,
        kek.bytes(),
        &fresh.wrap_nonce,
        &associated,
        fresh.data_key.as_slice(),
    );
    append_encrypted(
        &mut blob,
        &derived.encryption_key,
        &fresh.value_nonce,
        &associated,
        value,
    );
    blob
}

/// Opens what [`seal`] made for the same `context`.
///
/// # Errors
/// [`NotOpened`].
pub fn open(
    keyring: &Keyring,
    context: Context<'_>,
    blob: &[u8],
) -> Result<Zeroizing<Vec<u8>>, NotOpened> {
    let id = key_id_of(blob)?;
    let kek = keyring.find(id).ok_or(NotOpened::UnknownKey(id))?;
    let associated = associated(&blob[..HEADER], context);
    let unwrapped = decrypt(kek.bytes(), &associated, &blob[HEADER..VALUE_NONCE])?;
    let data_key =
        Zeroizing::new(<[u8; 32]>::try_from(unwrapped.as_slice()).map_err(|_| NotOpened::Altered)?);
    let derived = Derived::new(&data_key, &blob[SALT..COMMITMENT]);
    let committed = derived
        .commitment
        .as_slice()
        .ct_eq(&blob[COMMITMENT..HEADER]);
    if !bool::from(committed) {
        return Err(NotOpened::Altered);
    }
    decrypt(&derived.encryption_key, &associated, &blob[VALUE_NONCE..])
}

/// Id of the key that a blob was sealed with.
///
/// # Errors
/// [`NotOpened::UnknownForm`].
pub fn key_id_of(blob: &[u8]) -> Result<KekId, NotOpened> {
    let form = [VERSION, AES_256_GCM_HKDF_SHA_512];
    if blob.len() < OVERHEAD || !blob.starts_with(MAGIC) || blob[MAGIC.len()..KEK_ID] != form {
        return Err(NotOpened::UnknownForm);
    }
    blob[KEK_ID..SALT]
        .try_into()
        .map(KekId)
        .map_err(|_| NotOpened::UnknownForm)
}

struct Derived {
    encryption_key: Zeroizing<[u8; 32]>,
    commitment: Zeroizing<[u8; 32]>,
}

impl Derived {
    fn new(data_key: &[u8; 32], salt: &[u8]) -> Self {
        let expand = |info: &[u8]| {
            let mut out = Zeroizing::new([0; 32]);
            let enough = hkdf_sha512(data_key, Some(salt), info, out.as_mut());
            debug_assert!(
                enough,
                "32 bytes are fewer than the 255 · 64 that may be asked for"
            );
            out
        };
        Self {
            encryption_key: expand(ENCRYPTION_INFO),
            commitment: expand(COMMITMENT_INFO),
        }
    }
}

fn associated(header: &[u8], context: Context<'_>) -> Vec<u8> {
    let mut all = header.to_vec();
    for part in [
        context.workspace,
        context.name.as_bytes(),
        &context.version.to_be_bytes(),
        context.purpose.as_bytes(),
    ] {
        all.extend_from_slice(&(part.len() as u64).to_be_bytes());
        all.extend_from_slice(part);
    }
    all
}

fn append_encrypted(
    blob: &mut Vec<u8>,
    key: &[u8; 32],
    nonce: &[u8; NONCE],
    associated: &[u8],
    plain: &[u8],
) {
    blob.extend_from_slice(nonce);
    let start = blob.len();
    blob.extend_from_slice(plain);
    let tag = aes_256_gcm_seal(key, nonce, associated, &mut blob[start..]);
    blob.extend_from_slice(&tag);
}

/// `sealed`: nonce, ciphertext, tag.
fn decrypt(
    key: &[u8; 32],
    associated: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, NotOpened> {
    let (nonce, rest) = sealed.split_at_checked(NONCE).ok_or(NotOpened::Altered)?;
    let end = rest.len().checked_sub(TAG).ok_or(NotOpened::Altered)?;
    let (ciphertext, tag) = rest.split_at(end);
    let fixed = nonce.first_chunk().zip(tag.first_chunk());
    let (nonce, tag) = fixed.ok_or(NotOpened::Altered)?;
    aes_256_gcm_open(key, nonce, associated, ciphertext, tag).ok_or(NotOpened::Altered)
}

#[cfg(test)]
#[path = "envelope_tests.rs"]
mod tests;
