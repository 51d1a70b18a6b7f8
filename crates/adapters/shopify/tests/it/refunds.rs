//! Refunds against a store that speaks Shopify's protocol: computed by it, sent once, and known again.

use crate::support::{all, export};
use crate::writer::{World, kind, world, world_with};
use domain::changes::{
    Action, Refund, RefundRestock, RefundTarget, Seen, SeenRefund, Target, Verdict,
};
use domain::ids::LocationId;
use domain::order::Order;
use domain::sync::FactKind;
use ports::Kind;
use ports::source::{Fact, FactRef, Fetched};
use serde_json::json;
use uuid::Uuid;

const LOCATION: LocationId = LocationId(86_000_000_000);

impl World {
    /// Paid orders of which nothing was given back, with two units of a line at least.
    async fn paid(&self) -> Vec<Order> {
        let exported = export(&*self.opened.source, all(FactKind::Orders), None).await;
        let orders = exported.orders().into_iter().filter(|o| {
            o.cancelled_at.is_none()
                && !o.test
                && o.financial_status == "paid"
                && o.lines
                    .iter()
                    .any(|l| l.current_quantity > 1 && l.variant.is_some())
        });
        orders.collect()
    }

    async fn computed(&self, what: &RefundTarget) -> SeenRefund {
        match self.look(Target::Refund(what.clone())).await {
            Seen::Refund(seen) => seen,
            other => panic!("{other:?}"),
        }
    }

    async fn refund(&self, order: &Order, n: u128) -> Refund {
        let line = order.lines.iter().find(|l| l.current_quantity > 1);
        let line = line.unwrap();
        let what = RefundTarget {
            order: order.id,
            lines: vec![(line.id, 1)],
            restock: RefundRestock::Returned(LOCATION),
            shipping: true,
            mark: Some(Uuid::from_u128(n)),
        };
        let seen = self.computed(&what).await;
        Refund {
            what,
            notify_customer: false,
            note: "arrived broken".to_owned(),
            amount: seen.amount.unwrap(),
            paid_in: seen.paid_in.unwrap(),
            refunded: seen.refunded,
            titles: Vec::new(),
        }
    }

    async fn read(&self, order: &Order) -> Order {
        let found = self.opened.source.fetch(&[FactRef::Order(order.id)]).await;
        match found.unwrap().remove(0) {
            Fetched::Found(Fact::Order(order)) => *order,
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn what_the_shop_computes_is_given_back_once_and_booked() {
    let world = world().await;
    let order = world.paid().await.remove(0);
    let refund = world.refund(&order, 1).await;
    assert!(refund.amount > 0);
    let action = Action::RefundOrder(refund.clone());
    assert_eq!(world.verdict(&action).await, Verdict::Ready);
    for _ in 0..2 {
        world.apply(&action, 1).await.unwrap();
    }
    assert_eq!(world.verdict(&action).await, Verdict::Done);
    let made = world.made();
    assert_eq!(made.len(), 1, "{made:?}");
    assert_eq!(made[0].0, "refundCreate");
    assert_eq!(made[0].2["amount"], json!(refund.amount));
    assert_eq!(made[0].2["restock"], "RETURN");
    // It comes back with the order, to the cent.
    let after = world.read(&order).await;
    assert_eq!(after.totals.refunded - order.totals.refunded, refund.amount);
    let line = refund.what.lines[0].0;
    let units = |o: &Order| {
        o.lines
            .iter()
            .find(|l| l.id == line)
            .unwrap()
            .current_quantity
    };
    assert_eq!(units(&after), units(&order) - 1);
    // Another one of the same lines is another refund, planned on what was given back by then.
    let second = Action::RefundOrder(Refund {
        what: RefundTarget {
            mark: Some(Uuid::from_u128(2)),
            ..refund.what.clone()
        },
        ..refund
    });
    assert_eq!(world.verdict(&second).await, Verdict::Drifted);
    assert_eq!(kind(world.apply(&second, 2).await), Err(Kind::Conflict));
    assert_eq!(world.made().len(), 1);
}

#[tokio::test]
async fn a_buyer_who_paid_in_another_currency_gets_that_back() {
    let world = world_with(|o| o.orders = 2_000).await;
    for order in world.paid().await {
        let refund = world.refund(&order, 3).await;
        if refund.paid_in.currency == order.currency {
            continue;
        }
        assert_ne!(refund.paid_in.minor, refund.amount);
        let action = Action::RefundOrder(refund.clone());
        world.apply(&action, 3).await.unwrap();
        assert_eq!(world.verdict(&action).await, Verdict::Done);
        assert_eq!(world.made()[0].2["amount"], json!(refund.amount));
        return;
    }
    panic!("somebody paid in another currency");
}

#[tokio::test]
async fn another_sum_is_not_sent() {
    let world = world().await;
    let order = world.paid().await.remove(0);
    let refund = world.refund(&order, 4).await;
    let more = Action::RefundOrder(Refund {
        amount: refund.amount + 1,
        ..refund.clone()
    });
    assert_eq!(kind(world.apply(&more, 4).await), Err(Kind::Conflict));
    // More units than there are: the shop computes nothing.
    let mut what = refund.what.clone();
    what.lines[0].1 = 1_000;
    assert_eq!(world.computed(&what).await.amount, None);
    assert_eq!(world.made(), []);
}

#[tokio::test]
async fn a_lost_answer_is_looked_for_and_never_sent_again() {
    let world = world().await;
    let orders = world.paid().await;
    let refund = world.refund(&orders[0], 5).await;
    let action = Action::RefundOrder(refund);
    world.fault(&[("write_lost", 1.0), ("limit", 1.0)]);
    assert_eq!(kind(world.apply(&action, 5).await), Ok(()));
    assert_eq!(world.made().len(), 1);
    let other = Action::RefundOrder(world.refund(&orders[1], 6).await);
    world.fault(&[("write_lost", 0.0), ("write_unsent", 1.0), ("limit", 1.0)]);
    let error = world.apply(&other, 6).await.unwrap_err();
    assert_eq!(error.retry, ports::Retry::Reconcile);
    assert_eq!(world.verdict(&other).await, Verdict::Ready);
    assert_eq!(world.made().len(), 1, "nothing was sent again");
}
