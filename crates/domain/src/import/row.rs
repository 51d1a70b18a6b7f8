//! One row as it stands in the file, and what is wrong with it.

use serde::{Deserialize, Serialize};

/// A row of text. `number` counts as a spreadsheet does: the header is row 1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    pub number: u64,
    /// Where it begins in the file, from 1; differs from `number` when quoted values have line breaks.
    pub line: u64,
    text: String,
    ends: Vec<usize>,
}

impl Row {
    #[must_use]
    pub fn new(number: u64, line: u64, text: String, ends: Vec<usize>) -> Self {
        Self {
            number,
            line,
            text,
            ends,
        }
    }

    #[must_use]
    pub fn of(number: u64, cells: &[&str]) -> Self {
        let mut row = Self {
            number,
            line: number,
            ..Self::default()
        };
        for cell in cells {
            row.text.push_str(cell);
            row.ends.push(row.text.len());
        }
        row
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells().all(|cell| cell.trim().is_empty())
    }

    /// Empty beyond the last one.
    #[must_use]
    pub fn cell(&self, index: usize) -> &str {
        let Some(end) = self.ends.get(index) else {
            return "";
        };
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..*end]
    }

    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|i| self.cell(i))
    }
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The row, and for orders the whole order, is not imported.
    Refused,
    /// Imported, but a person should know.
    Noted,
}

/// What is wrong at one place of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowProblem {
    pub row: u64,
    pub line: u64,
    /// The header of the column; `None` when the row as a whole is meant.
    pub column: Option<String>,
    /// What stands there, cut to what helps to find it.
    pub value: Option<String>,
    /// A sentence without its subject: *is not a number*.
    pub reason: String,
    pub severity: Severity,
}

const MAX_VALUE: usize = 60;

impl RowProblem {
    #[must_use]
    pub fn refused(
        row: &Row,
        column: Option<&str>,
        value: Option<&str>,
        reason: impl Into<String>,
    ) -> Self {
        Self {
            row: row.number,
            line: row.line,
            column: column.map(str::to_owned),
            value: value.map(|v| v.chars().take(MAX_VALUE).collect()),
            reason: reason.into(),
            severity: Severity::Refused,
        }
    }

    #[must_use]
    pub fn noted(row: &Row, column: Option<&str>, reason: impl Into<String>) -> Self {
        Self {
            severity: Severity::Noted,
            ..Self::refused(row, column, None, reason)
        }
    }
}
