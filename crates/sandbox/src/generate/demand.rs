//! Gives the products their price elasticities and the catalogue its past prices. Both come from numbers of their own, so that
//! everything else in the store is drawn as it would be without them.

use std::collections::BTreeMap;

use super::Plan;
use crate::money::share;
use crate::random::Random;
use crate::store::demand::Demand;
use crate::store::{Seconds, Store};

/// Elasticities in hundredths: the means of the types of products, how far a product is from its type, and the bounds of all.
const OF_A_TYPE: (i64, i64) = (-240, -100);
const FROM_ITS_TYPE: i64 = 55;
const BOUNDS: (i64, i64) = (-300, -60);
/// Of a thousand products so many cost something else once.
const REPRICED: u32 = 450;
/// Of a thousand price changes so many are of one variant alone.
const ALONE: u32 = 300;
/// An earlier price differs by so many percent.
const STEP: (i64, i64) = (8, 22);
/// Growth over the history takes the shop from 100 to 170.
const LATEST_OF_MEAN: f64 = 170.0 / 135.0;

pub(super) fn give(store: &mut Store, plan: &Plan) {
    let mut random = Random::new(plan.seed ^ 0x000d_e3a0_de3a);
    let mut types: BTreeMap<String, i64> = BTreeMap::new();
    let mut elasticities = Vec::with_capacity(store.products.len());
    for product in &store.products {
        let mean = random.within(OF_A_TYPE.0, OF_A_TYPE.1);
        let mean = *types.entry(product.kind.clone()).or_insert(mean);
        let own = mean + random.within(-FROM_ITS_TYPE, FROM_ITS_TYPE);
        let own = i32::try_from(own.clamp(BOUNDS.0, BOUNDS.1)).unwrap_or(-100);
        elasticities.push((!product.gift_card).then_some(own));
    }
    store.demand = Demand {
        per_day: plan.orders as f64 / (plan.days + 1) as f64 * LATEST_OF_MEAN,
        elasticities,
        references: store.variants.iter().map(|v| v.price).collect(),
    };
    for product in 0..store.products.len() {
        // Drawn for all, so that one product's fate does not depend on another's.
        let own = Random::new(random.bits());
        if !store.products[product].gift_card {
            past(store, own, product, plan);
        }
    }
}

/// Up to three price changes; today's price is the catalogue's.
fn past(store: &mut Store, mut random: Random, product: usize, plan: &Plan) {
    if !random.chance(REPRICED) {
        return;
    }
    let whole = store.products[product].variants.clone();
    let one = whole.start + u32::try_from(random.index(whole.len())).unwrap_or(0);
    let variants = if random.chance(ALONE) {
        one..one + 1
    } else {
        whole
    };
    let times = times(&mut random, plan);
    let percents: Vec<i64> = times
        .iter()
        .map(|_| {
            let step = random.within(STEP.0, STEP.1);
            100 + if random.chance(500) { step } else { -step }
        })
        .collect();
    let unit = if store.shop.exponent == 3 { 500 } else { 50 };
    for v in variants {
        let variant = &mut store.variants[v as usize];
        let mut price = variant.price;
        for (at, percent) in times.iter().zip(&percents).rev() {
            price = (share(price, *percent, 100) / unit).max(1) * unit;
            variant.earlier.insert(0, (*at, price));
        }
        let last = times.last().copied().unwrap_or(variant.updated);
        variant.updated = variant.updated.max(last);
        let product = &mut store.products[product];
        product.updated = product.updated.max(last);
    }
}

/// One to three moments, each price valid for a good while.
fn times(random: &mut Random, plan: &Plan) -> Vec<Seconds> {
    const HOUR: Seconds = 3_600;
    let count = random.within(1, 3);
    let (opened, span) = (plan.now - plan.days * 86_400, plan.days * 86_400);
    let part = span / (count + 1);
    (1..=count)
        .map(|n| opened + part * n + random.within(-part / 4, part / 4))
        .map(|at| at / HOUR * HOUR)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::LineKind;

    fn plan(seed: u64) -> Plan {
        Plan {
            seed,
            orders: 20_000,
            days: 548,
            currency: "USD",
            zone: chrono_tz::America::New_York,
            now: 1_795_000_000,
        }
    }

    /// Units sold from `from` until `to`, of those variants.
    fn units(store: &Store, wanted: &[bool], from: Seconds, to: Seconds) -> f64 {
        let orders = store.orders.iter();
        let lines = orders
            .filter(|o| (from..to).contains(&o.placed))
            .flat_map(|o| &o.lines);
        let lines =
            lines.filter(|l| matches!(l.kind, LineKind::Product) && wanted[l.what as usize]);
        lines.map(|l| f64::from(l.quantity)).sum()
    }

    /// Log-changes of units against those of variants that never changed, regressed on what the elasticities foretell: 1 when
    /// the past follows them, 0 when it does not know them.
    fn slope(store: &Store) -> f64 {
        let steady: Vec<bool> = store
            .variants
            .iter()
            .map(|v| v.earlier.is_empty())
            .collect();
        let (mut xy, mut xx) = (0.0, 0.0);
        for (n, v) in store
            .variants
            .iter()
            .enumerate()
            .filter(|(n, _)| !steady[*n])
        {
            let own: Vec<bool> = (0..store.variants.len()).map(|m| m == n).collect();
            let elasticity =
                f64::from(store.demand.elasticities[v.product as usize].unwrap()) / 100.0;
            let last = v.earlier.last().unwrap().0;
            let now = units(store, &own, last, Seconds::MAX);
            let control_now = units(store, &steady, last, Seconds::MAX);
            let mut from = 0;
            for (until, price) in &v.earlier {
                let then = units(store, &own, from, *until);
                let control = units(store, &steady, from, *until);
                from = *until;
                if then < 5.0 || now < 5.0 {
                    continue;
                }
                let x = elasticity * (*price as f64 / v.price as f64).ln();
                let y = (then / control).ln() - (now / control_now).ln();
                let weight = then * now / (then + now);
                xy += weight * x * y;
                xx += weight * x * x;
            }
        }
        xy / xx
    }

    #[test]
    fn units_of_the_past_follow_the_prices_of_then() {
        let mut store = crate::generate::shop(&plan(1));
        let found = slope(&store);
        assert!((found - 1.0).abs() < 0.2, "{found}");
        for elasticity in store.demand.elasticities.iter_mut().flatten() {
            *elasticity = -*elasticity;
        }
        assert!(slope(&store) < -0.8, "the test can fail");
    }

    #[test]
    fn each_order_has_the_price_of_its_day_and_today_is_the_catalogue() {
        let store = crate::generate::shop(&plan(2));
        let changed = store.variants.iter().filter(|v| !v.earlier.is_empty());
        assert!((20..110).contains(&changed.count()));
        for v in &store.variants {
            assert!(v.earlier.len() <= 3 && v.earlier.is_sorted_by_key(|(at, _)| *at));
            let last = v.earlier.last().map_or(Seconds::MIN, |(at, _)| *at);
            assert!(v.updated >= last && last < plan(2).now);
        }
        let (mut then, mut today) = (0, 0);
        for order in &store.orders {
            for line in order.lines.iter().filter(|l| l.kind == LineKind::Product) {
                let variant = store.variant(line.what);
                let at = line
                    .added_by
                    .map_or(order.placed, |s| order.steps[usize::from(s)].at);
                assert_eq!(line.price, variant.price_at(at), "{}", order.name);
                if line.price == variant.price {
                    today += 1;
                } else {
                    then += 1;
                }
            }
        }
        assert!(then > 1_000 && today > 10_000, "{then} {today}");
        for e in store.demand.elasticities.iter().flatten() {
            assert!((-300..=-60).contains(e));
        }
    }
}
