//! How demand answers to price, from all changes of price that a store has seen: each product's own, drawn towards those of the others
//! the less its own can show.

use super::demand::Observed;
use crate::agents::stats::EIGHTY;
use crate::ids::VariantId;
use std::collections::BTreeMap;

/// A normal distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Elasticity {
    pub mean: f64,
    pub deviation: f64,
    /// Changes of this product's own price among those it rests on.
    pub own: usize,
}

impl Elasticity {
    /// 80 % of it.
    pub(super) fn interval(&self) -> (f64, f64) {
        let half = EIGHTY * self.deviation;
        (self.mean - half, self.mean + half)
    }
}

/// What the products of a store have in common.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pool {
    pub mean: f64,
    /// Of the mean.
    variance: f64,
    /// Between products (τ²).
    between: f64,
    own: BTreeMap<VariantId, Own>,
    /// Changes of price.
    pub changes: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Own {
    mean: f64,
    variance: f64,
    changes: usize,
}

impl Pool {
    /// Random effects after DerSimonian and Laird; τ is taken to be at least `spread`, because a few changes cannot show how much
    /// products differ. `None` without a change of price.
    pub(super) fn of(observed: &[Observed], spread: f64) -> Option<Self> {
        let mut by_variant: BTreeMap<VariantId, Vec<&Observed>> = BTreeMap::new();
        for one in observed {
            by_variant.entry(one.variant).or_default().push(one);
        }
        let own: BTreeMap<_, _> = by_variant
            .into_iter()
            .map(|(variant, all)| (variant, together(&all)))
            .collect();
        if own.is_empty() {
            return None;
        }
        let between = between(&own).max(spread * spread);
        let weight = |o: &Own| 1.0 / (o.variance + between);
        let weights: f64 = own.values().map(weight).sum();
        let weighed: f64 = own.values().map(|o| weight(o) * o.mean).sum();
        Some(Self {
            mean: weighed / weights,
            variance: 1.0 / weights,
            between,
            own,
            changes: observed.len(),
        })
    }

    /// Of one product: its own mean and the common one, each by how sure it is; the common one alone where it has none of its own.
    pub(super) fn elasticity(&self, variant: VariantId) -> Elasticity {
        let Some(own) = self.own.get(&variant) else {
            return Elasticity {
                mean: self.mean,
                deviation: (self.between + self.variance).sqrt(),
                own: 0,
            };
        };
        let share = self.between / (self.between + own.variance);
        let rest = 1.0 - share;
        Elasticity {
            mean: share * own.mean + rest * self.mean,
            deviation: (share * own.variance + rest * rest * self.variance).sqrt(),
            own: own.changes,
        }
    }

    pub(super) fn products(&self) -> usize {
        self.own.len()
    }
}

/// The changes of one product, weighed by how sure each is.
fn together(observed: &[&Observed]) -> Own {
    let weights: f64 = observed.iter().map(|o| 1.0 / o.variance).sum();
    let weighed: f64 = observed.iter().map(|o| o.elasticity / o.variance).sum();
    Own {
        mean: weighed / weights,
        variance: 1.0 / weights,
        changes: observed.len(),
    }
}

/// τ² by moments: what products differ by more than chance.
fn between(own: &BTreeMap<VariantId, Own>) -> f64 {
    let weight = |o: &Own| 1.0 / o.variance;
    let sum: f64 = own.values().map(weight).sum();
    let squares: f64 = own.values().map(|o| weight(o) * weight(o)).sum();
    let mean = own.values().map(|o| weight(o) * o.mean).sum::<f64>() / sum;
    let heterogeneity: f64 = own
        .values()
        .map(|o| weight(o) * (o.mean - mean) * (o.mean - mean))
        .sum();
    let scale = sum - squares / sum;
    let freedom = own.len() as f64 - 1.0;
    if scale > 0.0 {
        ((heterogeneity - freedom) / scale).max(0.0)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::super::demand::Side;
    use super::*;

    fn observed(variant: i64, elasticity: f64, variance: f64) -> Observed {
        let side = Side {
            price: 1,
            units: 1,
            days: 7,
        };
        Observed {
            variant: VariantId(variant),
            day: chrono::NaiveDate::default(),
            before: side,
            after: side,
            adjusted: true,
            elasticity,
            variance,
        }
    }

    #[track_caller]
    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} {expected}");
    }

    #[test]
    fn without_a_change_nothing_is_claimed() {
        assert_eq!(Pool::of(&[], 0.5), None);
    }

    #[test]
    fn one_change_says_as_much_of_its_own_product_and_less_of_others() {
        let pool = Pool::of(&[observed(1, -2.0, 0.09)], 0.5).unwrap();
        let own = pool.elasticity(VariantId(1));
        close(own.mean, -2.0);
        close(own.deviation, 0.3);
        let other = pool.elasticity(VariantId(2));
        close(other.mean, -2.0);
        // τ² of itself, and what the mean is unsure by: 0.25 + 0.34.
        close(other.deviation, 0.59_f64.sqrt());
        assert_eq!((own.own, other.own), (1, 0));
    }

    #[test]
    fn the_textbook_s_random_effects_come_out() {
        // Weights 10, 10, 10: mean −2, Q = 10 (1 + 0 + 1) = 20, τ² = (20 − 2) / (30 − 10) = 0.9.
        let all = [
            observed(1, -3.0, 0.1),
            observed(2, -2.0, 0.1),
            observed(3, -1.0, 0.1),
        ];
        let pool = Pool::of(&all, 0.1).unwrap();
        close(pool.between, 0.9);
        close(pool.mean, -2.0);
        close(pool.elasticity(VariantId(1)).mean, -2.9);
        assert_eq!((pool.products(), pool.changes), (3, 3));
    }

    #[test]
    fn what_is_unsure_is_drawn_further_to_the_others() {
        let all = [
            observed(1, -1.0, 0.01),
            observed(2, -1.0, 0.01),
            observed(3, -5.0, 4.0),
        ];
        let pool = Pool::of(&all, 0.5).unwrap();
        let unsure = pool.elasticity(VariantId(3)).mean;
        assert!(unsure > -1.5, "{unsure}");
    }

    #[test]
    fn changes_of_one_product_are_weighed_by_how_sure_they_are() {
        let pool = Pool::of(&[observed(1, -1.0, 0.1), observed(1, -4.0, 0.2)], 0.5).unwrap();
        let own = pool.elasticity(VariantId(1));
        close(own.mean, -2.0);
        assert_eq!((own.own, pool.products(), pool.changes), (2, 1, 2));
    }
}
