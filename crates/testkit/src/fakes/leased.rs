//! A piece of work with its lease, as the fake keeps it.

use super::database::refuse;
use chrono::{DateTime, Duration, Utc};
use domain::work::Work;
use ports::{Kind, PortResult};

pub(super) struct WorkRow<W> {
    pub work: W,
    pub fence: i64,
    pub leased_until: Option<DateTime<Utc>>,
}

impl<W: Work> WorkRow<W> {
    pub(super) fn new(work: &W) -> Self {
        Self {
            work: work.clone(),
            fence: 0,
            leased_until: None,
        }
    }

    pub(super) fn is_leased(&self, now: DateTime<Utc>) -> bool {
        self.leased_until.is_some_and(|until| until > now)
    }

    /// The key of lists: newest first.
    pub(super) fn key(&self) -> (i64, uuid::Uuid) {
        (!self.work.created_at().timestamp_micros(), self.work.id())
    }

    pub(super) fn take_up(&mut self, now: DateTime<Utc>, lease: Duration) {
        let again = self.leased_until.is_some();
        self.fence += 1;
        self.leased_until = Some(now + lease);
        self.work.take_up(now, again);
    }

    /// The oldest of them with something to do and nobody who does it.
    pub(super) fn claim<'a>(
        rows: impl Iterator<Item = &'a mut Self>,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> Option<&'a Self>
    where
        W: 'a,
    {
        let row = rows
            .filter(|row| row.work.is_open() && !row.is_leased(now))
            .min_by_key(|row| (row.work.created_at(), row.work.id()))?;
        row.take_up(now, lease);
        Some(row)
    }

    /// `row` as its worker has made it; refused when that one's lease is lost.
    pub(super) fn advance(
        row: Option<&mut Self>,
        operation: &'static str,
        worked: &W,
        fence: i64,
        until: DateTime<Utc>,
    ) -> PortResult<W> {
        let row = row.filter(|row| row.fence == fence && row.leased_until.is_some());
        let Some(row) = row else {
            let detail = "somebody else works on it";
            return Err(refuse(Kind::Conflict, operation, detail));
        };
        row.work.carry_on(worked);
        row.leased_until = row.work.is_open().then_some(until);
        Ok(row.work.clone())
    }
}
