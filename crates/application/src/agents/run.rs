//! One run from claim to end: gather, decide, propose, and what people make of it.

use super::Agents;
use super::facts::{Written, text};
use super::halt::{Halt, Progress};
use super::known::Gathering;
use chrono::{DateTime, Utc};
use domain::agents::{
    AgentRun, AgentSpec, Decision, FactsUsed, LogLevel, LogLine, RunKind, RunStatus, StepState,
    Values, registry,
};
use domain::store::Store;
use domain::sync::{SyncKind, SyncRun, SyncStatus};
use ports::page::MAX_LIMIT;
use ports::runs::RunLease;
use ports::{PageRequest, PortResult};
use tokio_util::sync::CancellationToken;

/// A year of days takes longer than one look.
const REHEARSAL_LIMIT: std::time::Duration = std::time::Duration::from_secs(3_600);
pub(super) struct Runner {
    pub(super) agents: Agents,
    /// With the run as it is worked on.
    pub(super) lease: RunLease,
    pub(super) stop: CancellationToken,
    /// Lines that are not saved yet.
    pub(super) log: Vec<LogLine>,
}

/// What the work needs, once it is known where the run belongs.
pub(super) struct Session {
    pub(super) store: Store,
    pub(super) spec: &'static AgentSpec,
    /// Of the version that the run uses.
    pub(super) values: Values,
}

impl Runner {
    pub(super) fn new(agents: Agents, lease: RunLease, stop: CancellationToken) -> Self {
        Self {
            agents,
            lease,
            stop,
            log: Vec::new(),
        }
    }

    pub(super) async fn run(mut self) {
        let (run, agent) = (self.lease.run.id, self.lease.run.agent.clone());
        tracing::info!(%run, agent, "a run is worked on");
        let limit = self.limit();
        let outcome = match tokio::time::timeout(limit, self.steps()).await {
            Ok(outcome) => outcome,
            Err(_) => {
                let seconds = limit.as_secs();
                let sentence = format!("it took longer than {seconds} seconds, and was ended");
                Err(Halt::Hopeless(sentence))
            }
        };
        let ended = match outcome {
            Ok(()) => Ok(()),
            Err(halt) => self.halted(halt).await,
        };
        match ended {
            Ok(()) => {}
            Err(Halt::Storage(error)) => {
                tracing::warn!(%run, %error, "a run is put down; it is taken up again");
            }
            Err(_) => tracing::info!(%run, "somebody else works on this run"),
        }
    }

    fn limit(&self) -> std::time::Duration {
        let spec = registry::spec(&self.lease.run.agent);
        let seconds = spec.map_or(60, |s| u64::from(s.time_limit_s));
        match self.lease.run.kind {
            RunKind::Decide => std::time::Duration::from_secs(seconds),
            RunKind::Rehearse { .. } => REHEARSAL_LIMIT,
        }
    }

    async fn steps(&mut self) -> Result<(), Halt> {
        if self.lease.run.status == RunStatus::Cancelling {
            return Err(Halt::Cancelled);
        }
        if waits(self.lease.run.status) {
            return self.look_at_sets().await;
        }
        let session = self.meet().await?;
        match self.lease.run.kind {
            RunKind::Rehearse { from, to } => self.rehearse(&session, from, to).await,
            RunKind::Decide => {
                let written = self.gather(&session).await?;
                let decision = self.decide(written).await?;
                self.propose(&session, decision).await
            }
        }
    }

    async fn meet(&self) -> Result<Session, Halt> {
        let run = &self.lease.run;
        let spec = registry::spec(&run.agent);
        let spec = spec.ok_or_else(|| Halt::Hopeless("there is no such agent any more".into()))?;
        let store = self.agents.stores.find(run.scope).await?;
        let gone = || Halt::Hopeless("its store is not there any more".to_owned());
        let store = store.ok_or_else(gone)?;
        let values = self.agents.values_of(&store, spec, run.config_version);
        let gone = || Halt::Hopeless("the settings that it uses are not kept any more".to_owned());
        Ok(Session {
            values: values.await?.ok_or_else(gone)?,
            store,
            spec,
        })
    }

    /// The facts, as they are written down: by this worker, or by one before it.
    async fn gather(&mut self, session: &Session) -> Result<Written, Halt> {
        let (workspace, id) = (self.lease.run.scope.workspace, self.lease.run.id);
        let kept = self.agents.ports.runs.facts(workspace, id).await?;
        if let Some(stored) = kept {
            let text = text(stored).map_err(|e| Halt::Hopeless(e.detail))?;
            let written = Written::read(&text).map_err(|e| Halt::Hopeless(e.detail))?;
            if self.lease.run.facts.is_none() {
                self.begin("gather");
                self.gathered(&written, written.used(&text)).await?;
            }
            return Ok(written);
        }
        self.begin("gather");
        self.save().await?;
        self.is_whole(session).await?;
        let progress = Progress::default();
        let gathering = Gathering {
            ports: self.agents.ports.clone(),
            store: session.store.clone(),
            spec: session.spec,
            run: id,
            values: session.values.clone(),
            now: self.now(),
            progress: progress.clone(),
        };
        let facts = self.kept(gathering.facts(), &progress).await??;
        let written = Written {
            now: gathering.now,
            values: gathering.values,
            facts,
        };
        let work = tokio::task::spawn_blocking(move || {
            let (used, stored) = written.written()?;
            PortResult::Ok((written, used, stored))
        });
        let done = self.kept(work, &progress).await?;
        let done = done.map_err(|error| Halt::Hopeless(error.to_string()))?;
        let (written, used, stored) = done.map_err(|e| Halt::Hopeless(e.detail))?;
        let runs = &self.agents.ports.runs;
        let kept = runs.keep_facts(&self.lease, &stored).await;
        kept.map_err(Halt::of_row)?;
        self.gathered(&written, used).await?;
        Ok(written)
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
        self.lease.run.facts = Some(used);
        let sentence = written.facts.told();
        self.say(
            LogLevel::Info,
            &format!("facts are written down: {sentence}"),
        );
        self.done("gather", sentence);
        self.save().await
    }

    async fn decide(&mut self, written: Written) -> Result<Decision, Halt> {
        let before = decided(&self.lease.run).map(str::to_owned);
        if before.is_none() {
            self.begin("decide");
            self.save().await?;
        }
        let seed = self.lease.run.seed;
        let work = tokio::task::spawn_blocking(move || written.decide(seed));
        let decision = self.kept(work, &Progress::default()).await?;
        let broke = |error| Halt::Hopeless(format!("the policy broke off: {error}"));
        let decision = decision.map_err(broke)?;
        let digest = decision.digest();
        if let Some(before) = before {
            if before != digest {
                let line = "this version of the program decides otherwise on the same facts than the one that decided first";
                self.say(LogLevel::Warn, line);
            }
            return Ok(decision);
        }
        let run = &mut self.lease.run;
        run.looked_at = decision.looked_at;
        run.proposals = u32::try_from(decision.proposals.len()).unwrap_or(u32::MAX);
        let (count, of) = (run.proposals, run.looked_at);
        for note in &decision.notes {
            self.say(LogLevel::Info, &format!("{}: {}", note.about, note.text));
        }
        self.done(
            "decide",
            format!("{count} findings of {of} looked at{DIGEST}{digest}"),
        );
        self.save().await?;
        Ok(decision)
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.agents.ports.clock.now()
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
