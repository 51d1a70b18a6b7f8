//! What a policy would have done, as the API writes it.

use crate::http::amounts::amount;
use chrono::NaiveDate;
use domain::agents::{Handling, Proposal, Rehearsal, RehearsedDay};
use domain::changes::Effect;
use domain::money::Currency;
use serde::Serialize;
use utoipa::ToSchema;

/// In contribution margin over so many days, against doing nothing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RehearsalEffect)]
pub(crate) struct EffectBody {
    low: String,
    mid: String,
    high: String,
    currency: String,
    window_days: u32,
}

impl EffectBody {
    fn of(effect: &Effect, currency: Currency) -> Self {
        Self {
            low: amount(effect.low, currency),
            mid: amount(effect.mean, currency),
            high: amount(effect.high, currency),
            currency: currency.to_string(),
            window_days: effect.days,
        }
    }
}

/// What the policy wanted to become of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProposalHandling)]
pub(crate) enum HandlingBody {
    Apply,
    Ask,
    /// A finding with nothing to apply.
    Notify,
}

impl From<Handling> for HandlingBody {
    fn from(handling: Handling) -> Self {
        match handling {
            Handling::Apply => Self::Apply,
            Handling::Ask => Self::Ask,
            Handling::Notify => Self::Notify,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RehearsedProposal)]
pub(crate) struct ProposalBody {
    title: String,
    reason: String,
    handling: HandlingBody,
    /// In thousandths.
    confidence: u32,
    effect: Option<EffectBody>,
}

impl ProposalBody {
    fn of(proposal: &Proposal, currency: Currency) -> Self {
        let effect = proposal.effect.as_ref();
        Self {
            title: proposal.title.clone(),
            reason: proposal.reason.clone(),
            handling: proposal.handling.into(),
            confidence: proposal.confidence,
            effect: effect.map(|e| EffectBody::of(e, currency)),
        }
    }
}

/// One day, as it was known at its end.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RehearsedDay)]
pub(crate) struct DayBody {
    day: NaiveDate,
    proposals: Vec<ProposalBody>,
    effect: Option<EffectBody>,
}

impl DayBody {
    fn of(day: &RehearsedDay, currency: Currency) -> Self {
        let proposals = day.proposals.iter();
        Self {
            day: day.day,
            proposals: proposals.map(|p| ProposalBody::of(p, currency)).collect(),
            effect: day.effect.as_ref().map(|e| EffectBody::of(e, currency)),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Rehearsal)]
pub(crate) struct RehearsalBody {
    from: NaiveDate,
    to: NaiveDate,
    proposals: u64,
    /// The most on one day.
    busiest: u64,
    /// The day whose effect would have been the lowest; null where no day's effect is known.
    worst: Option<NaiveDate>,
    /// Over the whole range; null where facts do not tell.
    effect: Option<EffectBody>,
    /// What the effect rests on, or why there is none.
    explanation: String,
    /// Each day of the range, also those on which nothing would have been proposed.
    days: Vec<DayBody>,
}

impl RehearsalBody {
    pub(super) fn of(rehearsal: &Rehearsal, currency: Currency) -> Self {
        let effect = rehearsal.effect.as_ref();
        let days = rehearsal.days.iter();
        Self {
            from: rehearsal.from,
            to: rehearsal.to,
            proposals: rehearsal.proposals,
            busiest: rehearsal.busiest,
            worst: rehearsal.worst,
            effect: effect.map(|e| EffectBody::of(e, currency)),
            explanation: rehearsal.explanation.clone(),
            days: days.map(|d| DayBody::of(d, currency)).collect(),
        }
    }
}
