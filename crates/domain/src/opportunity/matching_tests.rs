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
        picture: None,
    }
}

fn showing(n: u128, title: &str, picture: u64) -> Sketch {
    sketch(n, title, &[]).showing(Some(PictureHash::new(picture)))
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

#[test]
fn nearly_the_same_picture_counts_beside_words_and_numbers_only() {
    let lamp = "folding camping lantern with hook";
    let alike = [
        showing(1, lamp, 0xff00),
        showing(2, "camping lantern folding usb", 0xff0f),
        showing(3, "wool blanket", 0xff00),
        showing(4, "folding camping lantern with hook 500", 0xff00),
        showing(5, "camping lantern folding usb hook", 0xff1f),
    ];
    let groups = groups(alike.to_vec(), &[]);
    let members: Vec<_> = groups.iter().map(|g| g.members.clone()).collect();
    // The fifth differs from the first by 5 bits, and from the second by one.
    assert_eq!(
        members,
        [vec![id(1), id(2), id(5)], vec![id(3)], vec![id(4)]]
    );
    let by = SameBy::Image {
        distance: 4,
        share: 6_666,
    };
    let first = groups[0].same(id(1));
    assert_eq!(first, [SameAs { product: id(2), by }]);
}

#[test]
fn titles_and_barcodes_come_before_pictures() {
    let both = [
        showing(1, "folding camping lantern", 7),
        showing(2, "folding camping lantern", 7),
    ];
    let groups = groups(both.to_vec(), &[]);
    let by = SameBy::Title;
    assert_eq!(groups[0].same(id(1)), [SameAs { product: id(2), by }]);
}

#[test]
fn a_picture_that_many_have_puts_nothing_together() {
    let titles = (0..13_u8).map(|n| {
        let word = char::from(b'a' + n).to_string().repeat(3);
        format!("camping lantern {word}")
    });
    let all: Vec<_> = (1..).zip(titles).map(|(n, t)| showing(n, &t, 99)).collect();
    assert_eq!(made(&all, &[]).len(), 13);
    assert_eq!(
        made(&all[..12], &[]).len(),
        1,
        "few of them may well be one thing"
    );
}

#[test]
fn what_people_split_stays_split_whatever_the_pictures() {
    let both = [
        showing(1, "folding camping lantern", 7),
        showing(2, "camping lantern folding usb", 7),
    ];
    assert_eq!(made(&both, &[]), [vec![1, 2]]);
    let apart = [said(1, 2, Verdict::Different)];
    assert_eq!(made(&both, &apart), [vec![1], vec![2]]);
    assert_eq!(made(&both, &[said(1, 2, Verdict::Open)]), [vec![1, 2]]);
}

proptest! {
    #[test]
    fn every_product_is_in_one_group_whatever_the_order_and_what_was_told_apart_stays_apart(
        titles in prop::collection::vec(("(red|blue|a desk lamp for home|a desk lamp for home use|mug)", 0_u64..4), 1..12),
        told in prop::collection::vec((0_u128..12, 0_u128..12, any::<bool>()), 0..8),
    ) {
        let all: Vec<_> = (1..).zip(&titles).map(|(n, (t, picture))| showing(n, t, picture * 0x0101)).collect();
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
