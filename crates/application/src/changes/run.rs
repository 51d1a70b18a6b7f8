//! One set from claim to end. Of each operation: look, store the intent with the guard's yes, write, look again.
//!
//! A set is made whole or not at all, as far as the provider lets us: what does not fit any more or would be refused is found
//! before the first write; when a later write is refused, the earlier ones are put back.

use super::books::Hands;
use super::guard::{Known, since};
use super::{Changes, words};
use crate::ingest::calendar;
use crate::queue::meanwhile;
use chrono::{DateTime, Duration, Utc};
use domain::audit::NewEntry;
use domain::changes::{Action, Operation, OperationState, Verdict};
use domain::store::Store;
use ports::changes::{ChangeLease, Past};
use ports::{Kind, PortError, PortResult, Retry};
use std::collections::BTreeSet;
use tokio_util::sync::CancellationToken;

/// Between one try and the next; after the last one it has failed.
const WAITS: [i64; 4] = [30, 60, 300, 900];

/// Why a worker puts a set down before its end.
pub(super) enum PutDown {
    /// Somebody else holds it now.
    LostLease,
    /// Our own storage fails; whoever claims it next looks first.
    Storage(PortError),
}

impl From<PortError> for PutDown {
    fn from(error: PortError) -> Self {
        match error.kind {
            Kind::Conflict => Self::LostLease,
            _ => Self::Storage(error),
        }
    }
}

/// How the work goes on.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    Next,
    /// Later, by whoever claims it then.
    Wait,
}

pub(super) struct Runner {
    pub(super) changes: Changes,
    /// With the set as it is worked on.
    pub(super) lease: ChangeLease,
    stop: CancellationToken,
    /// Operations that could not be put back, and stay in effect.
    pub(super) left: BTreeSet<u32>,
}

/// What the work needs, once it is known where the set belongs.
pub(super) struct Session {
    pub(super) store: Store,
    pub(super) writer: Hands,
    pub(super) known: Known,
}

impl Runner {
    pub(super) fn new(changes: Changes, lease: ChangeLease, stop: CancellationToken) -> Self {
        Self {
            changes,
            lease,
            stop,
            left: BTreeSet::new(),
        }
    }

    pub(super) async fn run(mut self) {
        let set = self.lease.set.id;
        tracing::info!(%set, "changes are applied");
        match self.steps().await {
            Ok(()) => {}
            Err(PutDown::LostLease) => tracing::info!(%set, "somebody else applies these changes"),
            Err(PutDown::Storage(error)) => {
                tracing::warn!(%set, %error, "changes are put down; they are taken up again");
            }
        }
    }

    async fn steps(&mut self) -> Result<(), PutDown> {
        self.lease.set.next_try_at = None;
        let approved = self.lease.set.approval.as_ref();
        if approved.is_none_or(|a| a.digest != self.lease.set.digest()) {
            self.give_up("what is stored is not what was approved");
            return self.finish(None).await;
        }
        let session = match self.meet().await {
            Ok(Some(session)) => session,
            Ok(None) => {
                self.give_up("the connection of this store was removed");
                return self.finish(None).await;
            }
            Err(error) => match self.without_session(&error).await? {
                Step::Wait => return Ok(()),
                Step::Next => return self.finish(None).await,
            },
        };
        if self.is_untouched()
            && (self.keep_hours(&session).await? == Step::Wait
                || self.foresee(&session).await? == Step::Wait)
        {
            return Ok(());
        }
        while let Some(no) = self.next_open() {
            if self.stop.is_cancelled() || self.attempt(&session, no).await? == Step::Wait {
                return Ok(());
            }
        }
        if self.put_back(&session).await? == Step::Wait {
            return Ok(());
        }
        self.finish(Some(&session)).await
    }

    /// `None` when the connection or its store is gone.
    async fn meet(&self) -> PortResult<Option<Session>> {
        let (set, changes) = (&self.lease.set, &self.changes);
        let connection = changes
            .ports
            .connections
            .find(set.scope.workspace, set.connection);
        let (Some(connection), Some(store)) =
            (connection.await?, changes.stores.find(set.scope).await?)
        else {
            return Ok(None);
        };
        Ok(Some(Session {
            writer: changes.hands(set, &store, &connection).await?,
            known: changes.known(&store, set).await?,
            store,
        }))
    }

    async fn without_session(&mut self, error: &PortError) -> Result<Step, PutDown> {
        match self.next_open() {
            Some(no) if is_passing(error) => {
                self.operation_mut(no).tries += 1;
                let last = self.unless_sent(no, OperationState::Failed);
                self.put_off(no, error, last).await
            }
            _ => {
                self.give_up(&error.detail);
                Ok(Step::Next)
            }
        }
    }

    /// What no person approved begins within the hours in which agents may act; what has begun is brought to its end.
    async fn keep_hours(&mut self, session: &Session) -> Result<Step, PutDown> {
        let (set, now) = (&self.lease.set, self.now());
        let limits = self.changes.limits(set.scope).await?;
        let hours = limits.hours.filter(|_| set.is_by_policy());
        let calendar = calendar(&session.store)?;
        match hours.and_then(|hours| hours.opens_at(&calendar, now)) {
            None => Ok(Step::Next),
            Some(at) => {
                let why = "agents act by themselves only within the hours that are set";
                self.wait(at - now, why).await
            }
        }
    }

    /// Looks at everything, and asks the guard about everything, before the first write.
    async fn foresee(&mut self, session: &Session) -> Result<Step, PutDown> {
        let open: Vec<(u32, Action)> = self.open().map(|o| (o.no, o.action.clone())).collect();
        let Some((first, _)) = open.first() else {
            return Ok(Step::Next);
        };
        let first = *first;
        let targets: Vec<_> = open.iter().map(|(_, action)| action.target()).collect();
        let looked = self.kept(session.writer.look(&targets)).await?;
        let seen = match looked {
            Ok(seen) => seen,
            Err(error) => {
                self.operation_mut(first).tries += 1;
                return self.unlooked(first, &error).await;
            }
        };
        let mut drifted = false;
        for ((no, action), seen) in open.iter().zip(seen) {
            if action.verdict(&seen) == Verdict::Drifted {
                let sentence = words::drifted(action, &seen, session.store.currency);
                self.close(*no, OperationState::Drifted, Some(sentence));
                drifted = true;
            }
            self.operation_mut(*no).seen = Some(seen);
        }
        if !drifted && let Some((no, sentence)) = self.foreseen_refusal(session).await? {
            self.close(no, OperationState::Refused, Some(sentence));
            drifted = true;
        }
        if drifted {
            self.skip_rest();
            self.save(&[], self.changes.lease).await?;
        }
        Ok(Step::Next)
    }

    async fn foreseen_refusal(&self, session: &Session) -> Result<Option<(u32, String)>, PutDown> {
        let (changes, set, now) = (&self.changes, &self.lease.set, self.now());
        let limits = changes.limits(set.scope).await?;
        let since = since(&limits, now);
        let past = Past {
            intents: changes.ports.changes.intents(set.scope, since).await?,
            stops: changes.ports.stops.stops(set.scope.workspace).await?,
        };
        let refused = session.known.first_refused(&limits, set, past, now);
        Ok(refused)
    }

    /// Gives the set up until then, so that others of the store go on.
    pub(super) async fn wait(&mut self, wait: Duration, why: &str) -> Result<Step, PutDown> {
        self.lease.set.next_try_at = Some(self.now() + wait);
        self.lease.set.error = Some(format!("it is tried again: {why}"));
        self.save(&[], Duration::zero()).await?;
        Ok(Step::Wait)
    }

    /// The end of an operation, stored. One that does not come into effect ends the set: the later ones are not tried.
    pub(super) async fn end(
        &mut self,
        no: u32,
        state: OperationState,
        error: Option<String>,
    ) -> Result<Step, PutDown> {
        let was_sent = self.operation_mut(no).state == OperationState::Intended;
        self.close(no, state, error);
        if !matches!(state, OperationState::Applied | OperationState::Already) {
            self.skip_rest();
        }
        let entry = was_sent.then(|| self.told(no, "change_set.write"));
        self.save(entry.as_slice(), self.changes.lease).await?;
        Ok(Step::Next)
    }

    pub(super) fn close(&mut self, no: u32, state: OperationState, error: Option<String>) {
        let now = self.now();
        let operation = self.operation_mut(no);
        operation.state = state;
        operation.ended_at = Some(now);
        operation.error = error;
        if state == OperationState::Applied {
            // Counted anew, should it have to be put back.
            operation.tries = 0;
        }
    }

    pub(super) fn skip_rest(&mut self) {
        let now = self.now();
        for operation in &mut self.lease.set.operations {
            if operation.state == OperationState::Approved {
                operation.state = OperationState::Skipped;
                operation.ended_at = Some(now);
            }
        }
    }

    /// Ends what is open without asking the provider.
    fn give_up(&mut self, why: &str) {
        if let Some(no) = self.next_open() {
            let state = self.unless_sent(no, OperationState::Failed);
            self.close(no, state, Some(why.to_owned()));
        }
        self.skip_rest();
    }

    pub(super) async fn save(
        &mut self,
        entries: &[NewEntry],
        keep: Duration,
    ) -> Result<(), PutDown> {
        let (set, now) = (&self.lease.set, self.now());
        let store = &self.changes.ports.changes;
        let saved = store.advance(&self.lease, set, entries, now, keep).await?;
        self.lease.set = saved;
        self.changes.hub.wake();
        Ok(())
    }

    /// Waits for something outside, and keeps the lease meanwhile.
    pub(super) async fn kept<T>(&mut self, work: impl Future<Output = T>) -> Result<T, PutDown> {
        let lease = self.changes.lease;
        let beat = lease.to_std().unwrap_or_default() / 3;
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return Ok(done),
                () = tokio::time::sleep(beat) => {
                    let (saved, done) = meanwhile(work.as_mut(), self.save(&[], lease)).await;
                    match saved {
                        // The lease has not ended yet; the next beat may do.
                        Ok(()) | Err(PutDown::Storage(_)) => {}
                        Err(lost) => return Err(lost),
                    }
                    if let Some(done) = done {
                        return Ok(done);
                    }
                }
            }
        }
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.changes.ports.clock.now()
    }

    fn open(&self) -> impl Iterator<Item = &Operation> {
        self.lease
            .set
            .operations
            .iter()
            .filter(|o| matches!(o.state, OperationState::Approved | OperationState::Intended))
    }

    fn next_open(&self) -> Option<u32> {
        self.open().map(|o| o.no).next()
    }

    /// Whether nothing can have been sent yet.
    fn is_untouched(&self) -> bool {
        self.lease
            .set
            .operations
            .iter()
            .all(|o| matches!(o.state, OperationState::Approved | OperationState::Rejected))
    }

    /// Operations are only ever looked up by the numbers of the set.
    pub(super) fn operation_mut(&mut self, no: u32) -> &mut Operation {
        let operations = &mut self.lease.set.operations;
        let place = operations.iter().position(|o| o.no == no);
        &mut operations[place.unwrap_or_default()]
    }
}

/// Whether waiting may help.
pub(super) fn is_passing(error: &PortError) -> bool {
    let kinds = matches!(
        error.kind,
        Kind::RateLimited | Kind::Unavailable | Kind::CircuitOpen | Kind::Cancelled
    );
    kinds || error.retry != Retry::Never
}

/// After so many tries; `None` when they were enough. Never sooner than the provider asks for.
pub(super) fn wait(tries: u32, error: &PortError) -> Option<Duration> {
    let place = usize::try_from(tries.max(1) - 1).ok()?;
    let wait = Duration::seconds(*WAITS.get(place)?);
    match error.retry {
        Retry::After(named) => Some(wait.max(Duration::from_std(named).unwrap_or(wait))),
        Retry::Never | Retry::Reconcile => Some(wait),
    }
}
