//! What is put together, by what, and what people can do about it.

use super::*;
use crate::audit::Actor;
use crate::ids::{StoreId, StoreScope, WorkspaceId};
use crate::supplier::OfferPair;
use chrono::DateTime;
use proptest::prelude::*;
use uuid::Uuid;

fn id(n: u128) -> SupplierProductId {
    SupplierProductId(Uuid::from_u128(n))
}

fn sketch(n: u128, title: &str, codes: &[&str]) -> Sketch {
    Sketch {
        id: id(n),
        key: title.to_lowercase(),
        barcodes: codes.iter().map(|c| (*c).to_owned()).collect(),
    }
}

fn said(a: u128, b: u128, verdict: Verdict) -> OfferMatch {
    OfferMatch {
        scope: StoreScope {
            workspace: WorkspaceId(Uuid::nil()),
            store: StoreId(Uuid::nil()),
        },
        pair: OfferPair::of(id(a), id(b)).unwrap(),
        verdict,
        reason: None,
        by: Actor::system(),
        at: DateTime::UNIX_EPOCH,
    }
}

fn made(sketches: &[Sketch], verdicts: &[OfferMatch]) -> Vec<Vec<u128>> {
    let groups = groups(sketches.to_vec(), verdicts);
    let members = groups.iter().map(|g| g.members.iter());
    members
        .map(|m| m.map(|id| id.0.as_u128()).collect())
        .collect()
}

#[test]
fn the_same_words_or_the_same_barcode_are_the_same_thing_and_it_is_said_by_what() {
    let all = [
        sketch(1, "desk lamp", &["04006381333931"]),
        sketch(2, "desk lamp", &[]),
        sketch(3, "lampe de bureau", &["04006381333931"]),
        sketch(4, "mug", &[]),
    ];
    let groups = groups(all.to_vec(), &[]);
    assert_eq!(groups.len(), 2);
    assert_eq!(groups[0].members, [id(1), id(2), id(3)]);
    let code = SameBy::Barcode {
        code: "04006381333931".to_owned(),
    };
    let same = groups[0].same(id(3));
    assert_eq!(
        same,
        [SameAs {
            product: id(1),
            by: code
        }]
    );
    let same = groups[0].same(id(2));
    assert_eq!(
        same,
        [SameAs {
            product: id(1),
            by: SameBy::Title
        }]
    );
    assert_eq!(groups[1].same(id(4)), []);
}

#[test]
fn nearly_the_same_words_are_the_same_thing_unless_a_number_differs() {
    let bottle = "stainless steel vacuum water bottle with straw lid for sports";
    let other = "stainless steel vacuum water bottle with straw lid for school";
    let near = [sketch(1, bottle, &[]), sketch(2, other, &[])];
    assert_eq!(made(&near, &[]), [vec![1, 2]]);
    let small = format!("{bottle} 500");
    let large = format!("{bottle} 750");
    let sizes = [sketch(1, &small, &[]), sketch(2, &large, &[])];
    assert_eq!(made(&sizes, &[]), [vec![1], vec![2]]);
    let swapped = [
        sketch(1, "lamp for a desk", &[]),
        sketch(2, "a desk lamp for", &[]),
    ];
    assert_eq!(
        made(&swapped, &[]),
        [vec![1, 2]],
        "the order of words says nothing"
    );
    let short = [sketch(1, "red lamp", &[]), sketch(2, "lamp red", &[])];
    assert_eq!(
        made(&short, &[]),
        [vec![1], vec![2]],
        "too few words to tell"
    );
}

#[test]
fn what_people_say_stands_whatever_it_looks_like() {
    let alike = [
        sketch(1, "desk lamp", &["00000096385074"]),
        sketch(2, "desk lamp", &["00000096385074"]),
        sketch(3, "desk lamp", &[]),
        sketch(4, "mug", &[]),
    ];
    let apart = [said(1, 2, Verdict::Different)];
    assert_eq!(made(&alike, &apart), [vec![1, 3], vec![2], vec![4]]);
    let joined = [said(4, 2, Verdict::Same), said(2, 1, Verdict::Different)];
    assert_eq!(made(&alike, &joined), [vec![1, 3], vec![2, 4]]);
    let open = [said(1, 2, Verdict::Open)];
    assert_eq!(made(&alike, &open), [vec![1, 2, 3], vec![4]]);
    let groups = groups(alike.to_vec(), &apart);
    assert_ne!(
        groups[0].key, groups[1].key,
        "two things of the same name are two"
    );
}

proptest! {
    #[test]
    fn every_product_is_in_one_group_whatever_the_order_and_what_was_told_apart_stays_apart(
        titles in prop::collection::vec("(red|blue|a desk lamp for home|a desk lamp for home use|mug)", 1..12),
        told in prop::collection::vec((0_u128..12, 0_u128..12, any::<bool>()), 0..8),
    ) {
        let all: Vec<_> = (1..).zip(&titles).map(|(n, t)| sketch(n, t, &[])).collect();
        let told = told.into_iter().filter(|(a, b, _)| a != b);
        let told: BTreeMap<_, _> = told.map(|(a, b, same)| {
            ((a.min(b), a.max(b)), if same { Verdict::Same } else { Verdict::Different })
        }).collect();
        let told: Vec<_> = told.into_iter().map(|((a, b), v)| said(a, b, v)).collect();
        let groups = made(&all, &told);
        let mut backwards = all.clone();
        backwards.reverse();
        prop_assert_eq!(&groups, &made(&backwards, &told));
        let mut seen: Vec<_> = groups.iter().flatten().copied().collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, (1..=titles.len() as u128).collect::<Vec<_>>());
        for one in told.iter().filter(|m| m.verdict == Verdict::Different) {
            let (a, b) = (one.pair.one.0.as_u128(), one.pair.other.0.as_u128());
            prop_assert!(!groups.iter().any(|g| g.contains(&a) && g.contains(&b)));
        }
    }
}
