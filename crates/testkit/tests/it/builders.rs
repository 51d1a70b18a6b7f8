//! Built orders are consistent: what tests expect of them is what the ledger says.

use domain::catalog::CostBook;
use domain::ids::VariantId;
use domain::ledger::EntryKind;
use domain::order::{Restock, TransactionKind};
use domain::rollup::{Dimension, Measures, Placement, fold};
use ports::orders::BookedOrder;
use testkit::builders::{
    Dice, LineBuilder, OrderBuilder, ProductBuilder, VariantBuilder, at, random_order,
};

fn total(booked: &BookedOrder) -> Measures {
    let rollups = fold(&Placement::of(&booked.order), &booked.ledger);
    let mut sum = Measures::default();
    for (key, measures) in rollups {
        if key.dimension == Dimension::Total {
            sum += measures;
        }
    }
    sum
}

fn costs(amount: &str) -> CostBook {
    let variant = VariantBuilder::new(10, 0).cost(amount, "USD");
    let product = ProductBuilder::new(1).variant(variant).build();
    let seen = product.variants[0].unit_cost;
    let record = CostBook::default().observe(VariantId(10), seen, at("2026-01-01"));
    CostBook::new(record)
}

#[test]
fn the_ledger_of_any_order_sums_up_to_the_provider_s_total() {
    for seed in 0..400 {
        let booked = random_order(&mut Dice::seeded(seed), 1, 0).booked(&costs("3.335"));
        if let Some(check) = booked.ledger.check(&booked.order) {
            assert_eq!(check.difference(), 0, "seed {seed}: {:?}", booked.order);
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_order() {
    let order = |seed| random_order(&mut Dice::seeded(seed), 1, 0).build();
    assert_eq!(order(7), order(7));
    assert_ne!(order(7), order(8));
}

#[test]
fn taxes_are_on_top_or_part_of_the_price() {
    let line = || LineBuilder::new(10, 2, 1200).discount(120).tax(380);
    let on_top = OrderBuilder::new(1)
        .line(line())
        .shipping(600, 100)
        .booked(&CostBook::default());
    let m = total(&on_top);
    assert_eq!(
        (m.gross_sales, m.discounts, m.shipping, m.taxes),
        (2400, 120, 600, 480)
    );
    assert_eq!(on_top.order.totals.total, 2400 - 120 + 600 + 480);

    let part = OrderBuilder::new(1)
        .taxes_included()
        .line(line())
        .shipping(600, 100);
    let part = part.booked(&CostBook::default());
    let m = total(&part);
    // 120 of 2 280 with tax are 100 before it.
    assert_eq!(
        (m.gross_sales, m.discounts, m.shipping, m.taxes),
        (2000, 100, 500, 480)
    );
    assert_eq!(part.order.totals.total, 2400 - 120 + 600);
}

#[test]
fn a_refund_gives_back_its_share_and_restocked_cost() {
    let order = |restock| {
        OrderBuilder::new(1)
            .line(LineBuilder::new(10, 3, 1000).tax(301))
            .paid(Some(95))
            .refund(at("2026-01-20"), &[(0, 1, restock)])
            .refund(at("2026-01-21"), &[(0, 2, restock)])
            .booked(&costs("4"))
    };
    let back = order(Restock::Return);
    let m = total(&back);
    assert_eq!(
        (m.net_sales(), m.taxes, m.cost_of_goods, m.units),
        (0, 0, 0, 0)
    );
    assert_eq!(m.payment_fees, 95);
    assert_eq!(back.order.totals.refunded, back.order.totals.total);
    assert_eq!(back.order.totals.current_total, 0);
    let refunds = back
        .order
        .transactions
        .iter()
        .filter(|t| t.kind == TransactionKind::Refund);
    assert_eq!(refunds.map(|t| t.amount).sum::<i64>(), 3301);
    assert_eq!(total(&order(Restock::NoRestock)).cost_of_goods, 1200);
}

#[test]
fn edits_and_cancellations_change_what_was_sold() {
    let edited = OrderBuilder::new(1)
        .line(LineBuilder::new(10, 2, 1000))
        .edit_add(at("2026-01-16"), LineBuilder::new(20, 1, 500))
        .edit_remove(at("2026-01-17"), 0, 1);
    let booked = edited.clone().booked(&costs("4"));
    let m = total(&booked);
    assert_eq!((m.net_sales(), m.units, m.cost_of_goods), (1500, 2, 400));
    assert!(booked.order.edited && booked.order.lines[0].current_quantity == 1);
    assert_eq!(booked.order.updated_at, at("2026-01-17"));

    let cancelled = edited.cancelled(at("2026-01-18")).booked(&costs("4"));
    let m = total(&cancelled);
    assert_eq!((m.net_sales(), m.units, m.cost_of_goods), (0, 0, 0));
}

#[test]
fn gift_cards_and_tips_are_no_sales() {
    let booked = OrderBuilder::new(1)
        .line(LineBuilder::new(10, 1, 5000).gift_card())
        .tip(300)
        .booked(&CostBook::default());
    let m = total(&booked);
    assert_eq!((m.gross_sales, m.gift_cards, m.tips), (0, 5000, 300));
    let test = OrderBuilder::new(1).test().line(LineBuilder::new(10, 1, 1));
    let ledger = test.booked(&CostBook::default()).ledger;
    assert!(!ledger.counts && ledger.sum(EntryKind::is_charged) == 0);
}
