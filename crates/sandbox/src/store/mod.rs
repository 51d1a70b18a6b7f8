//! What the shop holds: catalogue, customers, orders with everything that happened to them. These are the primary
//! records; totals, agreements and answers are derived from them. Knows nothing of GraphQL or HTTP.

pub(crate) mod demand;
pub(crate) mod discounts;
pub(crate) mod dispatch;
pub(crate) mod ids;
pub(crate) mod journey;
pub(crate) mod ledger;
pub(crate) mod order;
pub(crate) mod plants;
pub(crate) mod risk;
pub(crate) mod totals;

use std::collections::{BTreeMap, HashMap};

use chrono_tz::Tz;

pub(crate) use plants::Plants;

pub(crate) use order::{
    Line, LineKind, Order, Restock, Returned, Ship, Step, StepKind, Transaction, TxnKind, TxnStatus,
};

use crate::generate::places::Place;

/// Seconds since 1970, UTC.
pub(crate) type Seconds = i64;

#[derive(Debug, Clone)]
pub struct Shop {
    pub name: String,
    pub domain: String,
    pub currency: &'static str,
    pub exponent: u32,
    pub zone: Tz,
    pub opened: Seconds,
}

#[derive(Debug, Clone)]
pub struct Product {
    pub title: String,
    pub handle: String,
    pub vendor: String,
    pub kind: String,
    pub description: String,
    /// Names of what its variants differ in; empty where the kind says it.
    pub options: Vec<String>,
    pub tags: Vec<String>,
    pub status: &'static str,
    pub gift_card: bool,
    pub created: Seconds,
    pub updated: Seconds,
    pub deleted: Option<Seconds>,
    pub variants: std::ops::Range<u32>,
}

#[derive(Debug, Clone)]
pub struct Variant {
    pub product: u32,
    pub title: String,
    pub sku: String,
    pub price: i64,
    /// What it cost before, in order of time, each until its second.
    pub earlier: Vec<(Seconds, i64)>,
    pub compare_at: Option<i64>,
    /// Unit costs in order of time, each valid from its second on; the first one since ever.
    pub costs: Vec<(Seconds, Option<i64>)>,
    pub tracked: bool,
    /// On hand, per location.
    pub stock: [i32; 2],
    pub updated: Seconds,
}

impl Variant {
    pub fn cost(&self) -> Option<i64> {
        self.costs.last().and_then(|(_, cost)| *cost)
    }

    pub fn cost_at(&self, at: Seconds) -> Option<i64> {
        self.costs
            .iter()
            .rev()
            .find(|(from, _)| *from <= at)
            .and_then(|(_, cost)| *cost)
    }
}

#[derive(Debug, Clone)]
pub struct Customer {
    pub first: &'static str,
    pub last: &'static str,
    /// Where the mail address is.
    pub mail: &'static str,
    pub place: u16,
    pub created: Seconds,
    pub updated: Seconds,
    pub orders: u32,
    pub spent: i64,
    pub last_order: Option<u32>,
    /// Merged into another one, who has the orders since.
    pub gone: bool,
}

#[derive(Debug, Clone)]
pub struct Location {
    pub name: &'static str,
    pub city: &'static str,
    pub province: &'static str,
    pub country: &'static str,
    pub zip: &'static str,
}

/// A thing that is gone, as `events` with the verb `destroy` and `deletionEvents` report it.
#[derive(Debug, Clone)]
pub struct Deletion {
    pub at: Seconds,
    pub kind: &'static str,
    pub number: i64,
    pub title: String,
}

#[derive(Debug)]
pub struct Store {
    pub shop: Shop,
    pub places: Vec<Place>,
    pub products: Vec<Product>,
    pub variants: Vec<Variant>,
    pub customers: Vec<Customer>,
    pub locations: Vec<Location>,
    pub orders: Vec<Order>,
    pub deletions: Vec<Deletion>,
    /// Titles and codes of lines without a variant.
    pub texts: Vec<(String, String)>,
    pub text_index: HashMap<(String, String), u32>,
    /// Running sums of how much of each variant is wanted at its reference price.
    pub popularity: Vec<u64>,
    pub demand: demand::Demand,
    /// What was found about orders that look like fraud, by their position.
    pub risks: BTreeMap<u32, risk::Risk>,
    /// Differences that were asked for.
    pub plants: Plants,
    /// Tags of orders whose tags were changed by somebody.
    pub tags: HashMap<u32, Vec<String>>,
    pub holds: dispatch::Holds,
    pub sent: dispatch::Sent,
    pub discounts: Vec<discounts::Discount>,
}

impl Store {
    pub fn text(&mut self, title: &str, sku: &str) -> u32 {
        let key = (title.to_owned(), sku.to_owned());
        if let Some(&known) = self.text_index.get(&key) {
            return known;
        }
        let next = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(key.clone());
        self.text_index.insert(key, next);
        next
    }

    /// What the order's amounts are said to be in.
    pub fn currency_of(&self, order: &Order) -> &'static str {
        if self.plants.foreign.contains(&order.index) {
            plants::FOREIGN
        } else {
            self.shop.currency
        }
    }

    pub fn place(&self, order: &Order) -> &Place {
        &self.places[usize::from(order.place)]
    }

    pub fn variant(&self, index: u32) -> &Variant {
        &self.variants[index as usize]
    }

    pub fn product(&self, index: u32) -> &Product {
        &self.products[index as usize]
    }

    /// What a variant is put together from, by units: the first variant of every twelfth product of those before it, where all of them are
    /// counted. Empty for what is no bundle.
    pub fn components(&self, variant: u32) -> Vec<(u32, i64)> {
        let product = self.variant(variant).product;
        let bundles = product % 12 == 11 && self.product(product).variants.start == variant;
        let parts = (1..=2).map(|back| (product.checked_sub(back), i64::from(back)));
        let parts = parts.filter_map(|(p, units)| Some((self.product(p?).variants.start, units)));
        let parts: Vec<_> = parts.collect();
        let counted = |(v, _): &(u32, i64)| self.variant(*v).tracked;
        if bundles && self.variant(variant).tracked && parts.len() == 2 && parts.iter().all(counted)
        {
            parts
        } else {
            Vec::new()
        }
    }

    /// Orders that can still be read.
    pub fn live_orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.iter().filter(|o| o.deleted.is_none())
    }
}
