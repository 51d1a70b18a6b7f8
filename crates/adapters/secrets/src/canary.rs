//! A small secret sealed with each key and kept in the database: whether the keyring fits is known before anything is written.

use crate::entropy::NoEntropy;
use crate::envelope::{self, Context, NotOpened};
use crate::keyring::{Kek, Keyring};

const WORDS: &[u8] = b"royal: this keyring fits this database";

fn context(key_id: &str) -> Context<'_> {
    Context {
        workspace: b"",
        name: key_id,
        version: 1,
        purpose: "canary",
    }
}

pub(crate) fn seal(kek: &Kek) -> Result<Vec<u8>, NoEntropy> {
    envelope::seal(kek, context(&kek.id().to_string()), WORDS)
}

/// Whether the key that the database calls `key_id` is in the keyring and opens its canary.
pub(crate) fn check(keyring: &Keyring, key_id: &str, blob: &[u8]) -> Result<(), NotOpened> {
    let words = envelope::open(keyring, context(key_id), blob)?;
    if words.as_slice() == WORDS {
        Ok(())
    } else {
        Err(NotOpened::Altered)
    }
}
