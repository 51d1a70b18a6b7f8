use super::*;
use crate::audit::{Actor, ActorKind};
use crate::calendar::Calendar;
use crate::ids::{PurchaseOrderId, StoreId, StoreScope, SupplierId, VariantId, WorkspaceId};
use crate::money::Currency;
use crate::people::Role;
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

pub(super) fn at(day: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_764_590_400 + day * 86_400, 0).unwrap()
}

pub(super) fn day(n: i64) -> NaiveDate {
    at(n).date_naive()
}

pub(super) fn who(name: &str) -> Actor {
    Actor::new(ActorKind::Person, Some(name.to_owned()), name, None)
}

pub(super) fn signed(name: &str, day: i64) -> Signed {
    Signed {
        at: at(day),
        by: who(name),
    }
}

pub(super) fn line(variant: i64, quantity: i64, cost: &str) -> LineDraft {
    LineDraft {
        variant: VariantId(variant),
        title: format!("Variant {variant}"),
        sku: None,
        quantity,
        unit_cost: cost.parse().unwrap(),
    }
}

fn usd() -> Currency {
    Currency::parse("USD").unwrap()
}

pub(super) fn draft(lines: Vec<LineDraft>) -> PurchaseOrder {
    let mut order = PurchaseOrder {
        id: PurchaseOrderId(Uuid::from_u128(1)),
        scope: StoreScope {
            workspace: WorkspaceId(Uuid::from_u128(2)),
            store: StoreId(Uuid::from_u128(3)),
        },
        number: 7,
        version: 1,
        supplier: SupplierId(Uuid::from_u128(4)),
        supplier_name: "Acme".to_owned(),
        supplier_email: None,
        currency: usd(),
        status: PurchaseStatus::Draft,
        lines: Vec::new(),
        receipts: Vec::new(),
        expected_on: None,
        pay_on: None,
        note: None,
        created: signed("ada", 0),
        rewritten: Vec::new(),
        approved: None,
        sent: None,
        closed: None,
        close_reason: None,
    };
    order.write(lines, &who("ada")).unwrap();
    order
}

const LIMIT: i64 = 500_000;

pub(super) fn limits() -> Limits {
    Limits {
        approval: LIMIT,
        admin: 2 * LIMIT,
        currency: usd(),
    }
}

pub(super) fn receipt(lines: &[(usize, i64)], on: i64) -> Receipt {
    let line = |(line, quantity): &(usize, i64)| ReceivedLine {
        line: *line,
        quantity: *quantity,
        damaged: None,
        charged: None,
        shelf: None,
        note: None,
    };
    Receipt {
        at: at(on),
        by: who("bob"),
        received_on: day(on),
        lines: lines.iter().map(line).collect(),
        note: None,
    }
}

pub(super) fn sent(day: i64) -> PurchaseOrder {
    let mut order = draft(vec![line(1, 48, "4.20"), line(2, 10, "1.125")]);
    order
        .approve(signed("ada", day), Role::Operator, &limits())
        .unwrap();
    order.send(SentHow::File, signed("ada", day)).unwrap();
    order
}

#[test]
fn costs_keep_their_decimals_and_round_once_a_line() {
    let order = draft(vec![line(1, 48, "4.20"), line(2, 3, "1.125")]);
    assert_eq!(
        (order.total(), order.name().as_str()),
        (Some(20_160 + 338), "PO-0007")
    );
}

#[test]
fn large_orders_need_somebody_else_and_larger_ones_an_admin() {
    let of = |cost: &str| draft(vec![line(1, 1, cost)]);
    let try_by =
        |order: &PurchaseOrder, name, role| order.clone().approve(signed(name, 1), role, &limits());
    let small = of("5000.00");
    assert_eq!(small.needs(&limits()), Needs::Nothing);
    assert_eq!(try_by(&small, "ada", Role::Operator), Ok(()));
    let large = of("5000.01");
    assert_eq!(
        try_by(&large, "ada", Role::Owner),
        Err(Refusal::NeedsSomebodyElse)
    );
    assert_eq!(try_by(&large, "bob", Role::Operator), Ok(()));
    let larger = of("10000.01");
    assert_eq!(
        try_by(&larger, "bob", Role::Operator),
        Err(Refusal::NeedsAdmin)
    );
    assert_eq!(
        try_by(&larger, "ada", Role::Owner),
        Err(Refusal::NeedsAdmin)
    );
    assert_eq!(try_by(&larger, "bob", Role::Admin), Ok(()));
    // Who made a large one of somebody's small one wrote it, too.
    let mut grown = of("1.00");
    grown
        .write(vec![line(1, 1, "10000.01")], &who("bob"))
        .unwrap();
    for name in ["ada", "bob"] {
        assert_eq!(
            try_by(&grown, name, Role::Owner),
            Err(Refusal::NeedsAdmin),
            "{name}"
        );
    }
    assert_eq!(try_by(&grown, "cleo", Role::Admin), Ok(()));
    let mut foreign = of("1.00");
    foreign.currency = Currency::parse("EUR").unwrap();
    assert_eq!(foreign.needs(&limits()), Needs::Admin);
}

#[test]
fn goods_come_in_parts_and_with_differences() {
    let mut order = sent(0);
    order.receive(receipt(&[(0, 20)], 5)).unwrap();
    assert_eq!(
        (order.status, order.to_come()),
        (PurchaseStatus::ReceivedPartly, 38)
    );
    assert_eq!(
        order.receive(receipt(&[(2, 1)], 6)),
        Err(Refusal::BadReceipt)
    );
    assert_eq!(
        order.receive(receipt(&[(0, 1), (0, 1)], 6)),
        Err(Refusal::BadReceipt)
    );
    assert_eq!(
        order.receive(receipt(&[(0, 0)], 6)),
        Err(Refusal::BadReceipt)
    );
    // Of 48 there are 20 already.
    assert_eq!(
        order.receive(receipt(&[(1, 1), (0, 77)], 6)),
        Err(Refusal::TooMuch(1))
    );
    assert_eq!(order.lines[1].received, 0, "nothing of it was written");
    order.receive(receipt(&[(0, 30), (1, 10)], 9)).unwrap();
    assert_eq!(order.status, PurchaseStatus::Received);
    assert_eq!(order.lines[0].received, 50, "two more than ordered");
    order.close(signed("ada", 10), None).unwrap();
    assert_eq!(
        order.receive(receipt(&[(0, 1)], 11)),
        Err(Refusal::WrongStatus)
    );
}

#[test]
fn no_state_is_skipped() {
    let mut order = draft(vec![line(1, 1, "1.00")]);
    assert_eq!(
        order.send(SentHow::File, signed("ada", 1)),
        Err(Refusal::WrongStatus)
    );
    assert_eq!(
        order.close(signed("ada", 1), None),
        Err(Refusal::WrongStatus)
    );
    assert_eq!(order.write(Vec::new(), &who("ada")), Err(Refusal::Empty));
    assert_eq!(
        order.write(vec![line(1, 0, "1.00")], &who("ada")),
        Err(Refusal::Empty)
    );
    assert_eq!(
        order.write(vec![line(1, 1, "-1.00")], &who("ada")),
        Err(Refusal::Empty)
    );
    assert_eq!(
        order.write(vec![line(1, i64::MAX, "9999999999")], &who("ada")),
        Err(Refusal::TooLarge)
    );
    let mut order = sent(1);
    assert_eq!(
        order.write(vec![line(1, 1, "1.00")], &who("ada")),
        Err(Refusal::WrongStatus)
    );
    assert_eq!(
        order.approve(signed("bob", 1), Role::Owner, &limits()),
        Err(Refusal::WrongStatus)
    );
    order
        .cancel(signed("ada", 2), Some("no longer needed".to_owned()))
        .unwrap();
    assert_eq!(
        order.cancel(signed("ada", 2), None),
        Err(Refusal::WrongStatus)
    );
}

#[test]
fn two_orders_tell_how_long_goods_take() {
    let calendar = Calendar::parse("UTC").unwrap();
    let received = |sent_on, after: &[i64]| {
        let mut order = sent(sent_on);
        for days in after {
            order.receive(receipt(&[(0, 1)], sent_on + days)).unwrap();
        }
        order
    };
    let one = received(0, &[10, 30]);
    assert_eq!(learned([&one], &calendar), None);
    let (two, open) = (received(20, &[14]), sent(30));
    let (lead, orders) = learned([&one, &two, &open], &calendar).unwrap();
    assert_eq!((lead.mean_days, orders), (12.0, 2));
    assert!((lead.sd_days - 8.0_f64.sqrt()).abs() < 1e-9);
}
