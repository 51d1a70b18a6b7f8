//! Prices, costs and sales with the times at which they became known, and what was known at the end of a day.

use super::facts::{CostFact, DaySales, Facts, VariantFacts};
use super::{SPEC, decide};
use crate::agents::rehearsal::{Rehearsal, Rehearser, Repeats, end_of};
use crate::agents::settings::Values;
use crate::calendar::Calendar;
use crate::catalog::{CostBook, CostRecord};
use crate::ids::{ProductId, VariantId};
use crate::money::Currency;
use crate::prices::PriceRecord;
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    pub currency: Currency,
    pub zone: Tz,
    /// The first local day of which all sales are known.
    pub from: NaiveDate,
    pub variants: Vec<PastVariant>,
    /// What fees and sending cost, for days on which anything was sold.
    pub costs: Vec<DayCosts>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastVariant {
    pub product: ProductId,
    pub variant: VariantId,
    pub label: String,
    /// As they are today: nobody records since when.
    pub tags: Vec<String>,
    pub listed_at: Option<DateTime<Utc>>,
    /// One for each day on which something was sold, as ordered on that day.
    pub sales: Vec<DaySales>,
    pub without_stock: Vec<NaiveDate>,
    pub prices: Vec<PriceRecord>,
    /// Known from their `observed_at` on, whatever day they are told for.
    pub costs: Vec<CostRecord>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayCosts {
    pub day: NaiveDate,
    pub net: i64,
    pub units: i64,
    /// `None`: not known.
    pub fees: Option<i64>,
    pub shipping: Option<i64>,
}

impl History {
    /// What was known at the end of a day of the store, of `days` days up to it: nothing that happened or was learned later has a say.
    #[must_use]
    pub fn known_at(&self, day: NaiveDate, days: i64) -> Facts {
        let calendar = Calendar::of(self.zone);
        let end = end_of(calendar, day);
        let back = u64::try_from(days - 1).unwrap_or(0);
        let first = day.checked_sub_days(Days::new(back)).unwrap_or(day);
        let from = first.max(self.from).min(day);
        let window = Window {
            from,
            until: day,
            end,
            calendar,
        };
        let variants = self.variants.iter();
        let costs = self.costs.iter();
        let costs: Vec<_> = costs.filter(|c| window.holds(c.day)).collect();
        Facts {
            currency: self.currency,
            zone: self.zone,
            as_of: Some(end),
            from,
            until: day,
            fee_share: share(&costs, |c| c.fees, |c| c.net, 10_000),
            shipping_per_unit: share(&costs, |c| c.shipping, |c| c.units, 1),
            variants: variants.filter_map(|v| v.known_at(&window)).collect(),
            ours: Vec::new(),
            declined: Vec::new(),
            told: BTreeSet::new(),
        }
    }

    /// What a rehearsal over it rests on, as a sentence.
    #[must_use]
    pub const fn rests_on(&self) -> &'static str {
        "Prices and costs count from when they were first seen or told, so that days before are without proposals. Stock is not known for the \
         past and does not limit what is sold; tags are those of today. No proposal is taken as carried out, so that later days show the store \
         as it was."
    }
}

struct Window {
    from: NaiveDate,
    until: NaiveDate,
    /// The first instant that is not known any more.
    end: DateTime<Utc>,
    calendar: Calendar,
}

impl Window {
    fn holds(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.until
    }
}

impl PastVariant {
    /// `None` where no price of it was known yet.
    fn known_at(&self, window: &Window) -> Option<VariantFacts> {
        let listed = self.listed_at;
        if listed.is_some_and(|at| at >= window.end) {
            return None;
        }
        let prices = self.prices.iter().filter(|p| p.seen_at < window.end);
        let mut prices: Vec<_> = prices.cloned().collect();
        prices.sort_by_key(|p| p.seen_at);
        let now = prices.last()?.clone();
        let costs = self.costs.iter();
        let costs = costs.filter(|c| {
            c.observed_at < window.end && c.origin.as_ref().is_none_or(|o| o.at < window.end)
        });
        let last = window.end - Duration::nanoseconds(1);
        let cost = CostBook::new(costs.cloned()).cost_at(self.variant, last);
        let mut sales: Vec<_> = self.sales.iter().copied().collect();
        sales.retain(|s| window.holds(s.day));
        sales.sort_by_key(|s| s.day);
        let mut without_stock = self.without_stock.clone();
        without_stock.retain(|day| window.holds(*day));
        without_stock.sort_unstable();
        Some(VariantFacts {
            product: self.product,
            variant: self.variant,
            label: self.label.clone(),
            price: now.price,
            compare_at_price: now.compare_at_price,
            cost: cost.map(|(cost, source)| CostFact { cost, source }),
            stock: None,
            tags: self.tags.clone(),
            listed_on: listed.map(|at| window.calendar.day_of(at)),
            sales,
            without_stock,
            prices,
        })
    }
}

/// Over the days of which it is known; `None`: of none, or there is nothing that it could be a share of.
fn share(
    costs: &[&DayCosts],
    part: impl Fn(&DayCosts) -> Option<i64>,
    whole: impl Fn(&DayCosts) -> i64,
    scale: i128,
) -> Option<i64> {
    let known = costs.iter().filter_map(|c| Some((part(c)?, whole(c))));
    let (mut parts, mut wholes) = (0_i128, 0_i128);
    for (part, whole) in known {
        parts += i128::from(part);
        wholes += i128::from(whole);
    }
    (wholes > 0)
        .then(|| parts * scale / wholes)
        .and_then(|share| i64::try_from(share).ok())
        .filter(|share| *share >= 0)
}

/// The policy over the store's own past, both days included.
#[must_use]
pub fn rehearse(
    history: &History,
    values: &Values,
    (from, to): (NaiveDate, NaiveDate),
    seed: u64,
) -> Rehearsal {
    let days = SPEC.number(values, "history");
    let mut rehearser = Rehearser::new(from, to, history.zone, Repeats::AfterEffect);
    while let (Some(day), Some(now)) = (rehearser.day(), rehearser.now()) {
        let mut facts = history.known_at(day, days);
        facts.told = rehearser.told();
        rehearser.take(decide(&facts, values, now, seed));
    }
    rehearser.finish(history.rests_on())
}
