//! What another price would mean for the contribution margin, and how sure that is.

use super::elasticity::Elasticity;
use crate::agents::stats::{EIGHTY, FIVE, THREE, below, exp, ln};
use crate::changes::Effect;

/// Days over which an effect is told.
pub(super) const HORIZON: u32 = 28;

/// One product as it sells now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sales {
    pub price: i64,
    /// Units a day, with the standard deviation of what is known of it.
    pub rate: f64,
    pub rate_deviation: f64,
    /// Net revenue as a share of the price: discounts and, where prices contain it, tax are off.
    pub realised: f64,
    /// What stays of net revenue after payment fees.
    pub kept: f64,
    /// Of a unit, with what sending it costs where that is known, in minor units.
    pub cost: f64,
    /// No more than this can be sold.
    pub stock: Option<f64>,
    pub dispersion: f64,
    pub elasticity: Elasticity,
}

impl Sales {
    fn margin(&self, price: i64) -> f64 {
        price as f64 * self.realised * self.kept - self.cost
    }

    fn capped(&self, units: f64) -> f64 {
        self.stock.map_or(units, |stock| units.min(stock))
    }

    /// Of the change of contribution margin over [`HORIZON`] days: mean and 80 % interval. The elasticity and the present rate are unsure
    /// (numerically integrated over both), and what is sold scatters around its mean at either price, as much as days were seen to.
    pub(super) fn effect(&self, price: i64) -> Option<Effect> {
        let step = ln(super::demand::ratio(price, self.price)?)?;
        let (old, new) = (self.margin(self.price), self.margin(price));
        let (mut mean, mut square, mut scatter) = (0.0, 0.0, 0.0);
        for (x, wx) in FIVE {
            let factor = exp(step * (self.elasticity.mean + x * self.elasticity.deviation));
            for (y, wy) in THREE {
                let rate = (self.rate + y * self.rate_deviation).max(0.0);
                let without = self.capped(rate * f64::from(HORIZON));
                let with = self.capped(rate * factor * f64::from(HORIZON));
                let gain = new * with - old * without;
                mean += wx * wy * gain;
                square += wx * wy * gain * gain;
                scatter += wx * wy * (new * new * with + old * old * without);
            }
        }
        let variance = (square - mean * mean).max(0.0) + self.dispersion * scatter;
        let half = EIGHTY * variance.sqrt();
        Some(Effect {
            days: HORIZON,
            low: minor(mean - half)?,
            mean: minor(mean)?,
            high: minor(mean + half)?,
        })
    }

    /// Contribution margin over [`HORIZON`] days as it is, as it would be at another price and another cost of a unit, and the change. Means and
    /// 80 % intervals as those of [`Sales::effect`]; where the price stays, the same units are sold either way, so that how they scatter
    /// counts in the change by what a unit leaves more or less only.
    pub(super) fn scenario(&self, price: i64, cost: f64) -> Option<Scenario> {
        let step = ln(super::demand::ratio(price, self.price)?)?;
        let old = self.margin(self.price);
        let new = price as f64 * self.realised * self.kept - cost;
        let is_same = price == self.price;
        let (mut now, mut then, mut change) = (Sum::default(), Sum::default(), Sum::default());
        let (mut units_now, mut units_then) = (0.0, 0.0);
        for (x, wx) in FIVE {
            let factor = exp(step * (self.elasticity.mean + x * self.elasticity.deviation));
            for (y, wy) in THREE {
                let weight = wx * wy;
                let rate = (self.rate + y * self.rate_deviation).max(0.0);
                let without = self.capped(rate * f64::from(HORIZON));
                let with = self.capped(rate * factor * f64::from(HORIZON));
                units_now += weight * without;
                units_then += weight * with;
                now.add(weight, old * without, old * old * without);
                then.add(weight, new * with, new * new * with);
                let scatter = match is_same {
                    true => (new - old) * (new - old) * without,
                    false => new * new * with + old * old * without,
                };
                change.add(weight, new * with - old * without, scatter);
            }
        }
        Some(Scenario {
            units_now,
            units_then,
            now: now.effect(self.dispersion)?,
            then: then.effect(self.dispersion)?,
            change: change.effect(self.dispersion)?,
        })
    }

    /// The probability that the other price brings more contribution margin on average: the part of the elasticity's distribution on the
    /// good side of the elasticity at which both prices bring the same. Nothing else enters, so that it is as good as what was observed.
    pub(super) fn confidence(&self, price: i64) -> Option<f64> {
        let step = ln(super::demand::ratio(price, self.price)?)?;
        let (old, new) = (self.margin(self.price), self.margin(price));
        if new <= 0.0 {
            return Some(0.0);
        }
        let days = self.rate * f64::from(HORIZON);
        // As many units as bring at the new price what the old one brings.
        let needed = old * self.capped(days) / new;
        if needed <= 0.0 {
            return Some(1.0);
        }
        if self.stock.is_some_and(|stock| needed >= stock) {
            return Some(0.0);
        }
        let even = ln(needed / days)? / step;
        let deviations = (even - self.elasticity.mean) / self.elasticity.deviation;
        Some(if step > 0.0 {
            below(-deviations)
        } else {
            below(deviations)
        })
    }
}

/// What one product brings over [`HORIZON`] days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scenario {
    pub units_now: f64,
    pub units_then: f64,
    pub now: Effect,
    pub then: Effect,
    pub change: Effect,
}

/// A mean and what goes into its interval.
#[derive(Default)]
struct Sum {
    mean: f64,
    square: f64,
    scatter: f64,
}

impl Sum {
    fn add(&mut self, weight: f64, amount: f64, scatter: f64) {
        self.mean += weight * amount;
        self.square += weight * amount * amount;
        self.scatter += weight * scatter;
    }

    fn effect(&self, dispersion: f64) -> Option<Effect> {
        let variance = (self.square - self.mean * self.mean).max(0.0) + dispersion * self.scatter;
        let half = EIGHTY * variance.sqrt();
        Some(Effect {
            days: HORIZON,
            low: minor(self.mean - half)?,
            mean: minor(self.mean)?,
            high: minor(self.mean + half)?,
        })
    }
}

/// Half away from zero; `None`: too large to be money.
fn minor(amount: f64) -> Option<i64> {
    let rounded = amount.round();
    (rounded.abs() < 9e15).then_some(rounded as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sales(elasticity: f64, deviation: f64) -> Sales {
        Sales {
            price: 1_000,
            rate: 5.0,
            rate_deviation: 0.0,
            realised: 1.0,
            kept: 1.0,
            cost: 600.0,
            stock: None,
            dispersion: 0.0,
            elasticity: Elasticity {
                mean: elasticity,
                deviation,
                own: 1,
            },
        }
    }

    #[test]
    fn without_doubt_the_effect_is_the_arithmetic() {
        // 140 units at 4.00; at 11.00 and an elasticity of −1: 140 / 1.1 at 5.00.
        let effect = sales(-1.0, 0.0).effect(1_100).unwrap();
        let expected = (140.0_f64 / 1.1 * 500.0 - 140.0 * 400.0).round() as i64;
        assert_eq!(
            (effect.low, effect.mean, effect.high),
            (expected, expected, expected)
        );
    }

    #[test]
    fn doubt_widens_the_interval_and_so_do_days_that_differ() {
        let width = |s: Sales| {
            let effect = s.effect(1_100).unwrap();
            assert!(effect.low < effect.mean && effect.mean < effect.high);
            effect.high - effect.low
        };
        let sure = Sales {
            dispersion: 1.0,
            ..sales(-1.0, 0.1)
        };
        let unsure = Sales {
            dispersion: 1.0,
            ..sales(-1.0, 0.5)
        };
        let uneven = Sales {
            dispersion: 3.0,
            ..sales(-1.0, 0.1)
        };
        let unknown = Sales {
            rate_deviation: 1.0,
            ..sure
        };
        assert!(width(sure) < width(unsure));
        assert!(width(sure) < width(uneven));
        assert!(width(sure) < width(unknown));
    }

    #[test]
    fn confidence_is_a_half_where_both_prices_bring_the_same() {
        // At 11.00 as much as before is brought by 4/5 of the units.
        let even = ln(0.8).unwrap() / ln(1.1).unwrap();
        let half = sales(even, 0.4).confidence(1_100).unwrap();
        assert!((half - 0.5).abs() < 1e-12, "{half}");
        assert!(sales(even + 0.4, 0.4).confidence(1_100).unwrap() > 0.84);
        let down = sales(-6.0, 1.0);
        assert!(down.confidence(900).unwrap() > 0.99);
        assert!(down.confidence(1_100).unwrap() < 0.01);
    }

    #[test]
    fn what_brings_nothing_a_piece_is_never_better() {
        assert_eq!(sales(-9.0, 1.0).confidence(600), Some(0.0));
        assert_eq!(sales(-9.0, 1.0).confidence(0), None);
        assert_eq!(sales(-9.0, 1.0).effect(0), None);
        let loss = Sales {
            cost: 1_050.0,
            ..sales(-1.0, 1.0)
        };
        assert_eq!(loss.confidence(1_100), Some(1.0));
    }

    #[test]
    fn a_scenario_at_the_same_cost_is_the_effect_of_the_price() {
        let of = Sales {
            dispersion: 1.7,
            rate_deviation: 0.8,
            ..sales(-1.4, 0.3)
        };
        let scenario = of.scenario(1_080, 600.0).unwrap();
        assert_eq!(Some(scenario.change), of.effect(1_080));
        assert!((scenario.units_now - 140.0).abs() < 1e-9);
        assert!(scenario.units_then < scenario.units_now);
        let sum = scenario.now.mean + scenario.change.mean - scenario.then.mean;
        assert!(sum.abs() <= 1, "{scenario:?}");
    }

    #[test]
    fn a_cheaper_unit_leaves_more_of_each_that_is_sold_and_sells_as_many() {
        let of = Sales {
            dispersion: 1.0,
            rate_deviation: 0.5,
            ..sales(0.0, 0.0)
        };
        let scenario = of.scenario(1_000, 550.0).unwrap();
        assert_eq!(scenario.change.mean, 140 * 50);
        assert!((scenario.units_then - scenario.units_now).abs() < 1e-9);
        // Only how many are sold is unsure: the interval is that of 0.50 on each.
        let width = (scenario.change.high - scenario.change.low) as f64;
        let deviation = (14.0_f64 * 14.0 + 140.0).sqrt() * 50.0;
        assert!((width - 2.0 * EIGHTY * deviation).abs() < 2.0, "{width}");
        let same = of.scenario(1_000, 600.0).unwrap();
        assert_eq!((same.change.low, same.change.high), (0, 0));
    }

    #[test]
    fn what_is_not_there_cannot_be_sold() {
        let few = Sales {
            stock: Some(20.0),
            ..sales(-2.0, 0.2)
        };
        // They sell out at either price.
        let effect = few.effect(1_100).unwrap();
        assert_eq!(effect.mean, 20 * 100);
        assert_eq!(few.confidence(900), Some(0.0));
        assert!(few.confidence(1_100).unwrap() > 0.99);
    }
}
