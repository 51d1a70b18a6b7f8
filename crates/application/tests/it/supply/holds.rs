//! A supplier that tells only when an order is created whether it holds it back.

use super::Shop;
use domain::changes::ChangeSetStatus as Status;
use domain::supplier::SupplierOrderState;
use testkit::fakes::Cut;

#[tokio::test(start_paused = true)]
async fn a_hold_that_was_told_in_a_lost_answer_is_not_paid_over() {
    let shop = Shop::new(1).await;
    shop.map(2).await;
    shop.shows(1, |_| {}).await;
    let supplier = shop.world.suppliers_told.orders.clone();
    supplier.tell_holds_once(&["The address cannot be delivered to"]);
    supplier.cut([Some(Cut::After)]);
    let set = shop.placed(1).await;
    assert_ne!(set.status, Status::Applied);
    assert_eq!((supplier.orders().len(), supplier.payments().len()), (1, 0));
    let told = set.operations[0].error.clone().unwrap();
    assert!(told.contains("was lost"), "{told}");
    shop.follow().await;
    let order = shop.orders().await.remove(0);
    assert_eq!(order.state, SupplierOrderState::Unpaid);
}

#[tokio::test(start_paused = true)]
async fn one_that_held_nothing_back_is_paid_though_a_later_answer_is_lost() {
    let shop = Shop::new(1).await;
    shop.map(2).await;
    shop.shows(1, |_| {}).await;
    let supplier = shop.world.suppliers_told.orders.clone();
    supplier.tell_holds_once(&[]);
    supplier.cut([None, Some(Cut::Before)]);
    let set = shop.placed(1).await;
    assert_eq!((set.status, set.error.as_deref()), (Status::Applied, None));
    assert_eq!(supplier.payments().len(), 1);
    assert_eq!(shop.orders().await[0].held, Some(Vec::new()));
}

#[tokio::test(start_paused = true)]
async fn a_hold_that_was_heard_is_told_for_as_long_as_it_is_unpaid() {
    let shop = Shop::new(1).await;
    shop.map(2).await;
    shop.shows(1, |_| {}).await;
    let supplier = shop.world.suppliers_told.orders.clone();
    supplier.tell_holds_once(&["The address cannot be delivered to"]);
    let set = shop.placed(1).await;
    assert_ne!(set.status, Status::Applied);
    assert_eq!(supplier.payments().len(), 0);
    shop.follow().await;
    let order = shop.orders().await.remove(0);
    assert_eq!(
        order.why.as_deref(),
        Some("The address cannot be delivered to")
    );
}
