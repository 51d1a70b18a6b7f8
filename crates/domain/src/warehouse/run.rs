//! The daily run of a store, and what is known of each day outside.

use super::MirrorTable;
use crate::ids::StoreId;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MirrorState {
    /// Not yet, or wanted by a person.
    Waiting,
    Running,
    Done,
    Failed,
}

impl MirrorState {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// One a store, over all days on which it runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MirrorRun {
    pub store: StoreId,
    pub state: MirrorState,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    pub last_success_at: Option<DateTime<Utc>>,
    /// Days of tables that differ from what is outside; known once all was read.
    pub days: Option<u64>,
    /// Of these, those that are outside by now.
    pub loaded: u64,
    /// Rows of the days that were loaded.
    pub rows: u64,
    /// Runs that failed since the last one that did not.
    pub tries: u32,
    pub last_error: Option<String>,
    /// Until when a worker has it.
    pub held_until: Option<DateTime<Utc>>,
}

impl MirrorRun {
    #[must_use]
    pub const fn new(store: StoreId) -> Self {
        Self {
            store,
            state: MirrorState::Waiting,
            started_at: None,
            finished_at: None,
            last_success_at: None,
            days: None,
            loaded: 0,
            rows: 0,
            tries: 0,
            last_error: None,
            held_until: None,
        }
    }

    #[must_use]
    pub fn is_held(&self, now: DateTime<Utc>) -> bool {
        self.held_until.is_some_and(|until| until > now)
    }

    /// A worker takes it up: from the beginning, because what is outside already is known day by day.
    pub fn take_up(&mut self, now: DateTime<Utc>, until: DateTime<Utc>) {
        self.state = MirrorState::Running;
        self.started_at = Some(now);
        self.finished_at = None;
        (self.days, self.loaded, self.rows) = (None, 0, 0);
        self.held_until = Some(until);
    }

    pub fn ended(&mut self, now: DateTime<Utc>, error: Option<String>) {
        self.finished_at = Some(now);
        self.held_until = None;
        if error.is_none() {
            (self.state, self.tries) = (MirrorState::Done, 0);
            self.last_success_at = Some(now);
        } else {
            self.state = MirrorState::Failed;
            self.tries = self.tries.saturating_add(1);
        }
        self.last_error = error;
    }
}

/// A job that was, or is just being, sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingLoad {
    /// Its name; written down before it is sent.
    pub job: String,
    /// [`super::Content::text`] of what it loads.
    pub content: String,
}

/// A day of a table as it is outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MirroredDay {
    pub table: MirrorTable,
    pub day: NaiveDate,
    /// [`super::Content::text`] of what is there; `None`: nothing was loaded yet.
    pub loaded: Option<String>,
    pub rows: u64,
    pub loaded_at: Option<DateTime<Utc>>,
    pub pending: Option<PendingLoad>,
    pub last_error: Option<String>,
}

impl MirroredDay {
    #[must_use]
    pub const fn new(table: MirrorTable, day: NaiveDate) -> Self {
        Self {
            table,
            day,
            loaded: None,
            rows: 0,
            loaded_at: None,
            pending: None,
            last_error: None,
        }
    }

    /// `orders/2026-11-01`
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.table.as_str(), self.day)
    }

    /// Whether this content is not what is outside; a day that never had rows needs no job.
    #[must_use]
    pub fn differs(&self, content: &super::Content) -> bool {
        match &self.loaded {
            Some(loaded) => *loaded != content.text(),
            None => content.rows > 0,
        }
    }

    pub fn arrived(&mut self, content: &super::Content, now: DateTime<Utc>) {
        self.loaded = Some(content.text());
        self.rows = content.rows;
        self.loaded_at = Some(now);
        self.pending = None;
        self.last_error = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::warehouse::Content;

    #[test]
    fn a_day_differs_until_the_same_arrived() {
        let mut day = MirroredDay::new(MirrorTable::Orders, NaiveDate::MIN);
        let mut content = Content::default();
        assert!(!day.differs(&content), "there is nothing to load");
        content.add("{}");
        assert!(day.differs(&content));
        day.arrived(&content, DateTime::UNIX_EPOCH);
        assert!(!day.differs(&content));
        assert!(day.differs(&Content::default()), "its rows are gone");
    }

    #[test]
    fn a_run_that_fails_counts_and_one_that_succeeds_forgets() {
        let at = DateTime::UNIX_EPOCH;
        let mut run = MirrorRun::new(StoreId(uuid::Uuid::from_u128(1)));
        run.take_up(at, at + chrono::Duration::minutes(5));
        assert!(run.is_held(at) && !run.is_held(at + chrono::Duration::minutes(5)));
        run.ended(at, Some("down".to_owned()));
        run.take_up(at, at);
        run.ended(at, Some("down".to_owned()));
        assert_eq!((run.tries, run.state), (2, MirrorState::Failed));
        run.ended(at, None);
        assert_eq!(
            (run.tries, run.last_error, run.last_success_at),
            (0, None, Some(at))
        );
    }
}
