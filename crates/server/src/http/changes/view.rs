//! Change-sets as the API writes them.

use super::details::{self, DetailBody};
use super::value::{self, ValueBody};
use crate::http::amounts::{amount, share};
use crate::problem::Problem;
use crate::state::App;
use chrono::{DateTime, NaiveDate, Utc};
use domain::audit::Actor;
use domain::changes::outcome::Outcome;
use domain::changes::{
    ChangeSet, ChangeSetStatus, Effect, Evidence, Operation, OperationState, Origin, Reversibility,
    Risk, RiskBand, plan,
};
use domain::money::Currency;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! words {
    ($name:ident as $schema:ident from $domain:ident { $($variant:ident),+ $(,)? }) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[schema(as = $schema)]
        pub(crate) enum $name { $($variant),+ }

        impl From<$domain> for $name {
            fn from(value: $domain) -> Self {
                match value { $($domain::$variant => Self::$variant),+ }
            }
        }

        impl From<$name> for $domain {
            fn from(value: $name) -> Self {
                match value { $($name::$variant => Self::$variant),+ }
            }
        }
    };
}

words! {
    StatusBody as ChangeSetStatus from ChangeSetStatus {
        Proposed, Approved, Rejected, Expired, Applying, Applied, PartlyApplied, Failed, Unknown, Undone,
    }
}

words! {
    StateBody as ChangeOperationState from OperationState {
        Proposed, Rejected, Approved, Intended, Applied, Already, Drifted, Refused, Failed, Unknown, Compensated, Skipped,
    }
}

words! {
    ReversibilityBody as Reversibility from Reversibility { Exact, Compensating, Irreversible }
}

words! {
    BandBody as ChangeRiskBand from RiskBand { Low, Medium, High }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ChangeOriginKind)]
pub(crate) enum OriginKind {
    Person,
    Agent,
    Undo,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangeOrigin)]
pub(crate) struct OriginBody {
    kind: OriginKind,
    agent: Option<String>,
    #[schema(format = "uuid")]
    run_id: Option<String>,
    /// The set that it takes back.
    #[schema(format = "uuid")]
    of: Option<String>,
}

impl OriginBody {
    fn of(origin: &Origin) -> Self {
        let (kind, agent, run_id, of) = match origin {
            Origin::Person => (OriginKind::Person, None, None, None),
            Origin::Agent { agent, run } => (
                OriginKind::Agent,
                Some(agent.clone()),
                Some(run.to_string()),
                None,
            ),
            Origin::Undo { of } => (OriginKind::Undo, None, None, Some(of.to_string())),
        };
        Self {
            kind,
            agent,
            run_id,
            of,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangeActor)]
pub(crate) struct ActorBody {
    /// `person`, `token`, `command_line`, `system`.
    kind: String,
    name: String,
}

impl ActorBody {
    fn of(actor: &Actor) -> Self {
        Self {
            kind: actor.kind.as_str().to_owned(),
            name: actor.name.clone(),
        }
    }
}

/// Who decided, and why.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangeDecision)]
pub(crate) struct DecisionBody {
    by: ActorBody,
    at: DateTime<Utc>,
    note: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangeOperation)]
pub(crate) struct OperationBody {
    no: u32,
    /// `price`, `compare_at_price`, `inventory`, `add_tags`, `remove_tags`, `hold_order`, `release_order`, `cancel_order`, `refund_order`, `discount`,
    /// `end_discount`, `product_draft`, `delete_draft`, `purchase_order`, `cancel_purchase`, `signal`.
    kind: String,
    /// What is changed, as people know it.
    label: String,
    /// `variant:42`, `order:7` …
    entity: String,
    before: Option<ValueBody>,
    after: Option<ValueBody>,
    /// What else it says; empty where before and after say all.
    details: Vec<DetailBody>,
    /// By which share of the value before it changes.
    relative: Option<f64>,
    state: StateBody,
    reversibility: ReversibilityBody,
    /// Why it did not come into effect.
    error: Option<String>,
    intended_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
}

impl OperationBody {
    fn of(operation: &Operation, currency: Currency) -> Self {
        let action = &operation.action;
        let (before, after) = value::of(action, currency);
        Self {
            no: operation.no,
            kind: action.kind().to_owned(),
            label: operation.label.clone(),
            entity: action.entity(),
            before,
            after,
            details: details::of(action, currency),
            relative: action.relative().map(share),
            state: operation.state.into(),
            reversibility: action.reversibility().into(),
            error: operation.error.clone(),
            intended_at: operation.intended_at,
            ended_at: operation.ended_at,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangeEvidenceRow)]
pub(crate) struct EvidenceRowBody {
    label: String,
    value: String,
}

/// A table of what the proposal rests on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangeEvidence)]
pub(crate) struct EvidenceBody {
    title: String,
    observed_at: DateTime<Utc>,
    rows: Vec<EvidenceRowBody>,
}

impl EvidenceBody {
    fn of(evidence: &Evidence) -> Self {
        let rows = evidence.rows.iter().map(|row| EvidenceRowBody {
            label: row.label.clone(),
            value: row.value.clone(),
        });
        Self {
            title: evidence.title.clone(),
            observed_at: evidence.observed_at,
            rows: rows.collect(),
        }
    }
}

/// What it is expected to bring in contribution margin over so many days.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangeEffect)]
pub(crate) struct EffectBody {
    days: u32,
    low: String,
    mean: String,
    high: String,
}

impl EffectBody {
    pub(crate) fn of(effect: &Effect, currency: Currency) -> Self {
        Self {
            days: effect.days,
            low: amount(effect.low, currency),
            mean: amount(effect.mean, currency),
            high: amount(effect.high, currency),
        }
    }
}

/// What was measured of a set some days after it was applied.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangeOutcomeMeasured)]
pub(crate) struct OutcomeBody {
    window_days: u32,
    /// The last day of the window.
    through: NaiveDate,
    measured_at: DateTime<Utc>,
    effect: Option<EffectBody>,
    /// Why it cannot be told.
    effect_unknown: Option<String>,
    /// What was predicted for as many days.
    predicted: Option<EffectBody>,
    /// Whether the interval that was predicted and the one that was measured have something in common.
    agrees: Option<bool>,
    method: String,
}

impl OutcomeBody {
    fn of(outcome: &Outcome, set: &ChangeSet, currency: Currency) -> Self {
        let predicted = set.effect.map(|e| e.over(outcome.window_days));
        let both = predicted.zip(outcome.effect);
        Self {
            window_days: outcome.window_days,
            through: outcome.through,
            measured_at: outcome.measured_at,
            effect: outcome.effect.as_ref().map(|e| EffectBody::of(e, currency)),
            effect_unknown: outcome.unknown.clone(),
            predicted: predicted.as_ref().map(|e| EffectBody::of(e, currency)),
            agrees: both.map(|(predicted, measured)| predicted.agrees(&measured)),
            method: outcome.method.clone(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangeRisk)]
pub(crate) struct RiskBody {
    /// From 0 to 1000.
    score: u32,
    band: BandBody,
    reasons: Vec<String>,
}

impl RiskBody {
    fn of(risk: &Risk) -> Self {
        Self {
            score: risk.score,
            band: risk.band().into(),
            reasons: risk.reasons.clone(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChangeSet)]
pub(crate) struct SetBody {
    #[schema(format = "uuid")]
    pub(super) id: String,
    #[schema(format = "uuid")]
    store_id: String,
    #[schema(format = "uuid")]
    connection_id: String,
    title: String,
    reason: String,
    origin: OriginBody,
    proposed_by: ActorBody,
    status: StatusBody,
    version: i64,
    /// Of the operations with the states that they were planned on; an approval names it.
    digest: String,
    /// The worst of its operations.
    reversibility: ReversibilityBody,
    operations: Vec<OperationBody>,
    evidence: Vec<EvidenceBody>,
    effect: Option<EffectBody>,
    /// Why nobody can tell the effect.
    effect_unknown: Option<String>,
    risk: RiskBody,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    approval: Option<DecisionBody>,
    rejection: Option<DecisionBody>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
    /// Why it is not wholly in effect, or what it waits for.
    error: Option<String>,
    #[schema(format = "uuid")]
    undone_by: Option<String>,
    /// What it brought after 1, 3, 7 and 28 days, as far as these are over.
    outcomes: Vec<OutcomeBody>,
    /// Whether something of it can be taken back.
    may_undo: bool,
}

impl SetBody {
    pub(crate) fn of(set: &ChangeSet, currency: Currency) -> Self {
        let operations = set.operations.iter();
        Self {
            id: set.id.to_string(),
            store_id: set.scope.store.to_string(),
            connection_id: set.connection.to_string(),
            title: set.title.clone(),
            reason: set.reason.clone(),
            origin: OriginBody::of(&set.origin),
            proposed_by: ActorBody::of(&set.proposed_by),
            status: set.status.into(),
            version: set.version,
            digest: set.digest().to_string(),
            reversibility: set.reversibility().into(),
            operations: operations.map(|o| OperationBody::of(o, currency)).collect(),
            evidence: set.evidence.iter().map(EvidenceBody::of).collect(),
            effect: set.effect.as_ref().map(|e| EffectBody::of(e, currency)),
            effect_unknown: set.effect_unknown.clone(),
            risk: RiskBody::of(&set.risk),
            created_at: set.created_at,
            expires_at: set.expires_at,
            approval: set.approval.as_ref().map(|a| DecisionBody {
                by: ActorBody::of(&a.by),
                at: a.at,
                note: a.note.clone(),
            }),
            rejection: set.rejection.as_ref().map(|r| DecisionBody {
                by: ActorBody::of(&r.by),
                at: r.at,
                note: r.note.clone(),
            }),
            started_at: set.started_at,
            finished_at: set.finished_at,
            error: set.error.clone(),
            undone_by: set.undone_by.map(|id| id.to_string()),
            outcomes: set
                .outcomes
                .iter()
                .map(|o| OutcomeBody::of(o, set, currency))
                .collect(),
            may_undo: plan::may_undo(set),
        }
    }
}

/// In the currency of their store.
pub(crate) async fn all(app: &App, sets: &[ChangeSet]) -> Result<Vec<SetBody>, Problem> {
    let Some(first) = sets.first() else {
        return Ok(Vec::new());
    };
    let stores = app.changes.stores(first.scope.workspace).await?;
    let body = |set: &ChangeSet| {
        let store = stores.iter().find(|s| s.scope == set.scope);
        // A set goes with its store.
        store.map(|store| SetBody::of(set, store.currency))
    };
    Ok(sets.iter().filter_map(body).collect())
}

pub(super) async fn one(app: &App, set: &ChangeSet) -> Result<SetBody, Problem> {
    let bodies = all(app, std::slice::from_ref(set)).await?;
    let body = bodies.into_iter().next();
    body.ok_or_else(|| Problem::not_found("change-set"))
}
