//! One run from claim to end: gather, decide, propose, and what people make of it.

use super::Agents;
use super::facts::{Written, used};
use super::halt::{Halt, Progress};
use super::known::Gathering;
use chrono::{DateTime, Duration, Utc};
use domain::agents::{
    AgentRun, AgentSpec, Decision, LogLevel, LogLine, RunKind, RunStatus, Step, StepState, Values,
    registry,
};
use domain::store::Store;
use ports::runs::RunLease;
use tokio_util::sync::CancellationToken;

/// Between one try and the next; after the last one it has failed.
const WAITS: [i64; 4] = [30, 60, 300, 900];
/// A year of days takes longer than one look.
const REHEARSAL_LIMIT: std::time::Duration = std::time::Duration::from_secs(3_600);
/// A line of the log, in characters, and how many lines a run may have.
const LONGEST_LINE: usize = 500;
const MOST_LINES: u64 = 1_000;
/// How often progress is saved and a wish to cancel is seen, at least.
const BEAT: std::time::Duration = std::time::Duration::from_secs(2);

pub(super) struct Runner {
    pub(super) agents: Agents,
    /// With the run as it is worked on.
    pub(super) lease: RunLease,
    stop: CancellationToken,
    /// Lines that are not saved yet.
    log: Vec<LogLine>,
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
        if let Some(text) = kept {
            let written = Written::read(&text).map_err(|e| Halt::Hopeless(e.detail))?;
            if self.lease.run.facts.is_none() {
                self.begin("gather");
                self.gathered(&written, &text).await?;
            }
            return Ok(written);
        }
        self.begin("gather");
        self.save().await?;
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
        let text = written.text().map_err(|e| Halt::Hopeless(e.detail))?;
        let kept = self.agents.ports.runs.keep_facts(&self.lease, &text).await;
        kept.map_err(Halt::of_row)?;
        self.gathered(&written, &text).await?;
        Ok(written)
    }

    async fn gathered(&mut self, written: &Written, text: &str) -> Result<(), Halt> {
        self.lease.run.facts = Some(used(written, text));
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

    /// The end of a worker's part that did not go well.
    async fn halted(&mut self, halt: Halt) -> Result<(), Halt> {
        let now = self.now();
        match halt {
            Halt::LostLease | Halt::Storage(_) => return Err(halt),
            Halt::Leaving => self.lease.run.run_at = now,
            Halt::Cancelled => {
                self.say(LogLevel::Info, "it was cancelled");
                self.fail_step("it was cancelled");
                self.end(RunStatus::Cancelled, Some("It was cancelled.".to_owned()));
            }
            Halt::Stopped(sentence) => {
                let line = format!("nothing was proposed: {sentence}");
                self.say(LogLevel::Warn, &line);
                self.fail_step(&line);
                self.lease.run.error = Some(line);
                self.end(RunStatus::Cancelled, None);
            }
            Halt::Failed(sentence) => self.failed(&sentence),
            Halt::Hopeless(sentence) => {
                self.say(LogLevel::Error, &sentence);
                self.fail_step(&sentence);
                self.lease.run.error = Some(sentence);
                self.end(RunStatus::Failed, None);
            }
        }
        self.put_down().await
    }

    /// Later, by whoever claims it then; or never again, when there were enough tries.
    fn failed(&mut self, sentence: &str) {
        self.say(LogLevel::Error, sentence);
        self.fail_step(sentence);
        self.lease.run.error = Some(sentence.to_owned());
        let tries = usize::try_from(self.lease.run.failures).unwrap_or(usize::MAX);
        self.lease.run.failures += 1;
        match WAITS.get(tries) {
            Some(wait) => {
                self.say(
                    LogLevel::Info,
                    &format!("it is tried again in {wait} seconds"),
                );
                self.lease.run.run_at = self.now() + Duration::seconds(*wait);
                if !waits(self.lease.run.status) {
                    self.lease.run.status = RunStatus::Queued;
                }
            }
            None => self.end(RunStatus::Failed, None),
        }
    }

    pub(super) fn end(&mut self, status: RunStatus, summary: Option<String>) {
        let now = self.now();
        let run = &mut self.lease.run;
        run.status = status;
        run.finished_at = Some(now);
        run.progress = None;
        if summary.is_some() {
            run.summary = summary;
        }
    }

    /// A step under way, once: one that broke off begins anew.
    pub(super) fn begin(&mut self, name: &str) {
        let step = Step {
            name: name.to_owned(),
            state: StepState::Running,
            started_at: self.now(),
            ended_at: None,
            result: None,
        };
        let steps = &mut self.lease.run.steps;
        steps.retain(|s| s.name != name);
        steps.push(step);
    }

    pub(super) fn done(&mut self, name: &str, result: String) {
        let now = self.now();
        self.lease.run.progress = None;
        // What went wrong before has come right.
        self.lease.run.error = None;
        let mut steps = self.lease.run.steps.iter_mut();
        if let Some(step) = steps.find(|s| s.name == name) {
            step.state = StepState::Done;
            step.ended_at = Some(now);
            step.result = Some(result);
        }
    }

    fn fail_step(&mut self, why: &str) {
        let now = self.now();
        self.lease.run.progress = None;
        let steps = self.lease.run.steps.iter_mut();
        for step in steps.filter(|s| s.state == StepState::Running) {
            step.state = StepState::Failed;
            step.ended_at = Some(now);
            step.result = Some(why.to_owned());
        }
    }

    pub(super) fn say(&mut self, level: LogLevel, text: &str) {
        let no = self.lease.run.log_lines + 1;
        let text = match no {
            ..MOST_LINES => text.chars().take(LONGEST_LINE).collect(),
            MOST_LINES => "further lines are left out".to_owned(),
            _ => return,
        };
        self.lease.run.log_lines = no;
        let at = self.now();
        self.log.push(LogLine {
            no,
            at,
            level,
            text,
        });
    }

    /// Saves what was made of it, and sees whether it is to go on.
    pub(super) async fn save(&mut self) -> Result<(), Halt> {
        let (run, now) = (&self.lease.run, self.now());
        let runs = &self.agents.ports.runs;
        let saved = runs
            .advance(&self.lease, run, &self.log, now, self.agents.lease)
            .await;
        self.lease.run = saved.map_err(Halt::of_row)?;
        self.log.clear();
        self.agents.hub.wake();
        if self.lease.run.status == RunStatus::Cancelling {
            return Err(Halt::Cancelled);
        }
        if self.stop.is_cancelled() {
            return Err(Halt::Leaving);
        }
        Ok(())
    }

    /// Gives it up: it has ended, or waits for its time.
    pub(super) async fn put_down(&mut self) -> Result<(), Halt> {
        let runs = &self.agents.ports.runs;
        let put = runs.put_down(&self.lease, &self.lease.run, &self.log).await;
        self.lease.run = put.map_err(Halt::of_row)?;
        self.log.clear();
        self.agents.hub.wake();
        Ok(())
    }

    /// Waits for something, keeps the lease meanwhile, and tells how far along it is.
    pub(super) async fn kept<T>(
        &mut self,
        work: impl Future<Output = T>,
        progress: &Progress,
    ) -> Result<T, Halt> {
        let lease = self.agents.lease.to_std().unwrap_or_default();
        let beat = BEAT.min(lease / 3);
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return Ok(done),
                () = tokio::time::sleep(beat) => {
                    self.lease.run.progress = progress.told();
                    match self.save().await {
                        // The lease has not ended yet; the next beat may do.
                        Ok(()) | Err(Halt::Storage(_)) => {}
                        Err(halt) => return Err(halt),
                    }
                }
            }
        }
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
const fn waits(status: RunStatus) -> bool {
    matches!(status, RunStatus::WaitingApproval | RunStatus::Applying)
}
