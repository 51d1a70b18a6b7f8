//! What an agent has to bring: its facts, what it decides on them, and its past. Everything else — runs, settings, proposals,
//! autonomy, rehearsals, replays — is the same for all of them and asks nothing more.

use super::AgentError;
use super::facts::{Facts, Of, Written};
use super::halt::{Halt, Progress};
use super::rehearse::{Recalled, Remembered, Unwanted, Watched};
use crate::Ports;
use crate::changes::Changes;
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::agents::{AgentSpec, Decision, Rehearsal, Values};
use domain::ids::RunId;
use domain::store::Store;
use ports::PortResult;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::sync::Arc;

/// Facts of one agent: written down before anything is decided on them, and read again by a replay.
pub trait Known: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The latest `observed_at` of what was read.
    fn as_of(&self) -> Option<DateTime<Utc>>;
    /// Subjects that are not brought up again.
    fn brought_up(&self) -> &BTreeSet<String>;
    /// What was gathered, as a sentence.
    fn told(&self) -> String;
}

/// An agent: a policy of the domain, and who gathers for it.
#[async_trait]
pub trait Agent: Send + 'static {
    /// Kinds of its proposals: what stands before the number of the thing in their subjects (`price` in `price:42`).
    const KINDS: &'static [&'static str];

    type Facts: Known;
    /// What is known of the past, for a rehearsal.
    type Past: Send + 'static;

    fn spec() -> &'static AgentSpec;

    /// Reads; changes nothing.
    async fn gather(of: &Gathering) -> Result<Self::Facts, Halt>;

    /// Pure: the same arguments give the same proposals, bit for bit.
    fn decide(facts: &Self::Facts, values: &Values, now: DateTime<Utc>, seed: u64) -> Decision;

    /// What is known of the past, for a rehearsal of these days, and a sentence about it.
    async fn past(
        of: &Gathering,
        days: (NaiveDate, NaiveDate),
    ) -> Result<(Self::Past, String), Halt>;

    /// Day by day, seeing only what was known then; `watched` is asked before each.
    fn rehearse(
        past: &Self::Past,
        values: &Values,
        days: (NaiveDate, NaiveDate),
        seed: u64,
        watched: &Watched,
    ) -> Result<Rehearsal, Unwanted>;

    /// What an agent of this kind is that people wrote: its id is that of the kind and a word of its own (`rule:…`). `None` for kinds that
    /// are agents themselves.
    fn written(_id: &str, _values: &Values) -> Option<AgentSpec> {
        None
    }

    /// Whether people write agents of this kind; the kind itself never runs.
    fn is_written() -> bool {
        false
    }

    /// Whether it writes into our own books ([`Agent::book`]) and proposes nothing.
    const BOOKS: bool = false;

    /// Whether a store that it never ran for starts with the time that went by last, instead of the one ahead.
    const CATCHES_UP: bool = false;

    /// Whether what its schedule wants may start now.
    async fn readiness(_of: &Due<'_>) -> PortResult<Readiness> {
        Ok(Readiness::Ready)
    }

    /// What a run is given, from what was asked for; `null` where nobody asked for anything.
    fn parameters(_store: &Store, _now: DateTime<Utc>, asked: Value) -> Result<Value, AgentError> {
        Ok(asked)
    }

    /// Writes what follows from the facts, as of [`Gathering::now`], into our own books. It may be called again by whoever takes over from a
    /// dead worker, and for the same run leaves the same.
    async fn book(_facts: &Self::Facts, _of: &Gathering) -> Result<Booked, Halt> {
        Ok(Booked::default())
    }
}

/// A store whose schedule came due.
pub struct Due<'a> {
    pub ports: &'a Ports,
    pub store: &'a Store,
    pub spec: &'a AgentSpec,
    pub values: &'a Values,
    pub now: DateTime<Utc>,
}

/// Whether what came due may start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readiness {
    Ready,
    /// It is looked at again soon: what it waits for, as the end of a sentence.
    Waits(String),
    /// There is nothing to do: its time goes by.
    Done,
}

/// What was written into our own books.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Booked {
    /// For the log, in order.
    pub lines: Vec<String>,
    /// What the run came to, as a sentence.
    pub summary: String,
}

/// For whom facts are gathered, and as of when.
#[derive(Clone)]
pub struct Gathering {
    pub ports: Ports,
    pub(crate) changes: Changes,
    pub store: Store,
    pub spec: Arc<AgentSpec>,
    pub run: RunId,
    /// As the run was given them.
    pub parameters: Value,
    pub values: Values,
    pub now: DateTime<Utc>,
    pub progress: Progress,
    pub(super) entry: Entry,
}

impl Gathering {
    #[must_use]
    pub fn number(&self, key: &str) -> i64 {
        self.spec.number(&self.values, key)
    }

    pub(super) async fn facts(&self) -> Result<Box<dyn Facts>, Halt> {
        self.entry.policy.gather(self).await
    }

    pub(super) async fn history(
        &self,
        days: (NaiveDate, NaiveDate),
    ) -> Result<(Box<dyn Remembered>, String), Halt> {
        self.entry.policy.past(self, days).await
    }
}

/// A line of the registry.
#[derive(Clone)]
pub struct Entry {
    pub(super) spec: Arc<AgentSpec>,
    pub(super) policy: Arc<dyn Policy>,
}

impl Entry {
    #[must_use]
    pub fn of<A: Agent>() -> Self {
        Self {
            spec: Arc::new(A::spec().clone()),
            policy: Arc::new(Typed::<A>(PhantomData)),
        }
    }
}

/// An agent whose types nobody else has to know.
#[async_trait]
pub(super) trait Policy: Send + Sync {
    fn kinds(&self) -> &'static [&'static str];
    fn is_written(&self) -> bool;
    fn written(&self, id: &str, values: &Values) -> Option<AgentSpec>;
    fn read(&self, text: &str) -> serde_json::Result<Written>;
    fn books(&self) -> bool;
    fn catches_up(&self) -> bool;
    async fn readiness(&self, of: &Due<'_>) -> PortResult<Readiness>;
    fn parameters(
        &self,
        store: &Store,
        now: DateTime<Utc>,
        asked: Value,
    ) -> Result<Value, AgentError>;
    async fn gather(&self, of: &Gathering) -> Result<Box<dyn Facts>, Halt>;
    async fn past(
        &self,
        of: &Gathering,
        days: (NaiveDate, NaiveDate),
    ) -> Result<(Box<dyn Remembered>, String), Halt>;
}

struct Typed<A>(PhantomData<fn() -> A>);

#[async_trait]
impl<A: Agent> Policy for Typed<A> {
    fn kinds(&self) -> &'static [&'static str] {
        A::KINDS
    }

    fn is_written(&self) -> bool {
        A::is_written()
    }

    fn written(&self, id: &str, values: &Values) -> Option<AgentSpec> {
        A::written(id, values)
    }

    fn read(&self, text: &str) -> serde_json::Result<Written> {
        Of::<A>::read(text)
    }

    fn books(&self) -> bool {
        A::BOOKS
    }

    fn catches_up(&self) -> bool {
        A::CATCHES_UP
    }

    async fn readiness(&self, of: &Due<'_>) -> PortResult<Readiness> {
        A::readiness(of).await
    }

    fn parameters(
        &self,
        store: &Store,
        now: DateTime<Utc>,
        asked: Value,
    ) -> Result<Value, AgentError> {
        A::parameters(store, now, asked)
    }

    async fn gather(&self, of: &Gathering) -> Result<Box<dyn Facts>, Halt> {
        Ok(Box::new(Of::<A>(A::gather(of).await?)))
    }

    async fn past(
        &self,
        of: &Gathering,
        days: (NaiveDate, NaiveDate),
    ) -> Result<(Box<dyn Remembered>, String), Halt> {
        let (past, told) = A::past(of, days).await?;
        Ok((Box::new(Recalled::<A>(past)), told))
    }
}
