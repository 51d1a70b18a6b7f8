//! Making one: a copy of the database as of one moment, the uploaded files, and the keyring.

use crate::archive::{self, ArchiveError, Engine, FORMAT, Manifest, Source};
use crate::seal::Seal;
use chrono::{DateTime, Utc};
use ports::{Kind, PortError, PortResult, Retry};
use sql_kit::Maintenance;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) const PROVIDER: &str = "backup";
/// A name that ends so is being written by somebody.
const PART: &str = "part";
/// Folders in which one is put together; a bare copy of the database lies there meanwhile.
const STAGING: &str = "backup-";
/// Held while one is made, by whatever process; the system lets go of it however that ends.
const LOCK: &str = ".backup.lock";

/// What a backup is made of.
#[derive(Clone)]
pub struct Origin {
    pub database: Arc<dyn Maintenance>,
    pub engine: Engine,
    /// Uploaded files lie in its folder `imports`.
    pub data_dir: PathBuf,
    /// The file with the keys that seal secrets; `None` leaves it out. One that is not there is no error: keys may come from a setting.
    pub keyring: Option<PathBuf>,
    pub version: String,
}

impl Origin {
    /// Names within a backup.
    #[must_use]
    pub fn database_name(engine: Engine) -> &'static str {
        match engine {
            Engine::Sqlite => "royal.db",
            Engine::Postgresql => "postgresql.dump",
        }
    }

    /// Writes a whole backup into a new file that only this user can read. It has its name when it is on disk, so that a backup that is there is a
    /// whole one.
    ///
    /// # Errors
    /// `Conflict` when the file is there already, `StorageFull`, `Corrupt` when the database is damaged.
    pub async fn back_up(
        &self,
        into: &Path,
        seal: &Seal,
        now: DateTime<Utc>,
    ) -> PortResult<Manifest> {
        let _alone = alone(&self.data_dir.join(LOCK), &self.data_dir)?;
        sweep(&self.data_dir);
        let staging = tempfile::Builder::new()
            .prefix(STAGING)
            .tempdir_in(&self.data_dir)
            .map_err(|e| failed(ArchiveError::io(shown(&self.data_dir), "written")(e)))?;
        let copy = staging.path().join("database");
        let schema = self.database.schema().await?;
        self.database.snapshot(&copy).await?;
        let origin = self.clone();
        let (into, seal) = (into.to_owned(), seal.clone());
        let written = tokio::task::spawn_blocking(move || {
            // Its files go when this ends, however it ends.
            let staging = staging;
            origin.pack(staging.path(), &copy, &into, &seal, schema, now)
        });
        written
            .await
            .map_err(|e| error(Kind::Unavailable, format!("it was broken off: {e}")))?
            .map_err(failed)
    }

    fn pack(
        &self,
        staging: &Path,
        copy: &Path,
        into: &Path,
        seal: &Seal,
        schema: Option<i64>,
        now: DateTime<Utc>,
    ) -> Result<Manifest, ArchiveError> {
        let mut sources = vec![Source {
            name: Self::database_name(self.engine).to_owned(),
            path: copy.to_owned(),
        }];
        sources.extend(self.uploads(staging)?);
        let keyring = self.keyring.as_ref().filter(|path| path.exists());
        sources.extend(keyring.map(|path| Source {
            name: "keyring".to_owned(),
            path: path.clone(),
        }));
        let manifest = Manifest {
            format: FORMAT,
            version: self.version.clone(),
            created_at: now,
            database: self.engine,
            schema,
            has_keyring: keyring.is_some(),
            files: archive::entries(&sources)?,
        };
        let folder = into.parent().filter(|f| !f.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let failed = || ArchiveError::io(shown(into), "written");
        let mut file = tempfile::Builder::new()
            .prefix(".backup-")
            .suffix(".part")
            .tempfile_in(folder)
            .map_err(failed())?;
        let mut out = BufWriter::with_capacity(256 << 10, &mut file);
        archive::write(&mut out, seal, &manifest, &sources)?;
        out.flush().map_err(failed())?;
        drop(out);
        file.as_file().sync_all().map_err(failed())?;
        file.persist_noclobber(into)
            .map_err(|e| failed()(e.error))?;
        File::open(folder)
            .and_then(|f| f.sync_all())
            .map_err(failed())?;
        Ok(manifest)
    }

    /// Whole uploads, held by names of our own, so that one that is removed meanwhile does no harm.
    fn uploads(&self, staging: &Path) -> Result<Vec<Source>, ArchiveError> {
        let folder = self.data_dir.join("imports");
        let failed = |path: &Path| ArchiveError::io(shown(path), "read");
        let list = match std::fs::read_dir(&folder) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other.map_err(failed(&folder))?,
        };
        let mut sources = Vec::new();
        for (at, entry) in list.enumerate() {
            let path = entry.map_err(failed(&folder))?.path();
            let Some(name) = path.file_name().and_then(|n| n.to_str()) else {
                continue;
            };
            if !path.is_file() || path.extension().is_some_and(|e| e == PART) {
                continue;
            }
            let held = staging.join(format!("upload-{at}"));
            match std::fs::hard_link(&path, &held) {
                Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
                other => other.map_err(failed(&path))?,
            }
            sources.push(Source {
                name: format!("imports/{name}"),
                path: held,
            });
        }
        sources.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(sources)
    }
}

/// `Conflict` while another process makes one here.
pub(crate) fn alone(lock: &Path, place: &Path) -> PortResult<File> {
    let io = |e| failed(ArchiveError::io(shown(lock), "written")(e));
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(lock)
        .map_err(io)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            let detail = format!("a backup is being made in {}", place.display());
            Err(error(Kind::Conflict, detail))
        }
        Err(TryLockError::Error(e)) => Err(io(e)),
    }
}

/// Takes away what one left behind whose process was killed: it is a bare copy of everything. Whoever calls this holds the lock.
fn sweep(data_dir: &Path) {
    let folders = std::fs::read_dir(data_dir).into_iter().flatten().flatten();
    for folder in folders.filter(|f| f.file_name().to_string_lossy().starts_with(STAGING)) {
        match std::fs::remove_dir_all(folder.path()) {
            Ok(()) => {
                tracing::info!(folder = %folder.path().display(), "a backup that was broken off is cleared away")
            }
            Err(error) => {
                tracing::warn!(%error, folder = %folder.path().display(), "a backup that was broken off cannot be cleared away")
            }
        }
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

pub(crate) fn error(kind: Kind, detail: String) -> PortError {
    PortError::new(kind, Retry::Never, PROVIDER, "back_up", detail)
}

pub(crate) fn failed(of: ArchiveError) -> PortError {
    let kind = match &of {
        ArchiveError::Io { source, .. } => match source.kind() {
            io::ErrorKind::StorageFull => Kind::StorageFull,
            io::ErrorKind::AlreadyExists => Kind::Conflict,
            io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => Kind::Configuration,
            _ => Kind::Unavailable,
        },
        ArchiveError::WrongKey(_) | ArchiveError::Newer { .. } => Kind::Configuration,
        ArchiveError::Foreign(_) | ArchiveError::Damaged(_) => Kind::Corrupt,
    };
    let detail = of.to_string();
    error(kind, detail).with_source(of)
}
