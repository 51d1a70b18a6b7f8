//! Backups: made of a database that is in use, sealed, proved when they are read.
//!
//! Must not know: the server, HTTP, which database it is.

mod archive;
mod folder;
mod make;
mod seal;
#[cfg(test)]
mod tests;

pub use archive::{ArchiveError, Engine, Entry, FORMAT, Manifest, unpack};
pub use folder::BackupFolder;
pub use make::Origin;
pub use seal::{SHORTEST_PASSPHRASE, Seal, Unseal};
