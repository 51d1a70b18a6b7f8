//! A made-up shop of any size. Every order is a function of its number, so that nothing has to be kept in memory and each part of
//! the protocol tells the same.

mod file;
mod order;
mod rows;
mod server;

pub use server::{Serving, serve};

use chrono::{DateTime, TimeDelta, Utc};

/// What its webhooks are signed with.
pub const SECRET: &str = "bench-webhook-secret";
pub(crate) const DAYS: i64 = 730;
/// Of the usual shop.
pub const PRODUCTS: u64 = 300;
pub(crate) const VARIANTS_EACH: u64 = 4;

/// Places and their weights.
const COUNTRIES: &[(&str, u64)] = &[
    ("US", 52),
    ("CA", 12),
    ("GB", 10),
    ("DE", 7),
    ("AU", 5),
    ("FR", 4),
    ("NL", 3),
    ("SE", 2),
    ("JP", 2),
    ("ES", 1),
    ("IT", 1),
    ("NZ", 1),
];
const CHANNELS: &[(&str, u64)] = &[
    ("web", 70),
    ("pos", 12),
    ("shop_app", 8),
    ("instagram", 6),
    ("tiktok", 4),
];

/// How large the shop is and when its two years end.
#[derive(Debug, Clone)]
pub struct Shop {
    pub orders: u64,
    /// Of four variants each.
    pub products: u64,
    pub now: DateTime<Utc>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Variant {
    pub product: i64,
    pub id: i64,
    pub number: u64,
    /// Minor units.
    pub price: i64,
    /// Unknown for a few.
    pub cost: Option<i64>,
}

impl Shop {
    pub(crate) fn opened(&self) -> DateTime<Utc> {
        self.now - TimeDelta::days(DAYS)
    }

    /// Orders come evenly over the two years; whole seconds, as Shopify tells them.
    pub(crate) fn created(&self, order: u64) -> DateTime<Utc> {
        let span = u64::try_from(DAYS * 86_400).unwrap_or(0);
        let after = u128::from(order) * u128::from(span) / u128::from(self.orders.max(1));
        self.opened() + TimeDelta::seconds(i64::try_from(after).unwrap_or(0))
    }

    /// The first order at or after an instant.
    pub(crate) fn first_since(&self, at: DateTime<Utc>) -> u64 {
        let (mut low, mut high) = (0, self.orders);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.created(middle) < at {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    pub(crate) fn products(&self) -> impl Iterator<Item = u64> + use<> {
        0..self.products
    }

    pub(crate) fn variants_of(product: u64) -> impl Iterator<Item = Variant> {
        (0..VARIANTS_EACH).map(move |n| Self::variant(product * VARIANTS_EACH + n))
    }

    pub(crate) fn variant(number: u64) -> Variant {
        let product = number / VARIANTS_EACH;
        let mut chance = Chance::of(product ^ 0x00C0_FFEE);
        let price = 900 + i64::try_from(chance.below(240) * 50).unwrap_or(0);
        let percent = 28 + i64::try_from(chance.below(30)).unwrap_or(0);
        Variant {
            product: 8_100_000_000_000 + i64::try_from(product * 1024).unwrap_or(0),
            id: 44_100_000_000_000 + i64::try_from(number * 512).unwrap_or(0),
            number,
            price,
            cost: (product % 20 != 7).then_some(price * percent / 100),
        }
    }

    /// Few variants sell most.
    fn sold(&self, chance: &mut Chance) -> Variant {
        let all = self.products * VARIANTS_EACH;
        let (a, b) = (chance.below(all), chance.below(all));
        Self::variant(a * b / all)
    }
}

pub(crate) fn title(product: u64) -> String {
    const THINGS: &[&str] = &[
        "Rolltop Backpack",
        "Weekender Duffel",
        "Trail Running Shoe",
        "Merino T-Shirt",
        "Vacuum Bottle 750 ml",
        "Headlamp 400 lm",
        "Enamel Mug 350 ml",
        "Packing Cubes, Set of 3",
        "Rain Shell Jacket",
        "Field Notebook",
    ];
    let thing = THINGS[usize::try_from(product).unwrap_or(0) % THINGS.len()];
    format!("{thing} No. {product}")
}

pub(crate) fn option(number: u64) -> &'static str {
    ["Charcoal / S", "Olive / M", "Sand / L", "Navy / XL"]
        [usize::try_from(number % VARIANTS_EACH).unwrap_or(0)]
}

/// SplitMix64: the same numbers everywhere.
#[derive(Debug, Clone)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5851_F42D_4C95_7F2D)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.next() % n.max(1)
    }

    /// So many times in a hundred.
    pub(crate) fn percent(&mut self, n: u64) -> bool {
        self.below(100) < n
    }

    pub(crate) fn weighted<'a>(&mut self, all: &[(&'a str, u64)]) -> &'a str {
        let mut left = self.below(all.iter().map(|(_, w)| w).sum());
        for (word, weight) in all {
            if left < *weight {
                return word;
            }
            left -= weight;
        }
        all[0].0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_come_in_the_order_of_time_and_are_found_by_it() {
        let shop = Shop {
            orders: 5_000,
            products: PRODUCTS,
            now: "2026-11-27T12:00:00Z".parse().unwrap(),
        };
        for n in [0, 1, 2_499, 4_999] {
            let found = shop.first_since(shop.created(n));
            assert!(found <= n && shop.created(found) == shop.created(n));
        }
        assert_eq!(shop.first_since(shop.now), 5_000);
        assert_eq!(shop.first_since(shop.opened() - TimeDelta::days(1)), 0);
    }
}
