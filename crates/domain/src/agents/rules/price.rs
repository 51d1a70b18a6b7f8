//! The price that a rule wants.

use super::document::{Operation, Rounding};
use super::facts::VariantThing;
use crate::agents::pricing::Endings;
use crate::changes::guardrails::{is_above_margin, step};
use crate::changes::{Action, Limits};
use crate::money::Currency;

/// Why a price stays as it is; the end of a sentence.
pub(super) type Why = &'static str;

/// How prices of a store are rounded.
pub(super) struct Rounder {
    currency: Currency,
    store: Endings,
}

impl Rounder {
    pub(super) fn of(currency: Currency, prices: impl Iterator<Item = i64>) -> Self {
        Self {
            currency,
            store: Endings::of(currency, prices),
        }
    }

    /// The price nearest to the wanted one, from `low` to `high`.
    fn nearest(&self, rounding: Rounding, wanted: i64, low: i64, high: i64) -> Option<i64> {
        let stride = |unit: i64, ending: i64| {
            let below = wanted - (wanted - ending).rem_euclid(unit);
            let near = [below, below + unit].into_iter();
            near.filter(|p| (low..=high).contains(p))
                .min_by_key(|p| ((p - wanted).abs(), *p))
        };
        match rounding {
            Rounding::Exact => (low..=high).contains(&wanted).then_some(wanted),
            Rounding::Whole => stride(10_i64.pow(self.currency.exponent()), 0),
            Rounding::Ending99 => {
                let unit = 10_i64.pow(self.currency.exponent().max(2));
                stride(unit, unit - 1)
            }
            Rounding::Store => {
                let near = self.store.between(low, high, |_| true).into_iter();
                near.min_by_key(|p| ((p - wanted).abs(), *p))
            }
        }
    }
}

/// The price that an operation leads to, or why there is none; `Ok(None)`: it is there already.
pub(super) fn wanted(
    operation: &Operation,
    thing: &VariantThing,
    rounder: &Rounder,
) -> Result<Option<i64>, Why> {
    let price = thing.price.ok_or("nobody had seen its price by then")?;
    if price <= 0 {
        return Err("what is free is given no price");
    }
    let cost = thing.cost.ok_or("its unit cost is not known")?;
    let after = match operation {
        Operation::PricePercent { percent, rounding } => {
            let moved = i128::from(price) * i128::from(*percent);
            // Half away from zero.
            let half = if moved < 0 { -5_000 } else { 5_000 };
            let moved =
                i64::try_from((moved + half) / 10_000).map_err(|_| "its price is too large")?;
            let target = price.saturating_add(moved);
            let far = price / 5;
            let (low, high) = if *percent > 0 {
                (price + 1, price.saturating_add(far))
            } else {
                (price.saturating_sub(far).max(1), price - 1)
            };
            rounder.nearest(*rounding, target, low, high)
        }
        Operation::PriceToMargin { margin, rounding } => {
            let least = least(cost, *margin).ok_or("no price leaves this margin")?;
            let far = price.saturating_add(price / 5);
            if least > far {
                return Err("the margin is further away than one change may go");
            }
            if price >= least && rounder.nearest(*rounding, least, least, price) == Some(price) {
                return Ok(None);
            }
            let lowest = price.saturating_sub(price / 5).max(least);
            rounder.nearest(*rounding, lowest, lowest, far)
        }
        _ => return Ok(None),
    };
    let after = after.ok_or("no price that ends as it is set lies within one change")?;
    let limits = Limits::default();
    let action = Action::Price {
        product: thing.product,
        variant: thing.variant,
        before: price,
        after,
    };
    if step(&limits, &action).is_err() {
        return Err("one change may not go so far");
    }
    if !is_above_margin(&limits, after, cost) {
        return Err("the new price would leave less than every agent's least margin");
    }
    Ok((after != price).then_some(after))
}

/// The least price of which a share is left after the cost.
fn least(cost: i64, margin: i64) -> Option<i64> {
    let left = i128::from(10_000 - margin.clamp(0, 9_999));
    let price = (i128::from(cost) * 10_000 + left - 1) / left;
    i64::try_from(price).ok()
}
