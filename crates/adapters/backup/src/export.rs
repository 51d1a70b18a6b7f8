//! A workspace in the open: a ZIP of one file of JSON lines a table, its uploaded files, and a manifest with checksums.
//!
//! It is written from front to back, so that it may go into a pipe, and everything in it is as of one moment. Whatever is
//! withheld (credentials, sessions, what people sign in with) is named in the manifest with its reason.

use chrono::{DateTime, Utc};
use domain::ids::{ImportId, WorkspaceId};
use ports::import_files::ImportFiles;
use ports::{Kind, PortError};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use sql_kit::Belongings;
use std::fmt::Write as _;
use std::io::{self, Read as _, Write};
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

/// Grows when an older reader could not read what is written.
pub const EXPORT_FORMAT: u32 = 1;
const MANIFEST: &str = "manifest.json";
const SUMS: &str = "SHA256SUMS";
const IMPORTS: &str = "imports";

/// What stands in an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportManifest {
    pub format: u32,
    /// Version of the program that wrote it.
    pub version: String,
    pub exported_at: DateTime<Utc>,
    pub workspace: WorkspaceId,
    /// Newest migration of the database.
    pub schema: Option<i64>,
    pub conventions: &'static [&'static str],
    pub files: Vec<ExportedFile>,
    pub withheld: Vec<Withheld>,
    /// Imports whose uploaded file is not here any more.
    pub uploads_missing: Vec<ImportId>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportedFile {
    pub name: String,
    /// `None` for an uploaded file.
    pub rows: Option<u64>,
    pub bytes: u64,
    /// Hexadecimal.
    pub sha256: String,
}

/// What is handed to nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Withheld {
    /// A table, or a column of one.
    pub what: &'static str,
    pub why: &'static str,
}

const CONVENTIONS: &[&str] = &[
    "tables/NAME.jsonl holds one JSON object a line and row, in the order of the table's key",
    "instants are microseconds since 1970-01-01T00:00:00Z, days YYYY-MM-DD",
    "money in columns is in minor units of the row's currency",
    "ids of the shop are numbers, ids of this program UUIDs",
    "bytes are base64; hashes of credentials and what stands in the row beside them are left out",
    "uploads/ID.csv is the file of import ID as it was uploaded",
];

/// Why an export is not written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Port(#[from] PortError),
    #[error("the export cannot be written: {0}")]
    Write(#[from] io::Error),
}

impl From<zip::result::ZipError> for ExportError {
    fn from(error: zip::result::ZipError) -> Self {
        Self::Write(io::Error::other(error))
    }
}

/// What is told while it is written: the file, and its rows so far.
pub type Progress<'a> = &'a mut (dyn FnMut(&str, u64) + Send);

/// Whose export, by which program, at what time.
#[derive(Debug, Clone)]
pub struct ExportOrder {
    pub workspace: WorkspaceId,
    pub version: String,
    pub now: DateTime<Utc>,
}

struct Archive<W: Write> {
    zip: ZipWriter<StreamWriter<W>>,
    options: SimpleFileOptions,
    files: Vec<ExportedFile>,
    sum: Sha256,
}

impl<W: Write> Archive<W> {
    fn begin(&mut self, name: &str, rows: Option<u64>) -> Result<(), ExportError> {
        self.zip.start_file(name, self.options)?;
        self.sum = Sha256::new();
        self.files.push(ExportedFile {
            name: name.to_owned(),
            rows,
            bytes: 0,
            sha256: String::new(),
        });
        Ok(())
    }

    fn add(&mut self, bytes: &[u8], rows: u64) -> Result<(), ExportError> {
        self.zip.write_all(bytes)?;
        self.sum.update(bytes);
        if let Some(file) = self.files.last_mut() {
            file.bytes += bytes.len() as u64;
            if let Some(all) = &mut file.rows {
                *all += rows;
            }
        }
        Ok(())
    }

    fn end(&mut self) {
        let sum = std::mem::take(&mut self.sum);
        if let Some(file) = self.files.last_mut() {
            file.sha256 = hex::encode(sum.finalize());
        }
    }
}

/// Writes it to the end. Blocks on `out`, which is why only a command calls it.
///
/// # Errors
/// When the database does not answer or `out` takes no more; what was written then is no whole export, and has no manifest.
pub async fn export<W: Write + Send>(
    database: &dyn Belongings,
    uploads: &dyn ImportFiles,
    order: &ExportOrder,
    out: W,
    progress: Progress<'_>,
) -> Result<(ExportManifest, W), ExportError> {
    let mut archive = Archive {
        zip: ZipWriter::new_stream(out),
        options: SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .large_file(true),
        files: Vec::new(),
        sum: Sha256::new(),
    };
    let schema = database.schema().await?;
    let mut walk = database.walk(order.workspace).await?;
    let (mut table, mut imports) = (None::<String>, Vec::new());
    while let Some(piece) = walk.next().await? {
        if table.as_ref() != Some(&piece.table) {
            archive.end();
            archive.begin(&format!("tables/{}.jsonl", piece.table), Some(0))?;
            table = Some(piece.table.clone());
        }
        archive.add(piece.lines.as_bytes(), piece.rows)?;
        if piece.table == IMPORTS {
            imports.extend(piece.lines.lines().filter_map(import_of));
        }
        let rows = archive.files.last().and_then(|f| f.rows).unwrap_or(0);
        progress(&piece.table, rows);
    }
    drop(walk);
    archive.end();
    let mut uploads_missing = Vec::new();
    for id in imports {
        let mut file = match uploads.open(id) {
            Ok(file) => file,
            Err(error) if error.kind == Kind::NotFound => {
                uploads_missing.push(id);
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        archive.begin(&format!("uploads/{id}.csv"), None)?;
        let mut buffer = vec![0; 64 << 10];
        loop {
            let n = file.read(&mut buffer)?;
            if n == 0 {
                break;
            }
            archive.add(&buffer[..n], 0)?;
        }
        archive.end();
        progress(&format!("uploads/{id}.csv"), 0);
    }
    let withheld = database.withheld().iter();
    let manifest = ExportManifest {
        format: EXPORT_FORMAT,
        version: order.version.clone(),
        exported_at: order.now,
        workspace: order.workspace,
        schema,
        conventions: CONVENTIONS,
        files: archive.files.clone(),
        withheld: withheld.map(|(what, why)| Withheld { what, why }).collect(),
        uploads_missing,
    };
    let mut sums = String::new();
    for file in &manifest.files {
        writeln!(sums, "{}  {}", file.sha256, file.name).ok();
    }
    let text = serde_json::to_vec_pretty(&manifest).map_err(io::Error::other)?;
    for (name, bytes) in [(SUMS, sums.into_bytes()), (MANIFEST, text)] {
        archive.zip.start_file(name, archive.options)?;
        archive.zip.write_all(&bytes)?;
    }
    let mut out = archive.zip.finish()?.into_inner();
    out.flush()?;
    Ok((manifest, out))
}

fn import_of(line: &str) -> Option<ImportId> {
    let row: Value = serde_json::from_str(line).ok()?;
    row.get("id")?.as_str()?.parse().ok()
}
