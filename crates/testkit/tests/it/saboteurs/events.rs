//! Logs that lose events, or tell none.

use super::{caught, let_others_in, sound};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::WorkspaceId;
use ports::PortResult;
use ports::events::{Event, EventLog, NewEvent};
use std::sync::{Arc, Mutex};
use testkit::Stores;
use testkit::laws::{catalog, events, order_events};

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    /// Numbers are given out before events can be seen, as sequences do without a lock.
    SeenLate,
    /// The next number is the largest that is there, and one.
    ReusedNumbers,
    /// One log for all workspaces.
    Shared,
}

struct Log {
    flaw: Flaw,
    last: Mutex<i64>,
    rows: Mutex<Vec<Event>>,
}

fn with(flaw: Flaw) -> Stores {
    let log = Log {
        flaw,
        last: Mutex::new(0),
        rows: Mutex::default(),
    };
    Stores {
        events: Arc::new(log),
        ..sound().1
    }
}

impl Log {
    fn next(&self) -> i64 {
        let mut last = self.last.lock().unwrap();
        if self.flaw == Flaw::ReusedNumbers {
            *last = self
                .rows
                .lock()
                .unwrap()
                .iter()
                .map(|e| e.seq)
                .max()
                .unwrap_or(0);
        }
        *last += 1;
        *last
    }
}

#[async_trait]
impl EventLog for Log {
    async fn append(&self, events: &[NewEvent]) -> PortResult<()> {
        for event in events {
            let seq = self.next();
            if self.flaw == Flaw::SeenLate && seq % 2 == 0 {
                for _ in 0..20 {
                    let_others_in().await;
                }
            }
            let event = event.clone();
            self.rows.lock().unwrap().push(Event { seq, event });
        }
        Ok(())
    }

    async fn since(&self, workspace: WorkspaceId, seq: i64, limit: u32) -> PortResult<Vec<Event>> {
        let mut rows = self.rows.lock().unwrap().clone();
        rows.sort_by_key(|e| e.seq);
        rows.retain(|e| e.seq > seq);
        rows.retain(|e| self.flaw == Flaw::Shared || e.event.workspace == workspace);
        rows.truncate(limit as usize);
        Ok(rows)
    }

    async fn latest(&self) -> PortResult<i64> {
        Ok(*self.last.lock().unwrap())
    }

    async fn prune(&self, before: DateTime<Utc>) -> PortResult<u64> {
        let mut rows = self.rows.lock().unwrap();
        let count = rows.len();
        rows.retain(|e| e.event.at >= before);
        Ok((count - rows.len()) as u64)
    }
}

#[tokio::test]
async fn events_that_are_seen_late_are_caught() {
    caught(events::no_event_is_skipped_while_many_append(with(
        Flaw::SeenLate,
    )))
    .await;
}

#[tokio::test]
async fn reused_numbers_are_caught() {
    caught(events::numbers_never_go_back(with(Flaw::ReusedNumbers))).await;
}

#[tokio::test]
async fn a_log_for_all_workspaces_is_caught() {
    caught(events::the_newest_number_is_over_all_workspaces(with(
        Flaw::Shared,
    )))
    .await;
}

#[tokio::test]
async fn saves_without_events_are_caught() {
    // The log of another database: what this one emits goes nowhere.
    let deaf = || with(Flaw::SeenLate);
    caught(order_events::a_save_that_writes_emits_one_event(deaf())).await;
    caught(catalog::a_save_that_writes_emits_one_event(deaf())).await;
}
