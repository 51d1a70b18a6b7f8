//! Ratings of suppliers and goods that are not counted yet.

use super::tests::{day, receipt, sent, signed};
use super::*;
use crate::ids::VariantId;
use crate::scoring::Points;
use chrono::NaiveDate;

/// Sent on its day, agreed for ten days later, whole after so many days; 48 and 10 units.
fn came(sent_on: i64, after: i64, edit: impl Fn(&mut ReceivedLine)) -> PurchaseOrder {
    let mut order = sent(sent_on);
    order.number = sent_on;
    order.expected_on = Some(day(sent_on + 10));
    let mut got = receipt(&[(0, 48), (1, 10)], sent_on + after);
    got.lines.iter_mut().for_each(edit);
    order.receive(got).unwrap();
    order
}

fn rated(orders: &[PurchaseOrder], today: i64) -> SupplierRating {
    rate(orders.iter().map(|o| (o, day(today))))
}

fn points(rating: &SupplierRating, name: RatingFactor) -> Option<i64> {
    let factor = rating.factors.iter().find(|f| f.name == name).unwrap();
    factor.points.value.map(|p| p.value)
}

#[test]
fn nothing_is_told_of_a_single_order_and_each_missing_factor_has_a_reason() {
    let rating = rated(&[came(0, 10, |_| {})], 30);
    assert_eq!(rating.weighed.score, None);
    assert_eq!(
        (
            rating.weighed.low,
            rating.weighed.high,
            rating.weighed.completeness
        ),
        (0, 10_000, 0)
    );
    assert!(
        rating
            .factors
            .iter()
            .all(|f| !f.points.why.is_empty() && f.found.is_none())
    );
}

#[test]
fn delays_damage_and_higher_bills_cost_points_and_missing_factors_share_their_weight() {
    let in_time = came(0, 10, |l| l.damaged = Some(0));
    let late = came(1, 14, |l| {
        l.damaged = Some(if l.line == 0 { 12 } else { 0 });
    });
    let rating = rated(&[in_time.clone(), late.clone()], 60);
    // One of two in time, two days late on average.
    assert_eq!(points(&rating, RatingFactor::Delivery), Some(40));
    // 104 of 116 can be sold.
    assert_eq!(points(&rating, RatingFactor::Quality), Some(90));
    assert_eq!(points(&rating, RatingFactor::Cost), None);
    assert_eq!(points(&rating, RatingFactor::Service), None);
    // (40·40 + 30·90) ÷ 70, and between nothing and all of the other 30.
    let weighed = rating.weighed;
    assert_eq!((weighed.score, weighed.completeness), (Some(6_143), 70));
    assert_eq!((weighed.low, weighed.high), (4_300, 7_300));

    let billed = |mut order: PurchaseOrder, cost: &str| {
        order.receipts[0].lines[0].charged = Some(cost.parse().unwrap());
        order
    };
    // 4.20 was agreed: 10 % above and as agreed, 5 % on average.
    let bills = [
        billed(in_time.clone(), "4.62"),
        billed(late.clone(), "4.20"),
    ];
    assert_eq!(points(&rated(&bills, 60), RatingFactor::Cost), Some(75));
    let bills = [billed(in_time, "2.00"), billed(late, "2.10")];
    assert_eq!(points(&rated(&bills, 60), RatingFactor::Cost), Some(100));
}

#[test]
fn what_is_overdue_is_late_so_far_and_what_is_not_due_or_cancelled_tells_nothing() {
    let whole = came(0, 10, |_| {});
    let mut open = sent(1);
    open.expected_on = Some(day(11));
    let both = [whole.clone(), open.clone()];
    assert_eq!(points(&rated(&both, 11), RatingFactor::Delivery), None);
    assert_eq!(points(&rated(&both, 15), RatingFactor::Delivery), Some(40));
    open.cancel(signed("ada", 12), None).unwrap();
    assert_eq!(
        points(&rated(&[whole, open], 40), RatingFactor::Delivery),
        None
    );
}

#[test]
fn units_that_never_came_are_no_quality() {
    let part = |on| {
        let mut order = sent(on);
        order.receive(receipt(&[(0, 29)], on + 3)).unwrap();
        order.close(signed("ada", on + 9), None).unwrap();
        order
    };
    let rating = rated(&[part(0), part(1)], 60);
    assert_eq!(points(&rating, RatingFactor::Quality), Some(50));
    assert_eq!(
        points(&rating, RatingFactor::Delivery),
        None,
        "no day was agreed"
    );
    let quality = &rating.factors[1];
    assert_eq!(quality.points.value, Some(Points::sure(50)));
    assert!(
        quality
            .found
            .as_ref()
            .unwrap()
            .contains("of 58 nobody wrote down")
    );
}

fn shelf(order: &PurchaseOrder, today: NaiveDate) -> Option<Shelf> {
    shelves([order], today).get(&VariantId(1)).copied()
}

#[test]
fn what_came_is_kept_until_the_count_has_grown_by_it() {
    let mut order = sent(0);
    let mut got = receipt(&[(0, 40)], 5);
    got.lines[0].shelf = Some(7);
    got.lines[0].damaged = Some(2);
    order.receive(got).unwrap();
    let kept = shelf(&order, day(5)).unwrap();
    assert_eq!(
        kept,
        Shelf {
            since: day(5),
            before: 7,
            came: 38
        }
    );
    assert_eq!(kept.uncounted(7, 0), 38);
    assert_eq!(kept.uncounted(4, 3), 38, "a sale is no count");
    assert_eq!(kept.uncounted(27, 0), 18, "half of it");
    assert_eq!(kept.uncounted(42, 3), 0);
    assert_eq!(kept.uncounted(100, 3), 0);
    assert_eq!(kept.uncounted(0, 0), 38, "never more than came");
    assert!(shelf(&order, day(5 + KEPT_DAYS)).is_some());
    assert_eq!(shelf(&order, day(6 + KEPT_DAYS)), None);

    let mut second = receipt(&[(0, 8)], 6);
    second.lines[0].shelf = Some(45);
    order.receive(second).unwrap();
    let kept = shelf(&order, day(6)).unwrap();
    assert_eq!((kept.before, kept.came), (7, 46));
    assert_eq!(
        kept.uncounted(45, 0),
        8,
        "the first is counted, the second not"
    );
}

#[test]
fn a_receipt_that_does_not_remember_the_shelf_keeps_nothing() {
    let mut order = sent(0);
    order.receive(receipt(&[(0, 40)], 5)).unwrap();
    assert_eq!(shelf(&order, day(5)), None);
}

#[test]
fn more_damage_than_came_and_bills_below_nothing_are_refused() {
    let mut order = sent(0);
    let mut got = receipt(&[(0, 4)], 5);
    got.lines[0].damaged = Some(5);
    assert_eq!(order.receive(got.clone()), Err(Refusal::BadReceipt));
    got.lines[0].damaged = Some(4);
    got.lines[0].charged = Some("-1".parse().unwrap());
    assert_eq!(order.receive(got.clone()), Err(Refusal::BadReceipt));
    got.lines[0].charged = None;
    order.receive(got).unwrap();
}
