//! The folder in which backups gather that are made by themselves.

use crate::ArchiveError;
use crate::make::{Origin, alone, error, failed};
use crate::seal::Seal;
use async_trait::async_trait;
use chrono::{DateTime, NaiveDateTime, Utc};
use ports::backups::{BackupPlace, Kept};
use ports::{Kind, PortResult};
use std::fs::File;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;

const NAME: &str = "royal-%Y%m%dT%H%M%SZ.age";
/// Of the folder, which replicas with data folders of their own may share.
const LOCK: &str = ".royal-backup.lock";

/// Its files are called by their moments, `royal-20260131T030000Z.age`; whatever else lies there is left alone.
#[derive(Clone)]
pub struct BackupFolder {
    folder: PathBuf,
    origin: Origin,
    seal: Seal,
}

impl BackupFolder {
    #[must_use]
    pub fn new(folder: PathBuf, origin: Origin, seal: Seal) -> Self {
        Self {
            folder,
            origin,
            seal,
        }
    }

    fn lock(&self) -> PortResult<File> {
        let io = |done| ArchiveError::io(self.folder.display().to_string(), done);
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.folder)
            .map_err(|e| failed(io("written")(e)))?;
        alone(&self.folder.join(LOCK), &self.folder)
    }
}

#[async_trait]
impl BackupPlace for BackupFolder {
    async fn make(&self, now: DateTime<Utc>) -> PortResult<Kept> {
        let _alone = self.lock()?;
        let name = now.format(NAME).to_string();
        let path = self.folder.join(&name);
        self.origin.back_up(&path, &self.seal, now).await?;
        let bytes = std::fs::metadata(&path).map_or(0, |m| m.len());
        let made_at = moment(&name).unwrap_or(now);
        Ok(Kept {
            name,
            made_at,
            bytes,
        })
    }

    async fn list(&self) -> PortResult<Vec<Kept>> {
        let list = match std::fs::read_dir(&self.folder) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other.map_err(|e| {
                failed(ArchiveError::io(self.folder.display().to_string(), "read")(
                    e,
                ))
            })?,
        };
        let mut kept: Vec<Kept> = list
            .filter_map(|entry| {
                let entry = entry.ok()?;
                let name = entry.file_name().into_string().ok()?;
                Some(Kept {
                    made_at: moment(&name)?,
                    bytes: entry.metadata().ok()?.len(),
                    name,
                })
            })
            .collect();
        kept.sort_by(|a, b| b.name.cmp(&a.name));
        Ok(kept)
    }

    async fn remove(&self, name: &str) -> PortResult<()> {
        // Only what `list` gives.
        if moment(name).is_none() {
            return Err(error(Kind::Rejected, format!("{name} is no backup's name")));
        }
        match std::fs::remove_file(self.folder.join(name)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                Err(failed(ArchiveError::io(name, "removed")(e)))
            }
            _ => Ok(()),
        }
    }
}

fn moment(name: &str) -> Option<DateTime<Utc>> {
    let at = NaiveDateTime::parse_from_str(name, NAME).ok()?.and_utc();
    (at.format(NAME).to_string() == name).then_some(at)
}
