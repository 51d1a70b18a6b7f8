//! The form itself, against an independent implementation.

use super::*;
use secrecy::SecretString;

/// Made with Node's `crypto` (OpenSSL) from the description above, not with this code.
const SEALED_ELSEWHERE: &str = "52594c5301012b3a1b1a85d156d19adbf194cb318ff8404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f349a4bcd56551068b3cab2445e80e62538bde76268d44ed80f37cf8026ada563a1a1a1a1a1a1a1a1a1a1a1a1ccf6db0745acd228966be72e4b6d2dff716967fc5943f9673ba0016bbc4129a1bf39ad391a29de1b4ff16b5f06778039b2b2b2b2b2b2b2b2b2b2b2b2f386d689b6896ea4ac1422ee0cfad3fa813c684b2d3b2bb75055df7b";

fn fixed() -> (Kek, Fresh, Context<'static>) {
    let data_key = Zeroizing::new(std::array::from_fn(|i| i as u8));
    let salt = std::array::from_fn(|i| 0x40 + i as u8);
    let fresh = Fresh {
        data_key,
        salt,
        wrap_nonce: [0xA1; NONCE],
        value_nonce: [0xB2; NONCE],
    };
    let context = Context {
        workspace: &[7; 16],
        name: "connection/1/token",
        version: 3,
        purpose: "secret",
    };
    (
        Kek::from_text(&SecretString::from("correct horse battery staple")),
        fresh,
        context,
    )
}

#[test]
fn the_form_is_the_one_described() {
    let (kek, fresh, context) = fixed();
    let blob = seal_with(&kek, context, "shpat_hällo".as_bytes(), &fresh);
    assert_eq!(hex::encode(&blob), SEALED_ELSEWHERE);
    let opened = open(&Keyring::new(kek, Vec::new()), context, &blob).unwrap();
    assert_eq!(opened.as_slice(), "shpat_hällo".as_bytes());
}

/// A data key that matches the wrapping but not the commitment is refused before the value is decrypted.
#[test]
fn the_commitment_binds_the_value_to_one_key() {
    let (kek, fresh, context) = fixed();
    let derived = Derived::new(&fresh.data_key, &fresh.salt);
    let mut blob = Vec::new();
    blob.extend_from_slice(MAGIC);
    blob.extend_from_slice(&[VERSION, AES_256_GCM_HKDF_SHA_512]);
    blob.extend_from_slice(&kek.id().0);
    blob.extend_from_slice(&fresh.salt);
    blob.extend_from_slice(&[0; 32]);
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
        b"value",
    );
    let refused = open(&Keyring::new(kek, Vec::new()), context, &blob);
    assert_eq!(refused.unwrap_err(), NotOpened::Altered);
}
