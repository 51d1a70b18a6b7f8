//! The signature: HMAC-SHA-256 over the raw bytes, in Base64.

use adapter_kit::mac::hmac_sha256;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

/// Whether one of the secrets signed these bytes. All secrets are tried, in the same time whichever fits.
#[must_use]
pub(super) fn is_genuine(secrets: &[SecretString], signature: &str, body: &[u8]) -> bool {
    let Ok(given) = STANDARD.decode(signature.trim()) else {
        return false;
    };
    let mut genuine = false;
    for secret in secrets {
        let right: bool = hmac_sha256(secret.expose_secret().as_bytes(), body)
            .as_slice()
            .ct_eq(&given)
            .into();
        // An empty secret signs nothing.
        genuine |= right && !secret.expose_secret().is_empty();
    }
    genuine
}
