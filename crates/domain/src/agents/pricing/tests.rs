//! The policy over small made-up stores whose demand is known.

use super::demand::Demand;
use super::elasticity::Pool;
use super::*;
use crate::agents::decision::{Decision, Handling};
use crate::agents::settings::{Value, Values};
use crate::agents::{Field, Unit};
use crate::catalog::{CostSource, UnitCost};
use crate::changes::Action;
use crate::ids::{ProductId, VariantId};
use crate::prices::PriceRecord;
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use std::collections::BTreeSet;

/// 28 days before the change of price, the day of it, and 28 after.
const DAYS: u64 = 57;
const CHANGE: u64 = 28;

pub(super) fn first() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 2).unwrap()
}

pub(super) fn day(n: u64) -> NaiveDate {
    first() + Days::new(n)
}

/// Noon.
pub(super) fn at(n: u64) -> DateTime<Utc> {
    day(n).and_hms_opt(12, 0, 0).unwrap().and_utc()
}

fn now() -> DateTime<Utc> {
    at(DAYS)
}

pub(super) fn seen(variant: i64, price: i64, seen_at: DateTime<Utc>) -> PriceRecord {
    PriceRecord {
        variant: VariantId(variant),
        price,
        compare_at_price: None,
        seen_at,
    }
}

fn euros(amount: &str, source: CostSource) -> CostFact {
    CostFact {
        cost: UnitCost {
            amount: amount.parse().unwrap(),
            currency: "EUR".parse().unwrap(),
        },
        source,
    }
}

/// At a price since before the first day, with so many units a day.
pub(super) fn steady(id: i64, price: i64, units: impl Fn(u64) -> i64) -> VariantFacts {
    let sales = (0..DAYS).map(|n| DaySales {
        day: day(n),
        units: units(n),
        orders: units(n),
        net: units(n) * price,
        price: None,
    });
    VariantFacts {
        product: ProductId(id),
        variant: VariantId(id),
        label: format!("Mug {id}"),
        price,
        compare_at_price: None,
        cost: Some(euros("9.00", CostSource::Store)),
        stock: None,
        tags: vec![],
        listed_on: None,
        sales: sales.filter(|s| s.units > 0).collect(),
        without_stock: vec![],
        prices: vec![seen(id, price, at(0) - Duration::days(2))],
    }
}

/// 20.00, then 18.00 from the middle on.
fn lowered(id: i64, before: i64, after: i64) -> VariantFacts {
    let mut one = steady(id, 1_800, |n| if n < CHANGE { before } else { after });
    for sales in one.sales.iter_mut().filter(|s| s.day < day(CHANGE)) {
        sales.net = sales.units * 2_000;
    }
    one.prices[0].price = 2_000;
    one.prices.push(seen(id, 1_800, at(CHANGE)));
    one
}

/// With five others that sell as ever, at prices that end in 99.
fn store(variants: impl IntoIterator<Item = VariantFacts>) -> Facts {
    let others = (101..106).map(|id| steady(id, 1_999, |_| 4));
    Facts {
        currency: "EUR".parse().unwrap(),
        zone: "Europe/Berlin".parse().unwrap(),
        as_of: Some(now()),
        from: first(),
        until: day(DAYS - 1),
        fee_share: None,
        shipping_per_unit: None,
        variants: variants.into_iter().chain(others).collect(),
        ours: vec![],
        declined: vec![],
        told: BTreeSet::new(),
    }
}

fn values<const N: usize>(set: [(&str, i64); N]) -> Values {
    let set = set.into_iter();
    set.map(|(key, n)| (key.to_owned(), Value::Number(n)))
        .collect()
}

fn run(facts: &Facts, set: &Values) -> Decision {
    decide(facts, set, now(), 1)
}

/// What is proposed of the product with id 1: how, and which price.
fn proposed(decision: &Decision) -> Option<(Handling, Option<i64>)> {
    let mut proposals = decision.proposals.iter();
    let one = proposals.find(|p| p.subject == "price:1")?;
    let after = one.wanted.first().map(|w| match w.action {
        Action::Price { after, .. } => after,
        _ => 0,
    });
    Some((one.handling, after))
}

fn is_noted(decision: &Decision, text: &str) -> bool {
    decision.notes.iter().any(|n| n.text.contains(text))
}

#[test]
fn where_no_price_was_ever_changed_nothing_is_claimed_of_demand() {
    let decision = run(&store([]), &Values::new());
    assert_eq!(decision.proposals, []);
    assert!(is_noted(&decision, "no change of price has been seen"));
    assert_eq!(decision.looked_at, 5);
}

#[test]
fn a_store_without_products_has_nothing_to_say() {
    let mut empty = store([]);
    empty.variants.clear();
    assert_eq!(run(&empty, &Values::new()), Decision::default());
    empty.until = first() - Days::new(9);
    assert_eq!(run(&empty, &Values::new()), Decision::default());
}

#[test]
fn demand_that_hardly_answers_lets_the_price_rise() {
    let facts = store([lowered(1, 10, 11)]);
    let decision = run(&facts, &values([("apply_changes", 1)]));
    let rise = &decision.proposals[0];
    // At most a tenth more, ending as the store's prices do.
    assert_eq!(proposed(&decision), Some((Handling::Apply, Some(1_899))));
    let effect = rise.effect.unwrap();
    assert!(effect.mean > 0 && effect.low < effect.mean && effect.mean < effect.high);
    assert_eq!(effect.days, 28);
    assert!(rise.confidence >= 850, "{}", rise.confidence);
    assert!(rise.reason.contains("-0.9"), "{}", rise.reason);
    let tables: Vec<_> = rise.evidence.iter().map(|e| e.title.as_str()).collect();
    assert_eq!(
        tables,
        ["Price and cost", "Demand", "Changes of this price"]
    );
}

#[test]
fn one_change_in_the_whole_store_lets_nothing_be_applied_without_asking() {
    let facts = store([lowered(1, 10, 11)]);
    let decision = run(&facts, &Values::new());
    // Asked for, it may go up to 15 %.
    assert_eq!(proposed(&decision), Some((Handling::Ask, Some(1_999))));
}

#[test]
fn demand_that_answers_strongly_lets_the_price_fall_and_never_below_the_floor() {
    let facts = store([lowered(1, 10, 20)]);
    let set = values([("apply_changes", 1)]);
    let Some((_, Some(after))) = proposed(&run(&facts, &set)) else {
        panic!("nothing proposed");
    };
    assert!(
        (1_440..1_800).contains(&after) && after % 100 == 99,
        "{after}"
    );
    let after = |least| {
        let set = values([("apply_changes", 1), ("minimum_margin", least)]);
        proposed(&run(&facts, &set)).unwrap().1
    };
    // 9.00 / 0.6 = 15.00
    assert_eq!((after(0), after(4_000)), (Some(1_499), Some(1_599)));
    let mut dear = lowered(1, 10, 20);
    // 15.00 / 0.85 = 17.65
    dear.cost = Some(euros("15.00", CostSource::Sheet));
    assert_eq!(proposed(&run(&store([dear]), &set)), None);
}

#[test]
fn a_season_of_the_whole_store_is_not_taken_for_an_answer_to_the_price() {
    let mut facts = store([lowered(1, 10, 20)]);
    let elasticity = |facts: &Facts| {
        let observed = Demand::of(facts, 28).observed;
        assert_eq!(observed.len(), 1);
        (observed[0].elasticity, observed[0].adjusted)
    };
    let (alone, adjusted) = elasticity(&facts);
    // ln 2 / ln 0.9
    assert!((alone + 6.58).abs() < 0.1 && adjusted, "{alone}");
    for other in &mut facts.variants[1..] {
        *other = steady(other.variant.0, 1_999, |n| if n < CHANGE { 4 } else { 8 });
    }
    let (season, _) = elasticity(&facts);
    assert!(season.abs() < 0.1, "{season}");
    let mut young = facts.clone();
    for other in &mut young.variants[1..] {
        other.listed_on = Some(day(1));
    }
    assert!(!elasticity(&young).1, "not there on all the days");
    young.from = first() - Days::new(30);
    for one in &mut young.variants {
        one.listed_on = Some(first());
    }
    let (season, adjusted) = elasticity(&young);
    assert!(
        season.abs() < 0.1 && adjusted,
        "the past before does not matter"
    );
    facts.variants.truncate(1);
    let (_, adjusted) = elasticity(&facts);
    assert!(!adjusted, "nobody else tells the season");
}

#[test]
fn days_without_stock_say_nothing_about_demand() {
    let mut one = lowered(1, 10, 20);
    one.without_stock = (CHANGE + 1..CHANGE + 8).map(day).collect();
    one.sales.retain(|s| !one.without_stock.contains(&s.day));
    let observed = Demand::of(&store([one]), 28).observed;
    assert_eq!((observed[0].after.days, observed[0].after.units), (21, 420));
    assert!((observed[0].elasticity + 6.58).abs() < 0.1);
}

#[test]
fn a_few_days_or_a_few_units_are_no_observation() {
    let count = |one: VariantFacts| Demand::of(&store([one]), 28).observed.len();
    assert_eq!(count(lowered(1, 10, 11)), 1);
    assert_eq!(count(lowered(1, 0, 0)), 0);
    let mut late = lowered(1, 10, 11);
    late.prices[1].seen_at = at(DAYS - 7);
    assert_eq!(count(late.clone()), 0, "six whole days");
    late.prices[1].seen_at = at(DAYS - 8);
    assert_eq!(count(late), 1);
    let mut slight = lowered(1, 10, 11);
    slight.prices[0].price = 1_810;
    assert_eq!(count(slight), 0, "half a percent");
    let mut free = lowered(1, 10, 11);
    free.prices[0].price = 0;
    assert_eq!(count(free), 0);
}

#[test]
fn an_unknown_cost_blocks_a_change_and_says_so() {
    let why = |cost: Option<CostFact>| {
        let mut one = lowered(1, 10, 11);
        one.cost = cost;
        let decision = run(&store([one]), &Values::new());
        assert_eq!(proposed(&decision), None);
        let mut notes = decision.notes.into_iter();
        notes.find(|n| n.about == "Mug 1").unwrap().text
    };
    assert!(why(None).contains("unit cost is unknown"));
    let assumed = euros("9.00", CostSource::Default);
    assert!(why(Some(assumed)).contains("unit cost is unknown"));
    let mut foreign = euros("9.00", CostSource::Store);
    foreign.cost.currency = "USD".parse().unwrap();
    assert!(why(Some(foreign)).contains("another currency"));
    let negative = euros("-1", CostSource::Store);
    assert!(why(Some(negative)).contains("unit cost is unknown"));
    let vast = euros("79228162514264337593543950335", CostSource::Store);
    assert!(why(Some(vast)).contains("unit cost"));
}

#[test]
fn a_price_below_the_least_margin_is_asked_to_be_raised_without_a_claim() {
    // 9.00 / 0.85 = 10.59
    let decision = run(&store([steady(1, 1_000, |_| 1)]), &Values::new());
    assert_eq!(proposed(&decision), Some((Handling::Ask, Some(1_099))));
    let raise = &decision.proposals[0];
    assert_eq!(raise.effect, None);
    let unknown = raise.effect_unknown.as_deref().unwrap();
    assert!(unknown.contains("no change of price"), "{unknown}");
    assert_eq!(
        proposed(&run(&store([steady(1, 1_059, |_| 1)]), &Values::new())),
        None
    );
}

#[test]
fn with_changes_seen_the_rule_has_an_effect_too() {
    let cheap = steady(2, 1_000, |_| 3);
    let decision = run(&store([lowered(1, 10, 11), cheap]), &Values::new());
    let raise = &decision.proposals[0];
    assert_eq!(
        (raise.subject.as_str(), raise.handling),
        ("price:2", Handling::Ask)
    );
    assert!(raise.effect.is_some() && raise.effect_unknown.is_none());
}

#[test]
fn a_floor_out_of_reach_is_told_and_nothing_is_changed() {
    // 9.00 / 0.85 is more than 8.00 and a fifth.
    let far = store([steady(1, 800, |_| 1)]);
    assert_eq!(
        proposed(&run(&far, &Values::new())),
        Some((Handling::Notify, None))
    );
    let capped = store([steady(1, 1_000, |_| 1)]);
    let set = values([("highest_price", 1_050)]);
    assert_eq!(
        proposed(&run(&capped, &set)),
        Some((Handling::Notify, None))
    );
    let mut unusual = store([steady(1, 1_000, |_| 1)]);
    for other in &mut unusual.variants[1..] {
        other.price = 1_001;
    }
    unusual.variants[0].price = 1_001;
    // 11.01 leaves enough and ends as all prices do.
    assert_eq!(
        proposed(&run(&unusual, &Values::new())),
        Some((Handling::Ask, Some(1_101)))
    );
}

#[test]
fn what_was_changed_lately_rests() {
    let set = values([("apply_changes", 1)]);
    let after = |hours: &[i64]| {
        let mut facts = store([lowered(1, 10, 11)]);
        let changes = hours.iter().map(|h| OurChange {
            variant: VariantId(1),
            at: now() - Duration::hours(*h),
        });
        facts.ours = changes.collect();
        let decision = run(&facts, &set);
        let rests = is_noted(&decision, "changed a short while ago");
        (proposed(&decision).map(|(handling, _)| handling), rests)
    };
    assert_eq!(after(&[3]), (None, true));
    assert_eq!(after(&[4]), (Some(Handling::Apply), false));
    assert_eq!(after(&[7, 12]), (Some(Handling::Ask), false), "two a day");
    assert_eq!(after(&[7, 12, 18]), (None, true), "three a day");
    assert_eq!(after(&[24, 25, 26]), (Some(Handling::Apply), false));
}

#[test]
fn outside_the_active_hours_people_are_asked() {
    // Noon in London is 14 o'clock in Berlin in summer.
    let facts = store([lowered(1, 10, 11)]);
    let handling = |from, until| {
        let set = values([
            ("apply_changes", 1),
            ("active_from", from),
            ("active_until", until),
        ]);
        proposed(&run(&facts, &set)).unwrap().0
    };
    assert_eq!(handling(14, 15), Handling::Apply);
    assert_eq!(handling(9, 14), Handling::Ask);
    assert_eq!(handling(22, 6), Handling::Ask);
    assert_eq!(handling(22, 15), Handling::Apply);
}

#[test]
fn what_is_not_for_sale_or_was_declined_or_is_excluded_is_left_alone() {
    #[track_caller]
    fn check(change: impl Fn(&mut Facts), note: &str) {
        let mut facts = store([lowered(1, 10, 11)]);
        change(&mut facts);
        let set = Values::from([(
            "excluded_tags".to_owned(),
            Value::Words(vec!["Fixed price".into()]),
        )]);
        let decision = run(&facts, &set);
        assert_eq!(proposed(&decision), None);
        assert!(
            note.is_empty() || is_noted(&decision, note),
            "{:?}",
            decision.notes
        );
    }
    check(|f| f.variants[0].price = 0, "price is zero");
    check(|f| f.variants[0].stock = Some(0), "nothing in stock");
    check(|f| f.variants[0].stock = Some(-3), "nothing in stock");
    check(|f| f.variants[0].tags = vec!["fixed price ".into()], "");
    check(|f| f.told = ["price:1".to_owned()].into(), "");
    let at = now() - Duration::days(6);
    let no = Declined {
        variant: VariantId(1),
        at,
    };
    check(|f| f.declined = vec![no], "people left the price");
    check(
        |f| f.variants[0].sales.retain(|s| s.day < day(CHANGE)),
        "nothing was sold",
    );
    // The provider shows another price than the one that was recorded.
    check(|f| f.variants[0].price = 1_700, "seven whole days");
}

#[test]
fn a_price_stays_below_the_one_that_is_struck_through() {
    let mut one = lowered(1, 10, 11);
    one.compare_at_price = Some(1_999);
    let decision = run(&store([one]), &Values::new());
    assert_eq!(proposed(&decision), Some((Handling::Ask, Some(1_899))));
}

#[test]
fn a_demand_that_grows_with_the_price_is_not_believed() {
    let decision = run(&store([lowered(1, 20, 10)]), &Values::new());
    assert_eq!(decision.proposals, []);
    assert!(is_noted(&decision, "not believed"));
}

#[test]
fn those_that_promise_most_come_first_and_no_more_than_are_set() {
    let facts = store([lowered(1, 10, 11), lowered(2, 20, 22), lowered(3, 5, 5)]);
    let decision = run(&facts, &values([("most_proposals", 1)]));
    assert_eq!(decision.proposals.len(), 1);
    assert_eq!(decision.proposals[0].subject, "price:2");
    assert!(is_noted(&decision, "more were found"));
}

#[test]
fn the_same_facts_give_the_same_proposals_to_the_last_bit() {
    let facts = store([
        lowered(1, 10, 11),
        lowered(2, 7, 15),
        steady(3, 1_000, |_| 2),
    ]);
    let read: Facts = serde_json::from_str(&serde_json::to_string(&facts).unwrap()).unwrap();
    assert_eq!(read, facts);
    let one = run(&facts, &Values::new());
    assert_eq!(one.digest(), run(&read, &Values::new()).digest());
    assert!(!one.proposals.is_empty());
    let written: Decision = serde_json::from_str(&serde_json::to_string(&one).unwrap()).unwrap();
    assert_eq!(written.digest(), one.digest());
    let mut other = one.clone();
    other.proposals[0].confidence -= 1;
    assert_ne!(other.digest(), one.digest());
}

#[test]
fn settings_at_their_bounds_do_no_harm() {
    let facts = store([
        lowered(1, 10, 11),
        lowered(2, 10, 20),
        steady(3, 1_000, |_| 2),
    ]);
    let numbers = || SPEC.fields.iter().filter(|f| f.unit != Unit::Words);
    let bounds: [fn(&Field) -> i64; 2] = [|f| f.min, |f| f.max];
    for bound in bounds {
        let all: Values = numbers()
            .map(|f| (f.key.to_owned(), Value::Number(bound(f))))
            .collect();
        let _ = run(&facts, &all);
        for field in numbers() {
            let decision = run(&facts, &values([(field.key, bound(field))]));
            for proposal in &decision.proposals {
                let shares = proposal.wanted.iter().filter_map(|w| w.action.relative());
                assert!(shares.into_iter().all(|s| s.abs() <= 5_000));
                assert!(proposal.confidence <= 1_000);
            }
        }
    }
}

/// A store of `products` whose demand answers by `elasticity`, with sales by chance; 80 % intervals are to hold the truth about so often.
fn simulated(products: i64, elasticity: f64, seed: u64) -> Facts {
    selling(6.0, products, elasticity, seed)
}

/// So many a day at the old price.
fn selling(rate: f64, products: i64, elasticity: f64, seed: u64) -> Facts {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut uniform = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut poisson = move |mean: f64| {
        let (limit, mut product, mut count) = ((-mean).exp(), uniform(), 0);
        while product > limit {
            product *= uniform();
            count += 1;
        }
        count
    };
    let answered = (1_800.0_f64 / 2_000.0).powf(elasticity);
    let variants: Vec<_> = (1..=products)
        .map(|id| {
            let mut one = lowered(id, 1, 1);
            for sales in &mut one.sales {
                // The store as a whole sells half as much again in the second half.
                let late = sales.day > day(CHANGE);
                let mean = if late { rate * answered * 1.5 } else { rate };
                sales.units = poisson(mean);
                sales.net = sales.units * 1_800;
            }
            one
        })
        .collect();
    let mut facts = store(variants);
    for other in facts.variants.iter_mut().filter(|v| v.variant.0 > 100) {
        for sales in &mut other.sales {
            let late = sales.day > day(CHANGE);
            sales.units = poisson(if late { 15.0 } else { 10.0 });
        }
    }
    facts
}

#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    const STORES: u64 = 200;
    let truth = -1.8;
    let mut held = 0;
    for seed in 1..=STORES {
        let facts = simulated(1, truth, seed);
        let pool = Pool::of(&Demand::of(&facts, 28).observed, 0.5).unwrap();
        let (low, high) = pool.elasticity(VariantId(1)).interval();
        held += u64::from(low <= truth && truth <= high);
    }
    // 80 % of 200 is 160; three standard deviations are 17.
    assert!((143..=180).contains(&held), "{held} of {STORES}");
}

/// As a store is on its first day here: no price but the present one was ever seen, and orders tell what was paid.
fn unseen(mut facts: Facts) -> Facts {
    for variant in &mut facts.variants {
        for sales in &mut variant.sales {
            let was_lowered = variant.variant.0 < 100;
            let is_old = was_lowered && sales.day < day(CHANGE);
            sales.price = Some(if is_old { 2_000 } else { variant.price });
        }
        variant.sales.retain(|sales| sales.units > 0);
        variant.prices = vec![seen(variant.variant.0, variant.price, now())];
    }
    facts
}

#[test]
fn what_orders_paid_before_any_price_was_seen_shows_the_answer_of_slow_sellers_too() {
    const STORES: u64 = 60;
    let truth = -1.8;
    let mut sum = 0.0;
    for seed in 1..=STORES {
        let facts = unseen(selling(0.8, 30, truth, seed));
        let pool = Pool::of(&Demand::of(&facts, 28).observed, 0.5).unwrap();
        sum += pool.mean;
    }
    let mean = sum / STORES as f64;
    assert!((mean - truth).abs() < 0.25, "{mean}");
}

#[test]
fn pooling_brings_estimates_nearer_to_the_truth() {
    let truth = -1.8;
    let (mut alone, mut pooled) = (0.0, 0.0);
    for seed in 1..=20 {
        let facts = simulated(12, truth, seed);
        let observed = Demand::of(&facts, 28).observed;
        let pool = Pool::of(&observed, 0.5).unwrap();
        for one in &observed {
            let off = |mean: f64| (mean - truth) * (mean - truth);
            alone += off(one.elasticity);
            pooled += off(pool.elasticity(one.variant).mean);
        }
    }
    assert!(pooled < alone * 0.8, "{pooled} {alone}");
}

mod any_store {
    use super::*;
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    fn any_variant() -> impl Strategy<Value = VariantFacts> {
        let prices = prop::collection::vec((0_i64..4_000, 0..DAYS), 0..4);
        let sales = prop::collection::vec((0..DAYS + 5, -1_i64..30, -500_i64..60_000), 0..60);
        let days = || prop::collection::vec(0..DAYS, 0..5);
        let amount = prop::option::of((-1_i64..4_000, any::<bool>()));
        let shown = (
            prop::option::of(0_i64..5_000),
            prop::option::of(-2_i64..200),
        );
        (prices, sales, days(), days(), amount, shown).prop_map(
            |(prices, sales, without, listed, cost, (compare, stock))| {
                let mut one = steady(0, 1_999, |_| 0);
                one.prices
                    .extend(prices.iter().map(|(price, n)| seen(0, *price, at(*n))));
                one.prices.sort_by_key(|p| p.seen_at);
                one.price = one.prices.last().map_or(1_999, |p| p.price);
                let sold = sales.into_iter().map(|(n, units, net)| DaySales {
                    day: day(n),
                    units,
                    orders: units,
                    net,
                    price: None,
                });
                one.sales = sold.collect();
                one.without_stock = without.into_iter().map(day).collect();
                one.listed_on = listed.first().map(|n| day(*n));
                one.cost = cost.map(|(cents, told)| {
                    let source = if told {
                        CostSource::Sheet
                    } else {
                        CostSource::Store
                    };
                    euros(&format!("{}", Decimal::new(cents, 2)), source)
                });
                (one.compare_at_price, one.stock) = (compare, stock);
                one
            },
        )
    }

    fn numbered(variants: Vec<VariantFacts>) -> Vec<VariantFacts> {
        let numbered = variants.into_iter().zip(1..);
        numbered
            .map(|(mut one, id)| {
                one.variant = VariantId(id);
                one.prices.iter_mut().for_each(|p| p.variant = one.variant);
                one
            })
            .collect()
    }

    fn check(facts: &Facts, decision: &Decision) -> Result<(), TestCaseError> {
        let endings: BTreeSet<_> = facts.variants.iter().map(|v| v.price % 100).collect();
        prop_assert!(decision.proposals.len() <= 20);
        for proposal in &decision.proposals {
            prop_assert!(proposal.confidence <= 1_000);
            prop_assert_eq!(proposal.effect.is_none(), proposal.effect_unknown.is_some());
            if let Some(effect) = proposal.effect {
                prop_assert!(effect.low <= effect.mean && effect.mean <= effect.high);
            }
            let told = proposal.handling == Handling::Notify;
            prop_assert_eq!(proposal.wanted.is_empty(), told);
            for wanted in &proposal.wanted {
                let Action::Price {
                    variant,
                    before,
                    after,
                    ..
                } = wanted.action
                else {
                    panic!("not a price");
                };
                let of = facts
                    .variants
                    .iter()
                    .find(|v| v.variant == variant)
                    .unwrap();
                let cost = of.cost.unwrap().cost.amount * Decimal::from(100);
                prop_assert_eq!(before, of.price);
                let step = (after - before).abs() * 10_000;
                prop_assert!(step <= before * 2_000 && step >= before * 200);
                let left = Decimal::from(after) - cost;
                prop_assert!(left * Decimal::from(100) >= Decimal::from(after * 15));
                let floor = cost / Decimal::new(85, 2);
                prop_assert!(endings.contains(&(after % 100)) || floor.ceil() == after.into());
            }
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn whatever_is_proposed_keeps_to_the_limits(variants in prop::collection::vec(any_variant(), 0..6), earlier in 0_u64..90) {
            let mut facts = store(numbered(variants));
            facts.until = day(DAYS - 1) - Days::new(earlier);
            let decision = run(&facts, &Values::new());
            check(&facts, &decision)?;
            let read: Facts = serde_json::from_str(&serde_json::to_string(&facts).unwrap()).unwrap();
            prop_assert_eq!(run(&read, &Values::new()).digest(), decision.digest());
        }
    }
}
