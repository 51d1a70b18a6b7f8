//! One operation: look, store the intent with the guard's yes, write, look again.

use super::guard::since;
use super::run::{PutDown, Runner, Session, Step, is_passing, wait};
use super::words;
use domain::changes::{Action, OperationState, Seen, Verdict};
use ports::changes::{Intended, Past};
use ports::{Kind, PortError, PortResult, Retry};

impl Runner {
    /// One try of one operation. One that may have been sent before is looked at first like any other.
    pub(super) async fn attempt(&mut self, session: &Session, no: u32) -> Result<Step, PutDown> {
        let operation = self.operation_mut(no);
        operation.tries += 1;
        let (action, was_sent) = (
            operation.action.clone(),
            operation.state == OperationState::Intended,
        );
        let seen = match self.look(session, &action).await? {
            Ok(seen) => seen,
            Err(error) => return self.unlooked(no, &error).await,
        };
        self.operation_mut(no).seen = Some(seen.clone());
        let drifted = || words::drifted(&action, &seen, session.store.currency);
        match (action.verdict(&seen), was_sent) {
            (Verdict::Done, true) => self.end(no, OperationState::Applied, None).await,
            (Verdict::Done, false) => self.end(no, OperationState::Already, None).await,
            (Verdict::Drifted, true) => self.lost(no, &drifted()).await,
            (Verdict::Drifted, false) => {
                let sentence = drifted();
                self.end(no, OperationState::Drifted, Some(sentence)).await
            }
            (Verdict::Ready, true) if !action.is_harmless_again() => {
                self.lost(no, "it cannot be sent again without harm").await
            }
            (Verdict::Ready, _) => self.write(session, no, &action).await,
        }
    }

    async fn write(
        &mut self,
        session: &Session,
        no: u32,
        action: &Action,
    ) -> Result<Step, PutDown> {
        if let Some(sentence) = self.intend(session, no).await? {
            // One that was sent before may still be under way, and arrive after this look.
            let state = self.unless_sent(no, OperationState::Refused);
            return self.end(no, state, Some(sentence)).await;
        }
        let key = self.operation_mut(no).key;
        match self.kept(session.writer.apply(action, key)).await? {
            Ok(()) => self.read_back(session, no, action).await,
            Err(error) if error.retry == Retry::Reconcile => {
                self.reconcile(session, no, action, &error).await
            }
            Err(error) if is_passing(&error) => {
                if !action.is_harmless_again() {
                    // It was turned away, and not made: the next try is a first one.
                    self.operation_mut(no).state = OperationState::Approved;
                }
                self.put_off(no, &error, OperationState::Failed).await
            }
            Err(error) => {
                let state = match error.kind {
                    Kind::Conflict => OperationState::Drifted,
                    _ => OperationState::Failed,
                };
                self.end(no, state, Some(error.detail)).await
            }
        }
    }

    /// Stores the intent, or answers the guard's sentence.
    async fn intend(&mut self, session: &Session, no: u32) -> Result<Option<String>, PutDown> {
        let now = self.now();
        let mut set = self.lease.set.clone();
        set.error = None;
        let operation = set.operations.iter_mut().find(|o| o.no == no);
        let Some(operation) = operation else {
            return Ok(Some("there is no such operation".to_owned()));
        };
        operation.state = OperationState::Intended;
        operation.intended_at = Some(now);
        operation.error = None;
        let asked = operation.clone();
        let limits = self.changes.limits(set.scope).await?;
        let guard = |past: &Past| session.known.judge(&limits, &set, &asked, past, now);
        let store = &self.changes.ports.changes;
        let outcome = store.intend(
            &self.lease,
            &set,
            no,
            since(&limits, now),
            &guard,
            now,
            self.changes.lease,
        );
        match outcome.await? {
            Intended::Refused(sentence) => Ok(Some(sentence)),
            Intended::Stored(stored) => {
                self.lease.set = stored;
                self.changes.hub.wake();
                Ok(None)
            }
        }
    }

    /// The provider answered that it was made: it has to be seen.
    async fn read_back(
        &mut self,
        session: &Session,
        no: u32,
        action: &Action,
    ) -> Result<Step, PutDown> {
        let seen = match self.look(session, action).await? {
            Ok(seen) => seen,
            Err(error) => return self.unlooked(no, &error).await,
        };
        let verdict = action.verdict(&seen);
        let shown = words::drifted(action, &seen, session.store.currency);
        self.operation_mut(no).seen = Some(seen);
        match verdict {
            Verdict::Done => self.end(no, OperationState::Applied, None).await,
            Verdict::Ready => {
                let sentence = "the shop answered that it was made, and does not show it";
                self.unknown(no, sentence.to_owned()).await
            }
            Verdict::Drifted => {
                let sentence = format!("the shop answered that it was made, but {shown}");
                self.unknown(no, sentence).await
            }
        }
    }

    /// The answer was lost: what is seen decides.
    async fn reconcile(
        &mut self,
        session: &Session,
        no: u32,
        action: &Action,
        error: &PortError,
    ) -> Result<Step, PutDown> {
        let seen = match self.look(session, action).await? {
            Ok(seen) => seen,
            Err(error) => return self.unlooked(no, &error).await,
        };
        self.operation_mut(no).seen = Some(seen.clone());
        match action.verdict(&seen) {
            Verdict::Done => self.end(no, OperationState::Applied, None).await,
            Verdict::Drifted => {
                let shown = words::drifted(action, &seen, session.store.currency);
                self.lost(no, &shown).await
            }
            Verdict::Ready if !action.is_harmless_again() => self.lost(no, &error.detail).await,
            // The first time at once, with the same key: the next try of the loop.
            Verdict::Ready if self.operation_mut(no).tries == 1 => Ok(Step::Next),
            Verdict::Ready => self.put_off(no, error, OperationState::Unknown).await,
        }
    }

    async fn look(
        &mut self,
        session: &Session,
        action: &Action,
    ) -> Result<PortResult<Seen>, PutDown> {
        let targets = [action.target()];
        let looked = self.kept(session.writer.look(&targets)).await?;
        Ok(looked.map(|seen| seen.into_iter().next().unwrap_or(Seen::Gone)))
    }

    /// Nothing could be seen.
    pub(super) async fn unlooked(&mut self, no: u32, error: &PortError) -> Result<Step, PutDown> {
        let last = self.unless_sent(no, OperationState::Failed);
        if is_passing(error) {
            return self.put_off(no, error, last).await;
        }
        self.end(no, last, Some(error.detail.clone())).await
    }

    /// What may have been sent is not known to have failed.
    pub(super) fn unless_sent(&mut self, no: u32, state: OperationState) -> OperationState {
        match self.operation_mut(no).state {
            OperationState::Intended => OperationState::Unknown,
            _ => state,
        }
    }

    async fn lost(&mut self, no: u32, why: &str) -> Result<Step, PutDown> {
        self.unknown(no, format!("the answer was lost, and {why}"))
            .await
    }

    async fn unknown(&mut self, no: u32, sentence: String) -> Result<Step, PutDown> {
        self.end(no, OperationState::Unknown, Some(sentence)).await
    }

    /// Waits for the next try, or ends it as `last` when there were enough.
    pub(super) async fn put_off(
        &mut self,
        no: u32,
        error: &PortError,
        last: OperationState,
    ) -> Result<Step, PutDown> {
        let Some(wait) = wait(self.operation_mut(no).tries, error) else {
            return self.end(no, last, Some(error.detail.clone())).await;
        };
        self.operation_mut(no).error = Some(error.detail.clone());
        self.wait(wait, &error.detail).await
    }
}
