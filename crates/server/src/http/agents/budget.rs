//! What an agent may use up, as the API writes and reads it.

use crate::http::amounts::optional_amount;
use crate::problem::FieldError;
use domain::agents::Budget;
use domain::changes::budget::UnknownEffect;
use domain::money::{Currency, Money};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What it may use up.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = AgentBudget)]
pub(crate) struct BudgetBody {
    runs_per_hour: u32,
    runs_per_day: u32,
    /// Proposals that one run may make.
    proposals_per_run: u32,
    /// Writes that it may make by itself within a day.
    writes_per_day: u32,
    /// What all that it writes within a day may mean in contribution margin, whichever way and whoever approved it: a decimal string
    /// in the store's currency. Null: as much as the other limits let. It has to be said, so that no limit goes by being left out.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required = true)]
    money_per_day: Option<String>,
    /// What becomes of a write that moves money and whose effect nobody can tell, where there is a budget of money.
    unknown_effect: UnknownBody,
    /// Calls of the provider for all that it writes within a day; each try of a write counts four, a cancellation and a
    /// draft more. Null: as many as it takes.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required = true)]
    calls_per_day: Option<u32>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AgentUnknownEffect)]
pub(crate) enum UnknownBody {
    Refused,
    /// It is made, and counts nothing.
    Free,
}

impl From<UnknownEffect> for UnknownBody {
    fn from(effect: UnknownEffect) -> Self {
        match effect {
            UnknownEffect::Refused => Self::Refused,
            UnknownEffect::Free => Self::Free,
        }
    }
}

impl From<UnknownBody> for UnknownEffect {
    fn from(body: UnknownBody) -> Self {
        match body {
            UnknownBody::Refused => Self::Refused,
            UnknownBody::Free => Self::Free,
        }
    }
}

impl BudgetBody {
    pub(super) fn of(budget: &Budget, currency: Currency) -> Self {
        Self {
            runs_per_hour: budget.runs_per_hour,
            runs_per_day: budget.runs_per_day,
            proposals_per_run: budget.proposals_per_run,
            writes_per_day: budget.writes_per_day,
            money_per_day: optional_amount(budget.money_per_day, currency),
            unknown_effect: budget.unknown_effect.into(),
            calls_per_day: budget.calls_per_day,
        }
    }

    pub(super) fn read(&self, currency: Currency) -> Result<Budget, FieldError> {
        let money = self.money_per_day.as_deref();
        let money = money.map(|text| Money::parse(text, currency)).transpose();
        let field = "budget.money_per_day";
        let money = money.map_err(|error| FieldError::new(field, error.to_string()))?;
        Ok(Budget {
            runs_per_hour: self.runs_per_hour,
            runs_per_day: self.runs_per_day,
            proposals_per_run: self.proposals_per_run,
            writes_per_day: self.writes_per_day,
            money_per_day: money.map(|money| money.minor),
            unknown_effect: self.unknown_effect.into(),
            calls_per_day: self.calls_per_day,
        })
    }
}
