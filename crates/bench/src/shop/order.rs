//! One order by its number: lines, discounts, an edit, a refund, payments. Amounts are minor units; tax is apart.

use super::{CHANNELS, COUNTRIES, Chance, Shop, Variant};
use chrono::{DateTime, TimeDelta, Utc};

pub(super) struct Order {
    pub number: u64,
    pub created: DateTime<Utc>,
    pub updated: DateTime<Utc>,
    pub customer: Option<i64>,
    pub country: &'static str,
    pub channel: &'static str,
    pub gateway: &'static str,
    pub lines: Vec<Line>,
    /// The last line came by an edit.
    pub edited: bool,
    pub shipping: i64,
    pub refund: Option<Refund>,
    /// How often it was changed by hand since.
    pub version: u32,
}

pub(super) struct Line {
    pub variant: Variant,
    pub quantity: i64,
    pub discount: i64,
    pub tax: i64,
}

/// The first line comes back whole.
pub(super) struct Refund {
    pub at: DateTime<Utc>,
}

impl Line {
    pub(super) fn net(&self) -> i64 {
        self.variant.price * self.quantity - self.discount
    }

    pub(super) fn total(&self) -> i64 {
        self.net() + self.tax
    }
}

impl Order {
    pub(super) fn of(shop: &Shop, number: u64, changed: Option<(u32, DateTime<Utc>)>) -> Self {
        let mut chance = Chance::of(number);
        let created = shop.created(number);
        let country = chance.weighted(COUNTRIES);
        let channel = chance.weighted(CHANNELS);
        let gateway = if chance.percent(78) {
            "shopify_payments"
        } else {
            "paypal"
        };
        let customers = (shop.orders / 2).max(1);
        let customer = (!chance.percent(6))
            .then(|| 7_300_000_000_000 + i64::try_from(chance.below(customers) * 256).unwrap_or(0));
        let off = if chance.percent(22) { 10 } else { 0 };
        // Two and a half lines on average.
        const COUNTS: [usize; 10] = [1, 1, 1, 2, 2, 2, 3, 3, 4, 6];
        let count = COUNTS[usize::try_from(chance.below(10)).unwrap_or(0)];
        let rate = if country == "US" { 8 } else { 20 };
        let lines: Vec<Line> = (0..count)
            .map(|_| {
                let variant = shop.sold(&mut chance);
                let quantity = [1, 1, 1, 1, 2, 2, 3][usize::try_from(chance.below(7)).unwrap_or(0)];
                let discount = variant.price * quantity * off / 100;
                Line {
                    variant,
                    quantity,
                    discount,
                    tax: (variant.price * quantity - discount) * rate / 100,
                }
            })
            .collect();
        let edited = count > 1 && chance.percent(3);
        let goods: i64 = lines.iter().map(Line::net).sum();
        let shipping = if goods >= 7_500 { 0 } else { 595 };
        let refunded = chance.percent(7);
        let refund_at = created
            + TimeDelta::days(3)
            + TimeDelta::seconds(i64::try_from(chance.below(1_500_000)).unwrap_or(0));
        let mut updated = created + TimeDelta::hours(30);
        let refund = if refunded && refund_at < shop.now {
            updated = updated.max(refund_at);
            Some(Refund { at: refund_at })
        } else {
            changed.map(|(_, at)| Refund { at })
        };
        let (version, updated) = changed.map_or((0, updated.min(shop.now)), |(v, at)| (v, at));
        Self {
            number,
            created,
            updated,
            customer,
            country,
            channel,
            gateway,
            lines,
            edited,
            shipping,
            refund,
            version,
        }
    }

    pub(super) fn id(&self) -> i64 {
        5_500_000_000_000 + i64::try_from(self.number * 64).unwrap_or(0)
    }

    /// The number behind an id of an order.
    pub(super) fn number_of(id: i64) -> Option<u64> {
        u64::try_from(id - 5_500_000_000_000).ok().map(|n| n / 64)
    }

    /// An id of something that belongs to it: room for 64 of each kind.
    pub(super) fn child(&self, base: i64, n: usize) -> i64 {
        base + i64::try_from(self.number * 64).unwrap_or(0) + i64::try_from(n).unwrap_or(0)
    }

    pub(super) fn refund_id(&self) -> i64 {
        self.child(REFUND, 0)
    }

    pub(super) fn number_of_refund(id: i64) -> Option<u64> {
        u64::try_from(id - REFUND).ok().map(|n| n / 64)
    }

    pub(super) fn edited_at(&self) -> DateTime<Utc> {
        self.created + TimeDelta::hours(5)
    }

    pub(super) fn original_lines(&self) -> usize {
        self.lines.len() - usize::from(self.edited)
    }

    pub(super) fn total(&self) -> i64 {
        self.lines.iter().map(Line::total).sum::<i64>() + self.shipping
    }

    pub(super) fn refunded(&self) -> i64 {
        self.refund.as_ref().map_or(0, |_| self.lines[0].total())
    }
}

pub(super) const LINE: i64 = 14_200_000_000_000;
pub(super) const SHIPPING: i64 = 4_600_000_000_000;
pub(super) const AGREEMENT: i64 = 6_700_000_000_000;
pub(super) const SALE: i64 = 21_400_000_000_000;
pub(super) const TRANSACTION: i64 = 7_700_000_000_000;
pub(super) const REFUND: i64 = 930_000_000_000;
