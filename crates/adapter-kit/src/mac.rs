//! Keyed hashes: what providers sign with, and what tells values apart without showing them.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// HMAC-SHA-256 (RFC 2104, FIPS 198-1). A key of any length is taken.
#[must_use]
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key)
        .expect("HMAC shortens a long key and pads a short one, so every length fits");
    mac.update(message);
    mac.finalize().into_bytes().into()
}
