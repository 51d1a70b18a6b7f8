//! Warnings of one run, each told once.

use domain::sync::SyncWarning;
use std::collections::BTreeSet;

/// Collects warnings; what was told before is not told again.
#[derive(Debug, Default)]
pub struct Notes {
    told: BTreeSet<(&'static str, String)>,
    fresh: Vec<SyncWarning>,
}

impl Notes {
    pub fn add(&mut self, code: &'static str, message: impl Into<String>) {
        let message = message.into();
        if self.told.insert((code, message.clone())) {
            self.fresh.push(SyncWarning {
                code: code.to_owned(),
                message,
            });
        }
    }

    /// Takes over all that others noted.
    pub fn absorb(&mut self, other: Self) {
        for (code, message) in other.told {
            self.add(code, message);
        }
    }

    /// What was added since the last call.
    pub fn take(&mut self) -> Vec<SyncWarning> {
        std::mem::take(&mut self.fresh)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_told_once() {
        let mut notes = Notes::default();
        notes.add("unknown_enum", "FOO");
        notes.add("unknown_enum", "FOO");
        notes.add("unknown_enum", "BAR");
        assert_eq!(notes.take().len(), 2);
        notes.add("unknown_enum", "FOO");
        assert_eq!(notes.take(), []);
    }
}
