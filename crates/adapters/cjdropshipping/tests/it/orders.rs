//! Orders at the sandbox's supplier: the laws, and any answer lost.

use crate::{Shop, shop};
use chrono::{TimeDelta, Utc};
use domain::ids::{OrderId, StoreId};
use domain::money::{Currency, Money};
use domain::supplier::{
    CallOff, Looked, NotPayable, OurRef, ParcelState, PlaceLine, Placed, PlacedState, Recipient,
    Step, ToPlace, Tolerance, next_call_off, next_step,
};
use ports::supplier_orders::SupplierOrders as _;
use ports::supplier_platforms::{Purpose, SupplierSource as _};
use ports::{Kind, Retry};
use sandbox::cj::CJ_API_KEY;
use serde_json::json;
use testkit::laws::supplier_orders as laws;
use uuid::Uuid;

fn order(shop: &Shop, id: i64) -> ToPlace {
    let vid = shop.product()["variants"][0]["vid"].clone();
    ToPlace {
        our_ref: OurRef::of(StoreId(Uuid::from_u128(7)), OrderId(id), 0),
        lines: vec![PlaceLine {
            variant: vid.as_str().unwrap().to_owned(),
            quantity: 2,
        }],
        ships_from: "CN".to_owned(),
        service: "CJPacket Ordinary".to_owned(),
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
    let own = shop.product();
    let variant = &own["variants"][0];
    let (price, weight) = (&variant["price"], &variant["weight"]);
    let postage = 180 + weight.as_i64().unwrap() * 2 * 4 / 5;
    let minor = price.as_i64().unwrap() * 2 + postage;
    Money::new(minor, Currency::parse("USD").unwrap())
}

#[tokio::test]
async fn it_obeys_the_laws_of_orders() {
    let shop = shop().await;
    let cj = shop.open_with(CJ_API_KEY, Purpose::Orders);
    let sum = total(&shop);
    laws::an_order_is_created_unpaid_and_found_by_our_reference(&cj, &order(&shop, 1)).await;
    laws::a_taken_reference_is_a_conflict_and_no_second_order(&cj, &order(&shop, 2)).await;
    laws::an_order_is_paid_once_and_never_above_what_was_approved(&cj, &order(&shop, 3)).await;
    laws::what_is_not_there_is_not_paid(&cj, &order(&shop, 4), sum).await;
    let told = shop.told();
    assert_eq!(told["orders"].as_array().unwrap().len(), 3);
    let cents = &told["payments"][0]["cents"];
    assert_eq!(
        (told["payments"].as_array().unwrap().len(), cents),
        (1, &json!(sum.minor))
    );
}

#[tokio::test]
async fn what_is_not_paid_is_taken_back() {
    let shop = shop().await;
    let cj = shop.open_with(CJ_API_KEY, Purpose::Orders);
    let two = (order(&shop, 1), order(&shop, 2));
    laws::an_order_that_is_not_paid_is_taken_back_and_a_paid_one_stays(&cj, &two.0, &two.1).await;
    // CJ may not let go of it: then it stays, and is told so.
    cj.create_unpaid(&order(&shop, 3)).await.unwrap();
    shop.fault("cj_undeleted", 1.0);
    let stays = cj.cancel_unpaid(&order(&shop, 3).our_ref).await;
    let stays = stays.unwrap_err();
    assert_eq!(stays.kind, Kind::Conflict);
    assert!(stays.detail.contains("1603002"), "{stays}");
    shop.fault("cj_undeleted", 0.0);
    shop.fault("cj_lost", 1.0);
    let lost = cj.cancel_unpaid(&order(&shop, 3).our_ref).await;
    assert_eq!(lost.unwrap_err().retry, Retry::Reconcile);
    let found = cj.look_up(&order(&shop, 3).our_ref).await.unwrap();
    assert_eq!(
        found.unwrap().state,
        PlacedState::Cancelled,
        "the look tells"
    );
}

/// Until it is gone, forgetting everything between two calls.
#[tokio::test]
async fn with_a_quarter_of_all_answers_lost_each_order_is_called_off() {
    let shop = shop().await;
    shop.fault("cj_lost", 0.25);
    shop.fault("cj_unsent", 0.25);
    for id in 1..=10 {
        let order = order(&shop, id);
        for _ in 0..40 {
            let cj = shop.open_with(CJ_API_KEY, Purpose::Orders);
            match cj.create_unpaid(&order).await {
                Err(error) if error.kind != Kind::Conflict => {}
                _ => break,
            }
        }
        let mut calls = 0;
        loop {
            calls += 1;
            assert!(calls < 80, "it never comes to an end");
            let cj = shop.open_with(CJ_API_KEY, Purpose::Orders);
            let Ok(found) = cj.look_up(&order.our_ref).await else {
                continue;
            };
            let looked = found.as_ref().map_or(Looked::Missing, Looked::There);
            match next_call_off(looked) {
                CallOff::Cancel => {
                    if let Err(error) = cj.cancel_unpaid(&order.our_ref).await {
                        let again = error.kind == Kind::Conflict || error.retry == Retry::Reconcile;
                        assert!(again, "{error}");
                    }
                }
                CallOff::Done => break,
                other => panic!("{other:?}"),
            }
        }
    }
    let told = shop.told();
    let orders = told["orders"].as_array().unwrap();
    assert_eq!(orders.len(), 10);
    assert!(orders.iter().all(|o| o["state"] == "CANCELLED"), "{told}");
    assert_eq!(told["payments"], json!([]));
}

#[tokio::test]
async fn points_that_are_used_up_stop_no_order() {
    let shop = shop().await;
    let cj = shop.open_with(CJ_API_KEY, Purpose::Orders);
    shop.points(0);
    laws::an_order_is_paid_once_and_never_above_what_was_approved(&cj, &order(&shop, 1)).await;
}

#[tokio::test]
async fn an_order_that_is_held_or_dearer_waits_for_a_person() {
    let shop = shop().await;
    let cj = shop.open_with(CJ_API_KEY, Purpose::Orders);
    shop.fault("cj_intercept", 1.0);
    let held = cj.create_unpaid(&order(&shop, 1)).await.unwrap();
    assert_eq!(
        held.held,
        ["The address cannot be delivered to (code 1001)"]
    );
    shop.fault("cj_intercept", 0.0);
    shop.fault("cj_dearer", 1.0);
    let dearer = cj.create_unpaid(&order(&shop, 2)).await.unwrap();
    assert!(dearer.total.unwrap().minor > total(&shop).minor);
    let paid = cj.pay(&order(&shop, 2).our_ref, total(&shop)).await;
    assert_eq!(paid.unwrap_err().kind, Kind::Conflict);
    shop.fault("cj_dearer", 0.0);
    cj.create_unpaid(&order(&shop, 3)).await.unwrap();
    shop.change(json!({"balance": 10}));
    let poor = cj.pay(&order(&shop, 3).our_ref, total(&shop)).await;
    let poor = poor.unwrap_err();
    assert_eq!(poor.kind, Kind::Rejected);
    assert!(poor.detail.contains("balance"), "{poor}");
    assert_eq!(shop.told()["payments"], json!([]));
}

#[tokio::test]
async fn what_cannot_be_ordered_is_refused_and_nothing_is_there() {
    let shop = shop().await;
    let cj = shop.open_with(CJ_API_KEY, Purpose::Orders);
    let mut wrong = order(&shop, 1);
    wrong.recipient.country = "ZZ".to_owned();
    assert_eq!(
        cj.create_unpaid(&wrong).await.unwrap_err().kind,
        Kind::Rejected
    );
    let mut wrong = order(&shop, 1);
    wrong.service = "Pigeon".to_owned();
    assert_eq!(
        cj.create_unpaid(&wrong).await.unwrap_err().kind,
        Kind::Rejected
    );
    assert_eq!(shop.told()["orders"], json!([]));
}

/// CJ tells of a hold only in the answer to the creation.
#[tokio::test]
async fn a_hold_of_a_lost_answer_is_unknown_and_no_step_pays_it() {
    let shop = shop().await;
    let cj = shop.open_with(CJ_API_KEY, Purpose::Orders);
    shop.fault("cj_intercept", 1.0);
    shop.fault("cj_lost", 1.0);
    let lost = cj.create_unpaid(&order(&shop, 1)).await.unwrap_err();
    assert_eq!(lost.retry, Retry::Reconcile);
    let placed = cj.look_up(&order(&shop, 1).our_ref).await.unwrap().unwrap();
    assert!(placed.held.is_empty() && !placed.holds_told, "{placed:?}");
    let sum = total(&shop);
    let step = next_step(Looked::There(&placed), sum, Tolerance(0), Some(sum));
    assert_eq!(step, Step::Stop(NotPayable::HoldsUnknown));
}

/// Until it is paid, forgetting everything between two calls, as a process that is killed there would.
async fn walk(shop: &Shop, order: &ToPlace) -> Placed {
    let sum = total(shop);
    for _ in 0..60 {
        let cj = shop.open_with(CJ_API_KEY, Purpose::Orders);
        let Ok(found) = cj.look_up(&order.our_ref).await else {
            continue;
        };
        // Somebody has looked there whether it is held back where the answer that told it was lost.
        let found = found.map(|placed| Placed {
            holds_told: true,
            ..placed
        });
        let looked = found.as_ref().map_or(Looked::Missing, Looked::There);
        let ended = match next_step(looked, sum, Tolerance(0), Some(sum)) {
            Step::CreateUnpaid => cj.create_unpaid(order).await.map(drop),
            Step::Pay => cj.pay(&order.our_ref, sum).await,
            Step::Follow => return found.unwrap(),
            other => panic!("{other:?}"),
        };
        if let Err(error) = ended {
            // What was sent before a kill may arrive after the look-up: then it is looked again.
            let again = error.kind == Kind::Conflict || error.retry == Retry::Reconcile;
            assert!(again, "{error}");
        }
    }
    panic!("it never comes to an end");
}

/// Each call forgets all before it, as after a kill: at least four calls an order.
const ORDERS: i64 = 60;

#[tokio::test]
async fn with_a_quarter_of_all_answers_lost_each_order_is_there_once_and_paid_once() {
    let shop = shop().await;
    shop.change(json!({"balance": 100_000_000}));
    shop.fault("cj_lost", 0.25);
    shop.fault("cj_unsent", 0.25);
    for id in 1..=ORDERS {
        let placed = walk(&shop, &order(&shop, id)).await;
        assert_eq!(placed.state, PlacedState::Paid);
    }
    let told = shop.told();
    assert_eq!(told["orders"].as_array().unwrap().len() as i64, ORDERS);
    let mut paid: Vec<_> = told["payments"].as_array().unwrap().iter().collect();
    assert_eq!(paid.len() as i64, ORDERS);
    paid.sort_by_key(|p| p["number"].to_string());
    paid.dedup_by_key(|p| p["number"].to_string());
    assert_eq!(paid.len() as i64, ORDERS, "an order was paid twice");
}

/// So many calls are cut off in the middle, wherever they are, as by a kill; and of the others a quarter is lost on each way.
const KILLS: u32 = 200;

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_kills_with_lost_answers_double_nothing() {
    let shop = shop().await;
    shop.change(json!({"balance": 100_000_000}));
    shop.fault("cj_lost", 0.25);
    shop.fault("cj_unsent", 0.25);
    let (mut kills, mut orders, mut chance) = (0, 0, 7_u64);
    while kills < KILLS {
        orders += 1;
        let order = order(&shop, orders);
        // Each try lives a little longer, so that a slow machine comes to an end too.
        let mut most = 4_000;
        loop {
            chance = chance
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let lives = std::time::Duration::from_micros((chance >> 33) % most);
            match tokio::time::timeout(lives, walk(&shop, &order)).await {
                Ok(placed) => {
                    assert_eq!(placed.state, PlacedState::Paid);
                    break;
                }
                Err(_) => kills += 1,
            }
            most += most / 4;
        }
    }
    let told = shop.told();
    let numbers = |list: &str| {
        let all = told[list].as_array().unwrap().iter();
        let mut all: Vec<_> = all.map(|o| o["number"].to_string()).collect();
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count, "one of {list} is there twice");
        count as i64
    };
    assert_eq!((numbers("orders"), numbers("payments")), (orders, orders));
    println!("{kills} kills over {orders} orders: none doubled");
}

#[tokio::test]
async fn a_paid_order_goes_out_and_arrives() {
    let shop = shop().await;
    let placed = walk(&shop, &order(&shop, 1)).await;
    assert_eq!(placed.parcels, []);
    let cj = shop.open_with(CJ_API_KEY, Purpose::Orders);
    let begun: chrono::DateTime<Utc> = "2026-11-27T18:00:00Z".parse().unwrap();
    let after = |days| (begun + TimeDelta::days(days) + TimeDelta::hours(1)).timestamp();
    shop.sandbox.set_now(after(3));
    let sent = cj.look_up(&placed.our_ref).await.unwrap().unwrap();
    assert_eq!(sent.state, PlacedState::Shipped);
    let parcel = &sent.parcels[0];
    assert_eq!(parcel.carrier.as_deref(), Some("CJPacket Ordinary"));
    let tracked = cj.track(&parcel.number).await.unwrap().unwrap();
    assert_eq!(tracked.state, ParcelState::InTransit);
    shop.sandbox.set_now(after(12));
    let tracked = cj.track(&parcel.number).await.unwrap().unwrap();
    assert_eq!(tracked.state, ParcelState::Delivered);
}
