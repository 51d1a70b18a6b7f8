//! `royal restore`: everything is unpacked and proved beside the present data, and takes its place last.

use super::{Exit, print, print_json};
use crate::compose::{
    ArchiveError, BackupUnseal, Composed, Manifest, compose, database_in_backup, engine,
    load_into_postgres, newest_schema, unpack,
};
use crate::config::{DatabasePlace, Settings};
use crate::occupied::{Occupied, OccupyError, occupy};
use chrono::Utc;
use domain::audit::Actor;
use indicatif::{ProgressBar, ProgressStyle};
use ports::changes::StopScope;
use ports::clock::SystemClock;
use secrecy::{ExposeSecret as _, SecretString};
use std::fs::File;
use std::io::{self, BufReader, ErrorKind, IsTerminal as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

const KEYRING: &str = "keyring";
const IMPORTS: &str = "imports";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A file that `royal backup` wrote
    file: PathBuf,
    /// File with the age identity of one of BACKUP_RECIPIENTS
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    /// Prove that the backup is whole and opens, and change nothing
    #[arg(long)]
    check: bool,
    /// Leave the emergency stop off: agents may write as soon as the server runs
    #[arg(long)]
    without_stop: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(settings: Settings, args: Args) -> Result<(), Exit> {
    let unseal = unseal(&settings, args.identity.as_deref())?;
    if args.check {
        let manifest = read(&args.file, unseal, None).await?;
        return told(&args, &manifest, None, "whole");
    }
    // Held to the end: no server begins meanwhile.
    let _occupied = take(&settings)?;
    let staging = staging(&settings)?;
    let manifest = read(&args.file, unseal, Some(staging.path())).await?;
    fits(&settings, &manifest)?;
    let aside = match &settings.database {
        DatabasePlace::Sqlite(path) => {
            prove(&settings, &staging, &args).await?;
            Some(exchange(&settings, path, &staging)?)
        }
        DatabasePlace::Postgres(url) => {
            let dump = staging.path().join(database_in_backup(&settings));
            load_into_postgres(url.expose_secret(), &dump).await?;
            let aside = exchange_files(&settings, &staging)?;
            let composed = compose(&settings, None, Arc::new(SystemClock)).await?;
            let ended = stand_still(&composed, &args).await;
            composed.database.close().await;
            ended?;
            aside
        }
    };
    told(&args, &manifest, aside.as_deref(), "restored")
}

fn unseal(settings: &Settings, identity: Option<&Path>) -> Result<BackupUnseal, Exit> {
    if let Some(path) = identity {
        let refuse = |why: String| Exit::usage(format!("{}: {why}", path.display()));
        let text = std::fs::read_to_string(path).map_err(|e| refuse(e.to_string()))?;
        return BackupUnseal::identities(&SecretString::from(text)).map_err(refuse);
    }
    if let Some(words) = settings.backups.passphrase.clone() {
        return Ok(BackupUnseal::Passphrase(words));
    }
    if !std::io::stdin().is_terminal() {
        return Err(Exit::configuration(
            "backups are encrypted: give --identity, or set BACKUP_PASSPHRASE",
        ));
    }
    let words = rpassword::prompt_password("Passphrase of the backup: ")
        .map_err(|e| Exit::usage(format!("it cannot be read: {e}")))?;
    Ok(BackupUnseal::Passphrase(SecretString::from(words)))
}

fn take(settings: &Settings) -> Result<Occupied, Exit> {
    create_folder(&settings.data_dir)?;
    occupy(&settings.data_dir).map_err(|e| match e {
        OccupyError::Taken { .. } => {
            Exit::data(format!("{e}; a backup is put back while no server runs"))
        }
        OccupyError::Io { .. } => Exit::configuration(e.to_string()),
    })
}

/// Beside the place where it will be, so that taking it is one renaming.
fn staging(settings: &Settings) -> Result<TempDir, Exit> {
    let folder = match &settings.database {
        DatabasePlace::Sqlite(path) => path.parent().unwrap_or(Path::new(".")),
        DatabasePlace::Postgres(_) => settings.data_dir.as_path(),
    };
    create_folder(folder)?;
    let made = tempfile::Builder::new()
        .prefix("restore-")
        .tempdir_in(folder);
    made.map_err(|e| failed(folder, &e))
}

fn create_folder(path: &Path) -> Result<(), Exit> {
    let mut builder = std::fs::DirBuilder::new();
    let made = builder.recursive(true).mode(0o700).create(path);
    made.map_err(|e| failed(path, &e))
}

async fn read(file: &Path, unseal: BackupUnseal, into: Option<&Path>) -> Result<Manifest, Exit> {
    let name = file.display().to_string();
    let open = File::open(file).map_err(|e| Exit::data(format!("{name} cannot be read: {e}")))?;
    let bar = bar(open.metadata().map_or(0, |m| m.len()));
    let into = into.map(Path::to_path_buf);
    let read = tokio::task::spawn_blocking(move || {
        let input = bar.wrap_read(BufReader::with_capacity(256 << 10, open));
        let read = unpack(&name, input, &unseal, into.as_deref());
        bar.finish_and_clear();
        read
    });
    let read = read.await.map_err(|e| Exit::defect(e.to_string()))?;
    Ok(read?)
}

/// On a terminal only.
fn bar(bytes: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    // The template is a constant that parses.
    let style = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(bytes).with_style(style)
}

fn fits(settings: &Settings, manifest: &Manifest) -> Result<(), Exit> {
    if manifest.database != engine(settings) {
        let why = "the backup is of another kind of database than DATABASE_URL names: a backup of SQLite goes back into SQLite, one of PostgreSQL into PostgreSQL";
        return Err(Exit::data(why));
    }
    let newest = newest_schema(settings);
    match manifest.schema {
        Some(schema) if schema > newest => Err(Exit::configuration(format!(
            "the backup was made by royal {}, whose database is newer (migration {schema}, this release knows {newest}): use that release",
            manifest.version
        ))),
        _ => Ok(()),
    }
}

/// Opens what was unpacked as the server would, with the keys that it will have: whatever does not work, does not work here.
async fn prove(settings: &Settings, staging: &TempDir, args: &Args) -> Result<(), Exit> {
    let present = settings.data_dir.join(KEYRING);
    let staged = staging.path().join(KEYRING);
    if !staged.exists() && present.exists() {
        std::fs::copy(&present, &staged).map_err(|e| failed(&present, &e))?;
    }
    let mut beside = settings.clone();
    beside.data_dir = staging.path().to_owned();
    beside.database = DatabasePlace::Sqlite(staging.path().join(database_in_backup(settings)));
    let composed = compose(&beside, None, Arc::new(SystemClock)).await?;
    let damage = composed.database.integrity_check().await;
    let ended = stand_still(&composed, args).await;
    composed.database.close().await;
    ended?;
    match damage?.first() {
        None => Ok(()),
        Some(first) => Err(Exit::data(format!(
            "the backup's database is damaged: {first}"
        ))),
    }
}

/// What was approved or under way when the backup was made may have been written since, by whoever ran until now; so nothing is written before a
/// person has looked.
async fn stand_still(composed: &Composed, args: &Args) -> Result<(), Exit> {
    if args.without_stop {
        return Ok(());
    }
    let by = Actor::command_line();
    let reason = "restored from a backup: look at what was under way, then lift this";
    for workspace in composed.ports.accounts.workspaces().await? {
        let stopped = composed
            .changes
            .stop(workspace.id, StopScope::All, reason, &by);
        stopped.await?;
    }
    Ok(())
}

/// The present files go into a folder of their own, the proved ones take their place.
fn exchange(settings: &Settings, database: &Path, staging: &TempDir) -> Result<PathBuf, Exit> {
    let aside = aside(settings)?;
    for end in ["-wal", "-shm", ""] {
        let mut path = database.as_os_str().to_owned();
        path.push(end);
        put_aside(Path::new(&path), &aside)?;
    }
    files(settings, staging, &aside)?;
    let proved = staging.path().join(database_in_backup(settings));
    place(&proved, database)?;
    Ok(aside)
}

/// `None`: there was nothing to put aside.
fn exchange_files(settings: &Settings, staging: &TempDir) -> Result<Option<PathBuf>, Exit> {
    let aside = aside(settings)?;
    files(settings, staging, &aside)?;
    // It stays when something is in it.
    Ok(std::fs::remove_dir(&aside).is_err().then_some(aside))
}

fn files(settings: &Settings, staging: &TempDir, aside: &Path) -> Result<(), Exit> {
    for name in [KEYRING, IMPORTS] {
        let (proved, present) = (staging.path().join(name), settings.data_dir.join(name));
        if proved.exists() {
            put_aside(&present, aside)?;
            place(&proved, &present)?;
        }
    }
    Ok(())
}

fn aside(settings: &Settings) -> Result<PathBuf, Exit> {
    let name = format!("before-restore-{}", Utc::now().format("%Y%m%dT%H%M%SZ"));
    let path = settings.data_dir.join(name);
    create_folder(&path)?;
    Ok(path)
}

fn put_aside(path: &Path, aside: &Path) -> Result<(), Exit> {
    let Some(name) = path.file_name().filter(|_| path.exists()) else {
        return Ok(());
    };
    place(path, &aside.join(name))
}

/// On another disk it is copied.
fn place(from: &Path, to: &Path) -> Result<(), Exit> {
    match std::fs::rename(from, to) {
        Err(e) if e.kind() == ErrorKind::CrossesDevices => {
            copy(from, to).map_err(|e| failed(to, &e))
        }
        other => other.map_err(|e| failed(to, &e)),
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if from.is_dir() {
        std::fs::create_dir_all(to)?;
        for entry in std::fs::read_dir(from)? {
            let path = entry?.path();
            copy(&path, &to.join(path.file_name().unwrap_or_default()))?;
        }
        return std::fs::remove_dir_all(from);
    }
    std::fs::copy(from, to)?;
    File::open(to)?.sync_all()?;
    std::fs::remove_file(from)
}

fn failed(path: &Path, error: &io::Error) -> Exit {
    let text = format!("{}: {error}", path.display());
    match error.kind() {
        ErrorKind::StorageFull => Exit::unavailable(text),
        _ => Exit::configuration(text),
    }
}

fn told(args: &Args, manifest: &Manifest, aside: Option<&Path>, what: &str) -> Result<(), Exit> {
    if args.json {
        return print_json(&serde_json::json!({
            "outcome": what, "created_at": manifest.created_at, "version": manifest.version, "schema": manifest.schema,
            "files": manifest.files.len(), "before": aside, "stopped": what == "restored" && !args.without_stop,
        }));
    }
    let mut text = format!(
        "{what}: how everything was at {}, by royal {}\n",
        manifest.created_at.to_rfc3339(),
        manifest.version
    );
    if let Some(aside) = aside {
        text += &format!("what was here before is in {}\n", aside.display());
    }
    if what == "restored" && !args.without_stop {
        text += "no change of a store is written until the emergency stop is lifted: royal stop --lift --reason …\n";
    }
    print(&text)
}

impl From<ArchiveError> for Exit {
    fn from(error: ArchiveError) -> Self {
        match &error {
            ArchiveError::WrongKey(_) | ArchiveError::Newer { .. } => {
                Self::configuration(error.to_string())
            }
            ArchiveError::Foreign(_) | ArchiveError::Damaged(_) => Self::data(error.to_string()),
            ArchiveError::Io { .. } => Self::unavailable(error.to_string()),
        }
    }
}
