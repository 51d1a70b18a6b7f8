//! Who serves a data folder: a lock that the system lets go of however the process ends, and beside it where to find the server.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

const LOCK: &str = "royal.lock";
const RUN: &str = "royal.run";

/// Held for as long as the server runs.
#[derive(Debug)]
pub(crate) struct Occupied {
    run: PathBuf,
    _lock: File,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum OccupyError {
    #[error("another server runs on {folder}{}: stop it, or choose another DATA_DIR", .url.as_ref().map(|u| format!(" ({u})")).unwrap_or_default())]
    Taken { folder: String, url: Option<String> },
    #[error(
        "{file} cannot be written ({source}): check DATA_DIR and that this user may write there"
    )]
    Io {
        file: String,
        source: std::io::Error,
    },
}

/// Takes the folder for this process.
pub(crate) fn occupy(data_dir: &Path) -> Result<Occupied, OccupyError> {
    let path = data_dir.join(LOCK);
    let failed = |source| OccupyError::Io {
        file: path.display().to_string(),
        source,
    };
    let lock = open(&path).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => Ok(Occupied {
            run: data_dir.join(RUN),
            _lock: lock,
        }),
        Err(TryLockError::WouldBlock) => Err(OccupyError::Taken {
            folder: data_dir.display().to_string(),
            url: read_url(data_dir),
        }),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// Where the server of this folder listens; `None` when none runs.
#[must_use]
pub(crate) fn server_of(data_dir: &Path) -> Option<String> {
    let lock = File::open(data_dir.join(LOCK)).ok()?;
    match lock.try_lock() {
        Err(TryLockError::WouldBlock) => Some(read_url(data_dir).unwrap_or_default()),
        _ => None,
    }
}

fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
}

fn read_url(data_dir: &Path) -> Option<String> {
    let text = std::fs::read_to_string(data_dir.join(RUN)).ok()?;
    Some(text.trim().to_owned()).filter(|t| !t.is_empty())
}

impl Occupied {
    /// Writes down where to find this server.
    pub(crate) fn announce(&self, url: &str) -> std::io::Result<()> {
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&self.run)?;
        writeln!(file, "{url}")
    }
}

impl Drop for Occupied {
    fn drop(&mut self) {
        // The lock is what counts; a file left behind misleads nobody.
        let _ = std::fs::remove_file(&self.run);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(server_of(folder.path()), None);
        let first = occupy(folder.path()).unwrap();
        first.announce("http://127.0.0.1:1").unwrap();
        assert_eq!(
            server_of(folder.path()).as_deref(),
            Some("http://127.0.0.1:1")
        );
        let error = occupy(folder.path()).unwrap_err().to_string();
        assert!(error.contains("http://127.0.0.1:1"), "{error}");
        drop(first);
        assert_eq!(server_of(folder.path()), None);
        occupy(folder.path()).unwrap();
    }
}
