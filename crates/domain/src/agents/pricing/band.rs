//! How far a change of price may go, by how sure it is.

use super::decide::{Known, Policy};
use crate::agents::decision::Handling;
use crate::ids::VariantId;
use chrono::{DateTime, Duration, Utc};

pub(super) struct Band {
    pub handling: Handling,
    /// The least confidence, in ten-thousandths.
    pub from: i64,
    increase: i64,
    decrease: i64,
}

impl Band {
    /// The least and the largest price, whatever it ends in.
    pub(super) fn bounds(&self, policy: &Policy<'_>, known: &Known<'_>) -> (i64, i64) {
        let price = known.variant.price;
        let low = share_up(price, 10_000 - self.decrease)
            .max(known.floor)
            .max(policy.number("lowest_price"));
        let high = share_down(price, 10_000 + self.increase).min(highest_set(policy));
        // A price that is struck through stays above.
        let struck = known.variant.compare_at_price.filter(|p| *p > price);
        (low, struck.map_or(high, |struck| high.min(struck - 1)))
    }

    /// Smaller steps are none.
    pub(super) fn smallest(policy: &Policy<'_>, price: i64) -> i64 {
        share_up(price, policy.number("smallest_change")).max(1)
    }
}

pub(super) struct Bands {
    bands: Vec<Band>,
    pub may_ask: bool,
    apply_changes: i64,
    largest: i64,
}

impl Bands {
    pub(super) fn of(policy: &Policy<'_>, variant: VariantId) -> Self {
        let n = |key| policy.number(key);
        let ours = policy.facts.ours.iter();
        let ours: Vec<_> = ours
            .filter(|o| o.variant == variant)
            .map(|o| o.at)
            .collect();
        let may = |cool_down, per_day| {
            rested(&ours, policy.now, n(cool_down)) && few(&ours, policy.now, n(per_day))
        };
        let may_ask = may("ask_cool_down", "ask_per_day");
        let largest = n("largest_change");
        let band = |handling, from, increase, decrease| Band {
            handling,
            from: n(from),
            increase: n(increase).min(largest),
            decrease: n(decrease).min(largest),
        };
        let mut bands = Vec::new();
        if may("apply_cool_down", "apply_per_day") {
            bands.push(band(
                Handling::Apply,
                "apply_from",
                "apply_increase",
                "apply_decrease",
            ));
        }
        if may_ask {
            let ask = |handling, from| band(handling, from, "ask_increase", "ask_decrease");
            bands.push(ask(Handling::Ask, "ask_from"));
            bands.push(ask(Handling::Notify, "notify_from"));
        }
        Self {
            bands,
            may_ask,
            apply_changes: n("apply_changes"),
            largest,
        }
    }

    /// The boldest first, given how many changes of price the store has seen.
    pub(super) fn allowed(&self, changes: usize) -> impl Iterator<Item = &Band> {
        let enough = i64::try_from(changes).unwrap_or(i64::MAX) >= self.apply_changes;
        let bands = self.bands.iter();
        bands.filter(move |b| enough || b.handling != Handling::Apply)
    }

    /// The largest price of all, for a rule.
    pub(super) fn highest(&self, policy: &Policy<'_>, price: i64) -> i64 {
        share_down(price, 10_000 + self.largest).min(highest_set(policy))
    }
}

fn highest_set(policy: &Policy<'_>) -> i64 {
    match policy.number("highest_price") {
        0 => i64::MAX,
        highest => highest,
    }
}

fn rested(ours: &[DateTime<Utc>], now: DateTime<Utc>, hours: i64) -> bool {
    let rest = Duration::hours(hours);
    ours.iter().all(|at| now - *at >= rest)
}

/// Whether one more keeps to the number of a day.
fn few(ours: &[DateTime<Utc>], now: DateTime<Utc>, per_day: i64) -> bool {
    let day = Duration::hours(24);
    let count = ours.iter().filter(|at| now - **at < day).count();
    i64::try_from(count).unwrap_or(i64::MAX) < per_day
}

fn share_up(price: i64, share: i64) -> i64 {
    let product = i128::from(price) * i128::from(share);
    i64::try_from((product + 9_999).div_euclid(10_000)).unwrap_or(i64::MAX)
}

fn share_down(price: i64, share: i64) -> i64 {
    let product = i128::from(price) * i128::from(share);
    i64::try_from(product.div_euclid(10_000)).unwrap_or(i64::MAX)
}
