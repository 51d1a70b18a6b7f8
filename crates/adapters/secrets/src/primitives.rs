//! The ciphers under the envelope, each in one place, so that published test vectors run through what the product runs through.

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce, Tag};
use hkdf::Hkdf;
use sha2::Sha512;
use zeroize::Zeroizing;

pub const NONCE: usize = 12;
pub const TAG: usize = 16;

/// AES-256-GCM (NIST SP 800-38D): encrypts in place and answers the tag.
#[must_use]
pub fn aes_256_gcm_seal(
    key: &[u8; 32],
    nonce: &[u8; NONCE],
    associated: &[u8],
    text: &mut [u8],
) -> [u8; TAG] {
    Aes256Gcm::new(key.into())
        .encrypt_inout_detached(&Nonce::from(*nonce), associated, text.into())
        .expect("GCM encrypts up to 64 GiB; a secret is far smaller")
        .into()
}

/// The reverse; `None` when key, nonce, associated data or a bit of the ciphertext is another one.
#[must_use]
pub fn aes_256_gcm_open(
    key: &[u8; 32],
    nonce: &[u8; NONCE],
    associated: &[u8],
    ciphertext: &[u8],
    tag: &[u8; TAG],
) -> Option<Zeroizing<Vec<u8>>> {
    let mut text = Zeroizing::new(ciphertext.to_vec());
    Aes256Gcm::new(key.into())
        .decrypt_inout_detached(
            &Nonce::from(*nonce),
            associated,
            text.as_mut_slice().into(),
            &Tag::from(*tag),
        )
        .ok()
        .map(|()| text)
}

/// HKDF-SHA-512 (RFC 5869); `false` when more than 255 · 64 bytes are asked for, and `out` is as it was.
#[must_use]
pub fn hkdf_sha512(material: &[u8], salt: Option<&[u8]>, info: &[u8], out: &mut [u8]) -> bool {
    Hkdf::<Sha512>::new(salt, material)
        .expand(info, out)
        .is_ok()
}
