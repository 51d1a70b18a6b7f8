//! Laws of [`ports::letters::LetterStore`].

use super::tools::{one_claims, race};
use crate::Stores;
use crate::builders::{at, invitation, user};
use chrono::{DateTime, Duration, Utc};
use domain::ids::{LetterId, PurchaseOrderId};
use domain::letter::{Errand, OwedLetter};

fn now() -> DateTime<Utc> {
    at("2026-02-01T12:00:00Z")
}

fn forgotten(number: u32) -> OwedLetter {
    let somebody = user(1, number);
    OwedLetter {
        id: LetterId(somebody.id.0),
        errand: Errand::Forgotten {
            email: somebody.email,
        },
        created_at: now(),
        attempts: 0,
    }
}

fn invited() -> OwedLetter {
    let link = invitation(1, 5);
    OwedLetter {
        id: LetterId(link.id.0),
        errand: Errand::Link {
            workspace: link.workspace,
            link: link.id,
            email: link.email,
        },
        created_at: now(),
        attempts: 1,
    }
}

pub async fn a_letter_is_taken_up_when_it_is_due(stores: Stores) {
    let letters = &stores.letters;
    let minute = Duration::minutes(1);
    let claim = async |when: DateTime<Utc>| {
        let claimed = letters.claim_letter(when, when + minute).await;
        claimed.expect("asked")
    };
    assert_eq!(claim(now()).await, None);
    let (early, late) = (forgotten(1), invited());
    let owed = letters.owe_letter(&late, now() + minute).await;
    owed.expect("owed");
    letters.owe_letter(&early, now()).await.expect("owed");
    assert_eq!(claim(now() - minute).await, None);
    let first = OwedLetter {
        attempts: 1,
        ..early
    };
    assert_eq!(claim(now()).await, Some(first.clone()));
    assert_eq!(claim(now()).await, None, "it is held");
    let second = OwedLetter {
        attempts: 2,
        ..late
    };
    let again = OwedLetter {
        attempts: 2,
        ..first.clone()
    };
    let both = [claim(now() + minute).await, claim(now() + minute).await];
    assert!(both.contains(&Some(second.clone())), "{both:?}");
    assert!(both.contains(&Some(again.clone())), "who held it died");
    let off = letters.put_letter_off(&first, now()).await;
    assert!(!off.expect("asked"), "somebody else took it up");
    let later = now() + minute * 9;
    assert!(letters.put_letter_off(&again, later).await.expect("asked"));
    letters.letter_done(second.id).await.expect("done");
    letters.letter_done(second.id).await.expect("done already");
    let off = letters.put_letter_off(&second, now()).await;
    assert!(!off.expect("asked"));
    assert_eq!(claim(later - minute).await, None);
    let third = OwedLetter {
        attempts: 3,
        ..again
    };
    assert_eq!(claim(later).await, Some(third));
}

pub async fn an_order_of_goods_comes_back_as_it_was_owed(stores: Stores) {
    let link = invitation(1, 5);
    let letter = OwedLetter {
        id: LetterId(link.id.0),
        errand: Errand::Purchase {
            workspace: link.workspace,
            order: PurchaseOrderId(link.id.0),
            email: link.email,
        },
        created_at: now(),
        attempts: 0,
    };
    let owed = stores.letters.owe_letter(&letter, now()).await;
    owed.expect("owed");
    let claimed = stores.letters.claim_letter(now(), now()).await;
    let expected = OwedLetter {
        attempts: 1,
        ..letter
    };
    assert_eq!(claimed.expect("asked"), Some(expected));
}

pub async fn of_many_at_once_one_takes_a_letter_up(stores: Stores) {
    let owed = stores.letters.owe_letter(&forgotten(1), now()).await;
    owed.expect("owed");
    let claims = race(|_| {
        let letters = stores.letters.clone();
        let until = now() + Duration::minutes(1);
        async move { letters.claim_letter(now(), until).await }
    })
    .await;
    one_claims(&claims);
}

#[macro_export]
macro_rules! letter_laws {
    ($make:ident) => {
        $crate::laws!(
            letters,
            $make,
            [
                a_letter_is_taken_up_when_it_is_due,
                an_order_of_goods_comes_back_as_it_was_owed,
                of_many_at_once_one_takes_a_letter_up,
            ]
        );
    };
}
