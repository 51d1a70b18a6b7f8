//! A change-set and what becomes of it.

use super::action::{Action, Reversibility, Seen};
use super::approval::{Approval, Digest};
use super::outcome::Outcome;
use crate::audit::{Actor, ActorKind};
use crate::ids::{ChangeSetId, ConnectionId, RunId, StoreScope};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeSetStatus {
    Proposed,
    Approved,
    Rejected,
    /// Nobody decided in time.
    Expired,
    Applying,
    Applied,
    /// Some operations are in effect and others are not.
    PartlyApplied,
    /// None is in effect.
    Failed,
    /// The answer to a write was lost, and looking did not tell: a person has to.
    Unknown,
    /// Another set took it back.
    Undone,
}

impl ChangeSetStatus {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::Applying => "applying",
            Self::Applied => "applied",
            Self::PartlyApplied => "partly_applied",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Undone => "undone",
        }
    }

    /// Whether a worker has something to do.
    #[must_use]
    pub const fn is_work(self) -> bool {
        matches!(self, Self::Approved | Self::Applying)
    }

    /// Whether something of it is in effect.
    #[must_use]
    pub const fn is_in_effect(self) -> bool {
        matches!(self, Self::Applied | Self::PartlyApplied)
    }
}

/// Whose idea it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Origin {
    Person,
    Agent {
        agent: String,
        run: RunId,
    },
    /// Takes another one back.
    Undo {
        of: ChangeSetId,
    },
}

impl Origin {
    /// The agent that proposed it, and its run.
    #[must_use]
    pub fn agent(&self) -> Option<(&str, RunId)> {
        match self {
            Self::Agent { agent, run } => Some((agent, *run)),
            Self::Person | Self::Undo { .. } => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RiskBand {
    Low,
    Medium,
    High,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Risk {
    /// 0 to 1000; below 300 low, below 700 medium.
    pub score: u32,
    pub reasons: Vec<String>,
}

impl Risk {
    #[must_use]
    pub const fn band(&self) -> RiskBand {
        match self.score {
            0..300 => RiskBand::Low,
            300..700 => RiskBand::Medium,
            _ => RiskBand::High,
        }
    }
}

/// The change of contribution margin that is expected over `days`, in minor units of the store's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    pub days: u32,
    pub low: i64,
    pub mean: i64,
    pub high: i64,
}

/// What a proposal rests on: a table of facts with the time at which they were known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub title: String,
    pub observed_at: DateTime<Utc>,
    pub rows: Vec<EvidenceRow>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceRow {
    pub label: String,
    /// As it is shown.
    pub value: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationState {
    Proposed,
    /// A person took it out of the set.
    Rejected,
    Approved,
    /// The intent is stored; the write may have been sent.
    Intended,
    /// Read back, and in effect.
    Applied,
    /// It was so already; nothing was sent.
    Already,
    /// The provider's state is not what was planned on; nothing was sent.
    Drifted,
    /// A guardrail or the emergency stop forbade it; nothing was sent.
    Refused,
    /// The provider refused it.
    Failed,
    /// The answer was lost, and looking did not tell.
    Unknown,
    /// It was in effect and was taken back, because a later operation of the set failed.
    Compensated,
    /// Not tried, because an earlier operation ended the set.
    Skipped,
}

impl OperationState {
    /// Whether nothing more is going to happen to it.
    #[must_use]
    pub const fn has_ended(self) -> bool {
        !matches!(self, Self::Proposed | Self::Approved | Self::Intended)
    }

    /// Whether it was let through, and is known to have had no effect, or to have been taken back.
    #[must_use]
    pub const fn is_without_effect(self) -> bool {
        matches!(self, Self::Failed | Self::Compensated | Self::Refused)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// 1, 2, 3 … in the order of application.
    pub no: u32,
    pub action: Action,
    /// What is changed, as people know it: a product with its variant, an order's name.
    pub label: String,
    pub state: OperationState,
    /// The key of the write over all tries, restarts and replicas.
    pub key: Uuid,
    pub intended_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    /// What the provider showed when it was last looked at.
    pub seen: Option<Seen>,
    /// Why it did not come into effect, as a sentence.
    pub error: Option<String>,
    pub tries: u32,
}

/// Who said no, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub by: Actor,
    pub at: DateTime<Utc>,
    pub note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSet {
    pub id: ChangeSetId,
    pub scope: StoreScope,
    pub connection: ConnectionId,
    pub title: String,
    pub reason: String,
    pub origin: Origin,
    pub proposed_by: Actor,
    pub status: ChangeSetStatus,
    /// Grows with each change of the row.
    pub version: i64,
    pub operations: Vec<Operation>,
    pub evidence: Vec<Evidence>,
    /// `None` where nobody can tell; `effect_unknown` says why.
    pub effect: Option<Effect>,
    pub effect_unknown: Option<String>,
    pub risk: Risk,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub approval: Option<Approval>,
    pub rejection: Option<Decision>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    /// Not before: a write that may be repeated waits.
    pub next_try_at: Option<DateTime<Utc>>,
    pub error: Option<String>,
    pub undone_by: Option<ChangeSetId>,
    /// What it brought, by window; sets of the time before there were outcomes have none.
    #[serde(default)]
    pub outcomes: Vec<Outcome>,
}

impl ChangeSet {
    /// Whether the policy of its agent let it be applied, and no person did.
    #[must_use]
    pub fn is_by_policy(&self) -> bool {
        let approval = self.approval.as_ref();
        approval.is_some_and(|a| a.by.kind == ActorKind::System)
    }

    /// What it means in contribution margin, whichever way; 0 where no operation moves money, `None` where nobody can tell.
    #[must_use]
    pub fn stake(&self) -> Option<i64> {
        if !self.operations.iter().any(|o| o.action.moves_money()) {
            return Some(0);
        }
        // What is given back is known to the cent.
        let mut moving = self.operations.iter().filter(|o| o.action.moves_money());
        let given = moving.try_fold(0_i64, |sum, o| match &o.action {
            Action::RefundOrder(refund) => Some(sum.saturating_add(refund.amount)),
            _ => None,
        });
        let mean = self.effect.map(|effect| effect.mean.unsigned_abs());
        let mean = mean.map(|mean| i64::try_from(mean).unwrap_or(i64::MAX));
        mean.or(given)
    }

    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(self.scope, &self.operations)
    }

    /// The worst of its operations; a set can be taken back as far as that one.
    #[must_use]
    pub fn reversibility(&self) -> Reversibility {
        let all = self.operations.iter().map(|o| o.action.reversibility());
        all.max().unwrap_or(Reversibility::Exact)
    }

    #[must_use]
    pub fn operation(&self, no: u32) -> Option<&Operation> {
        self.operations.iter().find(|o| o.no == no)
    }
}
