//! What the printer has, and what was ordered.

use serde_json::{Value, json};
use std::collections::BTreeMap;

use crate::random::Random;
use crate::store::Seconds;

const PRODUCTS: u64 = 130;
const THINGS: [(&str, &str); 8] = [
    ("Unisex T-Shirt", "T-Shirt"),
    ("Hoodie", "Hoodie"),
    ("Enamel Mug", "Mug"),
    ("Tote Bag", "Bag"),
    ("Poster", "Poster"),
    ("Snapback Hat", "Hat"),
    ("Phone Case", "Case"),
    ("Camping Blanket", "Blanket"),
];
const BRANDS: [&str; 6] = ["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir"];
const COLOURS: [(&str, &str); 3] = [
    ("Black", "#000000"),
    ("White", "#ffffff"),
    ("Navy", "#1b2a41"),
];
const SIZES: [&str; 3] = ["S", "M", "L"];

#[derive(Debug)]
pub(crate) struct Variant {
    pub id: u64,
    pub colour: (&'static str, &'static str),
    pub size: &'static str,
    /// Cents.
    pub price: i64,
    pub range: Option<String>,
    /// In North America, and in Europe.
    pub there: [bool; 2],
    pub strange_stock: Option<Value>,
}

#[derive(Debug)]
pub(crate) struct Product {
    pub id: u64,
    pub name: String,
    pub kind: &'static str,
    pub brand: &'static str,
    pub delisted: bool,
    pub removed: bool,
    pub variants: Vec<Variant>,
}

impl Product {
    /// The one template that is saved of it.
    pub(crate) fn template(&self) -> u64 {
        self.id * 10 + 1
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub variant: u64,
    /// The buyer's name of it.
    pub name: Option<String>,
    pub quantity: i64,
    /// Cents.
    pub price: i64,
}

#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub id: u64,
    /// The buyer's.
    pub number: String,
    pub state: &'static str,
    /// Cents.
    pub goods: i64,
    pub shipping: i64,
    pub service: String,
    pub recipient: Value,
    pub lines: Vec<Line>,
    pub made_at: Seconds,
    pub confirmed_at: Option<Seconds>,
    /// So many more looks until it is counted what it costs.
    pub uncounted: u32,
    /// How long after the confirmation it leaves, in days.
    pub leaves_after: i64,
}

/// It is kept, so that no two have one number.
pub(crate) const DELETED: &str = "deleted";

#[derive(Debug)]
pub(crate) struct Printer {
    pub calls: BTreeMap<String, u64>,
    pub products: Vec<Product>,
    pub orders: Vec<Order>,
    /// The number of each order that was confirmed, with cents.
    pub payments: Vec<(String, i64)>,
    /// Where its messages go, and what they are signed with.
    pub webhook: Option<(String, String)>,
    pub unsent: Vec<Value>,
    random: Random,
    begun: Option<Seconds>,
    days: i64,
}

/// As the supplier writes amounts.
pub(crate) fn text(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

impl Printer {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed ^ 0x9f1);
        let products = (0..PRODUCTS).map(|n| product(n, &mut random)).collect();
        Self {
            calls: BTreeMap::new(),
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

    /// Prices and stock drift with the days, parcels go out and arrive.
    pub(crate) fn live(&mut self, now: Seconds) {
        let begun = *self.begun.get_or_insert(now);
        let days = (now - begun) / 86_400;
        while self.days < days {
            self.days += 1;
            self.drift();
        }
        for order in &mut self.orders {
            let Some(confirmed) = order.confirmed_at else {
                continue;
            };
            if matches!(order.state, "failed" | "canceled") {
                continue;
            }
            let after = (now - confirmed) / 86_400 - order.leaves_after;
            order.state = match after {
                ..-2 => "pending",
                -2..0 => "inprocess",
                0 if order.lines.len() > 1 => "partial",
                _ => "fulfilled",
            };
        }
    }

    /// One in twenty prices moves by up to 5 %; one in thirty shelves empties or fills.
    pub(crate) fn drift(&mut self) {
        let random = &mut self.random;
        for variant in self.products.iter_mut().flat_map(|p| &mut p.variants) {
            if random.chance(50) {
                let percent = random.within(-5, 5);
                variant.price = (variant.price + variant.price * percent / 100).max(100);
            }
            if random.chance(33) {
                let at = random.index(2);
                variant.there[at] = !variant.there[at];
            }
        }
    }

    pub(crate) fn standing(&self) -> impl Iterator<Item = &Order> {
        self.orders.iter().filter(|o| o.state != DELETED)
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Product> {
        let id: u64 = id.parse().ok()?;
        self.products.iter().find(|p| p.id == id && !p.removed)
    }

    pub(crate) fn variant(&self, id: u64) -> Option<(&Product, &Variant)> {
        let all = self.products.iter().filter(|p| !p.removed);
        let mut all = all.flat_map(|p| p.variants.iter().map(move |v| (p, v)));
        all.find(|(_, v)| v.id == id)
    }

    pub(crate) fn to_json(&self) -> Value {
        let products = self.products.iter().take(20).map(|p| {
            let variants = p.variants.iter().map(
                |v| json!({"id": v.id, "price": v.price, "colour": v.colour.0, "size": v.size, "there": v.there}),
            );
            json!({"id": p.id, "name": p.name, "template": p.template(), "variants": variants.collect::<Vec<_>>()})
        });
        let orders = self.standing().map(|o| {
            json!({"id": o.id, "number": o.number, "state": o.state, "total": o.goods + o.shipping, "recipient": o.recipient})
        });
        json!({"calls": self.calls, "products": products.collect::<Vec<_>>(), "orders": orders.collect::<Vec<_>>(),
            "listens": self.webhook.as_ref().map(|(address, _)| address),
            "payments": self.payments.iter().map(|(number, cents)| json!({"number": number, "cents": cents})).collect::<Vec<_>>()})
    }
}

fn product(number: u64, random: &mut Random) -> Product {
    let index = usize::try_from(number).unwrap_or(0);
    let (thing, kind) = THINGS[index % THINGS.len()];
    let brand = BRANDS[index / THINGS.len() % BRANDS.len()];
    let id = 71 + number;
    let base = random.within(450, 3_200);
    let colours = 1 + random.index(COLOURS.len());
    let sizes = 1 + random.index(SIZES.len());
    let mut variants = Vec::new();
    for (at, colour) in COLOURS.iter().take(colours).enumerate() {
        for (size_at, size) in SIZES.iter().take(sizes).enumerate() {
            variants.push(Variant {
                id: 4_000 + number * 10 + (at * SIZES.len() + size_at) as u64,
                colour: *colour,
                size,
                price: base + 150 * size_at as i64,
                range: None,
                there: [random.chance(900), random.chance(850)],
                strange_stock: None,
            });
        }
    }
    Product {
        id,
        name: format!("{thing} | {brand} {}", 100 + number),
        kind,
        brand,
        delisted: false,
        removed: false,
        variants,
    }
}
