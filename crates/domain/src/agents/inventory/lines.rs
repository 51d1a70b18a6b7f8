//! One variant planned: what would be ordered of it, and what that brings.

use super::facts::{Facts, VariantFacts};
use crate::agents::stats::EIGHTY;
use crate::changes::Effect;
use crate::forecast::StoredStep;
use crate::inventory_plan::{
    Facts as PlanFacts, LeadTime, Outlook, Plan, Reorder, State, Urgency, plan, quantity,
    reorder_after, units,
};
use crate::money::round_to_minor;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

/// Equally likely courses of demand, as standard deviations from the middle: the middles of twenty slices of a normal distribution.
const COURSES: [f64; 10] = [
    0.062_706_777_943,
    0.189_118_426_273,
    0.318_639_363_964,
    0.453_762_190_17,
    0.597_760_126_042,
    0.755_415_026_36,
    0.934_589_291_073,
    1.150_349_380_376,
    1.439_531_470_938,
    1.959_963_984_54,
];

/// A variant with its plan, as the inventory's page has it.
pub(super) struct Planned<'a> {
    pub(super) of: &'a VariantFacts,
    pub(super) steps: Vec<StoredStep>,
    pub(super) plan: Plan,
    /// What to order now; `None`: nothing.
    pub(super) now: Option<Reorder>,
    /// What would have to be ordered before the next look, and is not yet.
    pub(super) soon: Option<Reorder>,
    /// In minor units of the store's currency; `None`: nothing was sold of late, or its cost is told in another currency.
    pub(super) unit_margin: Option<i64>,
}

/// Units that would be missing without an order now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Short {
    pub(super) low: f64,
    pub(super) mean: f64,
    pub(super) high: f64,
}

impl<'a> Planned<'a> {
    pub(super) fn of(facts: &Facts, of: &'a VariantFacts, review: u32) -> Self {
        let steps: Vec<StoredStep> = of.steps.iter().map(super::StepFacts::step).collect();
        let told = told(facts, of, &steps);
        let plan = plan(&told, &facts.settings);
        let now = plan.states.contains(&State::Reorder);
        let now = plan.reorder.filter(|_| now);
        let later = reorder_after(&told, &facts.settings, review);
        let soon = later.filter(|later| now.is_none() && later.quantity > 0);
        Self {
            unit_margin: unit_margin(facts, of),
            of,
            plan,
            now,
            soon,
            steps,
        }
    }

    pub(super) fn outlook(&self, facts: &Facts) -> Option<Outlook<'_>> {
        Outlook::new(facts.today, &self.steps, self.of.spread())
    }

    pub(super) fn lead(&self) -> Option<LeadTime> {
        self.of.lead.map(|lead| lead.time())
    }

    /// Between the day on which an order of now comes and the day on which one of the next look would; at most what is ordered.
    pub(super) fn short(&self, facts: &Facts, review: u32, ordered: i64) -> Option<Short> {
        let (outlook, lead) = (self.outlook(facts)?, self.lead()?);
        let dated: i64 = self.of.arrivals.iter().map(|a| a.units).sum();
        // What comes on no day that is known is taken as there: nothing is told better than it is.
        let there = self.of.position.total()? - dated;
        let span = (lead.mean_days, lead.mean_days + f64::from(review));
        let short = |deviations: f64| {
            let missing = outlook.short(there, &self.of.arrivals, span, deviations);
            missing.min(units(ordered))
        };
        let both = COURSES.iter().map(|z| short(*z) + short(-*z));
        let mean = both.sum::<f64>() / (2.0 * units(10));
        let (low, high) = (short(-EIGHTY), short(EIGHTY));
        Some(Short {
            low: low.min(mean),
            mean,
            high: high.max(mean),
        })
    }

    /// What is missing, at what a unit leaves.
    pub(super) fn effect(&self, short: &Short, days: u32) -> Option<Effect> {
        let margin = self.unit_margin?;
        let worth = |missing: f64| round(missing * units(margin));
        let (one, other) = (worth(short.low), worth(short.high));
        Some(Effect {
            days,
            low: one.min(other),
            mean: worth(short.mean),
            high: one.max(other),
        })
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "held between bounds that both types have"
)]
fn round(amount: f64) -> i64 {
    amount.round().clamp(-1e15, 1e15) as i64
}

fn told<'a>(facts: &Facts, of: &'a VariantFacts, steps: &'a [StoredStep]) -> PlanFacts<'a> {
    let major = |minor: i64| {
        let exponent = facts.currency.exponent();
        Decimal::new(minor, exponent).to_f64().unwrap_or_default()
    };
    let cost = of.cost.filter(|c| c.currency == facts.currency);
    PlanFacts {
        today: facts.today,
        tracked: of.tracked,
        is_bundle: false,
        position: of.position,
        arrivals: &of.arrivals,
        outlook: Outlook::new(facts.today, steps, of.spread()),
        lead: of.lead.map(|lead| lead.time()),
        unit_cost: cost.and_then(|c| c.amount.to_f64()),
        pack: of.pack,
        minimum: of.minimum,
        sold_28: of.sold_28,
        last_sold_on: of.last_sold_on,
        offered_since: of.offered_since,
        order_cost: major(facts.settings.order_cost),
    }
}

/// What a unit left on average of late, at the cost of now, after fees and sending as far as they are known.
fn unit_margin(facts: &Facts, of: &VariantFacts) -> Option<i64> {
    let earned = of.earned.filter(|e| e.units > 0)?;
    let cost = of.cost.filter(|c| c.currency == facts.currency)?;
    let cost = round_to_minor(cost.amount, facts.currency).ok()?;
    let net = i128::from(earned.net) / i128::from(earned.units);
    let fees = net * i128::from(facts.fee_share.unwrap_or(0)) / 10_000;
    let sending = i128::from(facts.shipping_per_unit.unwrap_or(0));
    i64::try_from(net - fees - sending - i128::from(cost)).ok()
}

/// The first the most urgent.
pub(super) const fn rank(urgency: Urgency) -> u8 {
    match urgency {
        Urgency::Out => 0,
        Urgency::Critical => 1,
        Urgency::High => 2,
        Urgency::Medium => 3,
        Urgency::Low => 4,
        Urgency::Unknown => 5,
    }
}

pub(super) const fn word(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Out => "out of stock",
        Urgency::Critical => "critical: less than 3 days",
        Urgency::High => "high: less than 7 days",
        Urgency::Medium => "medium: less than 14 days",
        Urgency::Low => "low: 14 days or more",
        Urgency::Unknown => "not known",
    }
}

/// Whole days, upwards.
pub(super) fn whole_days(days: f64) -> u32 {
    u32::try_from(quantity(days)).unwrap_or(u32::MAX)
}
