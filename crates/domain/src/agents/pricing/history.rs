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
        let mut sales = self.sales.clone();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{CostSource, UnitCost};
    use crate::inputs::Origin;
    use proptest::prelude::*;

    fn day(n: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, 2).unwrap() + Duration::days(n)
    }

    fn at(n: i64) -> DateTime<Utc> {
        day(n).and_hms_opt(9, 0, 0).unwrap().and_utc()
    }

    fn price(price: i64, day: i64) -> PriceRecord {
        PriceRecord {
            variant: VariantId(1),
            price,
            compare_at_price: None,
            seen_at: at(day),
        }
    }

    fn cost(amount: i64, observed: i64) -> CostRecord {
        CostRecord {
            variant: VariantId(1),
            valid_from: None,
            cost: Some(UnitCost {
                amount: amount.into(),
                currency: "EUR".parse().unwrap(),
            }),
            source: CostSource::Store,
            observed_at: at(observed),
            origin: None,
        }
    }

    fn sold(day_: i64, units: i64) -> DaySales {
        DaySales {
            day: day(day_),
            units,
            orders: units,
            net: units * 1_800,
            price: None,
        }
    }

    fn history() -> History {
        let variant = PastVariant {
            product: ProductId(1),
            variant: VariantId(1),
            label: "Mug".into(),
            tags: vec![],
            listed_at: Some(at(-5)),
            sales: (0..90)
                .map(|n| sold(n, if n < 30 { 10 } else { 11 }))
                .collect(),
            without_stock: vec![day(3)],
            prices: vec![price(2_000, -4), price(1_800, 30)],
            costs: vec![cost(9, -4)],
        };
        let costs = (0..90).map(|n| DayCosts {
            day: day(n),
            net: 20_000,
            units: 10,
            fees: Some(500),
            shipping: (n > 40).then_some(3_000),
        });
        History {
            currency: "EUR".parse().unwrap(),
            zone: "Europe/Berlin".parse().unwrap(),
            from: day(0),
            variants: vec![variant],
            costs: costs.collect(),
        }
    }

    #[test]
    fn a_day_knows_the_price_and_the_cost_of_then() {
        let mut past = history();
        past.variants[0].costs.push(cost(12, 20));
        let known = |n| past.known_at(day(n), 365);
        assert_eq!(known(29).variants[0].price, 2_000);
        assert_eq!(known(30).variants[0].price, 1_800);
        let cost = |n| known(n).variants[0].cost.unwrap().cost.amount;
        assert_eq!((cost(19), cost(20)), (9.into(), 12.into()));
        assert_eq!(known(10).variants[0].sales.len(), 11);
        assert_eq!((known(10).from, known(10).until), (day(0), day(10)));
        assert_eq!(past.known_at(day(20), 10).from, day(11));
        assert_eq!(
            (known(40).fee_share, known(40).shipping_per_unit),
            (Some(250), None)
        );
        assert_eq!(known(50).shipping_per_unit, Some(300));
    }

    #[test]
    fn what_nobody_had_seen_yet_is_not_there() {
        let past = history();
        assert_eq!(past.known_at(day(-5), 365).variants, []);
        let mut told = history();
        told.variants[0].costs[0].origin = Some(Origin::person(None, at(50)));
        assert_eq!(told.known_at(day(49), 365).variants[0].cost, None);
        assert!(told.known_at(day(50), 365).variants[0].cost.is_some());
    }

    #[test]
    fn nothing_is_proposed_before_the_change_of_price_was_seen_and_its_gain_counts_once() {
        let rehearsal = rehearse(&history(), &Values::new(), (day(0), day(80)), 1);
        let days = rehearsal.days.iter().filter(|d| !d.proposals.is_empty());
        let days: Vec<_> = days.map(|d| (d.day - day(0)).num_days()).collect();
        // Seven whole days after the change at the earliest, then again when the 28 days of the effect are over.
        assert!(!days.is_empty() && days[0] >= 37, "{days:?}");
        assert!(days.windows(2).all(|two| two[1] - two[0] >= 28), "{days:?}");
        assert!(rehearsal.effect.is_some());
        assert!(
            rehearsal
                .explanation
                .contains("not something that was observed")
        );
    }

    fn around() -> impl Strategy<Value = i64> {
        -10_i64..100
    }

    fn past_variant() -> impl Strategy<Value = PastVariant> {
        (
            prop::option::of(around()),
            prop::collection::vec((around(), 0_i64..20), 0..80),
            prop::collection::vec(around(), 0..4),
            prop::collection::vec((1_000_i64..3_000, around()), 0..5),
            prop::collection::vec((1_i64..25, around()), 0..3),
        )
            .prop_map(|(listed, sales, without, prices, costs)| PastVariant {
                listed_at: listed.map(at),
                sales: sales.into_iter().map(|(d, units)| sold(d, units)).collect(),
                without_stock: without.into_iter().map(day).collect(),
                prices: prices.into_iter().map(|(p, d)| price(p, d)).collect(),
                costs: costs.into_iter().map(|(c, d)| cost(c, d)).collect(),
                ..history().variants.remove(0)
            })
    }

    /// What is not known at the end of the day becomes what another history has there, in another order.
    fn altered(mut one: History, mut other: History, last: NaiveDate) -> History {
        let end = end_of(Calendar::of(one.zone), last);
        fn swap<T: Clone>(into: &mut Vec<T>, from: &mut Vec<T>, is_later: impl Fn(&T) -> bool) {
            from.retain(|x| is_later(x));
            into.retain(|x| !is_later(x));
            into.append(from);
        }
        swap(&mut one.costs, &mut other.costs, |c| c.day > last);
        for (a, b) in one.variants.iter_mut().zip(&mut other.variants) {
            swap(&mut a.sales, &mut b.sales, |s| s.day > last);
            swap(&mut a.without_stock, &mut b.without_stock, |d| *d > last);
            swap(&mut a.prices, &mut b.prices, |p| p.seen_at >= end);
            swap(&mut a.costs, &mut b.costs, |c| c.observed_at >= end);
            a.without_stock.reverse();
            if a.listed_at.is_some_and(|listed| listed >= end) {
                a.listed_at = b.listed_at.filter(|listed| *listed >= end).or(Some(end));
            }
        }
        one
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_happens_after_a_day_changes_nothing_of_it(
            variants in prop::collection::vec(past_variant(), 1..4),
            others in prop::collection::vec(past_variant(), 4),
            last in 0_i64..95,
        ) {
            let with = |variants: Vec<PastVariant>| History { variants, ..history() };
            let mut steady = variants.clone();
            // One product that always has something to propose.
            steady.extend(history().variants);
            let one = with(steady);
            let two = altered(one.clone(), with(others), day(last));
            prop_assert_eq!(one.known_at(day(last), 365), two.known_at(day(last), 365));
            let range = (day((last - 3).max(0)), day(last));
            let values = Values::new();
            prop_assert_eq!(
                rehearse(&one, &values, range, 1),
                rehearse(&two, &values, range, 1)
            );
        }
    }
}
