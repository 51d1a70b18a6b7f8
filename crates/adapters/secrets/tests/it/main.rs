//! Secrets at rest: what opens, what does not, and how a process starts with right and wrong keys.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod authority;
mod chain;
mod envelope;
mod keyring;
mod keys;
mod managers;
mod start;
mod vault;
mod vectors;

use std::path::Path;
use std::sync::Arc;

use adapter_secrets::{KeySource, OpenError, Vault};
use domain::ids::WorkspaceId;
use ports::secrets::{KeyRecords, SecretBlobs, SecretName};
use secrecy::SecretString;
use testkit::fakes::FakeDatabase;

fn source(folder: &Path, secret_key: Option<&str>) -> KeySource {
    KeySource {
        file: folder.join("keyring"),
        secret_key: secret_key.map(SecretString::from),
        passphrase: None,
        previous: None,
    }
}

async fn open(blobs: &Arc<FakeDatabase>, source: &KeySource) -> Result<Vault, OpenError> {
    let records = Arc::clone(blobs) as Arc<dyn KeyRecords>;
    Vault::open(Arc::clone(blobs) as Arc<dyn SecretBlobs>, records, source).await
}

fn name(workspace: u128, name: &str) -> SecretName {
    SecretName {
        workspace: WorkspaceId(uuid::Uuid::from_u128(workspace)),
        name: name.to_owned(),
    }
}

/// Long enough not to be warned of.
const KEY_A: &str = "a long and random secret key, number A";
const KEY_B: &str = "a long and random secret key, number B";
