//! Pictures of suppliers' products over the fakes: looked at in the background, compared once all are, and shown to their own workspace.

use crate::offers::Shop;
use application::opportunities::MatchWish;
use application::pictures::{PictureDesk, PictureError};
use chrono::TimeDelta;
use domain::audit::Actor;
use domain::ids::{SupplierProductId, WorkspaceId};
use domain::opportunity::SameBy;
use domain::supplier::{OfferRow, PictureHash, PictureSeen, SupplierProduct, Verdict};
use ports::Kind;
use ports::opportunities::OpportunityFilter;
use testkit::builders::{heard, offer_row, offered};
use uuid::Uuid;

const LANTERN: PictureHash = PictureHash::new(0x0f0f_1234_5678_9abc);

fn url(number: u32) -> String {
    format!("https://cdn.example/{number}.jpg")
}

async fn offer(shop: &Shop, number: u32, title: &str, has_image: bool) -> SupplierProduct {
    let row = OfferRow {
        title: Some(title.to_owned()),
        image: has_image.then(|| url(number)),
        ..offer_row(number, 10)
    };
    let (product, prices) = offered(shop.store.scope, &row, &heard(1));
    let one = std::slice::from_ref(&product);
    let port = &shop.world.ports.suppliers;
    let saved = port.save_offers(shop.store.scope, one, &prices, &[]).await;
    saved.unwrap();
    product
}

fn desk(shop: &Shop) -> PictureDesk {
    PictureDesk::new(shop.world.ports.clone(), shop.world.hub.clone())
}

/// Until nothing is due; answers how many were looked at.
async fn through(desk: &PictureDesk) -> usize {
    let mut all = 0;
    loop {
        match desk.look_at_some().await.unwrap() {
            0 => return all,
            some => all += some,
        }
    }
}

#[tokio::test]
async fn offers_with_nearly_the_same_picture_become_one_thing_until_somebody_splits_them() {
    let shop = Shop::new().await;
    let (desk, hosts) = (desk(&shop), shop.world.pictures.clone());
    let lantern = offer(&shop, 1, "Folding Camping Lantern", true).await;
    let other = offer(&shop, 2, "Camping Lantern Folding Usb", true).await;
    offer(&shop, 3, "Wool Blanket", true).await;
    hosts.put(&url(1), Ok(Some(LANTERN)));
    hosts.put(&url(2), Ok(Some(PictureHash::new(LANTERN.bits() ^ 0b101))));
    hosts.put(&url(3), Ok(Some(LANTERN)));
    assert_eq!(through(&desk).await, 3);
    let found = shop.found(OpportunityFilter::default()).await;
    assert_eq!(found.len(), 2, "the blanket shares no word with them");
    let joined = found.iter().find(|w| w.opportunity.leads.len() == 2);
    let same = &joined.unwrap().opportunity.leads[1].same[0];
    let by = SameBy::Image {
        distance: 2,
        share: 8_571,
    };
    assert_eq!(same.by, by);
    let wish = MatchWish {
        product: lantern.id,
        others: vec![other.id],
        verdict: Verdict::Different,
        reason: None,
    };
    let by = Actor::system();
    let said = shop.opportunities.set_matches(&shop.store, wish, &by);
    said.await.unwrap();
    assert_eq!(shop.found(OpportunityFilter::default()).await.len(), 3);
    // What is seen later changes nothing of what was said.
    offer(&shop, 4, "Mug", true).await;
    hosts.put(&url(4), Ok(Some(PictureHash::new(1))));
    assert_eq!(through(&desk).await, 1);
    assert_eq!(shop.found(OpportunityFilter::default()).await.len(), 4);
}

#[tokio::test]
async fn what_cannot_be_looked_at_has_a_reason_and_is_tried_again_ever_later() {
    let shop = Shop::new().await;
    let (desk, hosts) = (desk(&shop), shop.world.pictures.clone());
    let lost = offer(&shop, 1, "Lantern", true).await;
    let blank = offer(&shop, 2, "Mug", true).await;
    offer(&shop, 3, "Bowl", false).await;
    hosts.put(
        &url(1),
        Err((Kind::Unavailable, "the supplier's host cannot be reached")),
    );
    hosts.put(&url(2), Ok(None));
    assert_eq!(through(&desk).await, 2);
    let sums = desk.sums(&shop.store).await.unwrap();
    assert_eq!(
        (sums.pictures, sums.plain, sums.failed, sums.waiting()),
        (2, 1, 1, 0)
    );
    let why = "the supplier's host cannot be reached".to_owned();
    assert_eq!(sums.reasons, [(why, 1)]);
    shop.world.clock.advance(TimeDelta::minutes(59));
    assert_eq!(through(&desk).await, 0);
    shop.world.clock.advance(TimeDelta::minutes(2));
    assert_eq!(through(&desk).await, 1);
    shop.world.clock.advance(TimeDelta::hours(2));
    assert_eq!(through(&desk).await, 0, "the second time it waits longer");
    hosts.put(&url(1), Ok(Some(LANTERN)));
    shop.world.clock.advance(TimeDelta::hours(5));
    assert_eq!(through(&desk).await, 1);
    let notes = &shop.world.ports.picture_notes;
    let ids = [lost.id, blank.id];
    let seen = notes.pictures(shop.store.scope, &ids).await.unwrap();
    let of = |id| {
        seen.iter()
            .find(|n| n.product == id)
            .map(|n| (n.seen.clone(), n.failures))
    };
    assert_eq!(of(lost.id), Some((PictureSeen::Hashed(LANTERN), 0)));
    assert_eq!(of(blank.id), Some((PictureSeen::Plain, 0)));
}

#[tokio::test]
async fn a_picture_is_shown_to_its_own_workspace_only() {
    let shop = Shop::new().await;
    let (desk, hosts) = (desk(&shop), shop.world.pictures.clone());
    let lantern = offer(&shop, 1, "Lantern", true).await;
    let bare = offer(&shop, 2, "Mug", false).await;
    let missing = offer(&shop, 3, "Bowl", true).await;
    let away = offer(&shop, 4, "Tent", true).await;
    hosts.put(&url(1), Ok(Some(LANTERN)));
    hosts.put(
        &url(4),
        Err((Kind::Unavailable, "the supplier's host broke off")),
    );
    let here = shop.world.workspace;
    let show = |workspace: WorkspaceId, id: SupplierProductId| desk.show(workspace, id);
    assert_eq!(show(here, lantern.id).await.unwrap().mark, url(1));
    let elsewhere = WorkspaceId(Uuid::from_u128(99));
    let asked = hosts.asked().len();
    let refused = show(elsewhere, lantern.id).await.unwrap_err();
    assert!(matches!(refused, PictureError::Unknown), "{refused}");
    let refused = show(here, bare.id).await.unwrap_err();
    assert!(matches!(refused, PictureError::Untold), "{refused}");
    assert_eq!(hosts.asked().len(), asked, "nobody was asked");
    let refused = show(here, missing.id).await.unwrap_err();
    assert!(matches!(refused, PictureError::NoPicture(_)), "{refused}");
    let refused = show(here, away.id).await.unwrap_err();
    assert!(matches!(refused, PictureError::Away(_)), "{refused}");
}
