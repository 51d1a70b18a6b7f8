//! Uploaded files in one folder, each under its import's id; readable by this user alone.
//!
//! A file is written under another name and renamed when it is whole, so that a crash leaves no half file. Knows nothing of what
//! stands in them.

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::ids::ImportId;
use ports::import_files::{FileDraft, ImportFiles};
use ports::{Kind, PortError, PortResult, Retry};
use std::io::{BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};
use tokio::io::AsyncWriteExt as _;

const PROVIDER: &str = "files";
const PART: &str = "part";

/// The folder is made when the first file comes.
#[derive(Debug, Clone)]
pub struct ImportFolder {
    folder: PathBuf,
}

impl ImportFolder {
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn path(&self, id: ImportId) -> PathBuf {
        self.folder.join(format!("{id}.csv"))
    }
}

fn failed(operation: &'static str, path: &Path, error: std::io::Error) -> PortError {
    let path = path.display();
    let (kind, detail) = match error.kind() {
        ErrorKind::NotFound => (
            Kind::NotFound,
            format!("{path} is not there any more: upload the file again"),
        ),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            (Kind::StorageFull, format!("there is no room for {path}"))
        }
        _ => (
            Kind::Unavailable,
            format!(
                "{path} cannot be read or written ({error}): check DATA_DIR and that this user may write there"
            ),
        ),
    };
    PortError::new(kind, Retry::Never, PROVIDER, operation, detail).with_source(error)
}

struct Draft {
    file: Option<tokio::fs::File>,
    part: PathBuf,
    whole: PathBuf,
}

impl Drop for Draft {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            // Best effort: housekeeping removes what stays.
            let _ = std::fs::remove_file(&self.part);
        }
    }
}

#[async_trait]
impl FileDraft for Draft {
    async fn write(&mut self, chunk: Bytes) -> PortResult<()> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        file.write_all(&chunk)
            .await
            .map_err(|e| failed("imports.write", &self.part, e))
    }

    async fn finish(mut self: Box<Self>) -> PortResult<()> {
        let Some(mut file) = self.file.take() else {
            return Ok(());
        };
        let written = async {
            file.flush().await?;
            file.sync_all().await?;
            tokio::fs::rename(&self.part, &self.whole).await
        };
        written.await.map_err(|e| {
            let _ = std::fs::remove_file(&self.part);
            failed("imports.finish", &self.part, e)
        })
    }
}

#[async_trait]
impl ImportFiles for ImportFolder {
    async fn create(&self, id: ImportId) -> PortResult<Box<dyn FileDraft>> {
        let mut folder = tokio::fs::DirBuilder::new();
        folder.recursive(true).mode(0o700);
        folder
            .create(&self.folder)
            .await
            .map_err(|e| failed("imports.create", &self.folder, e))?;
        let whole = self.path(id);
        let part = whole.with_extension(PART);
        let mut options = tokio::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        let file = options
            .open(&part)
            .await
            .map_err(|e| failed("imports.create", &part, e))?;
        Ok(Box::new(Draft {
            file: Some(file),
            part,
            whole,
        }))
    }

    fn open(&self, id: ImportId) -> PortResult<Box<dyn Read + Send>> {
        let path = self.path(id);
        let file = std::fs::File::open(&path).map_err(|e| failed("imports.open", &path, e))?;
        Ok(Box::new(BufReader::with_capacity(128 * 1024, file)))
    }

    async fn remove(&self, id: ImportId) -> PortResult<()> {
        for path in [self.path(id), self.path(id).with_extension(PART)] {
            match tokio::fs::remove_file(&path).await {
                Err(e) if e.kind() != ErrorKind::NotFound => {
                    return Err(failed("imports.remove", &path, e));
                }
                _ => {}
            }
        }
        Ok(())
    }

    async fn list(&self) -> PortResult<Vec<(ImportId, DateTime<Utc>)>> {
        let mut entries = match tokio::fs::read_dir(&self.folder).await {
            Ok(entries) => entries,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(failed("imports.list", &self.folder, e)),
        };
        let mut all = Vec::new();
        while let Some(entry) = entries
            .next_entry()
            .await
            .map_err(|e| failed("imports.list", &self.folder, e))?
        {
            let id = entry
                .path()
                .file_stem()
                .and_then(|s| s.to_str()?.parse().ok());
            let modified = entry.metadata().await.and_then(|m| m.modified());
            if let (Some(id), Ok(modified)) = (id, modified) {
                all.push((id, DateTime::from(modified)));
            }
        }
        Ok(all)
    }
}
