//! What really happened, noted where it happens: at the provider, and in the transaction that stored it. Checks look here, not at what the
//! application says of itself.

use domain::changes::Action;
use domain::ids::{ChangeSetId, OrderId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::time::Instant;
use uuid::Uuid;

/// A write that arrived at the provider.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) key: Uuid,
    pub(crate) action: Action,
    /// False: it was turned away in so many words, and nothing was made.
    pub(crate) may_be_made: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// The intent of an operation was stored; with whether its set takes another one back.
    Intent(ChangeSetId, u32, bool),
    StopOn,
    StopOff,
}

#[derive(Debug, Default)]
pub(crate) struct Noted {
    pub(crate) sent: Vec<Sent>,
    pub(crate) moments: Vec<Moment>,
    /// The latest revision of each order that a webhook told and that was acknowledged.
    pub(crate) acknowledged: BTreeMap<OrderId, i64>,
    /// Sets whose approval was answered.
    pub(crate) approved: BTreeSet<ChangeSetId>,
    pub(crate) faults: u64,
    pub(crate) kills: u64,
    pub(crate) calls: u64,
    digest: u64,
    log: Option<Vec<String>>,
}

/// Shared by all replicas of one history.
#[derive(Debug)]
pub(crate) struct Tally {
    began: Instant,
    noted: Mutex<Noted>,
}

impl Tally {
    /// `told`: every step is kept in words.
    pub(crate) fn new(told: bool) -> Self {
        let noted = Noted {
            log: told.then(Vec::new),
            digest: 0xcbf2_9ce4_8422_2325,
            ..Noted::default()
        };
        Self {
            began: Instant::now(),
            noted: Mutex::new(noted),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One step: part of the digest by which two runs of a seed are compared (FNV-1a), and of the log.
    pub(crate) fn step(&self, who: usize, what: &str, how: &str) {
        let at = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let mut noted = self.lock();
        let number = u64::try_from(who).unwrap_or(u64::MAX);
        let bytes = at.to_le_bytes().into_iter().chain(number.to_le_bytes());
        for byte in bytes.chain(what.bytes()).chain(how.bytes()) {
            noted.digest = (noted.digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        if let Some(log) = &mut noted.log {
            log.push(format!("{at:>8} ms  {who}  {what} {how}"));
        }
    }

    pub(crate) fn moment(&self, moment: Moment) {
        self.lock().moments.push(moment);
    }

    pub(crate) fn digest(&self) -> u64 {
        self.lock().digest
    }

    pub(crate) fn log(&self) -> Vec<String> {
        self.lock().log.clone().unwrap_or_default()
    }
}
