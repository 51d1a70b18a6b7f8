//! The shop trades on while its clock is moved: hour by hour orders come at the prices of then, some of them change afterwards, goods
//! leave the shelves and new ones are delivered. What an hour brings is drawn from the seed and the hour alone, so that the same
//! prices bring the same days, in one step or in many.

use std::collections::BTreeMap;

use chrono::{Datelike, TimeZone, Timelike};

use crate::app::Shared;
use crate::events::{act, recent, tell};
use crate::generate::history::{busy, season};
use crate::generate::sale::{UNITS_AN_ORDER, place_order};
use crate::random::Random;
use crate::shopify::payload;
use crate::shopify::webhooks::publish;
use crate::store::{LineKind, Order, Restock, Seconds, Step, Store, ids};

const HOUR: Seconds = 3_600;
/// Deliveries come at this hour of the shop's day, for what would not last so many days, and last so many.
const DELIVERED: u32 = 6;
const LOW: f64 = 3.0;
const ENOUGH: f64 = 30.0;
/// Position of the channel whose goods leave from the second location, and its share of all orders.
const IN_STORE: (u8, f64) = (1, 0.13);

/// What happened meanwhile.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Passed {
    pub(crate) orders: usize,
    /// Refunds, returns, edits, cancellations.
    pub(crate) changes: usize,
    pub(crate) deliveries: usize,
}

/// Trades after `from` until `to`, and moves the clock along.
pub(crate) fn live_on(app: &Shared, from: Seconds, to: Seconds) -> Passed {
    let mut passed = Passed::default();
    let mut hour = from.div_euclid(HOUR) * HOUR;
    while hour <= to && app.read().demand.per_day > 0.0 {
        // Mixed once, so that neighbouring hours and seeds have nothing in common.
        let mixed = Random::new(app.options.seed ^ 0x00da_75da_75da).bits();
        let random = Random::new(mixed.wrapping_add(hour.unsigned_abs()));
        an_hour(app, random, hour, (from, to), &mut passed);
        hour += HOUR;
    }
    passed
}

fn an_hour(
    app: &Shared,
    mut random: Random,
    hour: Seconds,
    (from, to): (Seconds, Seconds),
    passed: &mut Passed,
) {
    let store = app.read();
    let Some(local) = store.shop.zone.timestamp_opt(hour, 0).earliest() else {
        return;
    };
    let expected = store.demand.per_day * season(&local) * store.attraction(hour.max(from));
    drop(store);
    let count = poisson(
        &mut random,
        expected / 24.0 * noise(app, &local) * busy(local.hour()),
    );
    let mut orders: Vec<(Seconds, u64)> = (0..count)
        .map(|_| (hour + random.within(0, HOUR - 1), random.bits()))
        .collect();
    orders.sort_unstable();
    if local.hour() == DELIVERED && hour > from {
        move_clock(app, hour);
        passed.deliveries += deliver(app, hour, expected);
    }
    for (at, seed) in orders.into_iter().filter(|(at, _)| *at > from && *at <= to) {
        move_clock(app, at);
        an_order(app, Random::new(seed), at, passed);
    }
}

fn move_clock(app: &Shared, at: Seconds) {
    if at > app.now() {
        app.set_now(at);
    }
}

/// Some days are better than others for no reason, by up to 15 percent.
fn noise(app: &Shared, local: &impl Datelike) -> f64 {
    let day = u64::from(local.num_days_from_ce().unsigned_abs());
    let mixed = Random::new(app.options.seed ^ 0x0da7).bits();
    Random::new(mixed.wrapping_add(day)).within(85, 115) as f64 / 100.0
}

/// A number with that mean, by Knuth's products; a large mean in pieces, whose factors stay far from the least of numbers.
fn poisson(random: &mut Random, mut mean: f64) -> usize {
    const PIECE: f64 = 30.0;
    let mut count = 0;
    while mean > 0.0 {
        let least = (-mean.min(PIECE)).exp();
        let mut product = uniform(random);
        while product > least {
            count += 1;
            product *= uniform(random);
        }
        mean -= PIECE;
    }
    count
}

/// From 0 to 1.
fn uniform(random: &mut Random) -> f64 {
    (random.bits() >> 11) as f64 / (1u64 << 53) as f64
}

/// An order comes, and some earlier one may change.
fn an_order(app: &Shared, mut random: Random, at: Seconds, passed: &mut Passed) {
    let mut store = app.write();
    let order = place_order(&mut store, &mut random, at);
    let moved = leave(&mut store, order, &BTreeMap::new(), at);
    drop(store);
    passed.orders += 1;
    tell(app, "order_create", order);
    tell_levels(app, &moved);
    let kind = match random.index(100) {
        0..=5 => "refund",
        6..=7 => "refund_full",
        8 => "refund_amount",
        9 => "edit_add",
        10 => "edit_remove",
        11..=12 => "cancel",
        13..=14 => "return",
        15 => "exchange",
        _ => return,
    };
    let mut store = app.write();
    for order in recent(&store, &mut random) {
        let before = out(&store.orders[order]);
        if act(&mut store, &mut random, order, at, kind) {
            let moved = leave(&mut store, order, &before, at);
            drop(store);
            passed.changes += 1;
            tell(app, kind, order);
            tell_levels(app, &moved);
            return;
        }
    }
}

/// Units by variant that an order keeps from the shelves.
fn out(order: &Order) -> BTreeMap<u32, i32> {
    let mut out = BTreeMap::new();
    for line in order.lines.iter().filter(|l| l.kind == LineKind::Product) {
        *out.entry(line.what).or_default() += line.quantity;
    }
    let back = order.steps.iter().flat_map(Step::returned);
    for back in back.filter(|b| b.restock != Restock::Nothing) {
        let line = &order.lines[back.line];
        if line.kind == LineKind::Product {
            *out.entry(line.what).or_default() -= back.quantity;
        }
    }
    out
}

/// Takes from the shelves, or puts back, what the order keeps from them now and did not before; gives the levels that moved.
fn leave(
    store: &mut Store,
    order: usize,
    before: &BTreeMap<u32, i32>,
    at: Seconds,
) -> Vec<(u32, usize)> {
    let location = usize::from(store.orders[order].channel == IN_STORE.0);
    let now = out(&store.orders[order]);
    let mut moved = Vec::new();
    for (variant, units) in now {
        let less = units - before.get(&variant).copied().unwrap_or(0);
        let there = &mut store.variants[variant as usize];
        if less != 0 && there.tracked {
            there.stock[location] -= less;
            there.updated = there.updated.max(at);
            moved.push((variant, location));
        }
    }
    moved
}

/// What will soon be sold out is there again.
fn deliver(app: &Shared, at: Seconds, orders_a_day: f64) -> usize {
    let mut store = app.write();
    let wanted = store.wanted(at);
    let all = wanted.last().copied().unwrap_or(0).max(1) as f64;
    let (mut moved, mut before) = (Vec::new(), 0);
    for (n, sum) in wanted.into_iter().enumerate() {
        let weight = sum - std::mem::replace(&mut before, sum);
        let a_day = orders_a_day * UNITS_AN_ORDER * weight as f64 / all;
        let variant = &mut store.variants[n];
        for (location, share) in [(0, 1.0 - IN_STORE.1), (1, IN_STORE.1)] {
            let a_day = a_day * share;
            if !variant.tracked || f64::from(variant.stock[location]) >= a_day * LOW {
                continue;
            }
            let tens = (a_day * ENOUGH / 10.0).ceil().clamp(1.0, 10_000.0) as i32;
            variant.stock[location] = variant.stock[location].max(0) + tens * 10;
            variant.updated = variant.updated.max(at);
            moved.push((u32::try_from(n).unwrap_or(u32::MAX), location));
        }
    }
    drop(store);
    tell_levels(app, &moved);
    moved.len()
}

fn tell_levels(app: &Shared, moved: &[(u32, usize)]) {
    if app.hub.is_silent() {
        return;
    }
    for (variant, location) in moved {
        let body = payload::level(&app.read(), *variant, *location);
        let about = (
            "x-shopify-inventory-item-id",
            ids::ITEM + i64::from(*variant),
        );
        publish(app, "INVENTORY_LEVELS_UPDATE", &body, about);
    }
}
