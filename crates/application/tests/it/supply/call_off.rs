//! Taking back what stands unpaid at a supplier.

use super::{Shop, person};
use application::supply::SupplyError;
use domain::changes::{Action, ChangeSet, ChangeSetStatus as Status, OperationState as State};
use domain::ids::SupplierOrderId;
use domain::supplier::SupplierOrderState;
use testkit::fakes::Cut;

/// An order that the supplier made dearer stands there unpaid, with its line.
async fn unpaid() -> (Shop, SupplierOrderId) {
    let shop = Shop::new(1).await;
    shop.map(2).await;
    shop.shows(1, |_| {}).await;
    for quotes in shop.world.suppliers_told.told().quotes.values_mut() {
        quotes[0].cost.minor = 400;
    }
    let set = shop.placed(1).await;
    assert_ne!(set.status, Status::Applied);
    shop.follow().await;
    let order = shop.orders().await.remove(0);
    assert_eq!(order.state, SupplierOrderState::Unpaid);
    (shop, order.plan.id)
}

async fn proposed(shop: &Shop, id: SupplierOrderId) -> Result<ChangeSet, SupplyError> {
    shop.supply.call_off(&shop.store, id, &person("ada")).await
}

async fn refused(shop: &Shop, id: SupplierOrderId, why: &str) {
    match proposed(shop, id).await {
        Err(SupplyError::Invalid(faults)) => {
            assert!(faults[0].message.contains(why), "{faults:?}");
        }
        other => panic!("{why}: {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_not_paid_is_called_off_and_its_line_is_free() {
    for cut in [None, Some(Cut::Before), Some(Cut::After)] {
        let (shop, id) = unpaid().await;
        let supplier = shop.world.suppliers_told.orders.clone();
        let set = proposed(&shop, id).await.unwrap();
        assert_eq!(
            supplier.orders().len(),
            1,
            "nothing leaves before it is approved"
        );
        shop.approve(&set).await.unwrap();
        supplier.cut([cut]);
        let set = shop.work(&set).await;
        assert_eq!(set.status, Status::Applied, "{cut:?} {:?}", set.error);
        assert_eq!(supplier.orders(), [], "{cut:?}");
        shop.follow().await;
        let order = shop.orders().await.remove(0);
        assert_eq!(order.state, SupplierOrderState::Cancelled);
        assert!(order.why.unwrap().contains("called off"), "{cut:?}");
        assert_eq!(order.called_off, Some(set.id));
        refused(&shop, id, "called off already").await;
        // The line can be had again, under another number.
        let again = shop.propose(1).await.unwrap();
        let Action::SupplierOrder(plan) = &again.operations[0].action else {
            panic!("{again:?}")
        };
        assert_ne!(plan.our_ref, order.plan.our_ref);
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_paid_meanwhile_stays() {
    let (shop, id) = unpaid().await;
    let supplier = shop.world.suppliers_told.orders.clone();
    let set = proposed(&shop, id).await.unwrap();
    shop.approve(&set).await.unwrap();
    let placed = supplier.orders().remove(0);
    supplier.paid_there(&placed.our_ref);
    let set = shop.work(&set).await;
    assert_eq!(set.operations[0].state, State::Drifted, "{set:?}");
    assert_eq!(supplier.orders().len(), 1);
    shop.follow().await;
    let order = shop.orders().await.remove(0);
    assert_eq!(order.state, SupplierOrderState::Paid);
    refused(&shop, id, "is paid").await;
}
