//! Laws of [`ports::pictures::PictureNotes`].

use super::tools::{connected, race};
use crate::Stores;
use crate::builders::{at, heard, offer_row, offered};
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{ImportId, StoreScope};
use domain::supplier::{
    OfferRow, PictureHash, PictureNote, PictureSeen, PictureSums, SupplierProduct,
};
use ports::pictures::DuePicture;
use uuid::Uuid;

const MOST: u32 = 100;

fn now() -> DateTime<Utc> {
    at("2026-02-01T09:00:00Z")
}

async fn offer(stores: &Stores, scope: StoreScope, n: u32, image: Option<&str>) -> SupplierProduct {
    let row = OfferRow {
        image: image.map(str::to_owned),
        ..offer_row(n, 10)
    };
    let (product, _) = offered(scope, &row, &heard(1));
    let one = std::slice::from_ref(&product);
    let saved = stores.suppliers.save_offers(scope, one, &[], &[]).await;
    saved.expect("saved");
    product
}

fn seen(product: &SupplierProduct, url: &str, seen: PictureSeen, failures: u32) -> PictureNote {
    PictureNote {
        product: product.id,
        url: url.to_owned(),
        seen,
        looked_at: now(),
        failures,
    }
}

async fn claim(stores: &Stores, scope: StoreScope, when: DateTime<Utc>) -> Vec<DuePicture> {
    let until = when + TimeDelta::minutes(2);
    let port = &stores.picture_notes;
    let claimed = port.claim_pictures(scope, when, until, MOST).await;
    claimed.expect("answered")
}

async fn save(stores: &Stores, scope: StoreScope, notes: &[PictureNote]) {
    let saved = stores.picture_notes.save_pictures(scope, notes).await;
    saved.expect("saved");
}

pub async fn what_nobody_looked_at_is_claimed_once_until_the_claim_ends(stores: Stores) {
    let (here, beside) = (
        connected(&stores, 1, 1).await,
        connected(&stores, 1, 2).await,
    );
    let lamp = offer(&stores, here, 1, Some("https://cdn.example/1.jpg")).await;
    offer(&stores, here, 2, None).await;
    offer(&stores, beside, 1, Some("https://cdn.example/2.jpg")).await;
    let wanted = DuePicture {
        product: lamp.id,
        url: "https://cdn.example/1.jpg".to_owned(),
        failures: 0,
    };
    assert_eq!(
        claim(&stores, here, now()).await,
        std::slice::from_ref(&wanted)
    );
    assert_eq!(claim(&stores, here, now()).await, []);
    let later = now() + TimeDelta::minutes(2);
    assert_eq!(
        claim(&stores, here, later).await,
        [wanted],
        "whoever had it died"
    );
    assert_eq!(claim(&stores, beside, now()).await.len(), 1);
}

pub async fn of_many_at_once_each_picture_is_claimed_by_one(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    for n in 1..=6 {
        offer(&stores, here, n, Some("https://cdn.example/same.jpg")).await;
    }
    let claims = race(|_| {
        let port = stores.picture_notes.clone();
        async move {
            let until = now() + TimeDelta::minutes(2);
            port.claim_pictures(here, now(), until, 6).await
        }
    })
    .await;
    let claimed = claims.into_iter().flat_map(|c| c.expect("answered"));
    let mut products: Vec<_> = claimed.map(|c| c.product).collect();
    products.sort();
    let all = products.len();
    products.dedup();
    assert_eq!((all, products.len()), (6, 6));
}

pub async fn what_was_seen_is_not_looked_at_again_but_what_failed_is(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let url = |n: u32| format!("https://cdn.example/{n}.jpg");
    let mut products = Vec::new();
    for n in 1..=3 {
        products.push(offer(&stores, here, n, Some(&url(n))).await);
    }
    claim(&stores, here, now()).await;
    let hash = PictureHash::new(u64::MAX - 5);
    let reason = "the supplier's host answers 404 Not Found".to_owned();
    let failed = PictureSeen::Failed {
        reason: reason.clone(),
    };
    let notes = [
        seen(&products[0], &url(1), PictureSeen::Hashed(hash), 0),
        seen(&products[1], &url(2), PictureSeen::Plain, 0),
        seen(&products[2], &url(3), failed, 2),
    ];
    save(&stores, here, &notes).await;
    let port = &stores.picture_notes;
    let ids: Vec<_> = products.iter().map(|p| p.id).collect();
    let mut expected = notes.to_vec();
    expected.sort_by_key(|note| note.product);
    assert_eq!(port.pictures(here, &ids).await.expect("answered"), expected);
    assert_eq!(port.pictures(here, &[]).await.expect("answered"), []);
    let hashes = port.picture_hashes(here).await.expect("answered");
    assert_eq!(hashes, [(products[0].id, hash)]);
    let sums = port.picture_sums(here).await.expect("answered");
    let expected = PictureSums {
        pictures: 3,
        hashed: 1,
        plain: 1,
        failed: 1,
        reasons: vec![(reason, 1)],
    };
    assert_eq!(sums, expected);
    assert_eq!(claim(&stores, here, now() + TimeDelta::hours(5)).await, []);
    let again = claim(&stores, here, now() + TimeDelta::hours(6)).await;
    let again: Vec<_> = again.iter().map(|d| (d.product, d.failures)).collect();
    assert_eq!(again, [(products[2].id, 2)]);
    let sums = port.picture_sums(here).await.expect("answered");
    assert_eq!(
        (sums.failed, sums.waiting()),
        (0, 1),
        "it is being looked at"
    );
}

pub async fn another_picture_is_looked_at_anew_and_nothing_is_told_of_the_old_one(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let (old, new) = ("https://cdn.example/old.jpg", "https://cdn.example/new.jpg");
    let lamp = offer(&stores, here, 1, Some(old)).await;
    claim(&stores, here, now()).await;
    let hash = PictureSeen::Hashed(PictureHash::new(7));
    save(&stores, here, &[seen(&lamp, old, hash.clone(), 0)]).await;
    offer(&stores, here, 1, Some(new)).await;
    let port = &stores.picture_notes;
    assert_eq!(port.picture_hashes(here).await.expect("answered"), []);
    assert_eq!(port.pictures(here, &[lamp.id]).await.expect("answered"), []);
    let sums = port.picture_sums(here).await.expect("answered");
    assert_eq!((sums.pictures, sums.waiting()), (1, 1));
    let due = claim(&stores, here, now()).await;
    assert_eq!(
        due.first().map(|d| (d.url.as_str(), d.failures)),
        Some((new, 0))
    );
    // It came back while somebody looked at the new one.
    offer(&stores, here, 1, Some(old)).await;
    save(&stores, here, &[seen(&lamp, new, hash, 0)]).await;
    assert_eq!(port.picture_hashes(here).await.expect("answered"), []);
    assert_eq!(claim(&stores, here, now()).await.len(), 1);
}

pub async fn pictures_leave_with_their_products(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let url = "https://cdn.example/1.jpg";
    let lamp = offer(&stores, here, 1, Some(url)).await;
    claim(&stores, here, now()).await;
    let hash = PictureSeen::Hashed(PictureHash::new(7));
    save(&stores, here, &[seen(&lamp, url, hash, 0)]).await;
    let import = ImportId(Uuid::from_u128(1));
    let gone = [lamp.id];
    let port = &stores.suppliers;
    let taken = port.take_back_offers(here, import, &[], &gone).await;
    taken.expect("taken back");
    let port = &stores.picture_notes;
    let sums = port.picture_sums(here).await.expect("answered");
    assert_eq!(sums, PictureSums::default());
    offer(&stores, here, 1, Some(url)).await;
    assert_eq!(
        claim(&stores, here, now()).await.len(),
        1,
        "nothing is known of it"
    );
}

#[macro_export]
macro_rules! picture_laws {
    ($make:ident) => {
        $crate::laws!(
            pictures,
            $make,
            [
                what_nobody_looked_at_is_claimed_once_until_the_claim_ends,
                of_many_at_once_each_picture_is_claimed_by_one,
                what_was_seen_is_not_looked_at_again_but_what_failed_is,
                another_picture_is_looked_at_anew_and_nothing_is_told_of_the_old_one,
                pictures_leave_with_their_products,
            ]
        );
    };
}
