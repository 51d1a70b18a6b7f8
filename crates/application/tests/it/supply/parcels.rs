//! Parcels that tell what they hold.

use super::Shop;
use domain::changes::{Action, ChangeSetStatus as Status};
use domain::supplier::{ParcelItem, PlacedState};

/// Two units in two parcels: each is sent with its own, and the buyer of the second still waits for it.
#[tokio::test(start_paused = true)]
async fn a_parcel_that_tells_what_it_holds_sends_these_units_only() {
    let shop = Shop::new(1).await;
    shop.map(2).await;
    shop.shows(1, |_| {}).await;
    let set = shop.placed(1).await;
    assert_eq!(set.status, Status::Applied, "{:?}", set.error);
    let supplier = &shop.world.suppliers_told.orders;
    let one = || Some(vec![ParcelItem { line: 0, pieces: 1 }]);
    let (line, ..) = shop.line(1).await;
    for (number, state) in [("A1", PlacedState::Paid), ("B2", PlacedState::Shipped)] {
        supplier.send_of(&shop.our_ref(1), number, one(), state);
        shop.follow().await;
        shop.follow().await;
        let order = shop.orders().await.remove(0);
        let last = *order.shipments.last().unwrap();
        let set = shop.world.changes.find(shop.world.workspace, last).await;
        let set = shop.work(&set.unwrap().unwrap()).await;
        assert_eq!(set.status, Status::Applied, "{:?}", set.error);
    }
    let effects = shop.world.writer.effects();
    let sent: Vec<_> = effects
        .iter()
        .map(|e| match &e.action {
            Action::Ship(s) => {
                let numbers: Vec<&str> = s.parcels.iter().map(|p| p.number.as_str()).collect();
                (numbers, s.units.clone(), s.known.is_empty())
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        sent,
        [
            (vec!["A1"], vec![(line, 1)], true),
            (vec!["B2"], vec![(line, 1)], true)
        ]
    );
}
