//! Kept pictures in one folder, each under the hash of its address, readable by this user alone. A file is written under another name and renamed
//! when it is whole; one that cannot be read is as if it were not there.

use crate::fetch::Known;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::supplier::PictureHash;
use serde::{Deserialize, Serialize};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// After a sweep so many percent of what may be kept stay.
const AFTER_SWEEP: u64 = 80;

#[derive(Debug, Clone)]
pub(crate) struct Kept {
    /// When it was asked for last.
    pub(crate) at: DateTime<Utc>,
    pub(crate) known: Known,
    pub(crate) hash: Option<PictureHash>,
    /// As it is shown.
    pub(crate) bytes: Bytes,
}

/// The first line of a file; what is shown follows it.
#[derive(Serialize, Deserialize)]
struct Head {
    at: DateTime<Utc>,
    known: Known,
    hash: Option<PictureHash>,
    length: usize,
}

#[derive(Clone)]
pub(crate) struct Folder {
    path: PathBuf,
    most: u64,
    /// Bytes in it; `None` until it was looked at.
    held: Arc<Mutex<Option<u64>>>,
    /// Of files that are being written.
    parts: Arc<AtomicU64>,
}

fn read(path: &Path) -> Option<Kept> {
    let mut all = std::fs::read(path).ok()?;
    let end = all.iter().position(|b| *b == b'\n')?;
    let head: Head = serde_json::from_slice(&all[..end]).ok()?;
    let bytes = Bytes::from(all.split_off(end + 1));
    (bytes.len() == head.length).then_some(Kept {
        at: head.at,
        known: head.known,
        hash: head.hash,
        bytes,
    })
}

impl Folder {
    pub(crate) fn new(path: PathBuf, most: u64) -> Self {
        Self {
            path,
            most,
            held: Arc::default(),
            parts: Arc::default(),
        }
    }

    pub(crate) async fn find(&self, key: &str) -> Option<Kept> {
        let path = self.path.join(key);
        let read = tokio::task::spawn_blocking(move || read(&path)).await;
        read.ok().flatten()
    }

    pub(crate) async fn keep(&self, key: &str, kept: &Kept) -> std::io::Result<()> {
        let head = Head {
            at: kept.at,
            known: kept.known.clone(),
            hash: kept.hash,
            length: kept.bytes.len(),
        };
        let mut all = serde_json::to_vec(&head)?;
        all.push(b'\n');
        all.extend_from_slice(&kept.bytes);
        let (folder, key) = (self.clone(), key.to_owned());
        let work = tokio::task::spawn_blocking(move || folder.write(&key, &all));
        work.await.map_err(std::io::Error::other)?
    }

    fn write(&self, key: &str, all: &[u8]) -> std::io::Result<()> {
        use std::io::Write as _;
        let mut folder = std::fs::DirBuilder::new();
        folder.recursive(true).mode(0o700).create(&self.path)?;
        let part = self.parts.fetch_add(1, Ordering::Relaxed);
        let part = self
            .path
            .join(format!("{key}.{}.{part}", std::process::id()));
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        let written = options
            .open(&part)
            .and_then(|mut file| file.write_all(all))
            .and_then(|()| std::fs::rename(&part, self.path.join(key)));
        if let Err(failed) = written {
            let _ = std::fs::remove_file(&part);
            return Err(failed);
        }
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        // One that was written anew counts twice until the next look: the bound is kept all the same.
        let now = match *held {
            Some(held) => held + all.len() as u64,
            None => self.files()?.iter().map(|file| file.bytes).sum(),
        };
        *held = Some(if now > self.most { self.sweep()? } else { now });
        Ok(())
    }

    /// Takes the oldest away; answers how many bytes stay.
    fn sweep(&self) -> std::io::Result<u64> {
        let mut files = self.files()?;
        files.sort_by_key(|file| file.modified);
        let mut held: u64 = files.iter().map(|file| file.bytes).sum();
        let wanted = self.most / 100 * AFTER_SWEEP;
        for file in files {
            if held <= wanted {
                break;
            }
            match std::fs::remove_file(&file.path) {
                Err(failed) if failed.kind() != ErrorKind::NotFound => return Err(failed),
                _ => held -= file.bytes,
            }
        }
        Ok(held)
    }

    fn files(&self) -> std::io::Result<Vec<File>> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&self.path)? {
            let entry = entry?;
            // Another process may take it away meanwhile.
            if let Ok(about) = entry.metadata()
                && about.is_file()
            {
                files.push(File {
                    path: entry.path(),
                    bytes: about.len(),
                    modified: about.modified()?,
                });
            }
        }
        Ok(files)
    }
}

struct File {
    path: PathBuf,
    bytes: u64,
    modified: std::time::SystemTime,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(length: usize) -> Kept {
        Kept {
            at: DateTime::UNIX_EPOCH,
            known: Known::default(),
            hash: Some(PictureHash::new(7)),
            bytes: vec![b'\n'; length].into(),
        }
    }

    #[tokio::test]
    async fn what_is_kept_is_found_whole_and_what_was_cut_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(dir.path().join("pictures"), 1 << 20);
        assert!(folder.find("a").await.is_none());
        folder.keep("a", &kept(100)).await.unwrap();
        let found = folder.find("a").await.unwrap();
        assert_eq!(
            (found.bytes.len(), found.hash),
            (100, Some(PictureHash::new(7)))
        );
        let path = dir.path().join("pictures/a");
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 1]).unwrap();
        assert!(folder.find("a").await.is_none());
    }

    #[tokio::test]
    async fn the_folder_keeps_its_bound_and_the_oldest_go_first() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(dir.path().to_owned(), 10_000);
        for n in 0..30 {
            folder.keep(&format!("{n:02}"), &kept(1_000)).await.unwrap();
            // Times of files are told apart.
            std::thread::sleep(std::time::Duration::from_millis(2));
            let held: u64 = folder.files().unwrap().iter().map(|f| f.bytes).sum();
            assert!(held <= 10_000, "{held}");
        }
        assert!(folder.find("00").await.is_none());
        assert!(folder.find("29").await.is_some());
        // Another process looks for itself.
        let other = Folder::new(dir.path().to_owned(), 5_000);
        other.keep("zz", &kept(1_000)).await.unwrap();
        let held: u64 = other.files().unwrap().iter().map(|f| f.bytes).sum();
        assert!(held <= 5_000, "{held}");
    }
}
