use super::*;
use crate::agents::decision::Decision;
use crate::agents::settings::{Value, Values};
use crate::changes::{Action, Tagged};
use crate::ids::{OrderId, ProductId, VariantId};
use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn now() -> DateTime<Utc> {
    "2026-07-01T06:00:00Z".parse().unwrap()
}

/// Steele and Vigna's SplitMix64: made-up orders, the same on every machine.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// With a probability in thousandths.
    fn happens(&mut self, thousandths: u64) -> bool {
        self.next() % 1_000 < thousandths
    }
}

/// So many baskets, into which each of thirty products comes by itself: the first one often, the last one seldom.
fn by_chance(seed: u64, baskets: usize) -> Vec<Vec<ProductId>> {
    let mut chance = Chance(seed);
    (0..baskets)
        .map(|_| {
            let each = (1..=30_u64).filter(|n| chance.happens(200 / n + 20));
            each.map(|n| ProductId(n as i64)).collect()
        })
        .collect()
}

fn counted(baskets: &[Vec<ProductId>], minimum: u64) -> Counted {
    let mut counter = Counter::default();
    baskets.iter().for_each(|b| counter.add(b));
    counter.counted(minimum)
}

fn facts(counted: Counted) -> Facts {
    let ids: BTreeSet<ProductId> = counted.products.iter().map(|(p, _)| *p).collect();
    let product = |id: &ProductId| ProductFacts {
        id: *id,
        title: format!("Thing {id}"),
        handle: format!("thing-{id}"),
        tags: vec![],
        offered: true,
        variant: Some(VariantId(id.0 * 10)),
    };
    Facts {
        as_of: Some(now()),
        from: day("2025-07-01"),
        until: day("2026-06-30"),
        counted,
        products: ids.iter().map(product).collect(),
        bundled: BTreeSet::new(),
        told: BTreeSet::new(),
    }
}

fn decided(facts: &Facts, values: &Values) -> Decision {
    decide(facts, values, now(), 1)
}

fn set(key: &str, number: i64) -> Values {
    Values::from([(key.to_owned(), Value::Number(number))])
}

/// Of 3 000 orders by chance, 40 more have products 20 and 25.
fn planted() -> Vec<Vec<ProductId>> {
    let mut baskets = by_chance(7, 3_000);
    for basket in baskets.iter_mut().step_by(75) {
        basket.extend([ProductId(20), ProductId(25)]);
    }
    baskets
}

const PLANTED: [ProductId; 2] = [ProductId(20), ProductId(25)];

#[test]
fn orders_by_chance_tell_nothing_but_for_the_share_that_is_set() {
    let (mut shops, mut any) = (0, 0);
    for seed in 0..200 {
        let found = find(&facts(counted(&by_chance(seed, 1_500), 10)), &Values::new());
        assert_eq!(found.pair_tests, 435, "all thirty are sold often enough");
        shops += 1;
        any += u32::from(!found.pairs.is_empty() || !found.bundles.is_empty());
    }
    // Where nothing is true, the share of false ones is that of shops in which anything is told: 5 % at most, of pairs and of bundles.
    assert!(any * 100 <= shops * 5, "{any} of {shops}");
}

#[test]
fn without_the_guard_orders_by_chance_would_tell_something() {
    let far = (0..20).filter(|seed| {
        let facts = facts(counted(&by_chance(*seed, 1_500), 1));
        let each = facts.counted.pairs.iter().filter_map(|([a, b], x)| {
            let of = |p: &ProductId| facts.counted.products.iter().find(|(q, _)| q == p);
            Affinity::of(facts.counted.baskets, of(a)?.1, of(b)?.1, *x)
        });
        each.filter(|a| a.p < 0.05).count() > 0
    });
    assert!(far.count() >= 18);
}

#[test]
fn a_pair_that_was_put_there_is_found_with_its_figures_and_no_other_is() {
    let facts = facts(counted(&planted(), 10));
    let found = find(&facts, &Values::new());
    assert_eq!(found.pairs.len(), 1, "{:?}", found.pairs);
    let pair = &found.pairs[0];
    assert_eq!(pair.products, PLANTED);
    let count = |of: ProductId| planted().iter().filter(|b| b.contains(&of)).count() as u64;
    assert_eq!(pair.counts, PLANTED.map(count));
    let both = planted();
    let both = both
        .iter()
        .filter(|b| PLANTED.iter().all(|p| b.contains(p)));
    assert_eq!(pair.together, both.count() as u64);
    assert!(pair.affinity.lift.low > 1.2 && pair.affinity.p < 1e-12);
    let proposals = decided(&facts, &Values::new()).proposals;
    assert_eq!(proposals.len(), 2);
    for (proposal, (own, other)) in proposals.iter().zip([(20, 25), (25, 20)]) {
        assert_eq!(proposal.subject, format!("together:{own}"));
        let expected = Action::AddTags {
            target: Tagged::Product(ProductId(own)),
            tags: vec![format!("goes-with:thing-{other}")],
        };
        assert_eq!(proposal.wanted[0].action, expected);
        assert_eq!(proposal.effect, None);
    }
}

#[test]
fn three_that_were_put_there_are_a_bundle_and_two_pairs_of_it_alone_are_none() {
    let mut baskets = by_chance(3, 4_000);
    for basket in baskets.iter_mut().step_by(100) {
        basket.extend([18, 22, 27].map(ProductId));
    }
    let found = find(&facts(counted(&baskets, 10)), &Values::new());
    let threes: Vec<_> = found.bundles.iter().map(|b| b.products).collect();
    assert_eq!(threes, [[18, 22, 27].map(ProductId)]);
    assert_eq!(found.pairs.len(), 3);
    // Pairs of 18 with 22 and of 22 with 27 in orders of their own: three together are chance.
    let mut apart = by_chance(3, 4_000);
    for (at, basket) in apart.iter_mut().enumerate() {
        match at % 50 {
            0 => basket.extend([18, 22].map(ProductId)),
            25 => basket.extend([22, 27].map(ProductId)),
            _ => {}
        }
    }
    let found = find(&facts(counted(&apart, 5)), &set("minimum", 5));
    assert!(found.bundles.is_empty(), "{:?}", found.bundles);
    assert_eq!(found.pairs.len(), 2);
}

#[test]
fn what_waits_or_is_tagged_or_is_not_offered_is_not_proposed() {
    let of = facts(counted(&planted(), 10));
    let subjects = |facts: &Facts| -> Vec<String> {
        let proposals = decided(facts, &Values::new()).proposals;
        proposals.into_iter().map(|p| p.subject).collect()
    };
    let waits = Facts {
        told: BTreeSet::from(["together:20".to_owned()]),
        ..of.clone()
    };
    assert_eq!(subjects(&waits), ["together:25"]);
    let changed = |change: &dyn Fn(&mut ProductFacts)| {
        let mut facts = of.clone();
        let product = facts.products.iter_mut().find(|p| p.id == ProductId(20));
        change(product.unwrap());
        facts
    };
    let tagged = changed(&|p| p.tags = vec![" Goes-With:Thing-25 ".to_owned()]);
    assert_eq!(subjects(&tagged), ["together:25"]);
    assert!(subjects(&changed(&|p| p.offered = false)).is_empty());
    // It is tagged itself, and nothing can be tagged with it.
    let nameless = changed(&|p| p.handle = "a,b".to_owned());
    assert_eq!(subjects(&nameless), ["together:20"]);
    let off = Values::from([("tags".to_owned(), Value::Flag(false))]);
    assert!(decided(&of, &off).proposals.is_empty());
}

#[test]
fn parts_of_one_bundle_are_no_finding() {
    let facts = Facts {
        bundled: BTreeSet::from([PLANTED]),
        ..facts(counted(&planted(), 10))
    };
    let found = find(&facts, &Values::new());
    assert_eq!((found.pairs.len(), found.pairs_bundled), (0, 1));
}

#[test]
fn settings_draw_the_line() {
    let facts = facts(counted(&planted(), 10));
    let lift = find(&facts, &Values::new()).pairs[0].affinity.lift.low;
    let above = (lift * 10_000.0) as i64 + 1;
    assert!(find(&facts, &set("lift", above)).pairs.is_empty());
    assert_eq!(find(&facts, &set("lift", above - 1)).pairs.len(), 1);
    let together = find(&facts, &Values::new()).pairs[0].together as i64;
    assert!(find(&facts, &set("minimum", together + 1)).pairs.is_empty());
    assert_eq!(find(&facts, &set("minimum", together)).pairs.len(), 1);
}

#[test]
fn without_orders_there_is_nothing_to_say() {
    let decision = decided(&facts(Counted::default()), &Values::new());
    assert!(decision.proposals.is_empty());
    assert_eq!(decision.looked_at, 0);
}

#[test]
fn a_basket_of_everything_is_told_and_does_not_count() {
    let all: Vec<_> = (1..=21).map(ProductId).collect();
    let counted = counted(&vec![all; 30], 5);
    assert_eq!((counted.baskets, counted.too_large), (0, 30));
    assert!(counted.pairs.is_empty());
    let notes = decided(&facts(counted), &Values::new()).notes;
    assert!(
        notes
            .iter()
            .any(|n| n.text.starts_with("30 orders of more than 20"))
    );
}

#[test]
fn a_day_of_the_past_is_counted_as_it_was() {
    let baskets = planted().into_iter().enumerate();
    let baskets: Vec<Basket> = baskets
        .map(|(at, mut products)| {
            products.sort_unstable();
            products.dedup();
            Basket {
                day: day("2026-01-01") + chrono::Days::new(at as u64 / 20),
                order: OrderId(at as i64),
                products,
            }
        })
        .collect();
    let history = |baskets| History {
        zone: chrono_tz::UTC,
        baskets,
        products: vec![],
        bundled: BTreeSet::new(),
        window: 60,
        minimum: 3,
    };
    let whole = history(baskets.clone());
    let mut window = known_at(&whole);
    for on in ["2026-02-10", "2026-03-20", "2026-05-01"].map(day) {
        let facts = window.facts(on, BTreeSet::new());
        let own: Vec<_> = baskets
            .iter()
            .filter(|b| facts.from <= b.day && b.day <= on)
            .map(|b| b.products.clone())
            .collect();
        assert_eq!(facts.counted, counted(&own, 3));
        // What came later changes nothing.
        let known = baskets.iter().filter(|b| b.day <= on).cloned().collect();
        assert_eq!(known_at(&history(known)).facts(on, BTreeSet::new()), facts);
    }
}

fn baskets() -> impl Strategy<Value = Vec<Vec<ProductId>>> {
    let product = (1_i64..9).prop_map(ProductId);
    prop::collection::vec(prop::collection::vec(product, 0..7), 0..40)
}

proptest! {
    #[test]
    fn counts_are_those_of_looking_at_each_basket(baskets in baskets()) {
        let counted = counted(&baskets, 1);
        let sets: Vec<BTreeSet<ProductId>> = baskets.iter().map(|b| b.iter().copied().collect()).collect();
        let with = |of: &[ProductId]| sets.iter().filter(|s| of.iter().all(|p| s.contains(p))).count() as u64;
        prop_assert_eq!(counted.baskets, sets.iter().filter(|s| !s.is_empty()).count() as u64);
        let pairs: BTreeMap<_, _> = counted.pairs.iter().copied().collect();
        let threes: BTreeMap<_, _> = counted.threes.iter().copied().collect();
        for a in 1..9 {
            for b in a + 1..9 {
                let pair = [a, b].map(ProductId);
                prop_assert_eq!(pairs.get(&pair).copied().unwrap_or(0), with(&pair));
                for c in b + 1..9 {
                    let three = [a, b, c].map(ProductId);
                    prop_assert_eq!(threes.get(&three).copied().unwrap_or(0), with(&three));
                }
            }
        }
    }

    #[test]
    fn the_order_of_baskets_and_of_what_is_in_them_does_not_matter(baskets in baskets()) {
        let mut turned = baskets.clone();
        turned.reverse();
        turned.iter_mut().for_each(|b| b.reverse());
        prop_assert_eq!(counted(&turned, 2), counted(&baskets, 2));
    }

    #[test]
    fn what_is_taken_out_again_was_never_there(baskets in baskets(), others in baskets()) {
        let mut counter = Counter::default();
        for basket in baskets.iter().chain(&others) {
            counter.add(basket);
        }
        others.iter().for_each(|b| counter.remove(b));
        prop_assert_eq!(counter.counted(1), counted(&baskets, 1));
    }

    #[test]
    fn facts_that_were_written_down_decide_the_same(seed in 0_u64..50) {
        let mut baskets = by_chance(seed, 800);
        baskets.iter_mut().step_by(20).for_each(|b| b.extend(PLANTED));
        let facts = facts(counted(&baskets, 10));
        let text = serde_json::to_string(&facts).unwrap();
        let read: Facts = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(decided(&read, &Values::new()).digest(), decided(&facts, &Values::new()).digest());
    }
}
