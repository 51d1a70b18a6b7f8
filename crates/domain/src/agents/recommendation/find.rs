//! From counts to what may be told: pairs and bundles of three that chance does not explain.

use super::affinity::{Affinity, threshold};
use super::facts::Facts;
use super::spec::SPEC;
use crate::agents::settings::Values;
use crate::ids::ProductId;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Two products that are bought together.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The lower number first.
    pub products: [ProductId; 2],
    /// Orders with the first, the second, and both.
    pub counts: [u64; 2],
    pub together: u64,
    /// From the first to the second.
    pub affinity: Affinity,
}

/// Three products of which each goes with the two others.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    /// In ascending order.
    pub products: [ProductId; 3],
    /// Orders with each of them.
    pub counts: [u64; 3],
    pub together: u64,
    /// Orders with the two others, for each of them.
    pub others: [u64; 3],
    /// From the two others to the third one, for that third one of which chance would explain the most.
    pub affinity: Affinity,
    /// Which of the three that is.
    pub weakest: ProductId,
}

/// What stands, what was left out, and how much was asked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// Those with most orders beyond chance first.
    pub pairs: Vec<Pair>,
    pub bundles: Vec<Bundle>,
    /// Tests that were made, whether anything stood in the same baskets or not.
    pub pair_tests: u64,
    pub bundle_tests: u64,
    /// Pairs with enough orders together that chance explains, or whose lift may be too small.
    pub pairs_left: u64,
    /// Pairs that are parts of one bundle anyway.
    pub pairs_bundled: u64,
}

/// The same arguments, the same answer.
///
/// A pair is tested when both products stand in as many orders as are asked for together; so is a three. The guard counts all of these, also
/// those that never were together.
#[must_use]
pub fn find(facts: &Facts, values: &Values) -> Found {
    let number = |key| SPEC.number(values, key);
    let least = u64::try_from(number("minimum")).unwrap_or(1);
    let least = least.max(facts.counted.minimum);
    let share = fraction(number("false_share"));
    let lift = fraction(number("lift"));
    let search = Search {
        facts,
        least,
        counts: facts.counted.products.iter().copied().collect(),
        pairs: facts.counted.pairs.iter().copied().collect(),
    };
    let common = search.counts.values().filter(|n| **n >= least).count() as u64;
    let pair_tests = common.saturating_mul(common.saturating_sub(1)) / 2;
    let bundle_tests = pair_tests.saturating_mul(common.saturating_sub(2)) / 3;
    let (mut pairs, pairs_bundled) = search.pairs();
    let all = pairs.len() as u64;
    let stands = threshold(pairs.iter().map(|p| p.affinity.p), float(pair_tests), share);
    pairs
        .retain(|p| stands.is_some_and(|most| p.affinity.p <= most) && p.affinity.lift.low >= lift);
    pairs.sort_by_key(|p| (Reverse(beyond(p.together, &p.affinity)), p.products));
    let mut bundles = search.bundles();
    let stands = threshold(
        bundles.iter().map(|b| b.affinity.p),
        float(bundle_tests),
        share,
    );
    bundles
        .retain(|b| stands.is_some_and(|most| b.affinity.p <= most) && b.affinity.lift.low >= lift);
    bundles.sort_by_key(|b| (Reverse(beyond(b.together, &b.affinity)), b.products));
    Found {
        pairs_left: all - pairs.len() as u64,
        pairs,
        bundles,
        pair_tests,
        bundle_tests,
        pairs_bundled,
    }
}

struct Search<'a> {
    facts: &'a Facts,
    least: u64,
    counts: BTreeMap<ProductId, u64>,
    pairs: BTreeMap<[ProductId; 2], u64>,
}

impl Search<'_> {
    fn pairs(&self) -> (Vec<Pair>, u64) {
        let (mut found, mut bundled) = (Vec::new(), 0);
        for (products, together) in &self.pairs {
            let [a, b] = *products;
            if *together < self.least {
                continue;
            }
            if self.facts.bundled.contains(products) {
                bundled += 1;
                continue;
            }
            let counts = [self.count(a), self.count(b)];
            let all = self.facts.counted.baskets;
            if let Some(affinity) = Affinity::of(all, counts[0], counts[1], *together) {
                found.push(Pair {
                    products: *products,
                    counts,
                    together: *together,
                    affinity,
                });
            }
        }
        (found, bundled)
    }

    fn bundles(&self) -> Vec<Bundle> {
        let threes = self.facts.counted.threes.iter();
        threes
            .filter(|(_, together)| *together >= self.least)
            .filter_map(|(products, together)| self.bundle(*products, *together))
            .collect()
    }

    /// That each goes with the two others is to hold for all three of them, so that the least sure one counts (an intersection–union test).
    fn bundle(&self, products: [ProductId; 3], together: u64) -> Option<Bundle> {
        let [a, b, c] = products;
        let pairs = [[b, c], [a, c], [a, b]];
        if pairs.iter().any(|pair| self.facts.bundled.contains(pair)) {
            return None;
        }
        let counts = products.map(|p| self.count(p));
        let others = pairs.map(|pair| self.pairs.get(&pair).copied().unwrap_or(0));
        let mut weakest: Option<(ProductId, Affinity)> = None;
        for at in 0..products.len() {
            let affinity =
                Affinity::of(self.facts.counted.baskets, others[at], counts[at], together)?;
            let is_weaker =
                weakest.is_none_or(|(_, w)| (affinity.p, -affinity.lift.low) > (w.p, -w.lift.low));
            if is_weaker {
                weakest = Some((products[at], affinity));
            }
        }
        let (weakest, affinity) = weakest?;
        Some(Bundle {
            products,
            counts,
            together,
            others,
            affinity,
            weakest,
        })
    }

    fn count(&self, product: ProductId) -> u64 {
        self.counts.get(&product).copied().unwrap_or(0)
    }
}

/// Orders together that chance does not explain, in thousandths.
#[expect(
    clippy::cast_possible_truncation,
    reason = "held between bounds that both types have"
)]
fn beyond(together: u64, affinity: &Affinity) -> i64 {
    ((float(together) - affinity.expected) * 1_000.0).clamp(-1e15, 1e15) as i64
}

/// Of a setting in ten-thousandths.
#[expect(clippy::cast_precision_loss, reason = "settings are small")]
fn fraction(setting: i64) -> f64 {
    setting as f64 / 10_000.0
}

#[expect(clippy::cast_precision_loss, reason = "only how large it is counts")]
const fn float(number: u64) -> f64 {
    number as f64
}
