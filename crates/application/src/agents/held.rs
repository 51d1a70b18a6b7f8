//! How a run's row is kept while it is worked on: steps, log, progress, and how a worker's part ends.

use super::halt::{Halt, Progress};
use super::queue::Queue;
use super::run::waits;
use crate::queue::meanwhile;
use chrono::{DateTime, Duration, Utc};
use domain::agents::{LogLevel, LogLine, RunStatus, Step, StepState};
use ports::runs::RunLease;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Between one try and the next; after the last one it has failed.
const WAITS: [i64; 4] = [30, 60, 300, 900];
/// A line of the log, in characters, and how many lines a run may have.
const LONGEST_LINE: usize = 500;
const MOST_LINES: u64 = 1_000;
/// How often progress is saved and a wish to cancel is seen, at least.
const BEAT: std::time::Duration = std::time::Duration::from_secs(2);
/// What a run says is read by others so soon; what it says within that time is saved together.
const SHOWN_WITHIN: std::time::Duration = std::time::Duration::from_millis(200);

/// A run in the hands of a worker.
pub struct Held {
    queue: Queue,
    /// With the run as it is worked on.
    pub(super) lease: RunLease,
    stop: CancellationToken,
    /// Lines that are not saved yet.
    log: Vec<LogLine>,
    saved: Instant,
    is_saved: bool,
}

impl Held {
    pub(super) fn new(queue: Queue, lease: RunLease, stop: CancellationToken) -> Self {
        Self {
            queue,
            lease,
            stop,
            log: Vec::new(),
            saved: Instant::now(),
            is_saved: true,
        }
    }

    /// The right to work on it, with the run as it stands.
    #[must_use]
    pub const fn lease(&self) -> &RunLease {
        &self.lease
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.queue.clock.now()
    }

    /// What comes of the work is written into the row, unless somebody else has it.
    pub async fn settle(&mut self, outcome: Result<(), Halt>) {
        let run = self.lease.run.id;
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
                let more = if self.lease.run.change_sets.is_empty() {
                    "nothing"
                } else {
                    "nothing more"
                };
                let line = format!("{more} was proposed: {sentence}");
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

    pub fn end(&mut self, status: RunStatus, summary: Option<String>) {
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
    pub fn begin(&mut self, name: &str) {
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

    pub fn done(&mut self, name: &str, result: String) {
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

    pub fn say(&mut self, level: LogLevel, text: &str) {
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

    /// What was made of it is saved with what follows soon, or by itself: a short run is one transaction, a long one is seen at work. Before
    /// anything is done that others see, [`save`](Self::save).
    pub async fn note(&mut self) -> Result<(), Halt> {
        if self.saved.elapsed() >= SHOWN_WITHIN {
            return self.save().await;
        }
        self.is_saved = false;
        if self.stop.is_cancelled() {
            return Err(Halt::Leaving);
        }
        Ok(())
    }

    fn is_written(&mut self) {
        self.log.clear();
        (self.saved, self.is_saved) = (Instant::now(), true);
        self.queue.hub.wake();
    }

    /// Saves what was made of it, and sees whether it is to go on.
    pub(super) async fn save(&mut self) -> Result<(), Halt> {
        let (run, now) = (&self.lease.run, self.now());
        let queue = &self.queue;
        let saved = queue
            .runs
            .advance(&self.lease, run, &self.log, now, queue.lease)
            .await;
        self.lease.run = saved.map_err(Halt::of_row)?;
        self.is_written();
        if self.lease.run.status == RunStatus::Cancelling {
            return Err(Halt::Cancelled);
        }
        if self.stop.is_cancelled() {
            return Err(Halt::Leaving);
        }
        Ok(())
    }

    /// Gives it up: it has ended, or waits for its time.
    pub async fn put_down(&mut self) -> Result<(), Halt> {
        let runs = &self.queue.runs;
        let put = runs.put_down(&self.lease, &self.lease.run, &self.log).await;
        self.lease.run = put.map_err(Halt::of_row)?;
        self.is_written();
        Ok(())
    }

    /// Waits for something, keeps the lease meanwhile, and tells how far along it is.
    pub(super) async fn kept<T>(
        &mut self,
        work: impl Future<Output = T>,
        progress: &Progress,
    ) -> Result<T, Halt> {
        let lease = self.queue.lease.to_std().unwrap_or_default();
        let mut work = std::pin::pin!(work);
        loop {
            let next = if self.is_saved { BEAT } else { SHOWN_WITHIN };
            let beat = next.min(lease / 3);
            tokio::select! {
                biased;
                done = &mut work => return Ok(done),
                () = tokio::time::sleep(beat) => {
                    self.lease.run.progress = progress.told();
                    let (saved, done) = meanwhile(work.as_mut(), self.save()).await;
                    match saved {
                        // The lease has not ended yet; the next beat may do.
                        Ok(()) | Err(Halt::Storage(_)) => {}
                        Err(halt) => return Err(halt),
                    }
                    if let Some(done) = done {
                        return Ok(done);
                    }
                }
            }
        }
    }
}
