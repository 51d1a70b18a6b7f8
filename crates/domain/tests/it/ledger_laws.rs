use crate::history::{Told, plans, tell};
use domain::calendar::Calendar;
use domain::ledger::{Basis, EntryKind, Ledger, derive};
use domain::money::round_to_minor;
use domain::rollup::{Dimension, Measures, Placement, fold};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use rust_decimal::Decimal;

fn calendar() -> Calendar {
    Calendar::parse("America/New_York").unwrap()
}

fn ledger(told: &Told) -> Ledger {
    derive(&told.order, &calendar(), &told.costs)
}

fn total(told: &Told) -> Measures {
    let rollups = fold(&Placement::of(&told.order), &ledger(told));
    let mut sum = Measures::default();
    for (_, m) in rollups
        .iter()
        .filter(|(k, _)| k.dimension == Dimension::Total)
    {
        sum += *m;
    }
    sum
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Edits, partial refunds, cancellations, remainder cents, taxes in or out, tips, gift cards, duties, return fees.
    #[test]
    fn entries_add_up_to_what_the_customer_owes(plan in plans()) {
        let told = tell(&plan);
        let ledger = ledger(&told);
        prop_assert_eq!(ledger.sum(EntryKind::is_charged), told.owed);
        prop_assert_eq!(ledger.check(&told.order).unwrap().difference(), 0);
    }

    #[test]
    fn total_sales_tips_and_gift_cards_are_the_whole(plan in plans()) {
        let told = tell(&plan);
        let m = total(&told);
        prop_assert_eq!(m.total_sales() + m.tips + m.gift_cards, told.owed);
        prop_assert_eq!((m.tips, m.gift_cards), (told.tips, told.gift_cards));
        prop_assert_eq!(m.orders, 1);
        prop_assert_eq!(m.net_sales(), m.cost_actual + m.cost_estimated + m.cost_missing);
        prop_assert_eq!(m.net_sales(), m.fees_actual + m.fees_estimated + m.fees_missing);
        prop_assert_eq!(m.net_sales(), m.shipping_actual + m.shipping_estimated + m.shipping_missing);
    }

    #[test]
    fn goods_cost_what_is_gone_for_good(plan in plans()) {
        let told = tell(&plan);
        let cost = |(i, unit): (usize, &Option<Decimal>)| {
            let gift = told.order.lines[i].gift_card;
            unit.filter(|_| !gift).map_or(0, |u| round_to_minor(u * Decimal::from(told.gone[i]), told.order.currency).unwrap())
        };
        let expected: i64 = told.unit_costs.iter().enumerate().map(cost).sum();
        prop_assert_eq!(total(&told).cost_of_goods, expected);
    }

    #[test]
    fn fees_are_kept_whole_and_stay_when_money_goes_back(plan in plans()) {
        let told = tell(&plan);
        prop_assert_eq!(total(&told).payment_fees, told.fees);
    }

    /// Whatever comes back later, the parcel was sent once.
    #[test]
    fn sending_costs_what_the_table_says_on_the_day_of_the_sale(plan in plans()) {
        let told = tell(&plan);
        let ledger = ledger(&told);
        let of = |e: &&domain::ledger::LedgerEntry| e.kind == EntryKind::ShippingCost;
        prop_assert_eq!(total(&told).shipping_cost, told.sending.unwrap_or(0));
        prop_assert_eq!(ledger.shipping == Some(Basis::Missing), told.sending.is_none());
        prop_assert!(ledger.entries.iter().filter(of).all(|e| e.day == ledger.day));
    }

    /// The order in which a provider tells the parts of an order does not matter.
    #[test]
    fn facts_in_any_order_give_the_same_ledger(plan in plans(), turns in 0_usize..7) {
        let told = tell(&plan);
        let mut shuffled = told.order.clone();
        shuffled.agreements.reverse();
        let n = shuffled.agreements.len().max(1);
        shuffled.agreements.rotate_left(turns % n);
        for agreement in &mut shuffled.agreements {
            agreement.sales.reverse();
        }
        shuffled.refunds.reverse();
        shuffled.transactions.reverse();
        prop_assert_eq!(derive(&shuffled, &calendar(), &told.costs), ledger(&told));
    }

    #[test]
    fn a_stored_ledger_reads_back_whole(plan in plans()) {
        let told = tell(&plan);
        let ledger = ledger(&told);
        let text = serde_json::to_string(&ledger).unwrap();
        prop_assert_eq!(serde_json::from_str::<Ledger>(&text).unwrap(), ledger);
        let text = serde_json::to_string(&told.order).unwrap();
        prop_assert_eq!(serde_json::from_str::<domain::order::Order>(&text).unwrap(), told.order);
    }

    /// Entries before and after a step differ only on the day of the step: history is not rewritten.
    #[test]
    fn a_return_changes_its_own_day_only(plan in plans()) {
        let told = tell(&plan);
        let sale_day = calendar().day_of(told.order.processed_at);
        let mut before = plan.clone();
        before.steps.clear();
        let first = ledger(&tell(&before));
        let last = ledger(&told);
        let of_sale = |l: &Ledger| {
            let mut entries: Vec<_> = l.entries.iter().filter(|e| e.day == sale_day && e.kind.is_charged()).cloned().collect();
            entries.sort_by_key(|e| (e.kind, e.line, e.amount));
            entries
        };
        prop_assert_eq!(of_sale(&first), of_sale(&last));
    }
}

#[test]
fn a_test_order_never_counts() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let plan = plans().new_tree(&mut runner).unwrap().current();
    let mut told = tell(&plan);
    told.order.test = true;
    let ledger = ledger(&told);
    assert!(ledger.entries.is_empty() && !ledger.counts);
    assert!(fold(&Placement::of(&told.order), &ledger).is_empty());
}

#[test]
fn discounts_count_by_their_size_whatever_sign_the_provider_gives_them() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..20 {
        let plan = plans().new_tree(&mut runner).unwrap().current();
        let told = tell(&plan);
        let mut flipped = tell(&plan);
        for sale in flipped
            .order
            .agreements
            .iter_mut()
            .flat_map(|a| &mut a.sales)
        {
            sale.discount = -sale.discount;
        }
        assert_eq!(ledger(&told), ledger(&flipped));
    }
}

#[test]
fn a_discount_that_an_edit_adds_is_a_discount_and_no_return() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut plan = plans().new_tree(&mut runner).unwrap().current();
    plan.steps.clear();
    let mut told = tell(&plan);
    let before = total(&told);
    let mut edit = told.order.agreements[0].clone();
    edit.reason = domain::order::AgreementReason::OrderEdit;
    edit.sales.truncate(1);
    edit.sales[0] = domain::order::Sale {
        action: domain::order::SaleAction::Update,
        kind: domain::order::SaleKind::Product,
        quantity: Some(0),
        amount: -70,
        discount: 70,
        tax: 0,
        ..edit.sales[0].clone()
    };
    told.order.agreements.push(edit);
    let after = total(&told);
    assert_eq!(
        (
            after.discounts - before.discounts,
            after.returns,
            after.gross_sales
        ),
        (70, before.returns, before.gross_sales)
    );
}

/// One unit of the first line went back through a return; the refund tells these lines of it.
fn returned(lines: Option<Vec<domain::order::RefundLine>>) -> (i64, i64) {
    use domain::order::{AgreementReason, Refund, Sale, SaleAction};
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut plan = plans().new_tree(&mut runner).unwrap().current();
    plan.steps.clear();
    plan.lines.truncate(1);
    plan.lines[0].gift_card = false;
    plan.lines[0].custom = false;
    plan.lines[0].cost = Some(40_000);
    let mut told = tell(&plan);
    let sold = total(&told).cost_of_goods;
    let mut back = told.order.agreements[0].clone();
    back.reason = AgreementReason::Return;
    back.sales.truncate(1);
    back.sales[0] = Sale {
        action: SaleAction::Return,
        quantity: Some(-told.order.lines[0].quantity),
        amount: -back.sales[0].amount,
        ..back.sales[0].clone()
    };
    told.order.refunds.push(Refund {
        id: domain::ids::RefundId(1),
        at: back.happened_at,
        amount: 0,
        lines: lines.map(|lines| {
            let whole = |l: domain::order::RefundLine| domain::order::RefundLine {
                line: told.order.lines[0].id,
                quantity: told.order.lines[0].quantity,
                ..l
            };
            lines.into_iter().map(whole).collect()
        }),
    });
    told.order.agreements.push(back);
    (sold, total(&told).cost_of_goods)
}

#[test]
fn what_a_return_brings_back_costs_nothing_unless_a_refund_line_says_that_it_is_lost() {
    use domain::order::{RefundLine, Restock};
    let line = |restock| RefundLine {
        line: domain::ids::LineId(0),
        quantity: 0,
        restock,
        subtotal: 0,
        tax: 0,
    };
    for silent in [None, Some(Vec::new())] {
        let (sold, left) = returned(silent);
        assert!(sold > 0);
        assert_eq!(left, 0);
    }
    assert_eq!(
        returned(Some(vec![line(Restock::Return)])).1,
        0,
        "counted once"
    );
    let (sold, left) = returned(Some(vec![line(Restock::NoRestock)]));
    assert_eq!(left, sold);
}
