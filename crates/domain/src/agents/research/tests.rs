//! What is proposed, what is watched, and what earlier answers change about it.

use super::*;
use crate::agents::{Value, Values};
use crate::changes::{Action, DraftVariant, ProductDraft};
use crate::ids::OpportunityId;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use proptest::prelude::*;
use std::collections::BTreeSet;
use uuid::Uuid;

fn now() -> DateTime<Utc> {
    "2026-05-01T08:00:00Z".parse().unwrap()
}

fn today() -> NaiveDate {
    now().date_naive()
}

fn id(n: u128) -> OpportunityId {
    OpportunityId(Uuid::from_u128(n))
}

/// Scores 80, all of it known, at a margin of 40 %.
fn candidate(n: u128) -> Candidate {
    Candidate {
        id: id(n),
        title: format!("Lamp {n}"),
        category: Some("Lamps".into()),
        supplier: Some("Acme".into()),
        discovered_at: now() - Duration::days(20),
        score: 8_000,
        low: 8_000,
        high: 8_000,
        known: 10_000,
        margin: Some(4_000),
        margin_why: "the price less its costs".into(),
        price: Some(2_999),
        landed: Some(1_500),
        break_even: Some(700),
        factors: vec![FactorFacts {
            name: "Trend".into(),
            weight: 25,
            points: None,
            why: "no source".into(),
        }],
        offers: vec![OfferFacts {
            supplier: "Acme".into(),
            paid: Some(1_200),
            is_out: false,
            same: None,
        }],
        owned: None,
        until: None,
        draft: Some(draft(n)),
        no_draft: None,
    }
}

fn draft(n: u128) -> ProductDraft {
    ProductDraft {
        handle: format!("lamp-{n}"),
        title: format!("Lamp {n}"),
        description_html: String::new(),
        product_type: "Lamps".into(),
        vendor: "Acme".into(),
        options: vec![],
        variants: vec![DraftVariant {
            values: vec![],
            price: 2_999,
            compare_at: None,
            unit_cost: Some(1_000),
            sku: None,
        }],
        images: vec![],
        opportunity: Some(id(n)),
    }
}

fn outcome(n: u128, accepted: bool) -> Outcome {
    Outcome {
        id: id(n),
        title: format!("Thing {n}"),
        category: Some("Lamps".into()),
        supplier: Some("Acme".into()),
        accepted,
        at: now() - Duration::days(100),
        reason: None,
        made_on: None,
        sold: vec![],
    }
}

fn facts(candidates: Vec<Candidate>, outcomes: Vec<Outcome>) -> Facts {
    Facts {
        currency: "USD".parse().unwrap(),
        today: today(),
        as_of: Some(now()),
        candidates,
        outcomes,
        told: BTreeSet::new(),
    }
}

fn proposed(facts: &Facts, values: &Values) -> Vec<String> {
    let decision = decide(facts, values, now(), 0);
    decision.proposals.into_iter().map(|p| p.subject).collect()
}

#[track_caller]
fn watched(change: impl Fn(&mut Candidate), why: &str) {
    let mut one = candidate(1);
    change(&mut one);
    let facts = facts(vec![one], vec![]);
    assert_eq!(proposed(&facts, &Values::new()), [""; 0]);
    let values = Values::new();
    let list = watch_list(&facts, &values, now());
    let words: Vec<String> = list.iter().map(|(_, why)| why.to_string()).collect();
    assert_eq!(words, [why]);
}

#[test]
fn what_is_good_is_a_draft_for_people_to_look_at_and_what_lacks_something_is_watched_with_what() {
    let facts_of_one = facts(vec![candidate(1)], vec![]);
    let decision = decide(&facts_of_one, &Values::new(), now(), 0);
    let proposal = &decision.proposals[0];
    assert_eq!(proposal.subject, "draft:lamp-1");
    assert_eq!(proposal.handling, crate::agents::Handling::Ask);
    let [wanted] = proposal.wanted.as_slice() else {
        panic!("one write")
    };
    assert!(matches!(&wanted.action, Action::ProductDraft(d) if d.opportunity == Some(id(1))));
    assert!(proposal.effect.is_none() && proposal.effect_unknown.is_some());
    watched(
        |c| c.score = 7_400,
        "its score with what was learned is 74.00 of 75.00",
    );
    watched(
        |c| c.known = 5_000,
        "50.0 % of its score are known, of 60.0 %",
    );
    watched(|c| c.margin = Some(2_990), "its margin is 29.9 % of 30.0 %");
    watched(|c| c.margin = None, "its margin is not known");
    watched(|c| c.offers[0].is_out = true, "no supplier has it in stock");
    watched(
        |c| c.until = Some(now() + Duration::days(2)),
        "it was put off until 2026-05-03",
    );
    watched(
        |c| c.no_draft = Some("a range of prices".into()),
        "no draft can be made of it: a range of prices",
    );
}

#[test]
fn what_is_sold_already_or_was_brought_up_is_neither() {
    let mut owned = candidate(1);
    owned.owned = Some("Lamp 1".into());
    let mut poor = candidate(2);
    poor.score = 5_000;
    let mut facts = facts(vec![owned, poor, candidate(3)], vec![]);
    facts.told.insert("draft:lamp-3".to_owned());
    assert_eq!(proposed(&facts, &Values::new()), [""; 0]);
    assert!(watch_list(&facts, &Values::new(), now()).is_empty());
}

#[test]
fn the_hit_rate_counts_drafts_whose_days_are_over() {
    let made = |n, days_ago, sold: &[(i64, i64)]| Outcome {
        made_on: Some(today() - Duration::days(days_ago)),
        sold: sold
            .iter()
            .map(|(after, units)| (today() - Duration::days(days_ago - after), *units))
            .collect(),
        ..outcome(n, true)
    };
    let outcomes = vec![
        made(1, 90, &[(3, 2)]),
        // Too late, taken back, never.
        made(2, 90, &[(61, 5)]),
        made(3, 90, &[(3, 1), (9, -1)]),
        made(4, 90, &[]),
        // Not over.
        made(5, 30, &[(1, 9)]),
        outcome(6, true),
        outcome(7, false),
    ];
    let facts = facts(vec![], outcomes);
    let record = Record::of(&facts, &Values::new());
    assert_eq!((record.hits.hits, record.hits.of), (1, 4));
    assert_eq!(record.hits.share, Some(2_500));
    let (low, high) = record.hits.interval.unwrap();
    assert!(low < 2_500 && 2_500 < high);
    assert_eq!(record.open, 1);
    assert_eq!((record.accepted.hits, record.accepted.of), (6, 7));
    let note = &decide(&facts, &Values::new(), now(), 0).notes[0];
    assert!(note.text.starts_with("1 of 4 drafts sold"), "{}", note.text);
}

#[test]
fn what_people_say_no_to_ranks_lower_and_at_last_is_only_watched() {
    let mut mug = candidate(2);
    mug.category = Some("Mugs".into());
    mug.supplier = Some("Zeta".into());
    let answer = |n, category: &str, supplier: &str, accepted| Outcome {
        category: Some(category.into()),
        supplier: Some(supplier.into()),
        ..outcome(n, accepted)
    };
    let mut outcomes: Vec<_> = (10..20)
        .map(|n| answer(n, "lamps", "ACME", false))
        .collect();
    let both = vec![candidate(1), mug];
    let before = proposed(&facts(both.clone(), vec![]), &Values::new());
    assert_eq!(before, ["draft:lamp-1", "draft:lamp-2"]);
    outcomes.extend((20..30).map(|n| answer(n, "mugs", "zeta", true)));
    let taught = facts(both, outcomes);
    assert_eq!(proposed(&taught, &Values::new()), ["draft:lamp-2"]);
    let nothing = Values::from([("weight_learned".to_owned(), Value::Number(0))]);
    assert_eq!(proposed(&taught, &nothing), before);
}

#[test]
fn a_rehearsal_sees_nothing_of_later() {
    let mut later = candidate(2);
    later.discovered_at = now() - Duration::days(1);
    let mut sold = outcome(3, true);
    sold.at = now() - Duration::days(2);
    sold.made_on = Some(today() - Duration::days(2));
    let history = History {
        zone: chrono_tz::UTC,
        now: facts(vec![candidate(1), later, candidate(3)], vec![sold]),
    };
    let day = today() - Duration::days(5);
    let end = now() - Duration::days(4);
    let known = history.known_at(day, end);
    let ids: Vec<_> = known.candidates.iter().map(|c| c.id).collect();
    assert_eq!(ids, [id(1), id(3)], "what was decided on later waited then");
    assert!(known.outcomes.is_empty());
    let known = history.known_at(today(), now());
    assert_eq!(known.candidates.len(), 2);
    assert_eq!(known.outcomes.len(), 1);
}

proptest! {
    #[test]
    fn the_order_of_facts_changes_nothing_and_a_run_proposes_no_more_than_it_may(
        scores in prop::collection::vec(5_000_i64..10_000, 1..40), most in 1_i64..10, turn in 0_usize..40,
    ) {
        let all: Vec<_> = (1..).zip(&scores).map(|(n, score)| Candidate {
            score: *score, low: score - 500, ..candidate(n)
        }).collect();
        let values = Values::from([("most_proposals".to_owned(), Value::Number(most))]);
        let mut turned = all.clone();
        let middle = turn % turned.len();
        turned.rotate_left(middle);
        let one = decide(&facts(all.clone(), vec![]), &values, now(), 0);
        let other = decide(&facts(turned, vec![]), &values, now(), 1);
        prop_assert_eq!(one.digest(), other.digest());
        prop_assert!(one.proposals.len() as i64 <= most);
        let good = scores.iter().filter(|s| **s >= 7_500).count();
        prop_assert_eq!(one.proposals.len(), good.min(usize::try_from(most).unwrap()));
    }
}
