//! Makes the shop's records: from a seed, or from a file of invoices.

pub(crate) mod actions;
pub(crate) mod catalog;
mod demand;
pub(crate) mod history;
pub(crate) mod people;
pub(crate) mod places;
pub(crate) mod risky;
pub(crate) mod sale;
pub(crate) mod uci;

use std::collections::{BTreeMap, HashMap};

use crate::random::{Random, cumulative};
use crate::store::{Location, Seconds, Shop, Store};

/// What the generated shop should be like.
#[derive(Debug, Clone)]
pub struct Plan {
    pub seed: u64,
    pub orders: usize,
    pub days: i64,
    pub currency: &'static str,
    pub zone: chrono_tz::Tz,
    pub now: Seconds,
}

/// A shop with its whole history up to `plan.now`.
pub(crate) fn shop(plan: &Plan) -> Store {
    let mut random = Random::new(plan.seed);
    let opened = plan.now - plan.days * 86_400;
    let mut store = empty(plan.currency, plan.zone, opened);
    store.places = places::cities();
    // Prices have the same digits in currencies without decimals (24.00 → 2400), and one more where there are three.
    let scale = if store.shop.exponent == 3 { 10 } else { 1 };
    (store.products, store.variants) = catalog::build(&mut random, opened, scale);
    store.popularity = popularity(&store, &mut random);
    demand::give(&mut store, plan);
    history::fill(&mut store, &mut random, plan);
    store
}

pub(crate) fn empty(currency: &'static str, zone: chrono_tz::Tz, opened: Seconds) -> Store {
    let location = |name, city, province, country, zip| Location {
        name,
        city,
        province,
        country,
        zip,
    };
    Store {
        shop: Shop {
            name: "Royal Equips Sandbox".to_owned(),
            domain: "sandbox.myshopify.com".to_owned(),
            currency,
            exponent: crate::money::exponent(currency),
            zone,
            opened,
        },
        places: Vec::new(),
        products: Vec::new(),
        variants: Vec::new(),
        customers: Vec::new(),
        locations: vec![
            location("Brooklyn Warehouse", "Brooklyn", "NY", "US", "11231"),
            location("Orchard Street Store", "New York", "NY", "US", "10002"),
        ],
        orders: Vec::new(),
        deletions: Vec::new(),
        texts: Vec::new(),
        text_index: HashMap::new(),
        popularity: Vec::new(),
        demand: crate::store::demand::Demand::default(),
        risks: BTreeMap::new(),
        plants: crate::store::Plants::default(),
        tags: HashMap::new(),
        holds: crate::store::dispatch::Holds::default(),
        sent: crate::store::dispatch::Sent::default(),
        discounts: Vec::new(),
    }
}

/// A few products sell most: weights fall with a shuffled rank.
fn popularity(store: &Store, random: &mut Random) -> Vec<u64> {
    let products = store.products.len();
    let ranks: Vec<u64> = (0..products)
        .map(|_| random.bits() % products as u64)
        .collect();
    cumulative(store.variants.iter().map(|v| {
        let product = &store.products[v.product as usize];
        let siblings = u64::from(product.variants.end - product.variants.start).max(1);
        let weight = if product.gift_card {
            6_000
        } else {
            60_000 / (ranks[v.product as usize] + 4) * 10
        };
        (weight / siblings).max(1)
    }))
}
