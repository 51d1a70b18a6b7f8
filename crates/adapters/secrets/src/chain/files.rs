//! Files that a container platform mounts: one a secret, named like it, in upper or lower case.

use async_trait::async_trait;
use ports::secrets::{SecretName, SecretPlace, SecretSource};
use ports::{Kind, PortResult};
use secrecy::SecretString;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::PathBuf;
use zeroize::Zeroizing;

use crate::vault::refused;

const MOST_BYTES: u64 = 64 * 1024;

/// Looks into one folder, e.g. `/run/secrets`.
pub struct MountedFiles(PathBuf);

impl MountedFiles {
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    fn read(&self, file: &str) -> io::Result<Option<Zeroizing<String>>> {
        let path = self.0.join(file);
        let mut text = Zeroizing::new(String::new());
        let opened = match File::open(&path) {
            Ok(opened) => opened,
            Err(e)
                if matches!(
                    e.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                return Ok(None);
            }
            Err(e) => return Err(e),
        };
        if !opened.metadata()?.is_file() {
            return Ok(None);
        }
        opened.take(MOST_BYTES + 1).read_to_string(&mut text)?;
        if text.len() as u64 > MOST_BYTES {
            let kind = io::ErrorKind::FileTooLarge;
            return Err(io::Error::new(kind, "it is longer than any credential"));
        }
        Ok(Some(text))
    }
}

#[async_trait]
impl SecretPlace for MountedFiles {
    fn source(&self) -> SecretSource {
        SecretSource::File
    }

    fn whereabouts(&self) -> String {
        self.0.display().to_string()
    }

    async fn look_up(&self, name: &SecretName) -> PortResult<Option<SecretString>> {
        // A name is never a path.
        let plain = name
            .name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !plain || name.name.is_empty() {
            return Ok(None);
        }
        for file in [name.name.clone(), name.name.to_ascii_lowercase()] {
            let text = self.read(&file).map_err(|e| {
                let path = self.0.join(&file).display().to_string();
                let detail = format!("{path} cannot be read: {e}");
                refused(Kind::Unavailable, "secrets.file", detail).with_source(e)
            })?;
            // Editors and `echo` end a file with a line break that is no part of the secret.
            let value = text.as_ref().map(|t| t.trim_end_matches(['\r', '\n']));
            if let Some(value) = value.filter(|v| !v.is_empty()) {
                return Ok(Some(SecretString::from(value)));
            }
        }
        Ok(None)
    }
}
