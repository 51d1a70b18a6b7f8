//! Days of a store as typed rows, for a warehouse outside: orders, ledger entries, the measures of each day and what ad accounts spent.
//!
//! Names of orders, customers, addresses, tags and products' titles are left out: rows hold numbers, times and amounts. Amounts are decimals
//! in the currency that stands beside them, to the minor unit. A row belongs to one day of the store, so that a day can be written anew as a
//! whole, as late refunds want it.
//!
//! Must not know: which warehouse, how rows get there.

mod rows;
mod run;
mod tables;

pub use rows::{order_rows, profit_row, spend_row};
pub use run::{MirrorRun, MirrorState, MirroredDay, PendingLoad};
pub use tables::{Column, ColumnType, MirrorTable};

use chrono::NaiveDate;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// A row of a day, as one JSON object.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub table: MirrorTable,
    pub day: NaiveDate,
    pub value: Value,
}

impl Row {
    /// As it is sent: one line without a break.
    #[must_use]
    pub fn line(&self) -> String {
        self.value.to_string()
    }
}

/// What a day holds, whatever order its rows are seen in: their number, and the sum of their hashes (a multiset hash after Clarke et al.,
/// 2003, with SHA-256 cut to 128 bits).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Content {
    pub rows: u64,
    sum: u128,
}

impl Content {
    pub fn add(&mut self, line: &str) {
        let hash = Sha256::digest(line.as_bytes());
        let mut first = [0; 16];
        first.copy_from_slice(&hash[..16]);
        self.sum = self.sum.wrapping_add(u128::from_be_bytes(first));
        self.rows += 1;
    }

    /// 32 hexadecimal digits and the number of rows.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{:032x}-{}", self.sum, self.rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_the_same_in_any_order_and_counts_repeats() {
        let of = |lines: &[&str]| {
            let mut content = Content::default();
            lines.iter().for_each(|line| content.add(line));
            content.text()
        };
        assert_eq!(of(&["a", "b", "b"]), of(&["b", "a", "b"]));
        assert_ne!(of(&["a", "b", "b"]), of(&["a", "b"]));
        assert_ne!(of(&["a", "a"]), of(&["b", "b"]));
        assert_eq!(of(&[]), format!("{}-0", "0".repeat(32)));
    }
}
