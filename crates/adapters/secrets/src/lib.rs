//! Secrets sealed at rest: an envelope around each value, a keyring that is never stored beside it, and a canary for each key.
//!
//! Knows no database: sealed blobs go through [`ports::secrets::SecretBlobs`]. Keys come from the operating system's file system
//! or from the environment ([`KeySource`]); another source (a passphrase, a key service) is another way to a [`Kek`].
//!
//! What is promised: whoever has the database without the keyring reads nothing; a blob that was changed in any bit, moved to
//! another name, version or workspace, or sealed with another key does not open. What is not: that an older version of the same
//! database, put back as a whole, is noticed.

mod canary;
pub mod chain;
mod entropy;
mod envelope;
mod fingerprint;
mod keyfile;
mod keyring;
mod keys;
mod open;
pub mod primitives;
mod vault;
pub mod vectors;

pub use envelope::{Context, NotOpened, OVERHEAD, key_id_of, open, seal};
pub use keyfile::KeyFileError;
pub use keyring::{Kek, KekId, KeyDamaged, Keyring};
pub use open::{EX_CONFIG, KeySource, OpenError};
pub use vault::Vault;
