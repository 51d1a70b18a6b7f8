//! Rows two levels down whose parent is near: joined in passing, without a way over the disk.
//!
//! Bounded: parents that were seen long ago are forgotten, and rows that wait too long for their parent are given back, to be dealt
//! by it like any other.

use std::collections::HashMap;

/// Parents that are remembered, at most twice as many.
const PARENTS: usize = 8_000;
/// Bytes of rows that wait.
const WAITING: usize = 2 << 20;

#[derive(Default)]
pub(super) struct Recent {
    parents: HashMap<String, String>,
    older: HashMap<String, String>,
    waiting: HashMap<String, Vec<String>>,
    bytes: usize,
}

impl Recent {
    /// A parent and its root; answers the rows that waited for it.
    pub(super) fn parent(&mut self, id: &str, root: &str) -> Vec<String> {
        if self.parents.len() >= PARENTS {
            self.older = std::mem::take(&mut self.parents);
        }
        self.parents.insert(id.to_owned(), root.to_owned());
        let rows = self.waiting.remove(id).unwrap_or_default();
        self.bytes -= rows.iter().map(String::len).sum::<usize>();
        rows
    }

    /// The root of a parent that came not long ago.
    pub(super) fn root_of(&self, parent: &str) -> Option<&str> {
        let known = self.parents.get(parent).or_else(|| self.older.get(parent));
        known.map(String::as_str)
    }

    /// Keeps a row until its parent comes; answers what has waited when that is too much.
    pub(super) fn wait(&mut self, parent: &str, text: &str) -> Vec<(String, Vec<String>)> {
        self.bytes += text.len();
        let rows = self.waiting.entry(parent.to_owned()).or_default();
        rows.push(text.to_owned());
        if self.bytes > WAITING {
            self.rest()
        } else {
            Vec::new()
        }
    }

    /// All that wait.
    pub(super) fn rest(&mut self) -> Vec<(String, Vec<String>)> {
        self.bytes = 0;
        std::mem::take(&mut self.waiting).into_iter().collect()
    }
}
