//! The keyring's file in the data folder: one key a line, readable by its owner alone.
//!
//! ```text
//! royal-keyring 1
//! primary <id> <64 hexadecimal digits>
//! decrypt-only <id> <64 hexadecimal digits>
//! ```

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::entropy::{self, NoEntropy};
use crate::keyring::{Kek, Keyring};

const FIRST_LINE: &str = "royal-keyring 1";
/// Far above any keyring, far below what would hurt.
const MOST_BYTES: u64 = 64 * 1024;

/// Why the keyring's file cannot be used. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    #[error(
        "the keyring {path} can be read by others (mode {mode:o}): chmod 600 {path}, and think of its keys as known"
    )]
    Readable { path: PathBuf, mode: u32 },
    #[error("the keyring {path} is damaged in line {line}: put the backup of this file back")]
    Damaged { path: PathBuf, line: usize },
    #[error(
        "the keyring {path} cannot be read or created: check the data folder's owner, permissions and free space"
    )]
    Io { path: PathBuf, source: io::Error },
    #[error(transparent)]
    NoEntropy(#[from] NoEntropy),
}

/// Reads the file; `None` when there is none.
pub(crate) fn read(path: &Path) -> Result<Option<Keyring>, KeyFileError> {
    let fault = |source| KeyFileError::Io {
        path: path.to_owned(),
        source,
    };
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(fault(e)),
    };
    // Of the opened file, not of the path: nobody can change it in between.
    let mode = file.metadata().map_err(fault)?.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(KeyFileError::Readable {
            path: path.to_owned(),
            mode,
        });
    }
    let mut text = Zeroizing::new(String::new());
    (&mut file)
        .take(MOST_BYTES)
        .read_to_string(&mut text)
        .map_err(fault)?;
    parse(&text)
        .map(Some)
        .map_err(|line| KeyFileError::Damaged {
            path: path.to_owned(),
            line,
        })
}

/// Creates the file with one new key. When another process was faster, its file stays and is read.
pub(crate) fn create(path: &Path) -> Result<Keyring, KeyFileError> {
    let keyring = Keyring::new(Kek::generate()?, Vec::new());
    match publish(path, text(&keyring).as_bytes())? {
        true => Ok(keyring),
        false => read(path)?.ok_or_else(|| {
            let source = io::Error::from(io::ErrorKind::NotFound);
            KeyFileError::Io {
                path: path.to_owned(),
                source,
            }
        }),
    }
}

/// Changes the file's keyring, one process at a time, and answers the new one. `None`: there is no file.
pub(crate) fn change(
    path: &Path,
    with: impl FnOnce(Vec<Kek>) -> Result<Keyring, KeyFileError>,
) -> Result<Option<Keyring>, KeyFileError> {
    let fault = |source| KeyFileError::Io {
        path: path.to_owned(),
        source,
    };
    let beside = path.with_extension("lock");
    let held = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&beside)
        .map_err(fault)?;
    held.lock().map_err(fault)?;
    let Some(present) = read(path)? else {
        return Ok(None);
    };
    let changed = with(present.into_keys())?;
    put(path, text(&changed).as_bytes(), Put::Replace)?;
    Ok(Some(changed))
}

/// The file's text for a keyring.
fn text(keyring: &Keyring) -> Zeroizing<String> {
    let mut text = Zeroizing::new(format!("{FIRST_LINE}\n"));
    for (at, key) in keyring.keys().iter().enumerate() {
        let role = if at == 0 { "primary" } else { "decrypt-only" };
        text.push_str(role);
        text.push(' ');
        text.push_str(&key.id().to_string());
        text.push(' ');
        text.push_str(&key.to_hex());
        text.push('\n');
    }
    text
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Put {
    New,
    Replace,
}

fn publish(path: &Path, bytes: &[u8]) -> Result<bool, KeyFileError> {
    put(path, bytes, Put::New)
}

/// Whole or not at all, also when the machine stops: written aside, synced, then given its name. `false`: the name is taken.
fn put(path: &Path, bytes: &[u8], how: Put) -> Result<bool, KeyFileError> {
    let fault = |source| KeyFileError::Io {
        path: path.to_owned(),
        source,
    };
    let folder = path
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(fault)?;
    let aside = folder.join(format!(".keyring-{}", hex::encode(entropy::bytes::<8>()?)));
    let written = (|| {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&aside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        if how == Put::Replace {
            return fs::rename(&aside, path).map(|()| true);
        }
        match fs::hard_link(&aside, path) {
            Ok(()) => Ok(true),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(e) => Err(e),
        }
    })();
    let removed = match fs::remove_file(&aside) {
        // Renamed.
        Err(e) if how == Put::Replace && e.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    };
    let published = written.map_err(fault)?;
    removed.map_err(fault)?;
    File::open(folder)
        .and_then(|f| f.sync_all())
        .map_err(fault)?;
    Ok(published)
}

/// The keys of a file's text; the number of the line that is wrong.
fn parse(text: &str) -> Result<Keyring, usize> {
    let mut lines = text.lines().enumerate();
    if lines.next().map(|(_, line)| line.trim_end()) != Some(FIRST_LINE) {
        return Err(1);
    }
    let (mut primary, mut others) = (None, Vec::new());
    for (at, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let words: Vec<_> = line.split_whitespace().collect();
        let [role, id, key] = words[..] else {
            return Err(at + 1);
        };
        let kek = Kek::from_hex(key)
            .ok()
            .filter(|kek| kek.id().to_string() == id)
            .ok_or(at + 1)?;
        match role {
            "primary" if primary.is_none() => primary = Some(kek),
            "decrypt-only" => others.push(kek),
            _ => return Err(at + 1),
        }
    }
    primary
        .map(|primary| Keyring::new(primary, others))
        .ok_or(text.lines().count())
}
