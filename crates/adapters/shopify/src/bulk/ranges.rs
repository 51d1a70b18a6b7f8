//! Files of rows by ranges of their roots' ids, so that what lies together in the shop lies together on the disk and is stored together.
//!
//! A range is closed when its file is large enough: at the highest id seen until then, so that whatever comes later, in whatever order,
//! belongs to one file and always to the same.

use super::row::number;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Files that are open at once.
const MAX_OPEN: usize = 48;

pub(super) struct Ranges {
    folder: PathBuf,
    parts: Vec<Part>,
    /// Size at which a range is closed.
    full: u64,
    highest: u64,
    open: usize,
    writes: u64,
}

struct Part {
    /// The first id above it.
    below: u64,
    bytes: u64,
    file: Option<BufWriter<File>>,
    /// The number of the last write.
    used: u64,
}

impl Ranges {
    pub(super) fn new(folder: &Path, full: u64) -> Self {
        let mut ranges = Self {
            folder: folder.to_owned(),
            parts: Vec::new(),
            full,
            highest: 0,
            open: 0,
            writes: 0,
        };
        ranges.begin();
        ranges
    }

    fn begin(&mut self) {
        self.parts.push(Part {
            below: u64::MAX,
            bytes: 0,
            file: None,
            used: 0,
        });
    }

    fn path(&self, part: usize) -> PathBuf {
        self.folder.join(format!("root-{part}"))
    }

    /// A row that belongs to `root`, which may be itself.
    pub(super) fn write(&mut self, root: &str, is_root: bool, text: &str) -> io::Result<()> {
        let id = number(root);
        let last = self.parts.len() - 1;
        let part = self.parts.partition_point(|p| p.below <= id).min(last);
        self.make_open(part)?;
        self.writes += 1;
        let (kind, writes) = (if is_root { 'R' } else { 'B' }, self.writes);
        let place = &mut self.parts[part];
        place.used = writes;
        place.bytes += (root.len() + text.len() + 3) as u64;
        if let Some(file) = &mut place.file {
            writeln!(file, "{root}\t{kind}{text}")?;
        }
        self.highest = self.highest.max(id);
        if part == last && self.parts[last].bytes >= self.full && self.highest < u64::MAX {
            self.parts[last].below = self.highest + 1;
            self.begin();
        }
        Ok(())
    }

    fn make_open(&mut self, part: usize) -> io::Result<()> {
        if self.parts[part].file.is_some() {
            return Ok(());
        }
        if self.open >= MAX_OPEN {
            let open = self.parts.iter_mut().filter(|p| p.file.is_some());
            if let Some(oldest) = open.min_by_key(|p| p.used)
                && let Some(mut file) = oldest.file.take()
            {
                file.flush()?;
                self.open -= 1;
            }
        }
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.path(part))?;
        self.parts[part].file = Some(BufWriter::new(file));
        self.open += 1;
        Ok(())
    }

    /// The files with something in them, by ascending ids.
    pub(super) fn close(&mut self) -> io::Result<Vec<PathBuf>> {
        let mut paths = Vec::new();
        for part in 0..self.parts.len() {
            if let Some(mut file) = self.parts[part].file.take() {
                file.flush()?;
            }
            if self.parts[part].bytes > 0 {
                paths.push(self.path(part));
            }
        }
        self.open = 0;
        Ok(paths)
    }
}
