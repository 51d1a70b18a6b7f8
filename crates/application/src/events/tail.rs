//! The newest events of each workspace that is watched, read once for all who watch it: ten thousand streams ask the log as often as one.
//!
//! Bringing it up to date and taking from it are apart: who is told that there is something new takes it without waiting for anybody. Ten
//! thousand who wait for the one that reads are woken one after the other.

use domain::ids::WorkspaceId;
use ports::PortResult;
use ports::events::{Event, EventLog};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// So many are kept of a workspace; who is further behind asks the log.
const KEPT: usize = 256;
/// After this the log is asked even when nobody called: another process may have written.
const FRESH: Duration = Duration::from_secs(1);
/// What nobody asked for so long is forgotten.
const UNUSED: Duration = Duration::from_secs(300);

#[derive(Debug, Default)]
pub(super) struct Tails {
    of: Mutex<HashMap<WorkspaceId, Arc<Tail>>>,
}

#[derive(Debug)]
struct Tail {
    known: Mutex<Known>,
    /// One reads for all.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Known {
    /// All events after this number are in `events`, as of `bell` and `at`.
    from: i64,
    /// The last number that was asked for.
    upto: i64,
    events: VecDeque<Arc<Event>>,
    /// How often somebody had called when the log was asked.
    bell: u64,
    at: Option<Instant>,
    used: Instant,
}

impl Tails {
    /// Reads on in the log, unless somebody did since the last call and within [`FRESH`]. `bell` tells how often somebody has called by
    /// now. The newest number of the workspace since it is watched, or one before it.
    pub(super) async fn refresh(
        &self,
        log: &dyn EventLog,
        bell: &(dyn Fn() -> u64 + Sync),
        workspace: WorkspaceId,
    ) -> PortResult<i64> {
        let tail = self.find_or_begin(log, workspace).await?;
        let asked = bell();
        if !tail.is_fresh(asked) {
            let _turn = tail.turn.lock().await;
            if !tail.is_fresh(asked) {
                tail.read(log, workspace, bell()).await?;
            }
        }
        let mut known = tail.known();
        known.used = Instant::now();
        Ok(known.upto)
    }

    /// As [`EventLog::since`], as of the last refresh.
    pub(super) async fn since(
        &self,
        log: &dyn EventLog,
        (workspace, seq, limit): (WorkspaceId, i64, u32),
    ) -> PortResult<Vec<Arc<Event>>> {
        let tail = self.find_or_begin(log, workspace).await?;
        if let Some(events) = tail.after(seq, limit) {
            return Ok(events);
        }
        let events = log.since(workspace, seq, limit).await?;
        if events.is_empty() {
            tail.begins_at(seq);
        }
        Ok(events.into_iter().map(Arc::new).collect())
    }

    async fn find_or_begin(
        &self,
        log: &dyn EventLog,
        workspace: WorkspaceId,
    ) -> PortResult<Arc<Tail>> {
        let found = {
            let of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
            of.get(&workspace).cloned()
        };
        match found {
            Some(tail) => Ok(tail),
            None => Ok(self.begin(workspace, log.latest().await?)),
        }
    }

    /// What another one began meanwhile stays.
    fn begin(&self, workspace: WorkspaceId, latest: i64) -> Arc<Tail> {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        of.retain(|_, tail| tail.known().used.elapsed() < UNUSED);
        let tail = of.entry(workspace).or_insert_with(|| {
            Arc::new(Tail {
                known: Mutex::new(Known {
                    from: latest,
                    upto: latest,
                    events: VecDeque::new(),
                    bell: 0,
                    at: None,
                    used: Instant::now(),
                }),
                turn: tokio::sync::Mutex::default(),
            })
        });
        Arc::clone(tail)
    }
}

impl Tail {
    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_fresh(&self, bell: u64) -> bool {
        let known = self.known();
        // The counter wraps.
        let heard = known.bell.wrapping_sub(bell) < u64::MAX / 2;
        heard && known.at.is_some_and(|at| at.elapsed() < FRESH)
    }

    /// `bell` was looked at before: who calls while the log is read is heard by the next one.
    async fn read(&self, log: &dyn EventLog, workspace: WorkspaceId, bell: u64) -> PortResult<()> {
        let at = Instant::now();
        loop {
            let upto = self.known().upto;
            let limit = u32::try_from(KEPT).unwrap_or(u32::MAX);
            let events = log.since(workspace, upto, limit).await?;
            let mut known = self.known();
            let last = events.len() < KEPT;
            for event in events {
                known.upto = event.seq;
                known.events.push_back(Arc::new(event));
                if known.events.len() > KEPT
                    && let Some(oldest) = known.events.pop_front()
                {
                    known.from = oldest.seq;
                }
            }
            if last {
                known.bell = bell;
                known.at = Some(at);
                return Ok(());
            }
        }
    }

    /// `None`: not all of them are kept.
    fn after(&self, seq: i64, limit: u32) -> Option<Vec<Arc<Event>>> {
        let mut known = self.known();
        known.used = Instant::now();
        if seq < known.from {
            return None;
        }
        let first = known.events.partition_point(|event| event.seq <= seq);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Some(known.events.range(first..).take(limit).cloned().collect())
    }

    /// There is no event after this number, so that nothing lies between it and what is kept.
    fn begins_at(&self, seq: i64) {
        let mut known = self.known();
        if known.events.is_empty() {
            known.from = known.from.min(seq);
        }
    }
}
