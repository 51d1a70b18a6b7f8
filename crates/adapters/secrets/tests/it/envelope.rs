//! Laws of the envelope under any value and any change.

use adapter_secrets::{Context, Kek, Keyring, NotOpened, OVERHEAD, key_id_of, open, seal};
use proptest::prelude::*;
use zeroize::Zeroizing;

fn kek(n: u8) -> Kek {
    Kek::new(Zeroizing::new([n; 32]))
}

fn keyring(n: u8) -> Keyring {
    Keyring::new(kek(n), Vec::new())
}

#[derive(Debug, Clone, PartialEq)]
struct Place {
    workspace: Vec<u8>,
    name: String,
    version: i64,
    purpose: String,
}

impl Place {
    fn context(&self) -> Context<'_> {
        Context {
            workspace: &self.workspace,
            name: &self.name,
            version: self.version,
            purpose: &self.purpose,
        }
    }
}

fn place() -> impl Strategy<Value = Place> {
    // Few letters, so that the parts of two places often join to the same bytes.
    (
        prop::collection::vec(97_u8..99, 0..4),
        "[ab]{0,4}",
        0_i64..3,
        "[ab]{0,3}",
    )
        .prop_map(|(workspace, name, version, purpose)| Place {
            workspace,
            name,
            version,
            purpose,
        })
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..200)
}

proptest! {
    #[test]
    fn what_was_sealed_opens(value in value(), place in place(), key: u8) {
        let blob = seal(&kek(key), place.context(), &value).unwrap();
        prop_assert_eq!(blob.len(), value.len() + OVERHEAD);
        let others = Keyring::new(kek(key.wrapping_add(1)), vec![kek(key)]);
        for ring in [keyring(key), others] {
            let opened = open(&ring, place.context(), &blob).unwrap();
            prop_assert_eq!(opened.as_slice(), value.as_slice());
        }
    }

    #[test]
    fn a_changed_bit_anywhere_does_not_open(value in value(), place in place(), at: prop::sample::Index, bit in 0_u32..8) {
        let mut blob = seal(&kek(1), place.context(), &value).unwrap();
        let at = at.index(blob.len());
        blob[at] ^= 1 << bit;
        prop_assert!(open(&keyring(1), place.context(), &blob).is_err(), "byte {at}");
    }

    #[test]
    fn a_cut_or_lengthened_blob_does_not_open(value in value(), place in place(), at: prop::sample::Index, tail in value()) {
        let blob = seal(&kek(1), place.context(), &value).unwrap();
        prop_assert!(open(&keyring(1), place.context(), &blob[..at.index(blob.len())]).is_err());
        let longer = [blob, tail.clone(), vec![0]].concat();
        prop_assert!(open(&keyring(1), place.context(), &longer).is_err());
    }

    #[test]
    fn a_blob_opens_only_in_its_own_place(value in value(), here in place(), there in place()) {
        prop_assume!(here != there);
        let blob = seal(&kek(1), here.context(), &value).unwrap();
        let refused = open(&keyring(1), there.context(), &blob);
        prop_assert_eq!(refused.unwrap_err(), NotOpened::Altered);
    }

    /// The same bytes, divided elsewhere between workspace and name.
    #[test]
    fn the_parts_of_a_place_do_not_run_together(text in "[ab]{2,8}", here: prop::sample::Index, there: prop::sample::Index) {
        let place = |at: usize| Place {
            workspace: text.as_bytes()[..at].to_vec(),
            name: text[at..].to_owned(),
            version: 1,
            purpose: String::new(),
        };
        let (here, there) = (here.index(text.len() + 1), there.index(text.len() + 1));
        let blob = seal(&kek(1), place(here).context(), b"v").unwrap();
        prop_assert_eq!(open(&keyring(1), place(there).context(), &blob).is_ok(), here == there);
    }

    #[test]
    fn another_key_does_not_open_and_is_named(value in value(), place in place(), one: u8, other: u8) {
        prop_assume!(one != other);
        let blob = seal(&kek(one), place.context(), &value).unwrap();
        let refused = open(&keyring(other), place.context(), &blob);
        prop_assert_eq!(refused.unwrap_err(), NotOpened::UnknownKey(kek(one).id()));
        prop_assert_eq!(key_id_of(&blob).unwrap(), kek(one).id());
    }

    #[test]
    fn bytes_that_are_no_envelope_do_not_open(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let place = Place { workspace: vec![], name: String::new(), version: 1, purpose: String::new() };
        prop_assert!(open(&keyring(1), place.context(), &bytes).is_err());
    }

    /// Parts of two envelopes of the same key and place do not make a third.
    #[test]
    fn envelopes_cannot_be_mixed(place in place(), cut in 1_usize..OVERHEAD) {
        let one = seal(&kek(1), place.context(), b"value one").unwrap();
        let two = seal(&kek(1), place.context(), b"value two").unwrap();
        // Cuts inside the form's fixed first six bytes only copy what is the same.
        prop_assume!(cut > 22);
        let mixed = [&one[..cut], &two[cut..]].concat();
        prop_assert!(open(&keyring(1), place.context(), &mixed).is_err());
    }
}

/// Every bit, not only those that chance meets.
#[test]
fn each_single_bit_counts() {
    let place = Place {
        workspace: vec![1],
        name: "n".into(),
        version: 1,
        purpose: "p".into(),
    };
    let blob = seal(&kek(1), place.context(), b"value").unwrap();
    for bit in 0..blob.len() * 8 {
        let mut changed = blob.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(
            open(&keyring(1), place.context(), &changed).is_err(),
            "bit {bit}"
        );
    }
    assert!(open(&keyring(1), place.context(), &blob).is_ok());
}

#[test]
fn two_sealings_of_the_same_share_nothing_but_the_key() {
    let place = Place {
        workspace: vec![1],
        name: "n".into(),
        version: 1,
        purpose: "p".into(),
    };
    let (one, two) = (
        seal(&kek(1), place.context(), b"v").unwrap(),
        seal(&kek(1), place.context(), b"v").unwrap(),
    );
    for (field, range) in [
        ("salt", 22..54),
        ("commitment", 54..86),
        ("wrapped key", 86..146),
        ("value", 146..175),
    ] {
        assert_ne!(one[range.clone()], two[range], "{field}");
    }
    assert_eq!(one[..22], two[..22]);
}
