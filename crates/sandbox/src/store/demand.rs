//! How much is wanted at which price. Each product has a constant price elasticity ε that no client is told: a variant at the price p
//! sells (p ÷ reference price)^ε times as much as at its reference price, whatever the others cost.

use super::{Seconds, Store, Variant};

/// Beyond these the law would be nonsense: nobody buys a million units because something is free.
const PRICES: (f64, f64) = (0.05, 20.0);
const MOST: f64 = 20.0;

#[derive(Debug, Clone, Default)]
pub struct Demand {
    /// Orders of a mean day at the reference prices; 0 in an imported store, where none come by themselves.
    pub per_day: f64,
    /// Of the products, in hundredths: −150 is an elasticity of −1.5. `None` does not respond (gift cards).
    pub elasticities: Vec<Option<i32>>,
    /// Of the variants, in minor units.
    pub references: Vec<i64>,
}

impl Variant {
    pub fn price_at(&self, at: Seconds) -> i64 {
        let earlier = self.earlier.iter().find(|(until, _)| at < *until);
        earlier.map_or(self.price, |(_, price)| *price)
    }

    /// From `at` on it costs `price`; what it cost before is given back.
    pub fn reprice(&mut self, at: Seconds, price: i64) -> i64 {
        let before = std::mem::replace(&mut self.price, price);
        if before != price {
            self.earlier.push((at, before));
        }
        before
    }
}

impl Store {
    /// How many times as much of the variant is wanted as at its reference price.
    fn pull(&self, variant: usize, at: Seconds) -> f64 {
        let v = &self.variants[variant];
        let elasticity = self.demand.elasticities.get(v.product as usize);
        let (Some(Some(hundredths)), Some(&reference)) =
            (elasticity, self.demand.references.get(variant))
        else {
            return 1.0;
        };
        let price = v.price_at(at);
        if price == reference || reference <= 0 {
            return 1.0;
        }
        let ratio = (price as f64 / reference as f64).clamp(PRICES.0, PRICES.1);
        ratio.powf(f64::from(*hundredths) / 100.0).min(MOST)
    }

    /// Weights by variant as running sums, for [`crate::random::Random::weighted`].
    pub fn wanted(&self, at: Seconds) -> Vec<u64> {
        let mut before = 0;
        let weights = self.popularity.iter().enumerate().map(|(n, sum)| {
            let own = sum - std::mem::replace(&mut before, *sum);
            match self.pull(n, at) {
                1.0 => own,
                pull => (own as f64 * pull).round() as u64,
            }
        });
        crate::random::cumulative(weights)
    }

    /// All that is wanted at the prices of then, as a share of what is wanted at the reference prices.
    pub fn attraction(&self, at: Seconds) -> f64 {
        let (all, now) = (self.popularity.last(), self.wanted(at).last().copied());
        match (all, now) {
            (Some(&all), Some(now)) if all > 0 => now as f64 / all as f64,
            _ => 1.0,
        }
    }
}
