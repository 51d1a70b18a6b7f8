//! What is told, written and written again, over figures by hand.

use super::*;
use crate::agents::Value;
use crate::agents::settings::Values;
use crate::analysis::brief::FigureKind;
use crate::analysis::{Brief, BriefFigure, Gap, Moved, Watched};
use crate::ids::{RunId, StoreId, StoreScope, WorkspaceId};
use crate::money::Currency;
use chrono::{DateTime, Days, NaiveDate, Utc};
use std::collections::BTreeSet;
use uuid::Uuid;

const ORDERS: usize = 1;

fn now() -> DateTime<Utc> {
    "2026-07-01T10:00:00Z".parse().unwrap()
}

fn day(ago: u64) -> NaiveDate {
    "2026-06-30".parse::<NaiveDate>().unwrap() - Days::new(ago)
}

fn scope() -> StoreScope {
    StoreScope {
        workspace: WorkspaceId(Uuid::from_u128(1)),
        store: StoreId(Uuid::from_u128(2)),
    }
}

fn draft(orders: i64) -> Brief {
    Brief {
        scope: scope(),
        day: day(0),
        against: day(7),
        currency: Currency::parse("USD").unwrap(),
        made_at: now(),
        as_of: Some(now()),
        headline: format!("{orders} orders"),
        figures: vec![BriefFigure {
            key: "orders".to_owned(),
            title: "Orders".to_owned(),
            kind: FigureKind::Count,
            value: Some(orders),
            before: Some(40),
            reason: None,
        }],
        parts: vec![],
        parts_unknown: None,
        needs: vec![],
        anomalies: vec![],
        gaps: vec![],
        run: None,
        version: 1,
        moved: vec![],
    }
}

/// Ninety days of about forty orders, and so many on the last one; nothing else is known.
fn facts(last: i64) -> Facts {
    let orders = |ago: u64| match ago {
        0 => last,
        ago => 38 + i64::try_from(ago % 5).unwrap(),
    };
    let days = (0..90).rev().map(|ago| {
        let mut values = [None; Watched::ALL.len()];
        values[ORDERS] = Some(orders(ago));
        DayFacts {
            day: day(ago),
            values,
            is_estimated: false,
        }
    });
    Facts {
        as_of: Some(now()),
        scope: scope(),
        currency: Currency::parse("USD").unwrap(),
        day: day(0),
        is_read: true,
        days: days.collect(),
        known: vec![],
        draft: Some(draft(last)),
        written: None,
        told: BTreeSet::new(),
    }
}

fn run(number: u128) -> RunId {
    RunId(Uuid::from_u128(number))
}

fn booked(facts: &Facts) -> Book {
    book(facts, &Values::new(), now(), run(7))
}

#[test]
fn an_unusual_day_is_told_once_and_closed_when_it_is_usual() {
    let many = facts(160);
    let decision = decide(&many, &Values::new(), now(), 1);
    let [told] = decision.proposals.as_slice() else {
        panic!("{:?}", decision.proposals);
    };
    assert!(told.title.contains("Orders of 2026-06-30 was unusual: 160"));
    assert!(told.wanted.is_empty());
    let first = booked(&many);
    let (days, found) = first.looked.unwrap();
    assert_eq!((days.from, days.to, found.len()), (day(2), day(0), 1));
    assert_eq!((first.new, first.closed.len()), (1, 0));

    let known = vec![Known::of(&found[0])];
    let again = Facts {
        known: known.clone(),
        ..many
    };
    assert!(
        decide(&again, &Values::new(), now(), 1)
            .proposals
            .is_empty()
    );
    assert_eq!(booked(&again).new, 0);
    let usual = Facts {
        known: known.clone(),
        ..facts(40)
    };
    assert_eq!(booked(&usual).closed, known);
    let unread = Facts {
        is_read: false,
        ..usual
    };
    let unread = booked(&unread);
    assert_eq!((unread.looked, unread.closed.len()), (None, 0));
}

#[test]
fn more_days_are_looked_at_again_where_that_is_set() {
    let values = Values::from([("again".to_owned(), Value::Number(5))]);
    let all = |values: &Values| decide(&facts(40), values, now(), 1).looked_at;
    let figures = Watched::ALL.len() as u64;
    assert_eq!(
        (all(&Values::new()), all(&values)),
        (3 * figures, 5 * figures)
    );
    let (days, _) = book(&facts(40), &values, now(), run(7)).looked.unwrap();
    assert_eq!(days.from, day(4));
}

#[test]
fn a_brief_is_written_again_only_where_it_tells_something_else_and_says_what_moved() {
    let Outcome::First(first) = booked(&facts(40)).brief else {
        panic!("it is the first");
    };
    assert_eq!((first.run, first.version), (Some(run(7)), 1));
    let after = |now: Facts| {
        let facts = Facts {
            written: Some(first.clone()),
            ..now
        };
        booked(&facts).brief
    };
    assert_eq!(after(facts(40)), Outcome::Stands);
    let mut needs = facts(40);
    needs
        .draft
        .as_mut()
        .unwrap()
        .needs
        .push(crate::analysis::Need {
            text: "2 wait".to_owned(),
            link: "/inbox".to_owned(),
        });
    assert_eq!(after(needs), Outcome::Stands, "what waits is no figure");
    let Outcome::Again(second) = after(facts(43)) else {
        panic!("three orders came");
    };
    let moved = Moved {
        key: "orders".to_owned(),
        title: "Orders".to_owned(),
        kind: FigureKind::Count,
        from: Some(40),
        to: Some(43),
    };
    assert_eq!((second.version, second.moved), (2, vec![moved]));
    let mut gap = facts(40);
    gap.draft.as_mut().unwrap().gaps.push(Gap {
        code: "x".to_owned(),
        text: "x".to_owned(),
        link: None,
    });
    assert!(matches!(after(gap), Outcome::Again(b) if b.moved.is_empty()));
    let nothing = Facts {
        draft: None,
        ..facts(40)
    };
    assert_eq!(booked(&nothing).brief, Outcome::Nothing);
}

/// Whatever comes later changes no day of a rehearsal.
#[test]
fn the_past_is_judged_by_what_was_known_then() {
    let all = facts(160);
    let history = |days: Vec<DayFacts>| History {
        zone: chrono_tz::Tz::UTC,
        scope: scope(),
        currency: all.currency,
        days,
    };
    let mut other = all.days.clone();
    for later in other.iter_mut().filter(|d| d.day > day(10)) {
        later.values[ORDERS] = Some(7);
    }
    for ago in 10..20 {
        let known = history(all.days.clone()).known_at(day(ago), BTreeSet::new());
        let moved = history(other.clone()).known_at(day(ago), BTreeSet::new());
        assert_eq!(known, moved);
        assert_eq!(
            decide(&known, &Values::new(), now(), 1),
            decide(&moved, &Values::new(), now(), 1)
        );
    }
    let last = history(all.days.clone()).known_at(day(0), BTreeSet::new());
    assert_eq!(decide(&last, &Values::new(), now(), 1).proposals.len(), 1);
}
