//! Orders as baskets, and how often products stand in the same ones.

use super::facts::Counted;
use crate::ids::{OrderId, ProductId};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// A basket of more products is an order of another sort (a reseller's, a test of everything) and counts for nothing.
pub const LARGEST: usize = 20;

/// The distinct products of one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basket {
    /// The store's local day of the sale.
    pub day: NaiveDate,
    pub order: OrderId,
    /// Ascending, each once.
    pub products: Vec<ProductId>,
}

/// Counts that baskets can be added to and taken out of again; nothing depends on the order in which that is done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counter {
    baskets: u64,
    too_large: u64,
    one: BTreeMap<ProductId, u64>,
    two: BTreeMap<[ProductId; 2], u64>,
    three: BTreeMap<[ProductId; 3], u64>,
}

impl Counter {
    /// `products` are those of one order; the same one twice counts once, and an empty basket is none.
    pub fn add(&mut self, products: &[ProductId]) {
        self.each(products, true);
    }

    /// Takes out what was added.
    pub fn remove(&mut self, products: &[ProductId]) {
        self.each(products, false);
    }

    fn each(&mut self, products: &[ProductId], more: bool) {
        let mut of = products.to_vec();
        of.sort_unstable();
        of.dedup();
        if of.is_empty() {
            return;
        }
        if of.len() > LARGEST {
            step(&mut self.too_large, more);
            return;
        }
        step(&mut self.baskets, more);
        for (at, a) in of.iter().enumerate() {
            count(&mut self.one, *a, more);
            for (next, b) in of.iter().enumerate().skip(at + 1) {
                count(&mut self.two, [*a, *b], more);
                for c in &of[next + 1..] {
                    count(&mut self.three, [*a, *b, *c], more);
                }
            }
        }
    }

    /// What stands in at least so many baskets, in ascending order of the products.
    #[must_use]
    pub fn counted(&self, minimum: u64) -> Counted {
        let enough = |times: &u64| *times >= minimum.max(1);
        let one = self.one.iter().filter(|(_, n)| enough(n));
        let two = self.two.iter().filter(|(_, n)| enough(n));
        let three = self.three.iter().filter(|(_, n)| enough(n));
        Counted {
            baskets: self.baskets,
            too_large: self.too_large,
            minimum: minimum.max(1),
            products: one.map(|(p, n)| (*p, *n)).collect(),
            pairs: two.map(|(p, n)| (*p, *n)).collect(),
            threes: three.map(|(p, n)| (*p, *n)).collect(),
        }
    }
}

fn step(number: &mut u64, more: bool) {
    *number = if more {
        *number + 1
    } else {
        number.saturating_sub(1)
    };
}

fn count<K: Ord + Copy>(counts: &mut BTreeMap<K, u64>, key: K, more: bool) {
    let times = counts.entry(key).or_insert(0);
    step(times, more);
    if *times == 0 {
        counts.remove(&key);
    }
}
