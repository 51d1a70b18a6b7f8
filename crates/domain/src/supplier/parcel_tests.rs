//! What the shop is told of parcels.

use super::super::{OurRef, SupplyLine, SupplyPlan};
use super::*;
use crate::ids::{
    ChangeSetId, OrderId, StoreId, StoreScope, SupplierAccountId, SupplierProductId, VariantId,
    WorkspaceId,
};
use crate::money::Currency;
use chrono::{DateTime, Utc};
use proptest::prelude::*;
use rust_decimal::Decimal;
use uuid::Uuid;

/// Of each line so many units, and pieces of them.
fn order(lines: &[(i64, u32)]) -> SupplierOrder {
    let scope = StoreScope {
        workspace: WorkspaceId(Uuid::nil()),
        store: StoreId(Uuid::from_u128(5)),
    };
    let our_ref = OurRef::of(scope.store, OrderId(7), 0);
    let lines = (1..).zip(lines).map(|(id, (units, pieces))| SupplyLine {
        line: LineId(id),
        variant: VariantId(id),
        title: format!("Thing {id}"),
        units: *units,
        product: SupplierProductId(Uuid::nil()),
        external_id: format!("V{id}"),
        pieces: *pieces,
        piece_cost: Decimal::ONE,
    });
    let plan = SupplyPlan {
        id: SupplyPlan::id_of(&our_ref, scope),
        our_ref,
        account: SupplierAccountId(Uuid::nil()),
        supplier: "Acme".into(),
        order: OrderId(7),
        order_name: "#7".into(),
        lines: lines.collect(),
        country: "US".into(),
        ships_from: "LV".into(),
        service: "Post".into(),
        days: None,
        currency: Currency::parse("USD").unwrap(),
        goods: 1_000,
        shipping: 333,
        tolerance: 200,
        sold_for: 3_000,
        cost: 1_359,
        accepts_loss: false,
    };
    let mut order = SupplierOrder::open(
        scope,
        ChangeSetId(Uuid::nil()),
        plan,
        DateTime::<Utc>::UNIX_EPOCH,
    );
    order.state = SupplierOrderState::Paid;
    order
}

fn parcel(number: &str, items: Option<&[(u16, u32)]>) -> Parcel {
    let item = |(line, pieces): &(u16, u32)| ParcelItem {
        line: *line,
        pieces: *pieces,
    };
    Parcel {
        number: number.to_owned(),
        carrier: None,
        url: None,
        items: items.map(|items| items.iter().map(item).collect()),
    }
}

fn handed(numbers: &[&str], units: &[(i64, i64)]) -> Handed {
    Handed {
        numbers: numbers.iter().map(|n| (*n).to_owned()).collect(),
        units: units.iter().map(|(l, n)| (LineId(*l), *n)).collect(),
    }
}

/// Everything that is to be told now.
fn told(order: &mut SupplierOrder) -> Vec<Handed> {
    let mut all = Vec::new();
    while let Some(next) = order.next_to_tell() {
        order.hand_on(&next);
        all.push(next);
    }
    all
}

#[test]
fn a_parcel_sends_what_it_holds_and_later_ones_the_rest() {
    let mut order = order(&[(2, 2), (1, 1)]);
    order.parcels.push(parcel("A", Some(&[(0, 1)])));
    assert_eq!(told(&mut order), [handed(&["A"], &[(1, 1)])]);
    order.parcels.push(parcel("B", Some(&[(1, 1)])));
    order.parcels.push(parcel("C", Some(&[(0, 1)])));
    let rest = [handed(&["B"], &[(2, 1)]), handed(&["C"], &[(1, 1)])];
    assert_eq!(told(&mut order), rest);
    assert_eq!(order.told, ["A", "B", "C"]);
    assert_eq!(order.next_to_tell(), None);
}

#[test]
fn a_parcel_that_tells_nothing_sends_all_that_is_left() {
    let mut silent = order(&[(2, 2), (1, 1)]);
    silent.parcels = vec![parcel("A", None), parcel("B", None)];
    assert_eq!(
        told(&mut silent),
        [handed(&["A", "B"], &[(1, 2), (2, 1)])],
        "together, as nobody can tell them apart"
    );
    silent.parcels.push(parcel("C", None));
    let next = silent.next_to_tell().unwrap();
    assert_eq!(next, handed(&["A", "B", "C"], &[(1, 2), (2, 1)]));
    let known: Vec<String> = silent.known_of(&next).into_iter().collect();
    assert_eq!(known, ["A", "B"]);
    let mut mixed = order(&[(2, 2), (1, 1)]);
    mixed.parcels = vec![parcel("A", Some(&[(0, 1)])), parcel("B", None)];
    assert_eq!(
        told(&mut mixed),
        [handed(&["A"], &[(1, 1)]), handed(&["B"], &[(1, 1), (2, 1)])]
    );
}

#[test]
fn a_unit_is_sent_with_its_last_piece() {
    let mut order = order(&[(1, 3)]);
    order.parcels.push(parcel("A", Some(&[(0, 2)])));
    assert_eq!(order.next_to_tell(), None, "a lamp without its shade");
    order.parcels.push(parcel("B", Some(&[(0, 1)])));
    assert_eq!(told(&mut order), [handed(&["A", "B"], &[(1, 1)])]);
    // What never becomes whole is told once nothing more comes.
    let mut short = self::order(&[(1, 3)]);
    short.parcels.push(parcel("A", Some(&[(0, 2)])));
    short.state = SupplierOrderState::Shipped;
    assert_eq!(told(&mut short), [handed(&["A"], &[(1, 1)])]);
}

#[test]
fn what_is_sent_a_second_time_sends_no_units() {
    let mut order = order(&[(2, 2), (1, 1)]);
    order.parcels.push(parcel("A", Some(&[(0, 2)])));
    told(&mut order);
    order.parcels.push(parcel("R", Some(&[])));
    assert_eq!(told(&mut order), [handed(&["A", "R"], &[(1, 2)])]);
    order.parcels.push(parcel("B", Some(&[(1, 1)])));
    assert_eq!(told(&mut order), [handed(&["B"], &[(2, 1)])]);
    order.parcels.push(parcel("S", Some(&[(0, 9)])));
    assert_eq!(told(&mut order), [handed(&["A", "R", "S"], &[(1, 2)])]);
}

#[test]
fn an_order_of_before_is_told_wholly() {
    let mut old = order(&[(2, 2), (1, 1)]);
    old.parcels.push(parcel("A", None));
    old.told.push("A".into());
    old.parcels.push(parcel("B", Some(&[(1, 1)])));
    assert_eq!(told(&mut old), [handed(&["A", "B"], &[(1, 2), (2, 1)])]);
    let text = serde_json::to_value(parcel("A", None)).unwrap();
    assert!(
        text.get("items").is_none(),
        "digests of before stay: {text}"
    );
}

proptest! {
    /// Whatever parcels come and in which order they are looked at: no unit is sent twice, none more than was ordered, every number is told
    /// once, and once all is shipped nothing is left out.
    #[test]
    fn every_number_is_told_and_no_unit_twice(
        lines in prop::collection::vec((1_i64..4, 1_u32..4), 1..4),
        parcels in prop::collection::vec(
            (prop::option::of(prop::collection::vec((0_u16..5, 0_u32..4), 0..4)), any::<bool>()),
            1..8,
        ),
    ) {
        let lines: Vec<(i64, u32)> = lines.into_iter().map(|(u, each)| (u, u32::try_from(u).unwrap() * each)).collect();
        let mut order = order(&lines);
        let mut created = Vec::<Handed>::new();
        let tell = |order: &mut SupplierOrder, created: &mut Vec<Handed>| {
            for _ in 0..50 {
                let Some(next) = order.next_to_tell() else { return };
                if order.known_of(&next).is_empty() {
                    created.push(next.clone());
                }
                order.hand_on(&next);
            }
            panic!("it never comes to an end");
        };
        let all = parcels.len();
        for (at, (items, looks)) in parcels.into_iter().enumerate() {
            order.parcels.push(parcel(&at.to_string(), items.as_deref()));
            if looks {
                tell(&mut order, &mut created);
            }
        }
        order.state = SupplierOrderState::Shipped;
        tell(&mut order, &mut created);
        for line in &order.plan.lines {
            prop_assert!(sent(&created, line.line) <= line.units);
            prop_assert_eq!(sent(&created, line.line), sent(&order.handed, line.line));
        }
        let mut numbers: Vec<&String> = order.handed.iter().flat_map(|h| &h.numbers).collect();
        prop_assert_eq!(numbers.len(), all);
        numbers.sort();
        numbers.dedup();
        prop_assert_eq!(numbers.len(), all, "a number is told twice");
        prop_assert_eq!(order.told.len(), all);
    }
}
