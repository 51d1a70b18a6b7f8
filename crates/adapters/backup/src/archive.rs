//! The file itself: a gzipped tar within an age file (<https://age-encryption.org/v1>), so that it opens without this program too:
//! `age --decrypt backup.age | tar xz`. Its first entry is `manifest.json`, which tells each other entry's size and SHA-256.

use crate::seal::{Seal, Unseal};
use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Component, Path, PathBuf};

/// Grows when an older program could not read what is written.
pub const FORMAT: u32 = 1;
const MANIFEST: &str = "manifest.json";
/// A manifest of a million files is still smaller; more is no manifest.
const MANIFEST_MAX: u64 = 256 << 20;

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// Version of the program that wrote it.
    pub version: String,
    pub created_at: DateTime<Utc>,
    pub database: Engine,
    /// Newest migration of the database; `None`: it had no tables yet.
    pub schema: Option<i64>,
    /// Whether the keyring is among the files.
    pub has_keyring: bool,
    pub files: Vec<Entry>,
}

/// Whose dump it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    Sqlite,
    Postgresql,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Relative, with `/` between folders.
    pub name: String,
    pub bytes: u64,
    /// Hexadecimal.
    pub sha256: String,
}

/// Why a backup is not written or read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error("{0} is no backup of this program")]
    Foreign(String),
    #[error(
        "this backup was written by a newer release (format {found}, this one reads {FORMAT}): use that release"
    )]
    Newer { found: u32 },
    #[error("the backup does not open: {0}")]
    WrongKey(String),
    #[error("the backup is damaged or cut off: {0}")]
    Damaged(String),
    #[error("{name} cannot be {done} ({source})")]
    Io {
        name: String,
        done: &'static str,
        source: io::Error,
    },
}

impl ArchiveError {
    pub(crate) fn io(
        name: impl Into<String>,
        done: &'static str,
    ) -> impl FnOnce(io::Error) -> Self {
        let name = name.into();
        move |source| Self::Io { name, done, source }
    }
}

/// A file to put in, under a name.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub name: String,
    pub path: PathBuf,
}

/// Reads each file once for its digest, so that the manifest can come first.
pub(crate) fn entries(sources: &[Source]) -> Result<Vec<Entry>, ArchiveError> {
    sources
        .iter()
        .map(|source| {
            let shown = source.path.display().to_string();
            let file = File::open(&source.path).map_err(ArchiveError::io(shown.clone(), "read"))?;
            let mut read = Hashing::new(file);
            io::copy(&mut read, &mut io::sink()).map_err(ArchiveError::io(shown, "read"))?;
            let (bytes, sha256) = read.ends_as();
            Ok(Entry {
                name: source.name.clone(),
                bytes,
                sha256,
            })
        })
        .collect()
}

/// Writes a whole backup. A source that changes meanwhile is an error.
pub(crate) fn write(
    out: impl Write,
    seal: &Seal,
    manifest: &Manifest,
    sources: &[Source],
) -> Result<(), ArchiveError> {
    let failed = || ArchiveError::io("the backup", "written");
    let sealed = seal.encryptor()?.wrap_output(out).map_err(failed())?;
    let mut tar = tar::Builder::new(GzEncoder::new(sealed, Compression::fast()));
    let text = serde_json::to_vec_pretty(manifest)
        .map_err(io::Error::from)
        .map_err(failed())?;
    tar.append_data(
        &mut header(text.len() as u64, manifest),
        MANIFEST,
        &text[..],
    )
    .map_err(failed())?;
    for (source, entry) in sources.iter().zip(&manifest.files) {
        let shown = source.path.display().to_string();
        let file = File::open(&source.path).map_err(ArchiveError::io(shown.clone(), "read"))?;
        let mut read = Hashing::new(file.take(entry.bytes));
        tar.append_data(&mut header(entry.bytes, manifest), &entry.name, &mut read)
            .map_err(failed())?;
        if read.ends_as() != (entry.bytes, entry.sha256.clone()) {
            let changed = io::Error::other("it changed while it was read");
            return Err(ArchiveError::io(shown, "read")(changed));
        }
    }
    let sealed = tar
        .into_inner()
        .and_then(GzEncoder::finish)
        .map_err(failed())?;
    // Without this the file has no end, and reading it says that it was cut off.
    let mut out = sealed.finish().map_err(failed())?;
    out.flush().map_err(failed())
}

fn header(size: u64, manifest: &Manifest) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o600);
    header.set_mtime(u64::try_from(manifest.created_at.timestamp()).unwrap_or(0));
    header
}

/// Unpacks a whole backup into a folder, each file with its digest proved. Whatever is wrong, the answer is an error; what was unpacked until then is
/// the caller's to throw away.
///
/// `into: None` only reads: the same proof, and nothing is written.
pub fn unpack(
    name: &str,
    input: impl Read,
    unseal: &Unseal,
    into: Option<&Path>,
) -> Result<Manifest, ArchiveError> {
    let damaged = |e: io::Error| ArchiveError::Damaged(e.to_string());
    let mut tar = tar::Archive::new(GzDecoder::new(unseal.open(name, input)?));
    let mut inside = tar.entries().map_err(damaged)?;
    let first = inside
        .next()
        .ok_or_else(|| ArchiveError::Foreign(name.to_owned()))?
        .map_err(damaged)?;
    let manifest = read_manifest(name, first)?;
    let mut missing: BTreeSet<&str> = manifest.files.iter().map(|f| f.name.as_str()).collect();
    for entry in inside {
        let mut entry = entry.map_err(damaged)?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let told = manifest.files.iter().find(|f| f.name == path);
        let Some(told) = told.filter(|f| missing.remove(f.name.as_str())) else {
            let why = format!("{path} does not stand in its manifest");
            return Err(ArchiveError::Damaged(why));
        };
        let mut read = Hashing::new(&mut entry);
        match into {
            None => io::copy(&mut read, &mut io::sink()).map_err(damaged)?,
            Some(folder) => {
                let mut file = create(&place(folder, &told.name)?)?;
                let copied = copy(&mut read, &mut file, &told.name)?;
                file.sync_all()
                    .map_err(ArchiveError::io(told.name.clone(), "written"))?;
                copied
            }
        };
        if read.ends_as() != (told.bytes, told.sha256.clone()) {
            let why = format!("{path} is not what was put in");
            return Err(ArchiveError::Damaged(why));
        }
    }
    if let Some(name) = missing.first() {
        return Err(ArchiveError::Damaged(format!("{name} is missing")));
    }
    // The last block carries the mark of the end: a file that was cut between two blocks is found here.
    let mut rest = tar.into_inner();
    io::copy(&mut rest, &mut io::sink()).map_err(damaged)?;
    io::copy(&mut rest.into_inner(), &mut io::sink()).map_err(damaged)?;
    Ok(manifest)
}

fn read_manifest(name: &str, entry: impl Read) -> Result<Manifest, ArchiveError> {
    #[derive(Deserialize)]
    struct Format {
        format: u32,
    }
    let mut text = Vec::new();
    entry
        .take(MANIFEST_MAX)
        .read_to_end(&mut text)
        .map_err(|e| ArchiveError::Damaged(e.to_string()))?;
    let foreign = |_| ArchiveError::Foreign(name.to_owned());
    let format: Format = serde_json::from_slice(&text).map_err(foreign)?;
    if format.format > FORMAT {
        let found = format.format;
        return Err(ArchiveError::Newer { found });
    }
    let manifest: Manifest = serde_json::from_slice(&text).map_err(foreign)?;
    for file in &manifest.files {
        place(Path::new(""), &file.name)?;
    }
    Ok(manifest)
}

/// Nothing is written outside the folder, whatever a manifest says.
fn place(folder: &Path, name: &str) -> Result<PathBuf, ArchiveError> {
    let path = Path::new(name);
    let is_plain = path.components().all(|c| matches!(c, Component::Normal(_)));
    if !is_plain || name.is_empty() {
        let why = format!("{name:?} is no name within the backup");
        return Err(ArchiveError::Damaged(why));
    }
    Ok(folder.join(path))
}

fn create(path: &Path) -> Result<File, ArchiveError> {
    let shown = path.display().to_string();
    if let Some(folder) = path.parent() {
        let made = std::fs::create_dir_all(folder);
        made.map_err(ArchiveError::io(shown.clone(), "written"))?;
    }
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(ArchiveError::io(shown, "written"))
}

/// Tells a backup that ends too early from a disk that is full.
fn copy(from: &mut impl Read, to: &mut File, name: &str) -> Result<u64, ArchiveError> {
    let mut buffer = vec![0; 64 << 10];
    let mut copied = 0;
    loop {
        let n = match from.read(&mut buffer) {
            Ok(0) => return Ok(copied),
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(ArchiveError::Damaged(e.to_string())),
        };
        let written = to.write_all(&buffer[..n]);
        written.map_err(ArchiveError::io(name, "written"))?;
        copied += n as u64;
    }
}

/// Counts and hashes what is read through it.
struct Hashing<R> {
    inner: R,
    hash: Sha256,
    bytes: u64,
}

impl<R: Read> Hashing<R> {
    fn new(inner: R) -> Self {
        Self {
            inner,
            hash: Sha256::new(),
            bytes: 0,
        }
    }

    fn ends_as(self) -> (u64, String) {
        (self.bytes, hex::encode(self.hash.finalize()))
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.hash.update(&buffer[..n]);
        self.bytes += n as u64;
        Ok(n)
    }
}
