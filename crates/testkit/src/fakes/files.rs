//! Uploaded files in memory.

use super::database::refuse;
use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::ids::ImportId;
use ports::import_files::{FileDraft, ImportFiles};
use ports::{Kind, PortResult};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::sync::{Arc, Mutex, PoisonError};

type Files = Arc<Mutex<BTreeMap<ImportId, Vec<u8>>>>;

#[derive(Default, Clone)]
pub struct FakeFiles {
    files: Files,
}

struct Draft {
    id: ImportId,
    bytes: Vec<u8>,
    files: Files,
}

#[async_trait]
impl FileDraft for Draft {
    async fn write(&mut self, chunk: Bytes) -> PortResult<()> {
        self.bytes.extend_from_slice(&chunk);
        Ok(())
    }

    async fn finish(self: Box<Self>) -> PortResult<()> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(self.id, self.bytes);
        Ok(())
    }
}

#[async_trait]
impl ImportFiles for FakeFiles {
    async fn create(&self, id: ImportId) -> PortResult<Box<dyn FileDraft>> {
        Ok(Box::new(Draft {
            id,
            bytes: Vec::new(),
            files: Arc::clone(&self.files),
        }))
    }

    fn open(&self, id: ImportId) -> PortResult<Box<dyn Read + Send>> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        match files.get(&id) {
            Some(bytes) => Ok(Box::new(Cursor::new(bytes.clone()))),
            None => Err(refuse(
                Kind::NotFound,
                "imports.open",
                "the file is not there",
            )),
        }
    }

    async fn remove(&self, id: ImportId) -> PortResult<()> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.remove(&id);
        Ok(())
    }

    async fn list(&self) -> PortResult<Vec<(ImportId, DateTime<Utc>)>> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(files.keys().map(|id| (*id, Utc::now())).collect())
    }
}
