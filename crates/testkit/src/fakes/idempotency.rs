//! Keys of requests.

use super::database::{FakeDatabase, RequestRow};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use ports::PortResult;
use ports::idempotency::{Claim, Idempotency, RequestKey, StoredAnswer};
use std::collections::btree_map::Entry;

#[async_trait]
impl Idempotency for FakeDatabase {
    async fn claim(
        &self,
        key: &RequestKey,
        fingerprint: &[u8; 32],
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> PortResult<Claim> {
        let mut state = self.lock();
        let row = match state.requests.entry(key.clone()) {
            Entry::Vacant(place) => {
                place.insert(RequestRow {
                    fingerprint: *fingerprint,
                    first_at: now,
                    claimed_until: until,
                    answer: None,
                });
                return Ok(Claim::Mine);
            }
            Entry::Occupied(row) => row.into_mut(),
        };
        Ok(if row.fingerprint != *fingerprint {
            Claim::Different
        } else if let Some(answer) = &row.answer {
            Claim::Done(answer.clone())
        } else if row.claimed_until > now {
            Claim::Running
        } else {
            row.claimed_until = until;
            Claim::Mine
        })
    }

    async fn extend(&self, key: &RequestKey, until: DateTime<Utc>) -> PortResult<()> {
        let mut state = self.lock();
        if let Some(row) = state.requests.get_mut(key).filter(|r| r.answer.is_none()) {
            row.claimed_until = until;
        }
        Ok(())
    }

    async fn finish(&self, key: &RequestKey, answer: &StoredAnswer) -> PortResult<()> {
        if let Some(row) = self.lock().requests.get_mut(key) {
            row.answer = Some(answer.clone());
        }
        Ok(())
    }

    async fn release(&self, key: &RequestKey) -> PortResult<()> {
        let mut state = self.lock();
        if state.requests.get(key).is_some_and(|r| r.answer.is_none()) {
            state.requests.remove(key);
        }
        Ok(())
    }

    async fn forget(&self, before: DateTime<Utc>) -> PortResult<u64> {
        let mut state = self.lock();
        let count = state.requests.len();
        state.requests.retain(|_, r| r.first_at >= before);
        Ok((count - state.requests.len()) as u64)
    }
}
