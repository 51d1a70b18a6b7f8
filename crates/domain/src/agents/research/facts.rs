//! What the policy of research is told. Amounts are minor units of the store's currency, shares ten-thousandths, scores hundredths.

use crate::changes::ProductDraft;
use crate::ids::OpportunityId;
use crate::money::Currency;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub currency: Currency,
    pub today: NaiveDate,
    /// When the newest of the scores was computed.
    pub as_of: Option<DateTime<Utc>>,
    /// Those that score at least as much as is watched, by number.
    pub candidates: Vec<Candidate>,
    /// Everything that anybody decided about, by number.
    pub outcomes: Vec<Outcome>,
    pub told: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    pub id: OpportunityId,
    pub title: String,
    pub category: Option<String>,
    pub supplier: Option<String>,
    pub discovered_at: DateTime<Utc>,
    pub score: i64,
    /// Between which it lies, whatever is missing.
    pub low: i64,
    pub high: i64,
    /// Of the weights, what has a source.
    pub known: i64,
    /// At the dearest.
    pub margin: Option<i64>,
    /// Why, or why not.
    pub margin_why: String,
    pub price: Option<i64>,
    pub landed: Option<i64>,
    pub break_even: Option<i64>,
    pub factors: Vec<FactorFacts>,
    /// The best first.
    pub offers: Vec<OfferFacts>,
    /// As what the shop sells it already.
    pub owned: Option<String>,
    /// Somebody put it off until then.
    pub until: Option<DateTime<Utc>>,
    /// As it would be made; `None` where it was not tried.
    pub draft: Option<ProductDraft>,
    /// Why no draft can be made.
    pub no_draft: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactorFacts {
    pub name: String,
    /// Percent.
    pub weight: u32,
    pub points: Option<i64>,
    /// Its source, or the reason why there is none.
    pub why: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferFacts {
    pub supplier: String,
    /// Product and shipping at the dearest.
    pub paid: Option<i64>,
    pub is_out: bool,
    /// By what it is taken for the same thing, in words.
    pub same: Option<String>,
}

/// What became of something that was decided about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub id: OpportunityId,
    pub title: String,
    pub category: Option<String>,
    pub supplier: Option<String>,
    pub accepted: bool,
    pub at: DateTime<Utc>,
    pub reason: Option<String>,
    /// When its draft was made in the shop; `None`: none was, or it was taken away again.
    pub made_on: Option<NaiveDate>,
    /// Units by day from then on, refunds taken off.
    pub sold: Vec<(NaiveDate, i64)>,
}
