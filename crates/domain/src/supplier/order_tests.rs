//! What becomes of an order at a supplier.

use super::*;
use crate::ids::{StoreId, WorkspaceId};

fn at(days: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).unwrap() + Duration::days(days)
}

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::parse("USD").unwrap())
}

fn order() -> SupplierOrder {
    let scope = StoreScope {
        workspace: WorkspaceId(Uuid::nil()),
        store: StoreId(Uuid::from_u128(5)),
    };
    let our_ref = OurRef::of(scope.store, OrderId(7), 0);
    let plan = SupplyPlan {
        id: SupplyPlan::id_of(&our_ref, scope),
        our_ref,
        account: SupplierAccountId(Uuid::nil()),
        supplier: "Acme".into(),
        order: OrderId(7),
        order_name: "#7".into(),
        lines: Vec::new(),
        country: "US".into(),
        ships_from: "CN".into(),
        service: "Post".into(),
        days: Some(ShipTime {
            min_days: 3,
            max_days: 8,
        }),
        currency: usd(0).currency,
        goods: 1_000,
        shipping: 333,
        tolerance: 200,
        sold_for: 3_000,
        cost: 1_359,
        accepts_loss: false,
    };
    SupplierOrder::open(scope, ChangeSetId(Uuid::nil()), plan, at(0))
}

fn placed(state: PlacedState, total: i64, parcels: &[&str]) -> Placed {
    let parcel = |number: &&str| Parcel {
        number: (*number).to_owned(),
        carrier: None,
        url: None,
        items: None,
    };
    Placed {
        our_ref: order().plan.our_ref,
        supplier_ref: "S1".into(),
        state,
        total: Some(usd(total)),
        held: Vec::new(),
        holds_told: true,
        parcels: parcels.iter().map(parcel).collect(),
    }
}

#[test]
fn the_tolerance_is_rounded_down_and_a_reference_is_short_enough() {
    let plan = order().plan;
    assert_eq!(plan.quoted(), usd(1_333));
    assert_eq!(plan.most(), usd(1_359));
    assert!(plan.our_ref.as_str().len() <= 50);
    assert!(!plan.loses());
}

#[test]
fn parcels_are_added_and_each_is_told_once() {
    let mut order = order();
    order.see(&placed(PlacedState::Paid, 1_333, &[]), at(1));
    assert_eq!(order.paid_at, Some(at(1)));
    order.see(&placed(PlacedState::Shipped, 1_333, &["A"]), at(2));
    order.told.push("A".into());
    order.see(&placed(PlacedState::Shipped, 1_333, &["B"]), at(3));
    let untold: Vec<_> = order.untold().map(|p| p.number.as_str()).collect();
    assert_eq!(untold, ["B"]);
    assert_eq!(order.parcels.len(), 2);
    assert_eq!(order.paid_at, Some(at(1)), "once");
}

#[test]
fn a_total_is_goods_and_then_shipping() {
    let mut order = order();
    assert_eq!(order.cost(), None);
    order.see(&placed(PlacedState::Paid, 1_340, &[]), at(1));
    assert_eq!(order.cost(), Some((1_000, 340)));
    order.see(&placed(PlacedState::Paid, 900, &[]), at(1));
    assert_eq!(order.cost(), Some((900, 0)));
}

#[test]
fn it_is_looked_at_until_nothing_more_can_come_of_it() {
    let mut order = order();
    order.see(&placed(PlacedState::Shipped, 1_333, &["A"]), at(2));
    assert_eq!(order.next_look_at, Some(at(2) + LOOK_EVERY), "not told yet");
    order.told.push("A".into());
    order.booked = true;
    order.looked(at(2));
    assert_eq!(order.next_look_at, Some(at(2) + LOOK_SENT_EVERY));
    order.arrived(at(9));
    assert_eq!(order.next_look_at, None);
    assert_eq!(order.in_time(), Some(true));
    order.see(&placed(PlacedState::Shipped, 1_333, &["A"]), at(10));
    assert_eq!(order.state, SupplierOrderState::Delivered);
    let mut gone = super::tests::order();
    gone.lost("it is not there", at(1));
    assert_eq!((gone.next_look_at, gone.in_time()), (None, None));
    assert!(!gone.state.holds_lines());
}

#[test]
fn what_comes_late_or_is_called_off_after_it_was_paid_was_not_in_time() {
    let mut late = order();
    late.see(&placed(PlacedState::Paid, 1_333, &[]), at(0));
    late.arrived(at(9));
    assert_eq!(late.in_time(), Some(false));
    let mut off = order();
    off.see(&placed(PlacedState::Paid, 1_333, &[]), at(0));
    off.see(&placed(PlacedState::Cancelled, 1_333, &[]), at(1));
    assert_eq!(off.in_time(), Some(false));
}
