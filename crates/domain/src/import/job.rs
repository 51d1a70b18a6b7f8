//! A file on its way: where it stands, what was found, what was written.

use super::mapping::{Mapping, MappingFault, Question};
use crate::ids::{ImportId, StoreScope};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportStatus {
    /// Uploaded; the columns wait for a person's word.
    Mapping,
    /// Every row is being read, nothing is written.
    Checking,
    /// The report of the check is there.
    Checked,
    Importing,
    Done,
    /// Nothing of it can be imported.
    Refused,
    Failed,
    /// Being rolled back.
    Cancelling,
    Cancelled,
    Undoing,
    Undone,
}

impl ImportStatus {
    /// Whether a worker has to do something.
    #[must_use]
    pub const fn is_work(self) -> bool {
        matches!(
            self,
            Self::Checking | Self::Importing | Self::Cancelling | Self::Undoing
        )
    }

    /// Whether facts of the store are being written.
    #[must_use]
    pub const fn writes(self) -> bool {
        matches!(self, Self::Importing | Self::Cancelling | Self::Undoing)
    }

    /// Whether the file is not needed any more.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(
            self,
            Self::Done | Self::Refused | Self::Cancelled | Self::Undone
        )
    }

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mapping => "mapping",
            Self::Checking => "checking",
            Self::Checked => "checked",
            Self::Importing => "importing",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Cancelling => "cancelling",
            Self::Cancelled => "cancelled",
            Self::Undoing => "undoing",
            Self::Undone => "undone",
        }
    }
}

/// What is known of the file from its first bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    pub name: String,
    pub bytes: u64,
    /// SHA-256 in hex: the same file again is known by it.
    pub sha256: String,
    /// `utf-8`, `utf-16le`, `utf-16be`, `windows-1252`.
    pub encoding: String,
    pub delimiter: char,
    pub headers: Vec<String>,
    /// Rows and lines before the header (`sep=` and empty ones).
    #[serde(default)]
    pub skipped_rows: u64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    pub rows_done: u64,
    /// `None` until the file was read once.
    pub rows_total: Option<u64>,
}

/// What the check found. Nothing has been written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    pub rows: u64,
    /// Orders, products, costs …
    pub things: u64,
    pub good: u64,
    /// Things that would not be imported.
    pub refused: u64,
    pub noted: u64,
    /// Rows with a problem that refuses them; what is kept of them may be cut.
    pub problems: u64,
    pub questions: Vec<Question>,
    /// What the file does not tell, and what is done about it.
    pub notes: Vec<String>,
    pub first_day: Option<chrono::NaiveDate>,
    pub last_day: Option<chrono::NaiveDate>,
}

impl CheckReport {
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.refused == 0 && self.questions.is_empty()
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportCounts {
    pub created: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// Known from a connection, which knows better.
    pub kept: u64,
    /// Left out with their problems, because the person chose the good ones.
    pub refused: u64,
}

impl ImportCounts {
    #[must_use]
    pub const fn written(&self) -> u64 {
        self.created + self.changed
    }
}

/// Everything up to this row has been written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub row: u64,
    pub counts: ImportCounts,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportFailure {
    pub message: String,
    pub remedy: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    pub id: ImportId,
    pub scope: StoreScope,
    pub file: FileFacts,
    pub status: ImportStatus,
    /// `None` while no kind was recognised or chosen.
    pub mapping: Option<Mapping>,
    /// The mapping was kept from an earlier file with the same columns.
    pub mapping_reused: bool,
    pub faults: Vec<MappingFault>,
    /// How numbers and dates are written, as the check decided.
    #[serde(default)]
    pub styles: super::Styles,
    pub progress: Progress,
    pub report: Option<CheckReport>,
    /// Leave refused rows out instead of importing nothing.
    pub good_rows_only: bool,
    pub place: Place,
    /// Things that the undo has put back.
    pub undone: u64,
    pub error: Option<ImportFailure>,
    /// An earlier import of the same bytes that stands.
    pub same_as: Option<ImportId>,
    pub created_at: DateTime<Utc>,
    /// Of the work that is or was done last.
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    /// How often work went on after a stop or a crash.
    pub resumed: u32,
    /// One more with each change; who holds an older one changes nothing.
    pub version: i64,
}

impl Import {
    /// Share of the present work, 0 to 1.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        let total = self.progress.rows_total.filter(|t| *t > 0)?;
        #[expect(clippy::cast_precision_loss, reason = "a share for a progress bar")]
        Some(self.progress.rows_done.min(total) as f64 / total as f64)
    }
}
