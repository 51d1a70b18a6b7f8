//! What was sold on which day at which price, and what the store's changes of price have shown.

use super::facts::{DaySales, Facts, VariantFacts};
use super::paid;
use crate::agents::stats::ln;
use crate::calendar::Calendar;
use crate::ids::VariantId;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Fewer days on one side of a change say too little, and less than a week is not the same days of the week.
pub(super) const WEEK: usize = 7;

/// Fewer units on both sides together would be mostly chance, which the logarithm distorts.
const MIN_UNITS: i64 = 10;

/// Fewer units of all the rest, on either side, do not show a season.
const MIN_CONTROL: i64 = 20;

/// Prices that differ less than this (as a logarithm, about 2 %) show nothing.
const MIN_STEP: f64 = 0.019_8;

/// Two prices further apart in time are not compared.
const MOST_BETWEEN: usize = 28;

/// A variant by days since `Facts::from`.
pub(super) struct Series {
    /// `None` on days that say nothing: not listed yet, or without stock.
    pub units: Vec<Option<i64>>,
    /// Net revenue.
    pub net: Vec<i64>,
    /// The price that stood all day; `None` where it was changed on that day, or is not known.
    pub price: Vec<Option<i64>>,
}

/// Days in a row at one price, as indices: from the first one up to and without the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub price: i64,
    pub from: usize,
    pub until: usize,
}

/// One change of price, with what was sold before and after it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Observed {
    pub variant: VariantId,
    /// The first whole day at the new price.
    pub day: NaiveDate,
    pub before: Side,
    pub after: Side,
    /// Whether the rest of the store told the season.
    pub adjusted: bool,
    /// The change of demand over the change of price, both as logarithms.
    pub elasticity: f64,
    pub variance: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Side {
    pub price: i64,
    pub units: i64,
    pub days: usize,
}

/// The days of the facts, in the order of their variants.
pub(super) struct Demand {
    from: NaiveDate,
    length: usize,
    pub series: Vec<Series>,
    /// How much more days differ than pure chance would have it (Poisson: 1), over all prices that stood for a week; at least 1.
    pub dispersion: f64,
    pub observed: Vec<Observed>,
}

impl Demand {
    pub(super) fn of(facts: &Facts, compared: usize) -> Self {
        let length = usize::try_from((facts.until - facts.from).num_days() + 1).unwrap_or(0);
        let series: Vec<_> = facts
            .variants
            .iter()
            .map(|variant| Series::of(facts, variant, length))
            .collect();
        let mut demand = Self {
            from: facts.from,
            length,
            dispersion: dispersion(&series),
            series,
            observed: Vec::new(),
        };
        demand.observed = demand.observe(facts, compared);
        demand
    }

    fn observe(&self, facts: &Facts, compared: usize) -> Vec<Observed> {
        let mut control = Control::of(self, facts);
        let mut observed = Vec::new();
        for (variant, series) in facts.variants.iter().zip(&self.series) {
            let stretches: Vec<_> = series.stretches().collect();
            for pair in stretches.windows(2) {
                let [old, new] = pair else { continue };
                if new.from - old.until <= MOST_BETWEEN {
                    let windows = Windows::of(old, new, compared);
                    observed.extend(self.compare(variant.variant, series, &windows, &mut control));
                }
            }
        }
        observed
    }

    fn compare(
        &self,
        variant: VariantId,
        series: &Series,
        windows: &Windows,
        control: &mut Control<'_>,
    ) -> Option<Observed> {
        let step = ln(ratio(windows.new.price, windows.old.price)?)?;
        let (before, after) = (series.side(&windows.old), series.side(&windows.new));
        let enough = before.days >= WEEK && after.days >= WEEK;
        if !enough || before.units + after.units < MIN_UNITS || step.abs() < MIN_STEP {
            return None;
        }
        // Half a unit more on each side keeps a side without sales finite.
        let rate = |units: i64, days: usize| ln((units as f64 + 0.5) / days as f64);
        let mut change = rate(after.units, after.days)? - rate(before.units, before.days)?;
        let split = before.days as f64 / (before.days + after.days) as f64;
        let mut variance = spread(before.units + after.units, split);
        let rest = control.units(windows.old.from, windows.new.until);
        let (was, is) = (
            series.same_days(&windows.old, &rest, windows.old.from),
            series.same_days(&windows.new, &rest, windows.old.from),
        );
        let adjusted = was.min(is) >= MIN_CONTROL;
        if adjusted {
            change -= rate(is, after.days)? - rate(was, before.days)?;
            variance += spread(was + is, split);
        }
        Some(Observed {
            variant,
            day: self.day(windows.new.from),
            before,
            after,
            adjusted,
            elasticity: change / step,
            variance: variance * self.dispersion / (step * step),
        })
    }

    fn day(&self, index: usize) -> NaiveDate {
        self.from + chrono::Days::new(index as u64)
    }
}

/// The last whole weeks at the old price and the first ones at the new.
struct Windows {
    old: Stretch,
    new: Stretch,
}

impl Windows {
    fn of(old: &Stretch, new: &Stretch, compared: usize) -> Self {
        let weeks = |stretch: &Stretch| {
            let days = (stretch.until - stretch.from).min(compared);
            days - days % WEEK
        };
        Self {
            old: Stretch {
                from: old.until - weeks(old),
                ..*old
            },
            new: Stretch {
                until: new.from + weeks(new),
                ..*new
            },
        }
    }
}

/// What all the others sold whose price did not change meanwhile: they show the season.
struct Control<'a> {
    demand: &'a Demand,
    /// Of those that were listed on all days.
    total: Vec<i64>,
    /// From which day on each is listed.
    listed: Vec<usize>,
    /// Days on which the price of a variant was not one all day.
    changes: Vec<Vec<usize>>,
    known: BTreeMap<(usize, usize), Vec<i64>>,
}

impl<'a> Control<'a> {
    fn of(demand: &'a Demand, facts: &Facts) -> Self {
        let since = |v: &VariantFacts| {
            let days = v.listed_on.map_or(0, |day| (day - facts.from).num_days());
            usize::try_from(days).unwrap_or(0)
        };
        let listed: Vec<_> = facts.variants.iter().map(since).collect();
        let mut total = vec![0; demand.length];
        let series = demand.series.iter().zip(&listed);
        for (series, _) in series.filter(|(_, listed)| **listed == 0) {
            for (sum, units) in total.iter_mut().zip(&series.units) {
                *sum += units.unwrap_or(0);
            }
        }
        let changes = demand.series.iter().map(Series::changes).collect();
        Self {
            demand,
            total,
            listed,
            changes,
            known: BTreeMap::new(),
        }
    }

    /// By day from `from` on, up to and without `until`. Whatever changed its price between is left out, so also the one that is compared,
    /// and what was not listed yet.
    fn units(&mut self, from: usize, until: usize) -> Vec<i64> {
        if let Some(known) = self.known.get(&(from, until)) {
            return known.clone();
        }
        let mut rest = self.total[from..until].to_vec();
        let series = self.demand.series.iter().zip(&self.listed);
        for ((series, listed), changes) in series.zip(&self.changes) {
            let next = changes.partition_point(|day| *day <= from);
            let changed = changes.get(next).is_some_and(|day| *day < until);
            let sign = match (*listed == 0, changed) {
                (true, true) => -1,
                (false, false) if *listed <= from => 1,
                _ => continue,
            };
            for (sum, units) in rest.iter_mut().zip(&series.units[from..until]) {
                *sum += sign * units.unwrap_or(0);
            }
        }
        self.known.insert((from, until), rest.clone());
        rest
    }
}

impl Series {
    fn of(facts: &Facts, variant: &VariantFacts, length: usize) -> Self {
        let index = |day: NaiveDate| {
            let days = usize::try_from((day - facts.from).num_days()).ok()?;
            (days < length).then_some(days)
        };
        let mut units = vec![Some(0); length];
        let mut net = vec![0; length];
        if let Some(listed) = variant.listed_on.filter(|day| *day > facts.from) {
            let before = usize::try_from((listed - facts.from).num_days()).unwrap_or(length);
            units.iter_mut().take(before).for_each(|day| *day = None);
        }
        for sales in &variant.sales {
            if let Some(i) = index(sales.day) {
                units[i] = Some(units[i].unwrap_or(0) + sales.units.max(0));
                net[i] += sales.net;
            }
        }
        // What was sold on a day on which it ran out was cut short by that.
        for i in variant.without_stock.iter().filter_map(|day| index(*day)) {
            units[i] = None;
        }
        Self {
            units,
            net,
            price: prices(facts, variant, length, |sales| index(sales.day)),
        }
    }

    /// Stretches of at least a week, oldest first.
    pub(super) fn stretches(&self) -> impl Iterator<Item = Stretch> {
        let mut from = 0;
        let runs = self.price.chunk_by(|a, b| a == b).filter_map(move |run| {
            let start = from;
            from += run.len();
            let price = run.first().copied().flatten()?;
            Some(Stretch {
                price,
                from: start,
                until: from,
            })
        });
        runs.filter(|s| s.until - s.from >= WEEK)
    }

    fn changes(&self) -> Vec<usize> {
        let pairs = self.price.windows(2).zip(1..);
        pairs
            .filter(|(pair, _)| pair[0] != pair[1])
            .map(|(_, day)| day)
            .collect()
    }

    pub(super) fn side(&self, stretch: &Stretch) -> Side {
        let days = self.units[stretch.from..stretch.until].iter().flatten();
        Side {
            price: stretch.price,
            units: days.clone().sum(),
            days: days.count(),
        }
    }

    /// The sum of `rest`, whose first day is `first`, over the days of the stretch that say something.
    fn same_days(&self, stretch: &Stretch, rest: &[i64], first: usize) -> i64 {
        let days = stretch.from..stretch.until;
        days.filter(|day| self.units[*day].is_some())
            .filter_map(|day| rest.get(day - first))
            .sum()
    }
}

/// The price of each day on which it was one all day long: as it was seen and, of the time before, as orders paid it.
fn prices(
    facts: &Facts,
    variant: &VariantFacts,
    length: usize,
    index: impl Fn(&DaySales) -> Option<usize>,
) -> Vec<Option<i64>> {
    let calendar = Calendar::of(facts.zone);
    let mut prices = vec![None; length];
    let mut seen: Vec<_> = variant.prices.iter().collect();
    seen.sort_by_key(|record| record.seen_at);
    // Another price to compare with is no other price.
    seen.dedup_by_key(|record| record.price);
    for (i, record) in seen.iter().enumerate() {
        let offset = |day: NaiveDate| (day - facts.from).num_days();
        // The day of a change had two prices.
        let start = offset(calendar.day_of(record.seen_at)) + 1;
        let next = seen.get(i + 1);
        let end = next.map_or(length as i64, |next| offset(calendar.day_of(next.seen_at)));
        let clamp = |day: i64| usize::try_from(day.max(0)).unwrap_or(0).min(length);
        if clamp(start) < clamp(end) {
            prices[clamp(start)..clamp(end)].fill(Some(record.price));
        }
    }
    let first = seen.first().map(|record| calendar.day_of(record.seen_at));
    let since = first.map_or(0, |day| (day - facts.from).num_days());
    if let Ok(since) = usize::try_from(since) {
        paid::fill(&mut prices, variant, since, index);
    }
    prices
}

/// Pearson's: Σ (units − mean)² / mean over the degrees of freedom.
fn dispersion(series: &[Series]) -> f64 {
    let (mut sum, mut freedom) = (0.0, 0.0);
    for one in series {
        for stretch in one.stretches() {
            let side = one.side(&stretch);
            if side.units == 0 || side.days < 2 {
                continue;
            }
            let mean = side.units as f64 / side.days as f64;
            for units in one.units[stretch.from..stretch.until].iter().flatten() {
                let off = *units as f64 - mean;
                sum += off * off / mean;
            }
            freedom += side.days as f64 - 1.0;
        }
    }
    if freedom > 0.0 {
        (sum / freedom).max(1.0)
    } else {
        1.0
    }
}

/// Of the difference between the logarithms of two counts, of which the first is expected to be this share of both.
///
/// From the sum alone, not from what fell on either side: else a change after which little was sold by chance would count for less, and
/// demand would seem to answer less than it does.
fn spread(units: i64, split: f64) -> f64 {
    let units = units as f64 + 1.0;
    1.0 / (units * split) + 1.0 / (units * (1.0 - split))
}

/// `None` where one of them is free.
pub(super) fn ratio(new: i64, old: i64) -> Option<f64> {
    (new > 0 && old > 0).then(|| new as f64 / old as f64)
}
