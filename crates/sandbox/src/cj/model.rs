//! What the supplier has, and what it was asked and paid.

use serde_json::{Value, json};
use std::collections::BTreeMap;

use crate::random::Random;
use crate::store::Seconds;

const PRODUCTS: usize = 240;
const THINGS: [(&str, &str); 10] = [
    ("Tent", "Camping & Hiking"),
    ("Lantern", "Camping & Hiking"),
    ("Backpack", "Bags"),
    ("Mug", "Kitchen"),
    ("Cooler", "Kitchen"),
    ("Hammock", "Camping & Hiking"),
    ("Headlamp", "Lights"),
    ("Knife", "Tools"),
    ("Blanket", "Home"),
    ("Organizer", "Home"),
];
const KINDS: [&str; 8] = [
    "Folding",
    "Ultralight",
    "Portable",
    "Waterproof",
    "Compact",
    "Rechargeable",
    "Insulated",
    "Large",
];
const COLOURS: [&str; 4] = ["Black", "Green", "Orange", "Grey"];
const POINTS: u64 = 50_000;

#[derive(Debug)]
pub(crate) struct Variant {
    pub vid: String,
    pub sku: String,
    pub colour: &'static str,
    /// Grams.
    pub weight: i64,
    /// Cents.
    pub price: i64,
    pub range: Option<String>,
    /// Counted pieces in the US.
    pub us: u32,
    /// Pieces that a factory in China says that it has.
    pub factory: u32,
}

#[derive(Debug)]
pub(crate) struct Product {
    pub pid: String,
    pub sku: String,
    pub name: String,
    pub category: &'static str,
    pub listed: u32,
    pub delisted: bool,
    pub removed: bool,
    pub variants: Vec<Variant>,
}

#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub id: String,
    pub number: String,
    pub state: &'static str,
    /// Cents.
    pub goods: i64,
    pub postage: i64,
    pub country: String,
    pub service: String,
    pub from: String,
    pub lines: Vec<(String, i64)>,
    pub made_at: Seconds,
    pub paid_at: Option<Seconds>,
}

impl Order {
    pub(crate) fn tracking(&self) -> Option<String> {
        matches!(self.state, "SHIPPED" | "DELIVERED").then(|| format!("CJPKL{}YQ", self.id))
    }
}

#[derive(Debug)]
pub(crate) struct Supplier {
    pub access: Vec<String>,
    pub refresh: Vec<String>,
    pub logins: u64,
    pub refreshes: u64,
    pub calls: BTreeMap<String, u64>,
    pub points_left: u64,
    pub points_total: u64,
    /// Cents.
    pub balance: i64,
    pub products: Vec<Product>,
    pub orders: Vec<Order>,
    /// The number of each order that was paid, with cents.
    pub payments: Vec<(String, i64)>,
    /// Where its messages go.
    pub webhook: Option<String>,
    /// Messages that were not sent yet.
    pub unsent: Vec<Value>,
    random: Random,
    begun: Option<Seconds>,
    days: i64,
}

/// Cents as the supplier writes dollars.
pub(crate) fn amount(cents: i64) -> f64 {
    cents as f64 / 100.0
}

impl Supplier {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed ^ 0x0c1);
        let products = (0..PRODUCTS).map(|n| product(n, &mut random)).collect();
        Self {
            access: Vec::new(),
            refresh: Vec::new(),
            logins: 0,
            refreshes: 0,
            calls: BTreeMap::new(),
            points_left: POINTS,
            points_total: POINTS,
            balance: 500_000,
            products,
            orders: Vec::new(),
            payments: Vec::new(),
            webhook: None,
            unsent: Vec::new(),
            random,
            begun: None,
            days: 0,
        }
    }

    /// What happens on the days that have passed: prices and stock drift, points come back, parcels go out and arrive.
    pub(crate) fn live(&mut self, now: Seconds) {
        let begun = *self.begun.get_or_insert(now);
        let days = (now - begun) / 86_400;
        while self.days < days {
            self.days += 1;
            self.points_left = self.points_total;
            self.drift();
        }
        for order in &mut self.orders {
            let Some(paid) = order.paid_at else { continue };
            order.state = match (now - paid) / 86_400 {
                ..2 => "UNSHIPPED",
                2..9 => "SHIPPED",
                _ => "DELIVERED",
            };
        }
    }

    /// One in ten prices moves by up to 8 %, one in four stocks by some pieces.
    pub(crate) fn drift(&mut self) {
        let random = &mut self.random;
        for variant in self.products.iter_mut().flat_map(|p| &mut p.variants) {
            if random.chance(100) {
                let percent = random.within(-8, 8);
                variant.price = (variant.price + variant.price * percent / 100).max(50);
            }
            if random.chance(250) {
                let pieces = random.within(-20, 20);
                let now = (i64::from(variant.us) + pieces).max(0);
                variant.us = u32::try_from(now).unwrap_or(0);
            }
        }
    }

    pub(crate) fn variant(&self, vid: &str) -> Option<(&Product, &Variant)> {
        let all = self.products.iter().filter(|p| !p.removed);
        let mut all = all.flat_map(|p| p.variants.iter().map(move |v| (p, v)));
        all.find(|(_, v)| v.vid == vid)
    }

    pub(crate) fn to_json(&self) -> Value {
        let products = self.products.iter().take(20).map(|p| {
            let variants = p.variants.iter().map(|v| {
                json!({"vid": v.vid, "sku": v.sku, "price": v.price, "us": v.us, "weight": v.weight})
            });
            json!({"pid": p.pid, "name": p.name, "variants": variants.collect::<Vec<_>>()})
        });
        let orders = self.orders.iter().map(|o| {
            json!({"id": o.id, "number": o.number, "state": o.state, "total": o.goods + o.postage, "country": o.country, "tracking": o.tracking()})
        });
        json!({"logins": self.logins, "refreshes": self.refreshes, "calls": self.calls, "points_left": self.points_left, "listens": self.webhook, "balance": self.balance,
            "products": products.collect::<Vec<_>>(), "orders": orders.collect::<Vec<_>>(),
            "payments": self.payments.iter().map(|(number, cents)| json!({"number": number, "cents": cents})).collect::<Vec<_>>()})
    }
}

fn product(number: usize, random: &mut Random) -> Product {
    let (thing, category) = THINGS[number % THINGS.len()];
    let kind = KINDS[number / THINGS.len() % KINDS.len()];
    let sku = format!("CJSB{number:06}");
    let weight = random.within(80, 2_500);
    let base = random.within(250, 4_500);
    let colours = 1 + random.index(COLOURS.len());
    let listed = u32::try_from(random.within(0, 3_000)).unwrap_or(0);
    let variants = COLOURS
        .iter()
        .take(colours)
        .enumerate()
        .map(|(at, colour)| {
            let counted = random.chance(600);
            Variant {
                vid: format!(
                    "{}",
                    1_424_608_152_000_000_000_u64 + (number * 10 + at) as u64
                ),
                sku: format!("{sku}-{colour}"),
                colour,
                weight,
                price: base + 25 * at as i64,
                range: None,
                us: if counted {
                    u32::try_from(random.within(3, 400)).unwrap_or(0)
                } else {
                    0
                },
                factory: u32::try_from(random.within(100, 20_000)).unwrap_or(0),
            }
        });
    Product {
        pid: format!("04A22450-67F0-4617-A132-{number:012X}"),
        name: format!(
            "{kind} Camping {thing} {}",
            1 + number / (THINGS.len() * KINDS.len())
        ),
        sku: sku.clone(),
        category,
        listed,
        delisted: false,
        removed: false,
        variants: variants.collect(),
    }
}
