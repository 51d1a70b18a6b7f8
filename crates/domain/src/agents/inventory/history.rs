//! The policy over days that are past: what lay there, what was forecast and what was on order on each of them.

use super::facts::{Facts, StepFacts, VariantFacts};
use crate::forecast::History as Enough;
use crate::forecast::stored::AHEAD;
use crate::ids::PurchaseOrderId;
use crate::inventory_plan::{Arrival, Position};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone)]
pub struct History {
    pub zone: Tz,
    /// What is taken as it is now: settings, suppliers, costs, lead times, what a unit leaves.
    pub now: Facts,
    /// In the order of `now.variants`.
    pub variants: Vec<PastVariant>,
}

#[derive(Debug, Clone, Default)]
pub struct PastVariant {
    /// What lay there at the end of each day on which somebody looked.
    pub stock: BTreeMap<NaiveDate, i64>,
    /// Oldest first.
    pub forecasts: Vec<PastForecast>,
    pub orders: Vec<PastOrder>,
}

#[derive(Debug, Clone)]
pub struct PastForecast {
    pub first: NaiveDate,
    pub steps: Vec<StepFacts>,
    pub spread: i64,
    pub history: Enough,
}

/// A line of an own order, with the days on which it became known and its goods came.
#[derive(Debug, Clone)]
pub struct PastOrder {
    pub id: PurchaseOrderId,
    pub approved_on: NaiveDate,
    /// Nothing more comes from then on.
    pub ended_on: Option<NaiveDate>,
    pub expected_on: Option<NaiveDate>,
    pub quantity: i64,
    pub received: Vec<(NaiveDate, i64)>,
}

impl History {
    /// What was known at the end of a day, which is what the next one begins with.
    #[must_use]
    pub fn known_at(&self, day: NaiveDate, end: DateTime<Utc>) -> Facts {
        let variants = self.now.variants.iter().zip(&self.variants);
        Facts {
            today: day.succ_opt().unwrap_or(day),
            as_of: Some(end),
            variants: variants
                .filter_map(|(now, past)| past.known_at(now, day))
                .collect(),
            told: BTreeSet::new(),
            ..self.now.clone()
        }
    }

    /// What a rehearsal over it rests on, as a sentence.
    #[must_use]
    pub fn rests_on(&self, (from, to): (NaiveDate, NaiveDate)) -> String {
        let days = from.iter_days().take_while(|day| *day <= to);
        let known = |day: &NaiveDate| self.variants.iter().any(|v| v.is_known_at(*day));
        let (known, all) = days.fold((0_u32, 0_u32), |(known_days, all), day| {
            (known_days + u32::from(known(&day)), all + 1)
        });
        format!(
            "Stock as it was and a forecast of its time are known of {known} of the {all} days: forecasts are kept for about six weeks, and of days on \
             which nobody looked at the stock nothing is known; on the others nothing is proposed. Settings, suppliers, lead times, costs and what a \
             unit leaves are those of now. No proposal is taken as carried out."
        )
    }
}

impl PastVariant {
    fn is_known_at(&self, day: NaiveDate) -> bool {
        self.stock.contains_key(&day) && self.forecast_at(day).is_some()
    }

    fn forecast_at(&self, day: NaiveDate) -> Option<(&PastForecast, &[StepFacts])> {
        let next = day.succ_opt()?;
        let made = self.forecasts.iter().rev().find(|f| f.first <= next)?;
        let passed = usize::try_from((next - made.first).num_days()).ok()?;
        let rest = made.steps.get(passed..).filter(|rest| !rest.is_empty())?;
        Some((made, &rest[..rest.len().min(AHEAD)]))
    }

    fn known_at(&self, now: &VariantFacts, day: NaiveDate) -> Option<VariantFacts> {
        let stock = *self.stock.get(&day)?;
        let (made, steps) = self.forecast_at(day)?;
        let open = self
            .orders
            .iter()
            .filter_map(|o| Some((o, o.to_come(day)?)));
        let open: Vec<_> = open.collect();
        let ahead = |order: &PastOrder| order.expected_on.filter(|on| *on > day);
        Some(VariantFacts {
            position: Position {
                on_hand: Some(stock),
                available: None,
                committed: None,
                incoming: None,
                on_order: open.iter().map(|(_, units)| units).sum(),
                uncounted: 0,
            },
            arrivals: open
                .iter()
                .filter_map(|(order, units)| {
                    Some(Arrival {
                        day: ahead(order)?,
                        units: *units,
                    })
                })
                .collect(),
            under_way: open.iter().map(|(order, _)| order.id).collect(),
            drafts: Vec::new(),
            steps: steps.to_vec(),
            spread: made.spread,
            history: Some(made.history),
            last_sold_on: now.last_sold_on.filter(|on| *on <= day),
            below_nothing: Vec::new(),
            ..now.clone()
        })
    }
}

impl PastOrder {
    /// What was still to come at the end of a day; `None`: it was not under way, or all had come.
    fn to_come(&self, day: NaiveDate) -> Option<i64> {
        let is_over = self.ended_on.is_some_and(|on| on <= day);
        if self.approved_on > day || is_over {
            return None;
        }
        let came = self.received.iter().filter(|(on, _)| *on <= day);
        let left = self.quantity - came.map(|(_, units)| units).sum::<i64>();
        (left > 0).then_some(left)
    }
}
