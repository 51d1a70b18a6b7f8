//! Backups: made of a database that is in use, sealed, proved when they are read; and exports of one workspace in the open.
//!
//! Must not know: the server, HTTP, which database it is.

mod archive;
mod export;
mod folder;
mod make;
mod seal;
#[cfg(test)]
mod tests;

pub use archive::{ArchiveError, Engine, Entry, FORMAT, Manifest, unpack};
pub use export::{
    EXPORT_FORMAT, ExportError, ExportManifest, ExportOrder, ExportedFile, Progress, Withheld,
    export,
};
pub use folder::BackupFolder;
pub use make::Origin;
pub use seal::{SHORTEST_PASSPHRASE, Seal, Unseal};
