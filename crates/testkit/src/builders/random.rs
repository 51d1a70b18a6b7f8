//! Chance with a seed: the same seed gives the same facts on every machine.

use super::at;
use super::line::LineBuilder;
use super::order::OrderBuilder;
use chrono::{DateTime, Duration, Utc};
use domain::order::{Restock, SaleKind};

/// SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    #[must_use]
    pub const fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// 0 to `end` − 1.
    pub fn below(&mut self, end: i64) -> i64 {
        let end = u64::try_from(end.max(1)).unwrap_or(1);
        i64::try_from(self.roll() % end).unwrap_or(0)
    }

    pub fn one_in(&mut self, n: i64) -> bool {
        self.below(n) == 0
    }

    /// # Panics
    /// When there is nothing to choose from.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let index = self.below(i64::try_from(from.len()).unwrap_or(i64::MAX));
        &from[usize::try_from(index).unwrap_or(0)]
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            let other = self.below(i64::try_from(end + 1).unwrap_or(i64::MAX));
            items.swap(end, usize::try_from(other).unwrap_or(0));
        }
    }
}

/// An order of any shape, last updated `revision` days after it was sold at the earliest.
#[must_use]
pub fn random_order(dice: &mut Dice, id: i64, revision: i64) -> OrderBuilder {
    let sold_at = at("2026-01-01T00:00:00Z") + Duration::hours(dice.below(24 * 20));
    let mut order = OrderBuilder::new(id)
        .sold_at(sold_at)
        .channel(dice.pick::<&str>(&["web", "pos", "", "tik tok"]))
        .country(*dice.pick(&[Some("US"), Some("DE"), None]))
        .currency(dice.pick::<&str>(&["USD", "USD", "USD", "JPY"]));
    if !dice.one_in(4) {
        order = order.customer(1 + dice.below(4));
    }
    if dice.one_in(3) {
        order = order.taxes_included();
    }
    if dice.one_in(10) {
        order = order.test();
    }
    let lines = dice.below(4);
    for _ in 0..lines {
        order = order.line(random_line(dice));
    }
    if dice.one_in(2) {
        order = order.shipping(dice.below(1500), dice.below(100));
    }
    if dice.one_in(5) {
        order = order.tip(dice.below(500));
    }
    if dice.one_in(8) {
        order = order.charge(SaleKind::Unknown, dice.below(300), 0);
    }
    let fee = dice
        .pick(&[Some(0), Some(57), None])
        .map(|f| f + dice.below(40));
    order = order.paid(fee);
    let events = sold_at + Duration::days(1) + Duration::hours(dice.below(200));
    order = random_events(dice, order, lines, events);
    order.updated_at(at("2026-03-01T00:00:00Z") + Duration::days(revision))
}

fn random_line(dice: &mut Dice) -> LineBuilder {
    let (quantity, price) = (1 + dice.below(4), 100 + dice.below(9900));
    let line = if dice.one_in(6) {
        LineBuilder::custom("Engraving", quantity, price)
    } else {
        LineBuilder::new(10 + dice.below(30), quantity, price)
    };
    let line = line.discount(dice.below(price)).tax(dice.below(price / 4));
    if dice.one_in(12) {
        line.gift_card()
    } else {
        line
    }
}

fn random_events(
    dice: &mut Dice,
    mut order: OrderBuilder,
    lines: i64,
    at: DateTime<Utc>,
) -> OrderBuilder {
    if lines == 0 {
        return order;
    }
    if dice.one_in(4) {
        order = order.edit_add(at, random_line(dice));
    }
    match dice.below(6) {
        0 => order.cancelled(at + Duration::hours(1)),
        1 => order.refund_amount(at + Duration::hours(2), 1 + dice.below(200)),
        2 => {
            let restock = *dice.pick(&[Restock::Return, Restock::NoRestock, Restock::Cancel]);
            order.refund(at + Duration::hours(3), &[(0, 1, restock)])
        }
        3 => order.edit_remove(at + Duration::hours(4), 0, 1),
        _ => order,
    }
}
