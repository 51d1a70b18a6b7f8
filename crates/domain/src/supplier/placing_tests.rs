//! What may be done next about an order at a supplier.

use super::*;
use crate::money::Currency;
use proptest::prelude::*;
use uuid::Uuid;

fn money(minor: i64, code: &str) -> Money {
    Money::new(minor, Currency::parse(code).unwrap())
}

fn placed(state: PlacedState, total: Option<Money>) -> Placed {
    Placed {
        our_ref: OurRef::of(StoreId(Uuid::nil()), OrderId(0), 0),
        supplier_ref: "S1".to_owned(),
        state,
        total,
        held: Vec::new(),
        holds_told: true,
        parcels: Vec::new(),
    }
}

fn step(order: &Placed, approved: Option<Money>) -> Step {
    let quoted = money(10_000, "USD");
    next_step(Looked::There(order), quoted, Tolerance(200), approved)
}

#[test]
fn it_is_looked_up_before_it_is_created() {
    let quoted = money(10_000, "USD");
    let next = |looked| next_step(looked, quoted, Tolerance(200), Some(quoted));
    assert_eq!(next(Looked::NotYet), Step::LookUp);
    assert_eq!(next(Looked::Missing), Step::CreateUnpaid);
}

#[test]
fn only_an_unpaid_order_within_quote_and_approval_is_paid() {
    let usd = |minor| Some(money(minor, "USD"));
    let unpaid = |total| placed(PlacedState::Unpaid, total);
    assert_eq!(step(&unpaid(usd(10_200)), None), Step::AskApproval);
    assert_eq!(step(&unpaid(usd(10_200)), usd(10_200)), Step::Pay);
    for (order, approved, why) in [
        (
            unpaid(usd(10_201)),
            usd(20_000),
            NotPayable::DearerThanQuoted,
        ),
        (
            unpaid(usd(10_100)),
            usd(10_099),
            NotPayable::DearerThanApproved,
        ),
        (unpaid(None), usd(10_000), NotPayable::NoTotal),
        (unpaid(usd(-1)), usd(10_000), NotPayable::Negative),
        (
            unpaid(Some(money(1, "EUR"))),
            usd(10_000),
            NotPayable::OtherCurrency,
        ),
        (
            unpaid(usd(1)),
            Some(money(10_000, "EUR")),
            NotPayable::OtherCurrency,
        ),
        (
            placed(PlacedState::Cancelled, usd(1)),
            usd(1),
            NotPayable::Cancelled,
        ),
        (
            placed(PlacedState::Unclear, usd(1)),
            usd(1),
            NotPayable::Unclear,
        ),
    ] {
        assert_eq!(step(&order, approved), Step::Stop(why));
    }
    for state in [PlacedState::Paid, PlacedState::Shipped] {
        assert_eq!(step(&placed(state, usd(1)), usd(1)), Step::Follow);
    }
    let mut held = unpaid(usd(1));
    held.held.push("no stock".to_owned());
    assert_eq!(step(&held, usd(1)), Step::Stop(NotPayable::HeldBySupplier));
    let mut unsure = unpaid(usd(1));
    unsure.holds_told = false;
    assert_eq!(step(&unsure, usd(1)), Step::Stop(NotPayable::HoldsUnknown));
}

#[test]
fn a_recipient_is_shown_without_the_person() {
    let recipient = Recipient {
        name: "Ada Example".to_owned(),
        country: "DE".to_owned(),
        province: None,
        province_code: None,
        city: "Ulm".to_owned(),
        street: "Weg 1".to_owned(),
        postcode: None,
        phone: None,
    };
    assert_eq!(
        format!("{recipient:?}"),
        "Recipient { country: \"DE\", .. }"
    );
}

#[test]
fn the_longest_reference_fits() {
    let longest = OurRef::of(StoreId(Uuid::max()), OrderId(-1), u16::MAX);
    assert_eq!(longest.as_str().len(), 44);
}

proptest! {
    #[test]
    fn a_reference_is_short_and_of_one_part_of_one_order(
        a: (u128, i64, u16),
        b in prop_oneof![any::<(u128, i64, u16)>(), Just((0, 0, 0))],
    ) {
        let of = |(store, order, part)| {
            OurRef::of(StoreId(Uuid::from_u128(store)), OrderId(order), part)
        };
        prop_assert!(of(a).as_str().len() <= 44);
        prop_assert_eq!(of(a) == of(b), a == b);
        for other in [(a.0 ^ 1, a.1, a.2), (a.0, a.1 ^ 1, a.2), (a.0, a.1, a.2 ^ 1)] {
            prop_assert_ne!(of(a), of(other));
        }
    }

    #[test]
    fn nothing_is_paid_above_what_was_approved(total: i64, quoted: i64, sum: i64, bps: u16) {
        let order = placed(PlacedState::Unpaid, Some(money(total, "USD")));
        let approved = Some(money(sum, "USD"));
        let step = next_step(Looked::There(&order), money(quoted, "USD"), Tolerance(bps), approved);
        if step == Step::Pay {
            prop_assert!(total >= 0 && total <= sum);
        }
    }
}
