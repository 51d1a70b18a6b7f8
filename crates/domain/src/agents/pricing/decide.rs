//! From facts to proposals: which price, why, and what is left alone.

use super::SPEC;
use super::band::{Band, Bands};
use super::demand::{Demand, Series};
use super::elasticity::{Elasticity, Pool};
use super::endings::Endings;
use super::facts::{Facts, VariantFacts};
use super::left::{Left, notes};
use super::outlook::Sales;
use super::proposal::Words;
use crate::agents::decision::{Decision, Handling, Proposal};
use crate::agents::settings::Values;
use crate::catalog::CostSource;
use crate::changes::Effect;
use crate::ids::VariantId;
use crate::money::round_to_minor;
use chrono::{DateTime, Duration, Utc};
use std::cmp::Reverse;

/// How a product sells now is told by at most so many days, however many are compared around a change of price.
const RECENT: usize = 28;

/// The seed is not used: nothing here is left to chance.
#[must_use]
pub fn decide(facts: &Facts, values: &Values, now: DateTime<Utc>, _seed: u64) -> Decision {
    let number = |key| SPEC.number(values, key);
    let compared = usize::try_from(number("compared")).unwrap_or(0);
    let demand = Demand::of(facts, compared);
    let spread = number("spread") as f64 / 10_000.0;
    let pool = Pool::of(&demand.observed, spread);
    let prices = facts.variants.iter().map(|v| v.price);
    let policy = Policy {
        facts,
        values,
        now,
        demand: &demand,
        pool: pool.as_ref(),
        endings: Endings::of(facts.currency, prices),
        compared,
    };
    let mut found: Vec<Found> = Vec::new();
    let mut left: Vec<(Left, &str)> = Vec::new();
    for (variant, series) in facts.variants.iter().zip(&demand.series) {
        match policy.look(variant, series) {
            Ok(one) => found.extend(one),
            Err(why) => left.push((why, &variant.label)),
        }
    }
    found.retain(|f| !facts.told.contains(&f.proposal.subject));
    found.sort_by_key(|f| f.rank);
    let most = usize::try_from(number("most_proposals")).unwrap_or(0);
    let over = found.len().saturating_sub(most);
    found.truncate(most);
    Decision {
        proposals: found.into_iter().map(|f| f.proposal).collect(),
        notes: notes(&left, facts, pool.is_some(), over),
        looked_at: facts.variants.len() as u64,
    }
}

struct Found {
    /// Rules before demand; of these the larger shortfall, the larger gain first.
    rank: (u8, Reverse<i64>, VariantId),
    proposal: Proposal,
}

pub(super) struct Policy<'a> {
    pub facts: &'a Facts,
    pub values: &'a Values,
    pub now: DateTime<Utc>,
    pub demand: &'a Demand,
    pub pool: Option<&'a Pool>,
    pub endings: Endings,
    pub(super) compared: usize,
}

/// A product of which the policy may speak.
pub(super) struct Known<'a> {
    pub variant: &'a VariantFacts,
    /// Of a unit, in minor units.
    pub cost: i64,
    /// The least price that leaves the least margin.
    pub floor: i64,
    /// How it sells, or why nobody can tell.
    pub sales: Result<Sales, Left>,
}

impl Policy<'_> {
    pub(super) fn number(&self, key: &str) -> i64 {
        SPEC.number(self.values, key)
    }

    fn look(&self, variant: &VariantFacts, series: &Series) -> Result<Option<Found>, Left> {
        let left_alone = SPEC.words(self.values, "excluded_tags");
        let has = |tag: &String| {
            let tags = variant.tags.iter();
            tags.map(|t| t.trim().to_lowercase())
                .any(|t| t == tag.trim().to_lowercase())
        };
        if left_alone.iter().any(has) {
            return Ok(None);
        }
        if variant.price <= 0 {
            return Err(Left::Free);
        }
        let rest = Duration::days(self.number("declined_rest"));
        let mut declined = self.facts.declined.iter();
        if declined.any(|d| d.variant == variant.variant && self.now - d.at < rest) {
            return Err(Left::Declined);
        }
        let cost = self.cost(variant)?;
        let known = Known {
            variant,
            cost,
            floor: floor(cost, self.number("minimum_margin")).ok_or(Left::NoFloor)?,
            sales: self.sales(variant, series, cost),
        };
        let bands = Bands::of(self, variant.variant);
        if variant.price < known.floor {
            return self.raise_to_floor(&known, &bands).map(Some);
        }
        self.follow_demand(&known, &bands)
    }

    /// A price that leaves too little is raised to what leaves enough. The confidence is full: price and cost are recorded, and the rest is
    /// arithmetic; it is that the rule is broken, not what comes of the other price.
    fn raise_to_floor(&self, known: &Known<'_>, bands: &Bands) -> Result<Found, Left> {
        let price = known.variant.price;
        let smallest = Band::smallest(self, price);
        let low = known.floor.max(price.saturating_add(smallest));
        let high = bands.highest(self, price);
        let fits = (low <= high).then_some(low);
        let after = self.endings.first(low, high).or(fits);
        if after.is_some() && !bands.may_ask {
            return Err(Left::Rests);
        }
        let effect = after
            .and_then(|after| Some((known.sales.as_ref().ok()?, after)))
            .and_then(|(sales, after)| sales.effect(after));
        let words = Words::new(self, known);
        let proposal = words.floor(after, effect);
        Ok(Found {
            rank: (0, Reverse(known.floor - price), known.variant.variant),
            proposal,
        })
    }

    fn follow_demand(&self, known: &Known<'_>, bands: &Bands) -> Result<Option<Found>, Left> {
        // That no change of price was seen is said once for all.
        let Some(pool) = self.pool else {
            return Ok(None);
        };
        let sales = known.sales.as_ref().map_err(|why| *why)?;
        if sales.elasticity.mean >= 0.0 {
            return Err(Left::WrongSign);
        }
        for band in bands.allowed(pool.changes) {
            let Some((after, effect)) = self.best(known, sales, band) else {
                continue;
            };
            let Some(sure) = sales.confidence(after) else {
                continue;
            };
            // Rounded down: a limit is not reached by rounding.
            let confidence = (sure * 1_000.0) as u32;
            if effect.mean <= 0 || i64::from(confidence) * 10 < band.from {
                continue;
            }
            let handling = match band.handling {
                Handling::Apply if !self.is_active() => Handling::Ask,
                handling => handling,
            };
            let words = Words::new(self, known);
            let proposal = words.demand(sales, after, effect, confidence, handling);
            return Ok(Some(Found {
                rank: (1, Reverse(effect.mean), known.variant.variant),
                proposal,
            }));
        }
        match bands.may_ask {
            true => Ok(None),
            false => Err(Left::Rests),
        }
    }

    /// The price within a band that is expected to bring most, the nearer one of equals.
    fn best(&self, known: &Known<'_>, sales: &Sales, band: &Band) -> Option<(i64, Effect)> {
        let price = known.variant.price;
        let smallest = Band::smallest(self, price);
        let (low, high) = band.bounds(self, known);
        let far = |after: i64| (after - price).abs();
        let prices = self
            .endings
            .between(low, high, |after| far(after) >= smallest);
        let effects = prices
            .into_iter()
            .filter_map(|after| Some((after, sales.effect(after)?)));
        effects.max_by_key(|(after, effect)| (effect.mean, Reverse(far(*after)), *after))
    }

    /// In minor units of the store's currency.
    pub(super) fn cost(&self, variant: &VariantFacts) -> Result<i64, Left> {
        let fact = variant.cost.filter(|c| c.source != CostSource::Default);
        let cost = fact.ok_or(Left::UnknownCost)?.cost;
        if cost.currency != self.facts.currency {
            return Err(Left::OtherCurrency);
        }
        let minor = round_to_minor(cost.amount, cost.currency);
        minor
            .ok()
            .filter(|minor| *minor >= 0)
            .ok_or(Left::UnknownCost)
    }

    /// How a product sells at its present price.
    fn sales(&self, variant: &VariantFacts, series: &Series, cost: i64) -> Result<Sales, Left> {
        let pool = self.pool.ok_or(Left::NoChanges)?;
        let elasticity = pool.elasticity(variant.variant);
        self.sales_at(variant, series, cost, elasticity)
    }

    /// The same with what is known of how demand answers to price.
    pub(super) fn sales_at(
        &self,
        variant: &VariantFacts,
        series: &Series,
        cost: i64,
        elasticity: Elasticity,
    ) -> Result<Sales, Left> {
        if variant.stock.is_some_and(|stock| stock <= 0) {
            return Err(Left::NoStock);
        }
        let stretches = series.stretches().last();
        let mut now = stretches
            .filter(|s| s.price == variant.price && s.until == series.price.len())
            .ok_or(Left::TooFewDays)?;
        now.from = now
            .from
            .max(now.until.saturating_sub(self.compared.min(RECENT)));
        let side = series.side(&now);
        if side.days < super::demand::WEEK {
            return Err(Left::TooFewDays);
        }
        let net: i64 = (now.from..now.until)
            .filter(|day| series.units[*day].is_some())
            .map(|day| series.net[day])
            .sum();
        if side.units == 0 || net <= 0 {
            return Err(Left::NotSold);
        }
        let listed = side.units as f64 * variant.price as f64;
        let days = side.days as f64;
        // Half a unit more, so that few units are not taken for a certainty.
        let rate = (side.units as f64 + 0.5) / days;
        let share = |part: Option<i64>| part.unwrap_or(0) as f64 / 10_000.0;
        Ok(Sales {
            price: variant.price,
            rate,
            rate_deviation: (self.demand.dispersion * rate / days).sqrt(),
            realised: net as f64 / listed,
            kept: 1.0 - share(self.facts.fee_share),
            cost: cost as f64 + self.facts.shipping_per_unit.unwrap_or(0) as f64,
            stock: variant.stock.map(|stock| stock as f64),
            dispersion: self.demand.dispersion,
            elasticity,
        })
    }

    /// Whether the store's clock stands within the hours in which something may be applied without asking.
    fn is_active(&self) -> bool {
        use chrono::Timelike as _;
        let hour = i64::from(self.now.with_timezone(&self.facts.zone).hour());
        let (from, until) = (self.number("active_from"), self.number("active_until"));
        if from < until {
            (from..until).contains(&hour)
        } else {
            // Over midnight.
            hour >= from || hour < until
        }
    }
}

/// The least price of which a share is left after the cost; `None`: too large to be one.
fn floor(cost: i64, margin: i64) -> Option<i64> {
    let left = i128::from(10_000 - margin.clamp(0, 9_999));
    let price = (i128::from(cost) * 10_000 + left - 1) / left;
    i64::try_from(price).ok()
}

#[cfg(test)]
mod floor_tests {
    use super::floor;
    use crate::changes::Limits;
    use crate::changes::guardrails::is_above_margin;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_floor_is_the_least_price_that_the_guardrail_lets_through(cost in 0_i64..1_000_000, margin in 0_i64..9_000) {
            let limits = Limits { margin, ..Limits::default() };
            let least = floor(cost, margin).unwrap();
            prop_assert!(least == 0 || is_above_margin(&limits, least, cost));
            prop_assert!(!is_above_margin(&limits, least - 1, cost));
        }
    }
}
