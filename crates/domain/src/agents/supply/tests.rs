//! What is proposed of orders at suppliers, and what is only told.

use super::*;
use crate::agents::Value;
use crate::ids::{StoreId, StoreScope, SupplierAccountId, WorkspaceId};
use crate::supplier::{OurRef, ShipTime};
use uuid::Uuid;

fn at(day: u32) -> DateTime<Utc> {
    format!("2026-05-{day:02}T00:00:00Z").parse().unwrap()
}

/// Sold for 30.00, costs 20.00 at most.
fn order(id: i64) -> OrderFacts {
    let scope = StoreScope {
        workspace: WorkspaceId(Uuid::nil()),
        store: StoreId(Uuid::nil()),
    };
    let our_ref = OurRef::of(scope.store, OrderId(id), 0);
    OrderFacts {
        id: OrderId(id),
        name: format!("#{id}"),
        placed_at: at(10),
        plans: vec![SupplyPlan {
            id: SupplyPlan::id_of(&our_ref, scope),
            our_ref,
            account: SupplierAccountId(Uuid::nil()),
            supplier: "CJdropshipping".into(),
            order: OrderId(id),
            order_name: format!("#{id}"),
            lines: vec![],
            country: "US".into(),
            ships_from: "US".into(),
            service: "USPS+".into(),
            days: Some(ShipTime {
                min_days: 2,
                max_days: 5,
            }),
            currency: "USD".parse().unwrap(),
            goods: 1_500,
            shipping: 460,
            tolerance: 200,
            sold_for: 3_000,
            cost: 2_000,
            accepts_loss: false,
        }],
        why: None,
    }
}

fn facts(orders: Vec<OrderFacts>) -> Facts {
    Facts {
        currency: "USD".parse().unwrap(),
        as_of: Some(at(12)),
        orders,
        left: 0,
        told: BTreeSet::new(),
    }
}

fn came_to(facts: &Facts, values: &Values) -> (Vec<String>, Vec<String>) {
    let decision = decide(facts, values, at(12), 0);
    let subjects = decision.proposals.into_iter().map(|p| p.subject);
    let notes = decision.notes.into_iter().map(|n| n.text);
    (subjects.collect(), notes.collect())
}

#[test]
fn what_leaves_enough_and_comes_in_time_is_asked_for_the_longest_waiting_first() {
    let mut early = order(2);
    early.placed_at = at(9);
    let both = facts(vec![order(1), early]);
    let decision = decide(&both, &Values::new(), at(12), 0);
    let subjects: Vec<_> = decision
        .proposals
        .iter()
        .map(|p| p.subject.as_str())
        .collect();
    assert_eq!(subjects, ["supply:2", "supply:1"]);
    let first = &decision.proposals[0];
    assert_eq!(first.handling, Handling::Ask);
    assert_eq!(
        first.reason,
        "it is paid and open, costs at most 20.00 USD, and leaves 10.00 USD"
    );
    assert!(first.subjects().contains("supply:2"));
}

#[test]
fn what_loses_takes_too_long_or_cannot_be_had_is_told_and_not_proposed() {
    let mut loses = order(1);
    loses.plans[0].cost = 3_001;
    let mut slow = order(2);
    slow.plans[0].days = Some(ShipTime {
        min_days: 12,
        max_days: 50,
    });
    let mut none = order(3);
    none.plans.clear();
    none.why = Some("Lamp: it is out of stock there".into());
    let (subjects, notes) = came_to(&facts(vec![loses, slow, none]), &Values::new());
    assert_eq!(subjects, [""; 0]);
    assert_eq!(
        notes,
        [
            "not proposed: 0.0 % of what it was sold for would be left, of 0.0 %",
            "not proposed: it may take 50 days, and 30 are borne",
            "Lamp: it is out of stock there",
        ]
    );
    let half = Values::from([("least_left".to_owned(), Value::Number(5_000))]);
    let (subjects, notes) = came_to(&facts(vec![order(1)]), &half);
    assert_eq!(subjects, [""; 0]);
    assert!(notes[0].contains("33.3 %"), "{notes:?}");
}

#[test]
fn what_was_brought_up_is_not_brought_up_again_and_the_past_sees_nothing_of_later() {
    let mut told = facts(vec![order(1)]);
    told.told.insert("supply:1".to_owned());
    assert_eq!(came_to(&told, &Values::new()), (vec![], vec![]));
    let history = History {
        zone: chrono_tz::UTC,
        now: facts(vec![order(1)]),
    };
    assert!(history.known_at(at(10)).orders.is_empty());
    assert_eq!(history.known_at(at(11)).orders.len(), 1);
}
