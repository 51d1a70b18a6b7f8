//! Causes of differences, and that they add up.

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::DayRange;
use domain::ids::OrderId;
use domain::money::Currency;
use domain::reconciliation::{
    Cause, DayState, Grounds, Head, Held, OrderEvidence, Presence, Reconciled, Sales, Sides,
    Source, reconcile,
};
use std::collections::BTreeMap;

fn day(n: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, n).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn usd() -> Currency {
    Currency::parse("USD").unwrap()
}

fn sales(total: i64) -> Sales {
    Sales {
        net_sales: Some(total),
        total_sales: total,
        ..Sales::ZERO
    }
}

fn by_day(days: &[(u32, i64)]) -> BTreeMap<NaiveDate, Sales> {
    days.iter()
        .map(|(n, total)| (day(*n), sales(*total)))
        .collect()
}

fn held(days: &[(u32, i64)]) -> Held {
    Held {
        name: "#1".to_owned(),
        updated_at: at("2026-03-05T12:00:00Z"),
        test: false,
        currency: usd(),
        ledger_excess: 0,
        days: by_day(days),
        given_back: BTreeMap::new(),
    }
}

fn head() -> Head {
    Head {
        id: OrderId(1),
        name: "#1".to_owned(),
        processed_at: at("2026-03-02T03:00:00Z"),
        updated_at: at("2026-03-05T12:00:00Z"),
        cancelled_at: None,
        test: false,
        currency: usd(),
        current_total: 100,
    }
}

fn evidence(held: Option<Held>, presence: Presence, theirs: &[(u32, i64)]) -> OrderEvidence {
    OrderEvidence {
        held,
        presence,
        theirs: by_day(theirs),
    }
}

/// All days of the first nine, with nothing but these orders on both sides.
fn judge(orders: Vec<OrderEvidence>, strays: &[(u32, i64)]) -> Vec<Reconciled> {
    let mut sides = Sides::default();
    let add = |side: &mut BTreeMap<NaiveDate, Sales>, days: &BTreeMap<NaiveDate, Sales>| {
        for (day, sales) in days {
            let sum = side.entry(*day).or_insert(Sales::ZERO);
            *sum = sum.plus(*sales);
        }
    };
    for order in &orders {
        if let Some(held) = &order.held {
            add(&mut sides.ours, &held.days);
        }
        add(&mut sides.theirs, &order.theirs);
    }
    add(&mut sides.theirs, &by_day(strays));
    let range = DayRange::new(day(1), day(9)).unwrap();
    let differing = sides.differing(Source::Analytics, range);
    let orders = (1..).map(OrderId).zip(orders).collect();
    let grounds = Grounds {
        source: Source::Analytics,
        currency: usd(),
        differing: &differing,
        orders: &orders,
    };
    range
        .days()
        .map(|d| reconcile(d, &sides, grounds))
        .collect()
}

/// One order: its cause on each day that differs, and what the day's difference is.
#[track_caller]
fn check(order: OrderEvidence, expected: &[(u32, Cause, i64)]) {
    let found: Vec<_> = judge(vec![order], &[])
        .iter()
        .flat_map(|d| {
            d.findings
                .iter()
                .map(|f| (d.day, f.cause, f.difference.total_sales))
        })
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(n, cause, d)| (day(*n), *cause, *d))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn each_cause_is_told_by_what_is_known_of_the_order() {
    let found = |head| Presence::Found(head);
    check(
        evidence(Some(held(&[(1, 100)])), found(head()), &[(2, 100)]),
        &[(1, Cause::Zone, -100), (2, Cause::Zone, 100)],
    );
    let refunded = Held {
        given_back: by_day(&[(4, -40)]),
        ..held(&[(1, 100), (4, -40)])
    };
    check(
        evidence(Some(refunded), found(head()), &[(1, 100), (5, -40)]),
        &[(4, Cause::LateRefund, 40), (5, Cause::LateRefund, -40)],
    );
    let test = Head {
        test: true,
        ..head()
    };
    check(
        evidence(None, found(test), &[(2, 100)]),
        &[(2, Cause::TestOrder, 100)],
    );
    let foreign = Head {
        currency: Currency::parse("CAD").unwrap(),
        ..head()
    };
    check(
        evidence(Some(held(&[])), found(foreign), &[(2, 100)]),
        &[(2, Cause::Currency, 100)],
    );
    check(
        evidence(Some(held(&[(1, 100)])), Presence::Gone, &[]),
        &[(1, Cause::Deletion, -100)],
    );
    check(
        evidence(None, found(head()), &[(2, 100)]),
        &[(2, Cause::MissingOrder, 100)],
    );
    let newer = Head {
        updated_at: at("2026-03-06T00:00:00Z"),
        ..head()
    };
    check(
        evidence(
            Some(held(&[(1, 100)])),
            found(newer),
            &[(1, 100), (6, -100)],
        ),
        &[(6, Cause::StaleCopy, -100)],
    );
    let short = Held {
        ledger_excess: 100,
        ..held(&[(1, 100)])
    };
    check(
        evidence(Some(short), found(head()), &[(1, 100), (6, -100)]),
        &[(6, Cause::MissingAgreement, -100)],
    );
    check(
        evidence(Some(held(&[(1, 100)])), found(head()), &[(1, 90)]),
        &[(1, Cause::Unexplained, -10)],
    );
    check(
        evidence(Some(held(&[(1, 100)])), Presence::Unknown, &[]),
        &[(1, Cause::Unexplained, -100)],
    );
}

#[test]
fn findings_and_what_is_unexplained_add_up_to_the_difference() {
    let mut dice = 0x5eed_u64;
    let mut roll = |n: u32| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        u32::try_from((dice >> 33) % u64::from(n)).unwrap()
    };
    for _ in 0..500 {
        let mut orders = Vec::new();
        for _ in 0..roll(5) {
            let mut days = |n| -> Vec<(u32, i64)> {
                (0..n)
                    .map(|_| (roll(9) + 1, i64::from(roll(200)) - 50))
                    .collect()
            };
            let (ours, theirs) = (days(2), days(2));
            let holds = roll(4) > 0;
            let presence = match roll(3) {
                0 => Presence::Gone,
                1 => Presence::Unknown,
                _ => Presence::Found(head()),
            };
            orders.push(evidence(holds.then(|| held(&ours)), presence, &theirs));
        }
        let stray = [(roll(9) + 1, i64::from(roll(3)))];
        for judged in judge(orders, &stray) {
            let explained = judged
                .findings
                .iter()
                .filter(|f| f.cause != Cause::Unexplained);
            let sum: Sales = explained.map(|f| f.difference).sum();
            assert_eq!(sum.plus(judged.unexplained), judged.difference);
            let agrees = judged.difference.is_none() && judged.findings.is_empty();
            assert_eq!(judged.state == DayState::Agrees, agrees);
        }
    }
}

#[test]
fn what_no_order_accounts_for_stays_unexplained() {
    let days = judge(Vec::new(), &[(3, 7)]);
    let third = days.iter().find(|d| d.day == day(3)).unwrap();
    assert_eq!(third.state, DayState::Unexplained);
    assert_eq!(third.unexplained.total_sales, 7);
    assert!(
        days.iter()
            .filter(|d| d.day != day(3))
            .all(|d| d.state == DayState::Agrees)
    );
}

#[test]
fn two_that_cancel_out_are_seen_where_the_day_is_looked_at() {
    let both = judge(
        vec![
            evidence(None, Presence::Found(head()), &[(2, 100)]),
            evidence(Some(held(&[(2, 100), (3, 5)])), Presence::Gone, &[]),
        ],
        &[],
    );
    // The second day agrees in sum and is not looked at; the third leads to the deleted order.
    assert_eq!(both[2].findings[0].cause, Cause::Deletion);
}
