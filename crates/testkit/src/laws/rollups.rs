//! Laws of the rollups: whatever happens to orders, the sums are those of what is stored.

use super::tools::{all_orders, assert_rollups_hold, connected, fold_of};
use crate::Stores;
use crate::builders::{Dice, ProductBuilder, VariantBuilder, at, random_order};
use chrono::Duration;
use domain::catalog::CostBook;
use domain::ids::OrderId;
use ports::orders::BookedOrder;

const ORDERS: i64 = 9;
const REVISIONS: i64 = 4;

/// Costs of some of the variants that random orders sell, in two currencies.
fn some_costs() -> CostBook {
    let mut book = CostBook::default();
    for number in (10..40).step_by(2) {
        let code = if number % 3 == 0 { "JPY" } else { "USD" };
        let variant = VariantBuilder::new(number, 0).cost(&format!("{number}.125"), code);
        let product = ProductBuilder::new(number).variant(variant).build();
        for v in product.variants {
            let record = book.observe(v.id, v.unit_cost, at("2026-01-01"));
            record.into_iter().for_each(|r| book.insert(r));
        }
    }
    book
}

/// Revisions of orders, of unlike shapes, currencies, channels and days.
fn revisions(dice: &mut Dice) -> Vec<BookedOrder> {
    let costs = some_costs();
    let mut all = Vec::new();
    for id in 1..=ORDERS {
        for revision in 0..REVISIONS {
            all.push(random_order(dice, id, revision).booked(&costs));
        }
    }
    all
}

pub async fn rollups_equal_the_fold_after_any_sequence(stores: Stores) {
    for seed in 1..=4 {
        let scope = connected(&stores, 1, seed).await;
        let mut dice = Dice::seeded(u64::from(seed));
        let mut pool = revisions(&mut dice);
        // Same time, other costs: what a new cost record makes of the same order.
        let rebooked = pool
            .iter()
            .step_by(3)
            .map(|b| rebook(b, &CostBook::default()));
        pool.extend(rebooked.collect::<Vec<_>>());
        for step in 0..25 {
            let when = format!("seed {seed}, step {step}");
            if dice.one_in(5) {
                let ids = [
                    OrderId(1 + dice.below(ORDERS)),
                    OrderId(1 + dice.below(ORDERS)),
                ];
                let deleted_at = at("2026-03-01") + Duration::hours(dice.below(24 * 4));
                stores
                    .orders
                    .remove(scope, &ids, deleted_at)
                    .await
                    .expect("removed");
            } else {
                let size = dice.below(6);
                let batch: Vec<_> = (0..size).map(|_| dice.pick(&pool).clone()).collect();
                let observed_at = at("2026-04-01") + Duration::minutes(step);
                stores
                    .orders
                    .save(scope, &batch, observed_at)
                    .await
                    .expect("saved");
            }
            assert_rollups_hold(&stores, scope, &when).await;
        }
    }
}

fn rebook(booked: &BookedOrder, costs: &CostBook) -> BookedOrder {
    let calendar = domain::calendar::Calendar::parse("UTC").expect("UTC is a zone");
    BookedOrder {
        order: booked.order.clone(),
        ledger: domain::ledger::derive(&booked.order, &calendar, costs),
    }
}

pub async fn the_same_facts_in_any_order_give_the_same_rollups(stores: Stores) {
    let mut dice = Dice::seeded(99);
    let pool = revisions(&mut dice);
    let newest: Vec<_> = pool.iter().skip(3).step_by(REVISIONS as usize).collect();
    let mut outcomes = Vec::new();
    for number in 1..=3 {
        let scope = connected(&stores, 1, number).await;
        let mut arrivals = [pool.clone(), pool.clone()].concat();
        dice.shuffle(&mut arrivals);
        for batch in arrivals.chunks(1 + number as usize * 2) {
            stores
                .orders
                .save(scope, batch, at("2026-04-01"))
                .await
                .expect("saved");
        }
        let stored = all_orders(&stores, scope).await;
        let orders: Vec<_> = stored.iter().map(|o| &o.order).collect();
        assert_eq!(orders, newest.iter().map(|b| &b.order).collect::<Vec<_>>());
        let rollups = stores.reports.all(scope).await.expect("read");
        assert_eq!(rollups, fold_of(&stored));
        outcomes.push(rollups);
    }
    assert_eq!(outcomes[0], outcomes[1]);
    assert_eq!(outcomes[0], outcomes[2]);
}
