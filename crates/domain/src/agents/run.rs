//! One durable execution of an agent.

use super::rehearsal::Rehearsal;
use crate::audit::Actor;
use crate::ids::{ChangeSetId, RunId, StoreScope};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    Queued,
    Running,
    /// What it proposed waits for people. Another run may start meanwhile.
    WaitingApproval,
    /// What was approved is being written. Another run may start meanwhile.
    Applying,
    /// Whoever works on it was asked to stop.
    Cancelling,
    Succeeded,
    Failed,
    Cancelled,
    /// Its worker died too often.
    Dead,
}

impl RunStatus {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::WaitingApproval => "waiting_approval",
            Self::Applying => "applying",
            Self::Cancelling => "cancelling",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Dead => "dead",
        }
    }

    /// Whether a worker has, or will have, something to do.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(
            self,
            Self::Succeeded | Self::Failed | Self::Cancelled | Self::Dead
        )
    }

    /// Whether it keeps another run of the same agent, store and kind from starting.
    #[must_use]
    pub const fn holds(self) -> bool {
        matches!(self, Self::Queued | Self::Running | Self::Cancelling)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RunKind {
    Decide,
    /// Over the store's own past; both days included.
    Rehearse {
        from: NaiveDate,
        to: NaiveDate,
    },
}

impl RunKind {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Decide => "decide",
            Self::Rehearse { .. } => "rehearse",
        }
    }
}

/// Why it was started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Trigger {
    Person {
        who: Actor,
    },
    /// The instant at which it was due.
    Schedule {
        due: DateTime<Utc>,
    },
    Event {
        event: String,
        event_type: String,
    },
}

impl Trigger {
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Person { .. } => "person",
            Self::Schedule { .. } => "schedule",
            Self::Event { .. } => "event",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    Running,
    Done,
    Failed,
}

/// A part of a run that is done once: its result is stored, and a worker that takes over goes on after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// `gather`, `decide`, `propose`
    pub name: String,
    pub state: StepState,
    pub started_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    /// What came of it, as a sentence.
    pub result: Option<String>,
}

/// Which facts a run decided on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactsUsed {
    /// SHA-256 of the facts as they were written down, in hexadecimal digits.
    pub sha256: String,
    pub bytes: u64,
    /// The latest `observed_at` of what was read.
    pub as_of: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    Info,
    Warn,
    Error,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogLine {
    /// 1, 2, 3 … within a run.
    pub no: u64,
    pub at: DateTime<Utc>,
    pub level: LogLevel,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentRun {
    pub id: RunId,
    pub scope: StoreScope,
    pub agent: String,
    pub kind: RunKind,
    pub status: RunStatus,
    pub trigger: Trigger,
    /// As they were given.
    pub parameters: serde_json::Value,
    /// Of the settings that it uses; 0: the defaults.
    pub config_version: i64,
    /// All chance of the run comes from it.
    pub seed: u64,
    /// Larger ones first.
    pub priority: i32,
    /// Tries that ended with an error.
    pub failures: u32,
    /// Workers that died with it.
    pub crashes: u32,
    pub created_at: DateTime<Utc>,
    /// Not taken up before: a retry waits, and so does a look at what people decided.
    pub run_at: DateTime<Utc>,
    /// Of the first take-up.
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    pub steps: Vec<Step>,
    /// Done and all, of the step under way.
    pub progress: Option<(u64, u64)>,
    pub facts: Option<FactsUsed>,
    /// Log lines so far.
    pub log_lines: u64,
    pub looked_at: u64,
    pub proposals: u32,
    pub change_sets: Vec<ChangeSetId>,
    /// What came of it, as a sentence.
    pub summary: Option<String>,
    pub error: Option<String>,
    /// Of a rehearsal that ended.
    pub rehearsal: Option<Rehearsal>,
}

impl AgentRun {
    /// What nobody works on ends at once; what somebody works on ends when its worker sees the wish.
    ///
    /// # Errors
    /// It has ended already.
    pub fn cancel(&mut self, now: DateTime<Utc>, worked_on: bool) -> Result<(), &'static str> {
        if !self.status.is_open() {
            return Err("the run has ended");
        }
        if worked_on {
            self.status = RunStatus::Cancelling;
        } else {
            self.status = RunStatus::Cancelled;
            self.finished_at = Some(now);
        }
        Ok(())
    }

    /// Too many workers died with it: nobody takes it up again.
    pub fn give_up(&mut self, now: DateTime<Utc>) {
        self.status = RunStatus::Dead;
        self.finished_at = Some(now);
        self.error = Some(format!("its worker died {} times", self.crashes));
    }

    /// The latest instant of which it tells.
    #[must_use]
    pub fn latest(&self) -> DateTime<Utc> {
        let steps = self.steps.iter();
        let steps = steps.flat_map(|step| [Some(step.started_at), step.ended_at]);
        let all = steps.chain([self.started_at, self.finished_at]).flatten();
        all.fold(self.created_at, std::cmp::max)
    }

    /// From its first take-up to its end.
    #[must_use]
    pub fn lasted(&self) -> Option<chrono::Duration> {
        Some(self.finished_at? - self.started_at?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{StoreId, WorkspaceId};
    use uuid::Uuid;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn queued() -> AgentRun {
        AgentRun {
            id: RunId(Uuid::nil()),
            scope: StoreScope {
                workspace: WorkspaceId(Uuid::nil()),
                store: StoreId(Uuid::nil()),
            },
            agent: "stock".to_owned(),
            kind: RunKind::Decide,
            status: RunStatus::Queued,
            trigger: Trigger::Schedule { due: at(0) },
            parameters: serde_json::Value::Null,
            config_version: 0,
            seed: 1,
            priority: 0,
            failures: 0,
            crashes: 0,
            created_at: at(1),
            run_at: at(99),
            started_at: None,
            finished_at: None,
            steps: Vec::new(),
            progress: None,
            facts: None,
            log_lines: 0,
            looked_at: 0,
            proposals: 0,
            change_sets: Vec::new(),
            summary: None,
            error: None,
            rehearsal: None,
        }
    }

    #[test]
    fn what_nobody_works_on_is_cancelled_at_once_and_what_has_ended_is_not() {
        let mut run = queued();
        run.cancel(at(2), true).unwrap();
        assert_eq!((run.status, run.finished_at), (RunStatus::Cancelling, None));
        run.cancel(at(3), false).unwrap();
        assert_eq!(run.status, RunStatus::Cancelled);
        assert_eq!(run.finished_at, Some(at(3)));
        assert_eq!(run.cancel(at(4), false), Err("the run has ended"));
    }

    #[test]
    fn the_latest_instant_is_of_what_has_happened() {
        let mut run = queued();
        assert_eq!(run.latest(), at(1), "not when it is due");
        run.started_at = Some(at(2));
        let (started_at, ended_at) = (at(3), Some(at(7)));
        run.steps.push(Step {
            name: "gather".to_owned(),
            state: StepState::Done,
            started_at,
            ended_at,
            result: None,
        });
        assert_eq!(run.latest(), at(7));
        run.crashes = 3;
        run.give_up(at(9));
        assert_eq!(run.latest(), at(9));
        assert_eq!(run.error.as_deref(), Some("its worker died 3 times"));
    }
}
