//! The supplier in memory keeps the promises of its port; and the steps of an order, over lost answers, place and pay it once.

use domain::ids::{OrderId, StoreId};
use domain::money::{Currency, Money};
use domain::supplier::{Looked, OurRef, PlaceLine, Recipient, Step, ToPlace, Tolerance, next_step};
use ports::Retry;
use ports::supplier_orders::SupplierOrders as _;
use testkit::fakes::{Cut, FakeSupplierOrders};
use testkit::laws::supplier_orders as laws;
use uuid::Uuid;

fn total() -> Money {
    Money::new(1_234, Currency::parse("USD").unwrap())
}

fn order(id: i64) -> ToPlace {
    ToPlace {
        our_ref: OurRef::of(StoreId(Uuid::from_u128(7)), OrderId(id), 0),
        lines: vec![PlaceLine {
            variant: "V1".to_owned(),
            quantity: 2,
        }],
        ships_from: "CN".to_owned(),
        service: "Ordinary".to_owned(),
        recipient: Recipient {
            name: "Ada Example".to_owned(),
            country: "DE".to_owned(),
            province: None,
            province_code: None,
            city: "Ulm".to_owned(),
            street: "Weg 1".to_owned(),
            postcode: Some("89073".to_owned()),
            phone: None,
        },
    }
}

#[tokio::test]
async fn the_fake_obeys_the_laws() {
    let fake = || FakeSupplierOrders::costing(total());
    laws::an_order_is_created_unpaid_and_found_by_our_reference(&fake(), &order(1)).await;
    laws::a_taken_reference_is_a_conflict_and_no_second_order(&fake(), &order(1)).await;
    laws::an_order_is_paid_once_and_never_above_what_was_approved(&fake(), &order(1)).await;
    laws::an_order_that_is_not_paid_is_taken_back_and_a_paid_one_stays(
        &fake(),
        &order(1),
        &order(2),
    )
    .await;
    laws::what_is_not_there_is_not_paid(&fake(), &order(1), total()).await;
    let none = FakeSupplierOrders::that_takes_none(total());
    laws::one_that_takes_no_orders_refuses_each_call(&none, &order(1), total()).await;
}

/// Follows the steps to the end, forgetting what it knew after every call, as a process that is killed there would.
async fn walk(supplier: &FakeSupplierOrders, order: &ToPlace) {
    let mut looks = 0;
    loop {
        looks += 1;
        assert!(looks < 100, "it never comes to an end");
        let found = supplier.look_up(&order.our_ref).await.unwrap();
        let looked = found.as_ref().map_or(Looked::Missing, Looked::There);
        let ended = match next_step(looked, total(), Tolerance(0), Some(total())) {
            Step::CreateUnpaid => supplier.create_unpaid(order).await.map(drop),
            Step::Pay => supplier.pay(&order.our_ref, total()).await,
            Step::Follow => return,
            other => panic!("{other:?}"),
        };
        if let Err(error) = ended {
            assert_eq!(error.retry, Retry::Reconcile, "{error}");
        }
    }
}

/// Every row of six calls of which each may come through, be lost on its way, or lose its answer: 729 rows.
#[tokio::test]
async fn whatever_is_lost_each_order_is_there_once_and_paid_once() {
    let ends = [None, Some(Cut::Before), Some(Cut::After)];
    for n in 0..3_usize.pow(6) {
        let supplier = FakeSupplierOrders::costing(total());
        supplier.cut((0..6).map(|i| ends[n / 3_usize.pow(i) % 3]));
        walk(&supplier, &order(1)).await;
        assert_eq!(supplier.orders().len(), 1);
        assert_eq!(supplier.payments(), [(order(1).our_ref, total())]);
    }
}
