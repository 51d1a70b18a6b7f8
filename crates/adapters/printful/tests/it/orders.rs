//! Orders at the sandbox's printer: the laws, and any answer lost.

use crate::{Shop, no_orders, shop};
use chrono::TimeDelta;
use domain::ids::{OrderId, StoreId};
use domain::money::{Currency, Money};
use domain::supplier::{
    Looked, OurRef, ParcelItem, ParcelState, PlaceLine, Placed, PlacedState, Recipient, Step,
    ToPlace, Tolerance, next_step,
};
use ports::supplier_orders::SupplierOrders as _;
use ports::supplier_platforms::SupplierSource as _;
use ports::{Kind, Retry};
use serde_json::json;
use testkit::laws::supplier_orders as laws;
use uuid::Uuid;

fn order(shop: &Shop, id: i64) -> ToPlace {
    ToPlace {
        our_ref: OurRef::of(StoreId(Uuid::max()), OrderId(id), 0),
        lines: vec![PlaceLine {
            variant: format!("{}:wolf", shop.variant()),
            quantity: 2,
        }],
        ships_from: "EU".to_owned(),
        service: "STANDARD".to_owned(),
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

/// Goods and the cheapest way, as the sandbox counts them.
fn total(shop: &Shop) -> Money {
    let price = shop.product()["variants"][0]["price"].as_i64().unwrap();
    Money::new(price * 2 + 499 + 150, Currency::parse("USD").unwrap())
}

#[tokio::test]
async fn it_obeys_the_laws_of_orders() {
    let shop = shop().await;
    let printful = shop.open();
    let sum = total(&shop);
    laws::an_order_is_created_unpaid_and_found_by_our_reference(&printful, &order(&shop, 1)).await;
    laws::a_taken_reference_is_a_conflict_and_no_second_order(&printful, &order(&shop, 2)).await;
    laws::an_order_is_paid_once_and_never_above_what_was_approved(&printful, &order(&shop, 3))
        .await;
    laws::what_is_not_there_is_not_paid(&printful, &order(&shop, 4), sum).await;
    let told = shop.told();
    assert_eq!(told["orders"].as_array().unwrap().len(), 3);
    let paid = told["payments"].as_array().unwrap();
    assert_eq!((paid.len(), &paid[0]["cents"]), (1, &json!(sum.minor)));
}

#[tokio::test]
async fn a_draft_is_taken_back_and_what_was_charged_stays() {
    let shop = shop().await;
    let printful = shop.open();
    let two = (order(&shop, 1), order(&shop, 2));
    laws::an_order_that_is_not_paid_is_taken_back_and_a_paid_one_stays(&printful, &two.0, &two.1)
        .await;
    // Its answer is lost: it is gone all the same, and the next look tells.
    printful.create_unpaid(&order(&shop, 3)).await.unwrap();
    shop.fault("pf_lost", 1.0);
    let lost = printful.cancel_unpaid(&order(&shop, 3).our_ref).await;
    assert_eq!(lost.unwrap_err().retry, Retry::Reconcile);
    let found = printful.look_up(&order(&shop, 3).our_ref).await.unwrap();
    assert_eq!(found, None);
    shop.fault("pf_lost", 0.0);
    shop.fault("pf_unsent", 1.0);
    let never = printful.cancel_unpaid(&order(&shop, 2).our_ref).await;
    assert_eq!(
        never.unwrap_err().kind,
        Kind::Conflict,
        "it is seen to be paid first"
    );
    assert_eq!(shop.told()["orders"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_cannot_be_ordered_is_refused_and_nothing_is_there() {
    let shop = shop().await;
    let printful = shop.open();
    let refused = async |wrong: ToPlace, what: &str| {
        let error = printful.create_unpaid(&wrong).await.unwrap_err();
        assert_eq!(error.kind, Kind::Rejected, "{error}");
        assert!(error.detail.contains(what), "{error}");
    };
    let mut bare = order(&shop, 1);
    bare.lines[0].variant = shop.variant();
    refused(bare, "has no design").await;
    let mut strange = order(&shop, 1);
    strange.lines[0].variant = format!("{}:bear", shop.variant());
    refused(strange, "bear is not among").await;
    let mut stateless = order(&shop, 1);
    stateless.recipient.country = "US".to_owned();
    refused(stateless.clone(), "no state").await;
    let mut pigeon = order(&shop, 1);
    pigeon.service = "PIGEON".to_owned();
    refused(pigeon, "Shipping method").await;
    no_orders(&shop);
    stateless.recipient.province_code = Some("CA".to_owned());
    printful.create_unpaid(&stateless).await.unwrap();
    assert_eq!(shop.told()["orders"][0]["recipient"]["state_code"], "CA");
}

#[tokio::test]
async fn an_order_that_is_dearer_or_not_paid_for_waits_for_a_person() {
    let shop = shop().await;
    let printful = shop.open();
    shop.fault("pf_dearer", 1.0);
    let dearer = printful.create_unpaid(&order(&shop, 1)).await.unwrap();
    assert!(dearer.total.unwrap().minor > total(&shop).minor);
    let paid = printful.pay(&dearer.our_ref, total(&shop)).await;
    assert_eq!(paid.unwrap_err().kind, Kind::Conflict);
    shop.fault("pf_dearer", 0.0);
    let placed = printful.create_unpaid(&order(&shop, 2)).await.unwrap();
    shop.fault("pf_poor", 1.0);
    let poor = printful.pay(&placed.our_ref, total(&shop)).await;
    let poor = poor.unwrap_err();
    assert_eq!(poor.kind, Kind::Rejected);
    assert!(poor.detail.contains("declined"), "{poor}");
    assert_eq!(shop.told()["payments"], json!([]));
}

/// A draft whose costs are not counted yet is neither without a price nor for free.
#[tokio::test]
async fn an_order_that_is_not_counted_yet_is_looked_at_later_and_not_paid() {
    let shop = shop().await;
    let printful = shop.open();
    shop.fault("pf_calculating", 1.0);
    let created = printful.create_unpaid(&order(&shop, 1)).await.unwrap_err();
    assert_eq!(created.retry, Retry::Reconcile, "it is there");
    let looked = printful
        .look_up(&order(&shop, 1).our_ref)
        .await
        .unwrap_err();
    assert!(matches!(looked.retry, Retry::After(_)), "{looked}");
    let paid = printful.pay(&order(&shop, 1).our_ref, total(&shop)).await;
    assert!(paid.is_err());
    assert_eq!(shop.told()["payments"], json!([]));
}

/// Until it is paid, forgetting everything between two calls, as a process that is killed there would.
async fn walk(shop: &Shop, order: &ToPlace) -> Placed {
    let sum = total(shop);
    for _ in 0..80 {
        let printful = shop.open();
        let Ok(found) = printful.look_up(&order.our_ref).await else {
            continue;
        };
        let looked = found.as_ref().map_or(Looked::Missing, Looked::There);
        let ended = match next_step(looked, sum, Tolerance(0), Some(sum)) {
            Step::CreateUnpaid => printful.create_unpaid(order).await.map(drop),
            Step::Pay => printful.pay(&order.our_ref, sum).await,
            Step::Follow => return found.unwrap(),
            other => panic!("{other:?}"),
        };
        if let Err(error) = ended {
            assert_eq!(error.retry, Retry::Reconcile, "{error}");
        }
    }
    panic!("it never comes to an end");
}

#[tokio::test]
async fn with_a_quarter_of_all_answers_lost_each_order_is_there_once_and_paid_once() {
    let shop = shop().await;
    shop.fault("pf_lost", 0.25);
    shop.fault("pf_unsent", 0.25);
    for id in 1..=30 {
        let placed = walk(&shop, &order(&shop, id)).await;
        assert_eq!(placed.state, PlacedState::Paid);
    }
    let told = shop.told();
    assert_eq!(told["orders"].as_array().unwrap().len(), 30);
    let mut paid: Vec<_> = told["payments"].as_array().unwrap().iter().collect();
    assert_eq!(paid.len(), 30);
    paid.sort_by_key(|p| p["number"].to_string());
    paid.dedup_by_key(|p| p["number"].to_string());
    assert_eq!(paid.len(), 30, "an order was paid twice");
}

#[tokio::test]
async fn a_paid_order_goes_out_in_parcels_and_arrives() {
    let shop = shop().await;
    let mut two = order(&shop, 1);
    two.lines.push(PlaceLine {
        variant: two.lines[0].variant.clone(),
        quantity: 1,
    });
    let printful = shop.open();
    let placed = printful.create_unpaid(&two).await.unwrap();
    printful
        .pay(&two.our_ref, placed.total.unwrap())
        .await
        .unwrap();
    let look = async || printful.look_up(&two.our_ref).await.unwrap().unwrap();
    // An hour more than four days: the sandbox counts on while the test runs.
    shop.pass(TimeDelta::hours(4 * 24 + 1));
    let first = look().await;
    // The other parcel is still to come.
    assert_eq!((first.state, first.parcels.len()), (PlacedState::Paid, 1));
    let item = |line, pieces| Some(vec![ParcelItem { line, pieces }]);
    assert_eq!(first.parcels[0].items, item(0, 2), "its own line only");
    shop.pass(TimeDelta::days(1));
    let both = look().await;
    assert_eq!((both.state, both.parcels.len()), (PlacedState::Shipped, 2));
    assert_eq!(both.parcels[1].items, item(1, 1));
    shop.fault("pf_no_items", 1.0);
    let silent = look().await;
    assert!(silent.parcels.iter().all(|p| p.items.is_none()));
    let number = &both.parcels[1].number;
    let tracked = printful.track(number).await.unwrap().unwrap();
    assert_eq!(tracked.state, ParcelState::InTransit);
    shop.pass(TimeDelta::days(7));
    let tracked = printful.track(number).await.unwrap().unwrap();
    assert_eq!(tracked.state, ParcelState::Delivered);
    // Another process has to look at the order first.
    let fresh = shop.open();
    assert_eq!(fresh.track(number).await.unwrap(), None);
    fresh.look_up(&two.our_ref).await.unwrap();
    assert!(fresh.track(number).await.unwrap().is_some());
}

#[tokio::test]
async fn a_late_parcel_is_no_parcel_yet() {
    let shop = shop().await;
    shop.fault("pf_late", 1.0);
    let placed = walk(&shop, &order(&shop, 1)).await;
    shop.pass(TimeDelta::days(10));
    let printful = shop.open();
    let late = printful.look_up(&placed.our_ref).await.unwrap().unwrap();
    assert_eq!((late.state, late.parcels.len()), (PlacedState::Paid, 0));
    shop.pass(TimeDelta::days(12));
    let sent = printful.look_up(&placed.our_ref).await.unwrap().unwrap();
    assert_eq!(sent.parcels.len(), 1);
}
