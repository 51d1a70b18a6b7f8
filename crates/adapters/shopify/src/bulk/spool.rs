//! Result files joined by parent in constant memory, whatever the order of their lines (a Grace hash join).
//!
//! Each line is dealt to one of several files by the root that it belongs to, so that a root and everything below it lie in the same
//! file; a file fits into memory. Lines two levels down name only their parent: where that is near, they are joined in passing, else
//! they are first dealt by it, together with who its root is. A file that is still too large is dealt once more.

use super::kind::BulkKind;
use super::ranges::Ranges;
use super::recent::Recent;
use super::row::{Head, gid_type, number, part_of};
use adapter_kit::Bytes;
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

const PREFIX: &str = "royal-shopify-bulk-";
/// Files of rows two levels down.
const MAX_DEEP: usize = 64;
/// Files of roots with what is below them, unless each would be larger than memory shall hold.
const MAX_ROOTS: u64 = 512;
/// A part that cannot be dealt any finer is one giant root; it is taken as it is.
const MAX_DEALS: u32 = 4;

/// Why lines could not be taken or joined.
#[derive(Debug)]
pub(super) enum SpoolError {
    Disk(io::Error),
    /// Continues "the result file": `has a line 3 that …`.
    Corrupt(String),
}

impl From<io::Error> for SpoolError {
    fn from(e: io::Error) -> Self {
        Self::Disk(e)
    }
}

/// A root with everything below it, as raw lines.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Group<'a> {
    pub root: &'a str,
    pub below: Vec<&'a str>,
}

/// A part file in memory.
#[derive(Debug)]
pub(super) struct Part {
    text: String,
    lenient: bool,
}

impl Part {
    /// The roots by ascending id.
    pub(super) fn groups(&self) -> Result<Vec<Group<'_>>, SpoolError> {
        let mut groups: Vec<(&str, Group<'_>)> = Vec::new();
        let mut at: HashMap<&str, usize> = HashMap::new();
        for line in self.text.lines() {
            let (root, text) = line.split_once('\t').unwrap_or(("", line));
            let n = *at.entry(root).or_insert_with(|| {
                groups.push((root, Group::default()));
                groups.len() - 1
            });
            let group = &mut groups[n].1;
            match text.split_at_checked(1) {
                Some(("R", text)) => group.root = text,
                Some(("B", text)) => group.below.push(text),
                _ => return Err(SpoolError::Corrupt("could not be read back".to_owned())),
            }
        }
        if !self.lenient
            && let Some((id, _)) = groups.iter().find(|(_, g)| g.root.is_empty())
        {
            return Err(SpoolError::Corrupt(format!(
                "names a parent {id} that is not in it"
            )));
        }
        groups.retain(|(_, g)| !g.root.is_empty());
        groups.sort_by_key(|(id, _)| number(id));
        Ok(groups.into_iter().map(|(_, g)| g).collect())
    }
}

/// A folder of part files; removed when dropped.
pub(super) struct Spool {
    folder: PathBuf,
    kind: BulkKind,
    /// Missing parents and roots are left out instead of refused: for files that broke off.
    pub lenient: bool,
    part_bytes: u64,
    roots: Ranges,
    recent: Recent,
    deep: Vec<BufWriter<File>>,
    pub lines: u64,
    pub root_lines: u64,
}

impl Drop for Spool {
    fn drop(&mut self) {
        // What cannot be removed now is swept at the next start.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Spool {
    /// `expected`: size of the whole file in bytes, when it is known.
    pub(super) fn create(
        base: &Path,
        name: &str,
        kind: BulkKind,
        expected: Option<u64>,
        part_bytes: u64,
    ) -> io::Result<Self> {
        let folder = base.join(format!("{PREFIX}{}-{}-{name}", std::process::id(), boot()));
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let wanted = expected.map_or(16, |size| size / part_bytes.max(1) + 1);
        let parts = usize::try_from(wanted)
            .unwrap_or(MAX_DEEP)
            .clamp(1, MAX_DEEP);
        let open = |n: usize| File::create(folder.join(format!("deep-{n}"))).map(BufWriter::new);
        let deep = if kind.is_deep() {
            (0..parts).map(open).collect::<io::Result<_>>()?
        } else {
            Vec::new()
        };
        let full = part_bytes.max(expected.unwrap_or(0) / MAX_ROOTS);
        Ok(Self {
            kind,
            lenient: false,
            part_bytes,
            roots: Ranges::new(&folder, full),
            recent: Recent::default(),
            folder,
            deep,
            lines: 0,
            root_lines: 0,
        })
    }

    /// Takes lines of the file in any order.
    pub(super) fn add(&mut self, lines: &[Bytes]) -> Result<(), SpoolError> {
        for line in lines {
            if !line.iter().all(u8::is_ascii_whitespace) {
                self.add_line(line)?;
            }
        }
        Ok(())
    }

    fn add_line(&mut self, line: &[u8]) -> Result<(), SpoolError> {
        let number = self.lines + 1;
        let bad = |why: &str| SpoolError::Corrupt(format!("has a line {number} that {why}"));
        let text = std::str::from_utf8(line).map_err(|_| bad("is not UTF-8"))?;
        let head: Head<'_> = serde_json::from_str(text).map_err(|_| bad("is not a JSON object"))?;
        self.lines += 1;
        let Some(parent) = head.parent.as_deref() else {
            let id = head
                .id
                .as_deref()
                .ok_or_else(|| bad("has neither id nor parent"))?;
            self.root_lines += 1;
            return Ok(self.roots.write(id, true, text)?);
        };
        if gid_type(parent) != self.kind.root() {
            // Two levels down: whose root it is, its parent's own line tells.
            if self.deep.is_empty() {
                return Err(bad("has a parent of a type that was not asked for"));
            }
            if let Some(root) = self.recent.root_of(parent) {
                return Ok(self.roots.write(root, false, text)?);
            }
            let too_many = self.recent.wait(parent, text);
            return Ok(self.write_deep(too_many)?);
        }
        if self.kind.is_deep()
            && let Some(id) = head.id.as_deref()
        {
            for waited in self.recent.parent(id, parent) {
                self.roots.write(parent, false, &waited)?;
            }
            let part = part_of(id, 0, self.deep.len());
            writeln!(self.deep[part], "P\t{id}\t{parent}")?;
        }
        Ok(self.roots.write(parent, false, text)?)
    }

    fn write_deep(&mut self, rows: Vec<(String, Vec<String>)>) -> io::Result<()> {
        for (parent, texts) in rows {
            let part = part_of(&parent, 0, self.deep.len());
            for text in texts {
                writeln!(self.deep[part], "S\t{parent}\t{text}")?;
            }
        }
        Ok(())
    }

    /// All lines are in: brings those two levels down to their roots. Returns the part files, each to be [`load`](Self::load)ed.
    pub(super) fn seal(&mut self) -> Result<Vec<PathBuf>, SpoolError> {
        let waiting = self.recent.rest();
        self.write_deep(waiting)?;
        for n in 0..self.deep.len() {
            self.deep[n].flush()?;
            self.settle(&self.folder.join(format!("deep-{n}")), 1)?;
        }
        self.deep.clear();
        let mut parts = Vec::new();
        for path in self.roots.close()? {
            self.deal(path, 1, &mut parts)?;
        }
        Ok(parts)
    }

    /// One file of lines two levels down: the parents' roots in memory, the lines streamed past them.
    fn settle(&mut self, path: &Path, deals: u32) -> Result<(), SpoolError> {
        // The parents are a fraction of the file; only a file far too large has to be dealt again.
        if fs::metadata(path)?.len() > self.part_bytes * 8 && deals < MAX_DEALS {
            for finer in split(path, deals, |line| line.split('\t').nth(1))? {
                self.settle(&finer, deals + 1)?;
            }
            return Ok(());
        }
        let mut roots = HashMap::new();
        each_line(path, |line| {
            let mut columns = line.splitn(3, '\t');
            if let (Some("P"), Some(id), Some(root)) =
                (columns.next(), columns.next(), columns.next())
            {
                roots.insert(id.to_owned(), root.to_owned());
            }
            Ok(())
        })?;
        each_line(path, |line| {
            let mut columns = line.splitn(3, '\t');
            let (Some("S"), Some(parent), Some(text)) =
                (columns.next(), columns.next(), columns.next())
            else {
                return Ok(());
            };
            match roots.get(parent) {
                Some(root) => Ok(self.roots.write(root, false, text)?),
                None if self.lenient => Ok(()),
                None => Err(SpoolError::Corrupt(format!(
                    "names a parent {parent} that is not in it"
                ))),
            }
        })?;
        Ok(fs::remove_file(path)?)
    }

    fn deal(&self, path: PathBuf, deals: u32, parts: &mut Vec<PathBuf>) -> Result<(), SpoolError> {
        let size = fs::metadata(&path)?.len();
        if size <= self.part_bytes * 2 || deals >= MAX_DEALS {
            if size > 0 {
                parts.push(path);
            }
            return Ok(());
        }
        for finer in split(&path, deals, |line| line.split('\t').next())? {
            self.deal(finer, deals + 1, parts)?;
        }
        Ok(())
    }

    /// Reads a part into memory and removes its file.
    pub(super) fn load(&self, path: &Path) -> Result<Part, SpoolError> {
        let text = fs::read_to_string(path)?;
        fs::remove_file(path)?;
        Ok(Part {
            text,
            lenient: self.lenient,
        })
    }
}

fn each_line(
    path: &Path,
    mut take: impl FnMut(&str) -> Result<(), SpoolError>,
) -> Result<(), SpoolError> {
    let mut file = BufReader::new(File::open(path)?);
    let mut line = String::new();
    while file.read_line(&mut line)? > 0 {
        take(line.trim_end_matches('\n'))?;
        line.clear();
    }
    Ok(())
}

/// Deals a file into finer ones by the hash of each line's key, and removes it.
fn split(
    path: &Path,
    salt: u32,
    key: impl Fn(&str) -> Option<&str>,
) -> Result<Vec<PathBuf>, SpoolError> {
    let name = |n: usize| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!("-{n}"));
        PathBuf::from(name)
    };
    let mut files = (0..16)
        .map(|n| File::create(name(n)).map(BufWriter::new))
        .collect::<io::Result<Vec<_>>>()?;
    let parts = files.len();
    each_line(path, |line| {
        let part = part_of(key(line).unwrap_or_default(), salt, parts);
        Ok(writeln!(files[part], "{line}")?)
    })?;
    for file in &mut files {
        file.flush()?;
    }
    fs::remove_file(path)?;
    Ok((0..parts).map(name).collect())
}

/// Removes what processes left behind that are gone.
pub(crate) fn sweep(base: &Path) {
    let Ok(entries) = fs::read_dir(base) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let Some(rest) = name.to_str().and_then(|n| n.strip_prefix(PREFIX)) else {
            continue;
        };
        let mut words = rest.split('-');
        let (pid, started) = (
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
        );
        if !is_running(pid, started) {
            tracing::info!(folder = %entry.path().display(), "left by an earlier run, removed");
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// A name for this run of the program: process ids come again, in a container even always the same one.
fn boot() -> &'static str {
    static BOOT: OnceLock<String> = OnceLock::new();
    BOOT.get_or_init(|| uuid::Uuid::new_v4().simple().to_string())
}

/// Where the system does not tell who runs, everybody else counts as running.
fn is_running(pid: &str, started: &str) -> bool {
    if pid.parse() == Ok(std::process::id()) {
        return started == boot();
    }
    !Path::new("/proc/self").exists() || Path::new("/proc").join(pid).exists()
}
