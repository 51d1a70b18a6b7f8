//! Orders at a supplier: each law over one supplier that has no order of this reference yet.

use domain::money::Money;
use domain::supplier::{Placed, PlacedState, ToPlace};
use ports::supplier_orders::SupplierOrders;
use ports::{Kind, PortError};

fn kind<T>(result: Result<T, PortError>) -> Option<Kind> {
    result.err().map(|error| error.kind)
}

/// What a supplier tells at the creation alone is not expected later; it must not say then that nothing holds the order back.
fn seen(found: Placed, created: &Placed) -> Placed {
    if found.holds_told {
        return found;
    }
    Placed {
        held: created.held.clone(),
        holds_told: created.holds_told,
        ..found
    }
}

pub async fn an_order_is_created_unpaid_and_found_by_our_reference(
    supplier: &dyn SupplierOrders,
    order: &ToPlace,
) {
    assert_eq!(
        supplier.look_up(&order.our_ref).await.expect("looked up"),
        None
    );
    let created = supplier.create_unpaid(order).await.expect("created");
    assert_eq!(created.our_ref, order.our_ref);
    assert_eq!(created.state, PlacedState::Unpaid);
    let found = supplier.look_up(&order.our_ref).await.expect("looked up");
    assert_eq!(found.map(|found| seen(found, &created)), Some(created));
}

pub async fn a_taken_reference_is_a_conflict_and_no_second_order(
    supplier: &dyn SupplierOrders,
    order: &ToPlace,
) {
    let first = supplier.create_unpaid(order).await.expect("created");
    let again = supplier.create_unpaid(order).await;
    assert_eq!(kind(again), Some(Kind::Conflict));
    let found = supplier.look_up(&order.our_ref).await.expect("looked up");
    assert_eq!(found.map(|found| seen(found, &first)), Some(first));
}

pub async fn an_order_is_paid_once_and_never_above_what_was_approved(
    supplier: &dyn SupplierOrders,
    order: &ToPlace,
) {
    let total = supplier
        .create_unpaid(order)
        .await
        .expect("created")
        .total
        .expect("a total");
    let less = Money::new(total.minor - 1, total.currency);
    let too_little = supplier.pay(&order.our_ref, less).await;
    assert_eq!(kind(too_little), Some(Kind::Conflict));
    let found = supplier
        .look_up(&order.our_ref)
        .await
        .expect("looked up")
        .expect("there");
    assert_eq!(found.state, PlacedState::Unpaid);
    supplier.pay(&order.our_ref, total).await.expect("paid");
    let found = supplier
        .look_up(&order.our_ref)
        .await
        .expect("looked up")
        .expect("there");
    assert_eq!(found.state, PlacedState::Paid);
    let again = supplier.pay(&order.our_ref, total).await;
    assert_eq!(kind(again), Some(Kind::Conflict));
}

pub async fn what_is_not_there_is_not_paid(
    supplier: &dyn SupplierOrders,
    order: &ToPlace,
    total: Money,
) {
    let paid = supplier.pay(&order.our_ref, total).await;
    assert_eq!(kind(paid), Some(Kind::NotFound));
}

/// Unpaid it goes, and its number with it or not; paid it stays.
pub async fn an_order_that_is_not_paid_is_taken_back_and_a_paid_one_stays(
    supplier: &dyn SupplierOrders,
    order: &ToPlace,
    other: &ToPlace,
) {
    let nothing = supplier.cancel_unpaid(&order.our_ref).await;
    assert_eq!(kind(nothing), Some(Kind::NotFound));
    supplier.create_unpaid(order).await.expect("created");
    let total = supplier.create_unpaid(other).await.expect("created");
    let total = total.total.expect("a total");
    supplier
        .cancel_unpaid(&order.our_ref)
        .await
        .expect("taken back");
    let found = supplier.look_up(&order.our_ref).await.expect("looked up");
    let state = found.map(|f| f.state);
    assert!(
        matches!(state, None | Some(PlacedState::Cancelled)),
        "{state:?}"
    );
    let again = kind(supplier.cancel_unpaid(&order.our_ref).await);
    assert!(
        matches!(again, Some(Kind::NotFound | Kind::Conflict)),
        "{again:?}"
    );
    supplier.pay(&other.our_ref, total).await.expect("paid");
    let paid = supplier.cancel_unpaid(&other.our_ref).await;
    assert_eq!(kind(paid), Some(Kind::Conflict));
    let found = supplier.look_up(&other.our_ref).await.expect("looked up");
    assert_eq!(found.map(|f| f.state), Some(PlacedState::Paid));
}

pub async fn one_that_takes_no_orders_refuses_each_call(
    supplier: &dyn SupplierOrders,
    order: &ToPlace,
    total: Money,
) {
    let refused = [
        kind(supplier.look_up(&order.our_ref).await),
        kind(supplier.create_unpaid(order).await),
        kind(supplier.pay(&order.our_ref, total).await),
        kind(supplier.cancel_unpaid(&order.our_ref).await),
    ];
    assert_eq!(refused, [Some(Kind::Unsupported); 4]);
}
