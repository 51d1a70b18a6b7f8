//! Taking a file in: streamed to disk under a cap, hashed on the way, then looked at.

use super::{ImportError, Imports, read, workbook};
use bytes::Bytes;
use domain::ids::{ImportId, StoreScope};
use domain::import::{
    FileFacts, Import, ImportKind, ImportStatus, Mapping, Place, Progress, Styles, header_set,
    is_lasting, kind_of_headers,
};
use ports::import_files::FileDraft;
use ports::{Kind, PortError, Retry};
use sha2::{Digest as _, Sha256};
use std::io::Read as _;
use uuid::Uuid;

/// What is told of a file beside its bytes.
#[derive(Debug, Clone)]
pub struct NewImport {
    pub scope: StoreScope,
    pub file_name: String,
    /// Recognised by the headers when `None`.
    pub kind: Option<ImportKind>,
    /// Else the one that was kept for these columns, else a proposal.
    pub mapping: Option<Mapping>,
}

/// A file that is being uploaded. Dropped before its end, it leaves nothing.
pub struct Upload {
    imports: Imports,
    id: ImportId,
    draft: Box<dyn FileDraft>,
    hash: Sha256,
    bytes: u64,
}

const MAX_NAME: usize = 200;
/// What tells a workbook from text.
const HEAD: usize = 64 * 1024;

impl Imports {
    pub async fn upload(&self) -> Result<Upload, ImportError> {
        let id = ImportId(Uuid::now_v7());
        Ok(Upload {
            draft: self.ports.import_files.create(id).await?,
            imports: self.clone(),
            id,
            hash: Sha256::new(),
            bytes: 0,
        })
    }
}

impl Upload {
    pub async fn write(&mut self, chunk: Bytes) -> Result<(), ImportError> {
        self.bytes += chunk.len() as u64;
        if self.bytes > self.imports.cap {
            return Err(ImportError::TooLarge(self.imports.cap));
        }
        self.hash.update(&chunk);
        Ok(self.draft.write(chunk).await?)
    }

    /// Reads the head of the file and proposes what it is. What is no table is refused and not kept.
    pub async fn finish(self, new: NewImport) -> Result<Import, ImportError> {
        let Self {
            imports,
            id,
            draft,
            hash,
            bytes,
        } = self;
        draft.finish().await?;
        let created = create(&imports, id, bytes, hex::encode(hash.finalize()), new).await;
        if created.is_err() {
            imports.ports.import_files.remove(id).await?;
        }
        created
    }
}

async fn create(
    imports: &Imports,
    id: ImportId,
    bytes: u64,
    sha256: String,
    new: NewImport,
) -> Result<Import, ImportError> {
    let stores = imports
        .ports
        .connections
        .stores(new.scope.workspace)
        .await?;
    if !stores.iter().any(|s| s.scope == new.scope) {
        return Err(ImportError::UnknownStore);
    }
    let bytes = unpacked(imports, id).await?.unwrap_or(bytes);
    let files = std::sync::Arc::clone(&imports.ports.import_files);
    let table = blocking(move || Ok(read::open(files.open(id)?))).await?;
    let table = table.map_err(|e| ImportError::Unreadable(e.to_string()))?;
    let headers = table.headers.clone();
    let same_as = imports.ports.imports.standing(new.scope, &sha256).await?;
    let (mapping, mapping_reused) = mapping_for(imports, &new, &headers).await?;
    let import = Import {
        id,
        scope: new.scope,
        faults: mapping
            .as_ref()
            .map(|m| m.faults(&headers))
            .unwrap_or_default(),
        file: FileFacts {
            name: new.file_name.chars().take(MAX_NAME).collect(),
            bytes,
            sha256,
            encoding: table.encoding.to_lowercase(),
            delimiter: table.delimiter,
            headers,
            skipped_rows: 0,
        },
        status: ImportStatus::Mapping,
        mapping,
        mapping_reused,
        styles: Styles::default(),
        progress: Progress::default(),
        report: None,
        good_rows_only: false,
        place: Place::default(),
        undone: 0,
        error: None,
        same_as,
        created_at: imports.ports.clock.now(),
        started_at: None,
        finished_at: None,
        resumed: 0,
        version: 1,
    };
    imports.ports.imports.create(&import).await?;
    imports.announce(&import).await?;
    Ok(import)
}

/// The first sheet of a workbook takes the place of the workbook; answers how long it is. `None`: the file is no workbook.
async fn unpacked(imports: &Imports, id: ImportId) -> Result<Option<u64>, ImportError> {
    let files = std::sync::Arc::clone(&imports.ports.import_files);
    let text = blocking(move || {
        let mut file = files.open(id)?;
        let mut head = Vec::with_capacity(HEAD);
        let read = file.by_ref().take(HEAD as u64).read_to_end(&mut head);
        Ok(match read {
            Err(error) => Some(Err(read::Unreadable::Io(error.to_string()))),
            Ok(_) if workbook::is_workbook(&head) => {
                Some(workbook::as_csv(std::io::Cursor::new(head).chain(file)))
            }
            Ok(_) => None,
        })
    });
    let Some(text) = text.await? else {
        return Ok(None);
    };
    let text = text.map_err(|e| ImportError::Unreadable(e.to_string()))?;
    if text.len() as u64 > imports.cap {
        return Err(ImportError::TooLarge(imports.cap));
    }
    let bytes = text.len() as u64;
    let mut draft = imports.ports.import_files.create(id).await?;
    draft.write(Bytes::from(text)).await?;
    draft.finish().await?;
    Ok(Some(bytes))
}

async fn mapping_for(
    imports: &Imports,
    new: &NewImport,
    headers: &[String],
) -> Result<(Option<Mapping>, bool), ImportError> {
    if let Some(mapping) = &new.mapping {
        return Ok((Some(mapping.clone()), false));
    }
    let notes = &imports.ports.import_notes;
    let kept = notes
        .mapping(new.scope.workspace, &header_set(headers))
        .await?;
    if let Some(mut kept) = kept.filter(|k| new.kind.is_none_or(|kind| kind == k.mapping.kind)) {
        // How its numbers and dates are written is the file's own affair; only the columns are the same.
        kept.mapping.answers.retain(|key, _| is_lasting(key));
        if kept.mapping.faults(headers).is_empty() {
            return Ok((Some(kept.mapping), true));
        }
    }
    let kind = new.kind.or_else(|| kind_of_headers(headers));
    Ok((kind.map(|kind| Mapping::propose(kind, headers)), false))
}

/// Runs what reads files where it may block.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PortError> + Send + 'static,
) -> Result<T, PortError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => {
            let detail = "reading the file stopped unexpectedly; the log has the reason";
            Err(
                PortError::new(Kind::Corrupt, Retry::Never, "royal", "imports.read", detail)
                    .with_source(error),
            )
        }
    }
}
