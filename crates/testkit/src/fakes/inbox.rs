//! Webhooks that wait for their work.

use super::database::{FakeDatabase, InboxRow};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::ids::ConnectionId;
use ports::PortResult;
use ports::inbox::{Accepted, Claimed, Delivery, Inbox, InboxState};

impl InboxRow {
    fn is_pending(&self) -> bool {
        self.finished_at.is_none() && !self.dead
    }
}

#[async_trait]
impl Inbox for FakeDatabase {
    async fn accept(&self, delivery: &Delivery) -> PortResult<Accepted> {
        let mut state = self.lock();
        let same = |row: &InboxRow| {
            row.delivery.connection == delivery.connection
                && row.delivery.dedupe_key == delivery.dedupe_key
        };
        if state.inbox.values().any(same) {
            return Ok(Accepted::Duplicate);
        }
        state.last_delivery += 1;
        let id = state.last_delivery;
        let row = InboxRow {
            delivery: delivery.clone(),
            attempts: 0,
            due_at: delivery.received_at,
            finished_at: None,
            dead: false,
        };
        state.inbox.insert(id, row);
        Ok(Accepted::New)
    }

    async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
        limit: u32,
    ) -> PortResult<Vec<Claimed>> {
        let mut state = self.lock();
        let mut due: Vec<_> = state
            .inbox
            .iter_mut()
            .filter(|(_, row)| row.is_pending() && row.due_at <= now)
            .collect();
        due.sort_by_key(|(id, row)| (row.delivery.received_at, **id));
        due.truncate(limit as usize);
        let claim = |(id, row): (&i64, &mut InboxRow)| {
            row.attempts += 1;
            row.due_at = now + lease;
            Claimed {
                id: *id,
                delivery: row.delivery.clone(),
                attempt: row.attempts,
            }
        };
        Ok(due.into_iter().map(claim).collect())
    }

    async fn done(&self, ids: &[i64], now: DateTime<Utc>) -> PortResult<()> {
        let mut state = self.lock();
        for id in ids {
            if let Some(row) = state.inbox.get_mut(id) {
                row.finished_at = Some(now);
            }
        }
        Ok(())
    }

    async fn failed(
        &self,
        id: i64,
        _error: &str,
        again_at: Option<DateTime<Utc>>,
    ) -> PortResult<()> {
        if let Some(row) = self.lock().inbox.get_mut(&id) {
            match again_at {
                Some(at) => row.due_at = at,
                None => row.dead = true,
            }
        }
        Ok(())
    }

    async fn state(&self, connection: Option<ConnectionId>) -> PortResult<InboxState> {
        let state = self.lock();
        let of = |row: &&InboxRow| connection.is_none_or(|c| row.delivery.connection == c);
        let rows = || state.inbox.values().filter(of);
        let pending = || rows().filter(|row| row.is_pending());
        Ok(InboxState {
            pending: pending().count() as u64,
            oldest_pending: pending().map(|row| row.delivery.received_at).min(),
            dead: rows().filter(|row| row.dead).count() as u64,
            last_received: rows().map(|row| row.delivery.received_at).max(),
        })
    }

    async fn prune(&self, finished_before: DateTime<Utc>) -> PortResult<u64> {
        let mut state = self.lock();
        let before = state.inbox.len();
        let old = |row: &InboxRow| row.finished_at.is_some_and(|at| at < finished_before);
        state.inbox.retain(|_, row| !old(row));
        Ok((before - state.inbox.len()) as u64)
    }
}
