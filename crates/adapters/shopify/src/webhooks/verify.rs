//! The signature: HMAC-SHA-256 over the raw bytes, in Base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// Whether one of the secrets signed these bytes. All secrets are tried, in the same time whichever fits.
#[must_use]
pub(super) fn is_genuine(secrets: &[SecretString], signature: &str, body: &[u8]) -> bool {
    let Ok(given) = STANDARD.decode(signature.trim()) else {
        return false;
    };
    let mut genuine = false;
    for secret in secrets {
        // A key of any length is taken, so this cannot fail; an empty secret signs nothing.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()) else {
            continue;
        };
        mac.update(body);
        let right: bool = mac.finalize().into_bytes().ct_eq(&given).into();
        genuine |= right && !secret.expose_secret().is_empty();
    }
    genuine
}
