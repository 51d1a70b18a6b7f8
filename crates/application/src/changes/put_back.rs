//! Putting back what a set has in effect already when a later operation of it failed, the last one first.

use super::guard::signs;
use super::run::{PutDown, Runner, Session, Step, is_passing, wait};
use domain::changes::{Action, OperationState, Seen, Verdict, guardrails, plan};
use ports::PortError;

impl Runner {
    pub(super) async fn put_back(&mut self, session: &Session) -> Result<Step, PutDown> {
        if !self.has_failed() {
            return Ok(Step::Next);
        }
        while let Some(no) = self.last_in_effect() {
            if self.put_back_one(session, no).await? == Step::Wait {
                return Ok(Step::Wait);
            }
        }
        Ok(Step::Next)
    }

    /// While the state of any operation is not known, nothing is put back: a person has to look.
    fn has_failed(&self) -> bool {
        use OperationState as S;
        let any = |is: fn(S) -> bool| self.lease.set.operations.iter().any(|o| is(o.state));
        !any(|s| s == S::Unknown) && any(|s| matches!(s, S::Drifted | S::Refused | S::Failed))
    }

    fn last_in_effect(&self) -> Option<u32> {
        let back = self.lease.set.operations.iter().rev();
        let mut open = back.filter(|o| o.state == OperationState::Applied);
        open.find(|o| !self.left.contains(&o.no)).map(|o| o.no)
    }

    async fn put_back_one(&mut self, session: &Session, no: u32) -> Result<Step, PutDown> {
        if let Some(stopped) = self.is_stopped().await? {
            return self.leave(no, &stopped).await;
        }
        let operation = self.operation_mut(no);
        operation.tries += 1;
        let (inverse, set) = (operation.action.inverse(), self.lease.set.id);
        let key = plan::key_back(set, no);
        let Some(inverse) = inverse else {
            return self.leave(no, "nothing takes it back").await;
        };
        // Whoever lost the lease writes nothing.
        self.save(&[], self.changes.lease).await?;
        let inverse = plan::named(inverse, key);
        match self.verdict_of(session, no, &inverse).await? {
            Ok(Verdict::Done) => return self.is_back(no).await,
            Ok(Verdict::Drifted) => return self.leave(no, "it was changed meanwhile").await,
            Ok(Verdict::Ready) => {}
            Err(error) => return self.not_now(no, &error).await,
        }
        let outcome = self.kept(session.writer.apply(&inverse, key)).await?;
        match self.verdict_of(session, no, &inverse).await? {
            Ok(Verdict::Done) => self.is_back(no).await,
            Ok(_) => match outcome {
                Ok(()) => {
                    self.leave(no, "the shop does not show it as put back")
                        .await
                }
                Err(error) => self.not_now(no, &error).await,
            },
            Err(error) => self.not_now(no, &error).await,
        }
    }

    async fn is_stopped(&self) -> Result<Option<String>, PutDown> {
        let set = &self.lease.set;
        let stops = &self.changes.ports.stops;
        let stops = stops.stops(set.scope.workspace).await?;
        let judged = guardrails::stopped(&set.origin, set.connection, &signs(&stops));
        Ok(judged.err())
    }

    async fn verdict_of(
        &mut self,
        session: &Session,
        no: u32,
        inverse: &Action,
    ) -> Result<Result<Verdict, PortError>, PutDown> {
        let targets = [inverse.target()];
        let looked = self.kept(session.writer.look(&targets)).await?;
        Ok(looked.map(|seen| {
            let seen = seen.into_iter().next().unwrap_or(Seen::Gone);
            let verdict = inverse.verdict(&seen);
            self.operation_mut(no).seen = Some(seen);
            verdict
        }))
    }

    async fn not_now(&mut self, no: u32, error: &PortError) -> Result<Step, PutDown> {
        let again = wait(self.operation_mut(no).tries, error).filter(|_| is_passing(error));
        match again {
            Some(again) => self.wait(again, &error.detail).await,
            None => self.leave(no, &error.detail).await,
        }
    }

    async fn is_back(&mut self, no: u32) -> Result<Step, PutDown> {
        let why = "it was put back, because a later change of the set did not come into effect";
        self.close(no, OperationState::Compensated, Some(why.to_owned()));
        let entry = self.told(no, "change_set.put_back");
        self.save(&[entry], self.changes.lease).await?;
        Ok(Step::Next)
    }

    /// It stays in effect.
    async fn leave(&mut self, no: u32, why: &str) -> Result<Step, PutDown> {
        self.left.insert(no);
        self.operation_mut(no).error = Some(format!("it could not be put back: {why}"));
        self.save(&[], self.changes.lease).await?;
        Ok(Step::Next)
    }
}
