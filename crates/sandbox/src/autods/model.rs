//! What the finder knows, and who is logged in.

use serde_json::{Value, json};
use std::collections::BTreeMap;

use crate::random::Random;
use crate::store::Seconds;

const PRODUCTS: u64 = 130;
const THINGS: [&str; 7] = [
    "Phone Mount",
    "Headlamp",
    "Camping Kettle",
    "Sleeping Pad",
    "Dry Bag",
    "Trekking Pole",
    "Solar Charger",
];
const KINDS: [&str; 5] = ["Compact", "Foldable", "Rugged", "Bright", "Quiet"];
const COLOURS: [&str; 3] = ["Black", "Orange", "Sand"];

#[derive(Debug)]
pub(crate) struct Variation {
    pub id: String,
    pub colour: &'static str,
    /// Cents.
    pub price: i64,
    pub us: u32,
    /// Cents of sending it, and days.
    pub sending: (i64, u32),
    pub strange_price: Option<Value>,
    pub strange_stock: Option<Value>,
}

#[derive(Debug)]
pub(crate) struct Product {
    pub id: String,
    pub title: String,
    pub removed: bool,
    pub failed: bool,
    pub variations: Vec<Variation>,
}

#[derive(Debug)]
pub(crate) struct Finder {
    pub calls: BTreeMap<String, u64>,
    pub products: Vec<Product>,
    pub turn: u64,
    pub access: Vec<String>,
    pub refresh: Vec<String>,
    /// Codes with the challenge that they are bound to.
    pub codes: BTreeMap<String, String>,
    pub logins: u64,
    pub refreshes: u64,
    pub without_tool: Option<String>,
    pub stricter_tool: Option<String>,
    random: Random,
    begun: Option<Seconds>,
    days: i64,
}

impl Finder {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed ^ 0xa07);
        let products = (0..PRODUCTS).map(|n| product(n, &mut random)).collect();
        Self {
            calls: BTreeMap::new(),
            products,
            turn: 0,
            access: Vec::new(),
            refresh: Vec::new(),
            codes: BTreeMap::new(),
            logins: 0,
            refreshes: 0,
            without_tool: None,
            stricter_tool: None,
            random,
            begun: None,
            days: 0,
        }
    }

    /// Prices and stock drift with the days.
    pub(crate) fn live(&mut self, now: Seconds) {
        let begun = *self.begun.get_or_insert(now);
        while self.days < (now - begun) / 86_400 {
            self.days += 1;
            self.drift();
        }
    }

    pub(crate) fn drift(&mut self) {
        let random = &mut self.random;
        for variation in self.products.iter_mut().flat_map(|p| &mut p.variations) {
            if random.chance(100) {
                let percent = random.within(-8, 8);
                variation.price = (variation.price + variation.price * percent / 100).max(50);
            }
            if random.chance(250) {
                let now = (i64::from(variation.us) + random.within(-15, 15)).max(0);
                variation.us = u32::try_from(now).unwrap_or(0);
            }
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        let products = self.products.iter().take(20).map(|p| {
            let variations = p.variations.iter().map(
                |v| json!({"id": v.id, "price": v.price, "us": v.us, "sending": v.sending.0, "days": v.sending.1}),
            );
            json!({"id": p.id, "title": p.title, "variations": variations.collect::<Vec<_>>()})
        });
        json!({"calls": self.calls, "logins": self.logins, "refreshes": self.refreshes, "products": products.collect::<Vec<_>>()})
    }
}

fn product(number: u64, random: &mut Random) -> Product {
    let index = usize::try_from(number).unwrap_or(0);
    let thing = THINGS[index % THINGS.len()];
    let kind = KINDS[index / THINGS.len() % KINDS.len()];
    let base = random.within(220, 6_000);
    let colours = 1 + random.index(COLOURS.len());
    let variations = COLOURS
        .iter()
        .take(colours)
        .enumerate()
        .map(|(at, colour)| Variation {
            id: format!("{}", 45_371_699_000_000 + number * 10 + at as u64),
            colour,
            price: base + 30 * at as i64,
            us: u32::try_from(random.within(0, 200)).unwrap_or(0),
            sending: (
                random.within(0, 900),
                u32::try_from(random.within(4, 15)).unwrap_or(7),
            ),
            strange_price: None,
            strange_stock: None,
        });
    Product {
        id: format!("66de36fb28873e16{number:08x}"),
        title: format!("{kind} {thing} {number}"),
        removed: false,
        failed: false,
        variations: variations.collect(),
    }
}
