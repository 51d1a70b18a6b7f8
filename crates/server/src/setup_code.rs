//! The one-time set-up code: printed for whoever starts the server, kept in a file for scripts, gone once it is used.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

const FILE: &str = "setup-code";

#[derive(Debug, Clone)]
pub(crate) struct SetupCodeFile(PathBuf);

impl SetupCodeFile {
    pub(crate) fn in_folder(data_dir: &Path) -> Self {
        Self(data_dir.join(FILE))
    }

    /// Readable by this user alone.
    pub(crate) fn write(&self, code: &str) -> std::io::Result<()> {
        self.remove();
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&self.0)?;
        writeln!(file, "{code}")
    }

    pub(crate) fn remove(&self) {
        match std::fs::remove_file(&self.0) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                tracing::warn!(%error, file = %self.0.display(), "the spent set-up code could not be removed");
            }
            _ => {}
        }
    }
}
