//! What another price, unit cost or cost of sending would mean for one variant, by the model by which the policy itself decides.
//!
//! Nothing is guessed: without a change of price that shows how demand answers, another price has no answer, while another cost has one, because
//! as many are sold either way.

use super::decide::Policy;
use super::demand::{Demand, Observed};
use super::elasticity::{Elasticity, Pool};
use super::endings::Endings;
use super::facts::{Facts, VariantFacts};
use super::left::Left;
use super::outlook::HORIZON;
use super::spec::SPEC;
use crate::agents::settings::Values;
use crate::changes::Effect;
use crate::ids::VariantId;
use chrono::DateTime;

/// The store's sales with what its changes of price have shown: made once, and asked many times.
pub struct WhatIf {
    facts: Facts,
    values: Values,
    demand: Demand,
    pool: Option<Pool>,
    compared: usize,
}

/// What is moved; `None`: it stays. Minor units of the store's currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Levers {
    pub price: Option<i64>,
    pub unit_cost: Option<i64>,
    /// Of sending one unit.
    pub shipping: Option<i64>,
}

/// How demand answers to price: percent of units for one percent of price.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answers {
    pub mean: f64,
    /// 80 %.
    pub low: f64,
    pub high: f64,
    /// Changes of this price, and of all prices of the store, that it rests on.
    pub own: usize,
    pub all: usize,
    /// The largest steps that were seen, as shares of the price before: −0.1 is a tenth less.
    pub seen: (f64, f64),
}

/// A variant as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    pub label: String,
    pub price: i64,
    /// `None`: not known, or one that no price may rest on; the reason stands in `why`.
    pub unit_cost: Option<i64>,
    /// Of sending one unit, the store's average; `None`: not known, and left out.
    pub shipping: Option<i64>,
    /// Ten-thousandths of net revenue; `None`: not known, and left out.
    pub fee_share: Option<i64>,
    pub stock: Option<i64>,
    /// Units a day at the present price.
    pub units_a_day: Option<f64>,
    /// Why nothing can be told at all.
    pub why: Option<&'static str>,
    pub answers: Option<Answers>,
    /// Why no other price can be told.
    pub price_why: Option<&'static str>,
}

/// Contribution margin over `days`, in minor units, with intervals of 80 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WhatIfAnswer {
    pub days: u32,
    pub units_now: f64,
    pub units_then: f64,
    pub now: Effect,
    pub then: Effect,
    pub change: Effect,
    /// The probability that the other price brings more, in thousandths, rounded down; `None` where it stays.
    pub confidence: Option<u32>,
    /// The price moves further than any that was seen to be moved: the answer reaches beyond what was observed.
    pub is_beyond: bool,
    /// All that lies there may be sold before the days are over.
    pub sells_out: bool,
}

impl WhatIf {
    #[must_use]
    pub fn of(facts: Facts, values: Values) -> Self {
        let number = |key| SPEC.number(&values, key);
        let compared = usize::try_from(number("compared")).unwrap_or(0);
        let demand = Demand::of(&facts, compared);
        let spread = number("spread") as f64 / 10_000.0;
        let pool = Pool::of(&demand.observed, spread);
        Self {
            facts,
            values,
            demand,
            pool,
            compared,
        }
    }

    #[must_use]
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Variants in whose name a text stands, without regard to case, what was sold most over all days first; at most so many.
    #[must_use]
    pub fn choices(&self, text: &str, most: usize) -> Vec<(VariantId, &str)> {
        let text = text.trim().to_lowercase();
        let all = self.facts.variants.iter();
        let mut found: Vec<_> = all
            .filter(|v| v.label.to_lowercase().contains(&text))
            .map(|v| {
                let sold: i64 = v.sales.iter().map(|s| s.units).sum();
                (std::cmp::Reverse(sold), v.variant, v.label.as_str())
            })
            .collect();
        found.sort_unstable();
        let found = found.into_iter().take(most);
        found.map(|(_, id, label)| (id, label)).collect()
    }

    /// `None`: it is not offered.
    #[must_use]
    pub fn standing(&self, variant: VariantId) -> Option<Standing> {
        let (at, of) = self.find(variant)?;
        let policy = self.policy();
        let sales = self.sales(&policy, at, of);
        let answers = self.pool.as_ref().map(|pool| self.answers(pool, variant));
        let price_why = match (&sales, answers) {
            (Err(_), _) => None,
            (Ok(_), None) => Some(Left::NoChanges.why()),
            (Ok(_), Some(a)) if a.mean >= 0.0 => Some(Left::WrongSign.why()),
            (Ok(_), Some(_)) => None,
        };
        Some(Standing {
            label: of.label.clone(),
            price: of.price,
            unit_cost: policy.cost(of).ok(),
            shipping: self.facts.shipping_per_unit,
            fee_share: self.facts.fee_share,
            stock: of.stock,
            units_a_day: sales.as_ref().ok().map(|s| s.rate),
            why: sales.err().map(Left::why),
            answers,
            price_why,
        })
    }

    /// # Errors
    /// Why it cannot be told, as the end of a sentence.
    pub fn answer(&self, variant: VariantId, levers: Levers) -> Result<WhatIfAnswer, &'static str> {
        let (at, of) = self.find(variant).ok_or("it is not offered any more")?;
        let policy = self.policy();
        let sales = self.sales(&policy, at, of).map_err(Left::why)?;
        let cost = policy.cost(of).map_err(Left::why)?;
        let price = levers.price.unwrap_or(of.price);
        if price <= 0 {
            return Err(Left::Free.why());
        }
        let is_moved = price != of.price;
        if is_moved && self.pool.is_none() {
            return Err(Left::NoChanges.why());
        }
        if is_moved && sales.elasticity.mean >= 0.0 {
            return Err(Left::WrongSign.why());
        }
        let shipping = match (levers.shipping, self.facts.shipping_per_unit) {
            (Some(wanted), Some(_)) => wanted,
            (None, known) => known.unwrap_or(0),
            (Some(_), None) => {
                return Err(
                    "what sending a unit costs now is not known, so that no change of it can be told",
                );
            }
        };
        let unit_cost = levers.unit_cost.unwrap_or(cost);
        if shipping < 0 || unit_cost < 0 {
            return Err("nothing costs less than nothing");
        }
        let too_large = "the figures are too large to be money";
        let new_cost = unit_cost as f64 + shipping as f64;
        let scenario = sales.scenario(price, new_cost).ok_or(too_large)?;
        // The probability is of the price alone; with another cost beside it there is none to tell.
        let is_price_alone = is_moved && levers.unit_cost.is_none() && levers.shipping.is_none();
        let confidence = is_price_alone.then(|| sales.confidence(price)).flatten();
        let share = price as f64 / of.price as f64 - 1.0;
        let is_beyond = is_moved
            && self.pool.is_some()
            && self
                .seen()
                .is_none_or(|(low, high)| share < low || share > high);
        Ok(WhatIfAnswer {
            days: HORIZON,
            units_now: scenario.units_now,
            units_then: scenario.units_then,
            now: scenario.now,
            then: scenario.then,
            change: scenario.change,
            confidence: confidence.map(|c| (c * 1_000.0) as u32),
            is_beyond,
            sells_out: of.stock.is_some_and(|stock| {
                scenario.units_now.max(scenario.units_then) >= stock as f64 * 0.95
            }),
        })
    }

    fn find(&self, variant: VariantId) -> Option<(usize, &VariantFacts)> {
        let mut all = self.facts.variants.iter().enumerate();
        all.find(|(_, v)| v.variant == variant)
    }

    fn policy(&self) -> Policy<'_> {
        let prices = self.facts.variants.iter().map(|v| v.price);
        Policy {
            facts: &self.facts,
            values: &self.values,
            // Nothing that is asked of it here depends on the time.
            now: self.facts.as_of.unwrap_or(DateTime::UNIX_EPOCH),
            demand: &self.demand,
            pool: self.pool.as_ref(),
            endings: Endings::of(self.facts.currency, prices),
            compared: self.compared,
        }
    }

    fn sales(
        &self,
        policy: &Policy<'_>,
        at: usize,
        of: &VariantFacts,
    ) -> Result<super::outlook::Sales, Left> {
        if of.price <= 0 {
            return Err(Left::Free);
        }
        let cost = policy.cost(of)?;
        let series = self.demand.series.get(at).ok_or(Left::NotSold)?;
        // Without a change of price none is asked about.
        let unmoved = Elasticity {
            mean: 0.0,
            deviation: 0.0,
            own: 0,
        };
        let pool = self.pool.as_ref();
        let elasticity = pool.map_or(unmoved, |pool| pool.elasticity(of.variant));
        policy.sales_at(of, series, cost, elasticity)
    }

    fn answers(&self, pool: &Pool, variant: VariantId) -> Answers {
        let elasticity = pool.elasticity(variant);
        let (low, high) = elasticity.interval();
        Answers {
            mean: elasticity.mean,
            low,
            high,
            own: elasticity.own,
            all: pool.changes,
            seen: self.seen().unwrap_or((0.0, 0.0)),
        }
    }

    /// The largest steps down and up.
    fn seen(&self) -> Option<(f64, f64)> {
        let step = |o: &Observed| o.after.price as f64 / o.before.price as f64 - 1.0;
        let steps = self.demand.observed.iter().map(step);
        steps.fold(None, |span, step| {
            let (low, high): (f64, f64) = span.unwrap_or((0.0, 0.0));
            Some((low.min(step), high.max(step)))
        })
    }
}
