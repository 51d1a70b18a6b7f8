//! One run from claim to end: gather, decide, propose, and what people make of it.

use super::agent::{Entry, Gathering};
use super::facts::{Written, text};
use super::halt::{Halt, Progress};
use super::held::Held;
use super::{AgentError, Agents};
use chrono::{DateTime, Utc};
use domain::agents::{
    AgentRun, AgentSpec, Decision, FactsUsed, LogLevel, RunKind, RunStatus, StepState, Values,
};
use domain::store::Store;
use domain::sync::{SyncKind, SyncRun, SyncStatus};
use ports::page::MAX_LIMIT;
use ports::{PageRequest, PortResult};
use std::sync::Arc;
use tokio::sync::OwnedSemaphorePermit;

/// A year of days takes longer than one look.
const REHEARSAL_LIMIT: std::time::Duration = std::time::Duration::from_secs(3_600);

pub(super) struct Runner {
    pub(super) agents: Agents,
    pub(super) held: Held,
}

/// What the work needs, once it is known where the run belongs.
pub(super) struct Session {
    pub(super) store: Store,
    pub(super) spec: Arc<AgentSpec>,
    pub(super) entry: Entry,
    /// Of the version that the run uses.
    pub(super) values: Values,
}

impl Runner {
    pub(super) async fn run(mut self) {
        let limit = self.limit();
        let outcome = match self.place().await {
            Ok(_place) => match tokio::time::timeout(limit, self.steps()).await {
                Ok(outcome) => outcome,
                Err(_) => {
                    let seconds = limit.as_secs();
                    let sentence = format!("it took longer than {seconds} seconds, and was ended");
                    Err(Halt::Hopeless(sentence))
                }
            },
            Err(halt) => Err(halt),
        };
        self.held.settle(outcome).await;
    }

    /// Facts of a large store take room: only a few are worked on at the same time. A look at what people decided waits for none of them.
    async fn place(&mut self) -> Result<Option<OwnedSemaphorePermit>, Halt> {
        if waits(self.held.lease.run.status) {
            return Ok(None);
        }
        let place = Arc::clone(&self.agents.places).acquire_owned();
        // The semaphore is never closed.
        Ok(self.held.kept(place, &Progress::default()).await?.ok())
    }

    fn limit(&self) -> std::time::Duration {
        let entry = self.agents.registry.entry(&self.held.lease.run.agent);
        let seconds = entry.map_or(60, |e| u64::from(e.spec.time_limit_s));
        match self.held.lease.run.kind {
            RunKind::Decide => std::time::Duration::from_secs(seconds),
            RunKind::Rehearse { .. } => REHEARSAL_LIMIT,
        }
    }

    async fn steps(&mut self) -> Result<(), Halt> {
        if self.held.lease.run.status == RunStatus::Cancelling {
            return Err(Halt::Cancelled);
        }
        if waits(self.held.lease.run.status) {
            return self.look_at_sets().await;
        }
        let session = self.meet().await?;
        match self.held.lease.run.kind {
            RunKind::Rehearse { from, to } => self.rehearse(&session, from, to).await,
            RunKind::Decide => {
                let written = self.gather(&session).await?;
                let (written, decision) = self.decide(written).await?;
                if session.entry.policy.books() {
                    return self.book(&session, &written, &decision).await;
                }
                drop(written);
                self.propose(&session, decision).await
            }
        }
    }

    async fn meet(&self) -> Result<Session, Halt> {
        let run = &self.held.lease.run;
        let store = self.agents.stores.find(run.scope).await?;
        let gone = || Halt::Hopeless("its store is not there any more".to_owned());
        let store = store.ok_or_else(gone)?;
        let spec = match self.agents.spec(&store, &run.agent).await {
            Ok(spec) => spec,
            Err(AgentError::Port(error)) => return Err(error.into()),
            Err(_) => return Err(Halt::Hopeless("there is no such agent any more".into())),
        };
        let entry = self.agents.registry.entry(&run.agent);
        let entry = entry.map_err(|error| Halt::Hopeless(error.to_string()))?;
        let values = self.agents.values_of(&store, &spec, run.config_version);
        let gone = || Halt::Hopeless("the settings that it uses are not kept any more".to_owned());
        Ok(Session {
            values: values.await?.ok_or_else(gone)?,
            store,
            spec,
            entry: entry.clone(),
        })
    }

    /// The facts, as they are written down: by this worker, or by one before it.
    async fn gather(&mut self, session: &Session) -> Result<Written, Halt> {
        let (workspace, id) = (self.held.lease.run.scope.workspace, self.held.lease.run.id);
        let kept = self.agents.ports.runs.facts(workspace, id).await?;
        if let Some(stored) = kept {
            let text = text(stored).map_err(|e| Halt::Hopeless(e.detail))?;
            let written = Written::read(&self.agents.registry, &self.held.lease.run.agent, &text)
                .map_err(|e| Halt::Hopeless(e.detail))?;
            if self.held.lease.run.facts.is_none() {
                self.held.begin("gather");
                self.gathered(&written, written.used(&text)).await?;
            }
            return Ok(written);
        }
        self.held.begin("gather");
        self.held.note().await?;
        self.is_whole(session).await?;
        let progress = Progress::default();
        let gathering = self.gathering(session, self.held.now(), &progress);
        let facts = self.held.kept(gathering.facts(), &progress).await??;
        let written = Written {
            now: gathering.now,
            values: gathering.values,
            facts,
        };
        let work = tokio::task::spawn_blocking(move || {
            let (used, stored) = written.written()?;
            PortResult::Ok((written, used, stored))
        });
        let done = self.held.kept(work, &progress).await?;
        let done = done.map_err(|error| Halt::Hopeless(error.to_string()))?;
        let (written, used, stored) = done.map_err(|e| Halt::Hopeless(e.detail))?;
        let runs = &self.agents.ports.runs;
        let kept = runs.keep_facts(&self.held.lease, &stored).await;
        kept.map_err(Halt::of_row)?;
        self.gathered(&written, used).await?;
        Ok(written)
    }

    /// For the values that the run uses.
    pub(super) fn gathering(
        &self,
        session: &Session,
        now: DateTime<Utc>,
        progress: &Progress,
    ) -> Gathering {
        let run = &self.held.lease.run;
        Gathering {
            ports: self.agents.ports.clone(),
            changes: self.agents.changes.clone(),
            store: session.store.clone(),
            spec: Arc::clone(&session.spec),
            entry: session.entry.clone(),
            run: run.id,
            parameters: run.parameters.clone(),
            values: session.values.clone(),
            now,
            progress: progress.clone(),
        }
    }

    /// Nothing is decided on the half of a store: the newest orders come first, and what came before them would be missing.
    pub(super) async fn is_whole(&self, session: &Session) -> Result<(), Halt> {
        let store = &session.store;
        let syncs = &self.agents.ports.syncs;
        let page = PageRequest::first(MAX_LIMIT);
        let runs = syncs
            .list(store.scope.workspace, Some(store.connection), &page)
            .await?;
        let mut backfills = runs.items.iter().filter(|r| r.kind == SyncKind::Backfill);
        // A later one takes nothing away from a store that was whole before; of a store of files there is none.
        let is_whole = |run: &SyncRun| run.status == SyncStatus::Succeeded;
        if backfills.clone().any(|run| run.status.is_open()) && !backfills.any(is_whole) {
            let sentence = "the first sync of this store has not ended: its facts are not whole";
            return Err(Halt::Failed(sentence.to_owned()));
        }
        Ok(())
    }

    async fn gathered(&mut self, written: &Written, used: FactsUsed) -> Result<(), Halt> {
        self.held.lease.run.facts = Some(used);
        let sentence = written.facts.told();
        self.held.say(
            LogLevel::Info,
            &format!("facts are written down: {sentence}"),
        );
        self.held.done("gather", sentence);
        self.held.note().await
    }

    /// With what it was decided on.
    async fn decide(&mut self, written: Written) -> Result<(Written, Decision), Halt> {
        let before = decided(&self.held.lease.run).map(str::to_owned);
        if before.is_none() {
            self.held.begin("decide");
            self.held.note().await?;
        }
        let seed = self.held.lease.run.seed;
        let work = tokio::task::spawn_blocking(move || {
            let decision = written.decide(seed);
            (written, decision)
        });
        let decided = self.held.kept(work, &Progress::default()).await?;
        let broke = |error| Halt::Hopeless(format!("the policy broke off: {error}"));
        let (written, decision) = decided.map_err(broke)?;
        let digest = decision.digest();
        if let Some(before) = before {
            if before != digest {
                let line = "this version of the program decides otherwise on the same facts than the one that decided first";
                self.held.say(LogLevel::Warn, line);
            }
            return Ok((written, decision));
        }
        let run = &mut self.held.lease.run;
        run.looked_at = decision.looked_at;
        run.proposals = u32::try_from(decision.proposals.len()).unwrap_or(u32::MAX);
        let (count, of) = (run.proposals, run.looked_at);
        for note in &decision.notes {
            self.held
                .say(LogLevel::Info, &format!("{}: {}", note.about, note.text));
        }
        self.held.done(
            "decide",
            format!("{count} findings of {of} looked at{DIGEST}{digest}"),
        );
        self.held.note().await?;
        Ok((written, decision))
    }
}

/// Before the digest in the result of the step that decided.
const DIGEST: &str = "; decision ";

/// The digest of what a run decided; `None` when it did not come to that.
pub(super) fn decided(run: &AgentRun) -> Option<&str> {
    let step = run.steps.iter().find(|s| s.name == "decide");
    let result = step
        .filter(|s| s.state == StepState::Done)?
        .result
        .as_ref()?;
    result.rsplit_once(DIGEST).map(|(_, digest)| digest)
}

/// Whether it waits for what becomes of its proposals.
pub(super) const fn waits(status: RunStatus) -> bool {
    matches!(status, RunStatus::WaitingApproval | RunStatus::Applying)
}
