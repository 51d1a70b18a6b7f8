//! From figures to unusual days, and from the draft to what is written of the day.

use super::facts::{Facts, Known};
use super::spec::SPEC;
use crate::agents::decision::{Decision, Handling, Note, Proposal};
use crate::agents::settings::Values;
use crate::analysis::detect::LEAST;
use crate::analysis::{Anomaly, Brief, Finding, Gap, Looked, Watched, look};
use crate::calendar::DayRange;
use crate::changes::{Evidence, EvidenceRow, Risk};
use crate::ids::RunId;
use chrono::{DateTime, Days, Utc};

/// A finding changes nothing and waits for nobody; this is for how long it counts as told.
const VALID_HOURS: u32 = 24;

/// What a look at the figures came to.
struct Seen {
    /// The newest day first, the most unusual of a day first.
    found: Vec<Anomaly>,
    gaps: Vec<Gap>,
    looked_at: u64,
}

fn again(values: &Values) -> u64 {
    u64::try_from(SPEC.number(values, "again")).unwrap_or(1)
}

fn seen(facts: &Facts, values: &Values, now: DateTime<Utc>) -> Seen {
    let (mut found, mut gaps, mut looked_at) = (Vec::new(), Vec::new(), 0);
    let again = again(values);
    for (at, figure) in Watched::ALL.into_iter().enumerate() {
        if !facts.is_read {
            break;
        }
        let series: Vec<_> = facts.days.iter().map(|d| (d.day, d.values[at])).collect();
        for (index, day) in facts.days.iter().enumerate().rev() {
            // The newest is the day of the brief.
            if day.day + Days::new(again) <= facts.day {
                break;
            }
            looked_at += 1;
            match look(figure, &series[..=index]) {
                Looked::Usual | Looked::Unknown => {}
                Looked::TooLittle(known) if day.day == facts.day => {
                    gaps.push(little(figure, known))
                }
                Looked::TooLittle(_) => {}
                Looked::Unusual(finding) => {
                    let may_move = day.is_estimated || day.day + Days::new(again - 1) > facts.day;
                    let unusual = anomaly(facts, (figure, day.day), &finding, now);
                    found.push(Anomaly {
                        may_move,
                        ..unusual
                    });
                }
            }
        }
    }
    found.sort_by_key(|a| (std::cmp::Reverse(a.day), std::cmp::Reverse(a.score.abs())));
    Seen {
        found,
        gaps,
        looked_at,
    }
}

fn anomaly(
    facts: &Facts,
    (figure, day): (Watched, chrono::NaiveDate),
    finding: &Finding,
    now: DateTime<Utc>,
) -> Anomaly {
    #[expect(clippy::cast_possible_truncation, reason = "some hundreds")]
    let score = (finding.score * 100.0).round() as i64;
    Anomaly {
        id: Anomaly::id_of(facts.scope, figure, day),
        scope: facts.scope,
        figure,
        day,
        currency: facts.currency,
        value: finding.value,
        expected: finding.expected,
        low: finding.low,
        high: finding.high,
        score,
        over_two_days: finding.over_two_days,
        history: finding.history,
        may_move: false,
        found_at: now,
    }
}

fn little(figure: Watched, known: usize) -> Gap {
    Gap {
        code: format!("little_history_{}", figure.as_str()),
        text: format!(
            "{} is not searched for unusual days: it is known of {known} of the {LEAST} days that it takes.",
            figure.title()
        ),
        link: None,
    }
}

/// The seed is not used: nothing here is left to chance.
#[must_use]
pub fn decide(facts: &Facts, values: &Values, now: DateTime<Utc>, _seed: u64) -> Decision {
    let seen = seen(facts, values, now);
    let is_new = |a: &&Anomaly| !facts.known.iter().any(|k| k.id == a.id);
    let new = seen.found.iter().filter(is_new);
    let mut proposals: Vec<_> = new.map(|a| proposal(a, facts, now)).collect();
    proposals.retain(|p| !facts.told.contains(&p.subject));
    let drafted = facts.draft.iter().flat_map(|d| &d.gaps);
    let notes = drafted.chain(&seen.gaps).map(|gap| Note {
        about: "Not known".to_owned(),
        text: gap.text.clone(),
    });
    Decision {
        proposals,
        notes: notes.collect(),
        looked_at: seen.looked_at,
    }
}

fn proposal(unusual: &Anomaly, facts: &Facts, now: DateTime<Utc>) -> Proposal {
    let words = |number| unusual.words(number);
    let usual = format!("{} to {}", words(unusual.low), words(unusual.high));
    let rows = [
        ("It was", words(unusual.value)),
        ("Expected", words(unusual.expected)),
        ("Usual", usual.clone()),
        ("Days it is held against", unusual.history.to_string()),
    ];
    let rows = rows.into_iter().map(|(label, value)| EvidenceRow {
        label: label.to_owned(),
        value,
    });
    Proposal {
        subject: format!("unusual:{}", unusual.id),
        title: unusual.title(),
        reason: format!("{} was expected, {usual} is usual", words(unusual.expected)),
        wanted: vec![],
        evidence: vec![Evidence {
            title: "Against its own past".to_owned(),
            observed_at: facts.as_of.unwrap_or(now),
            rows: rows.collect(),
        }],
        effect: None,
        effect_unknown: Some("nothing is changed".to_owned()),
        risk: Risk {
            score: 0,
            reasons: vec!["nothing is changed".to_owned()],
        },
        confidence: 1_000,
        handling: Handling::Notify,
        valid_hours: VALID_HOURS,
    }
}

/// What becomes of the day's brief.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It has none yet.
    First(Brief),
    /// It tells something else by now: its [`Brief::moved`] says which figures.
    Again(Brief),
    /// It tells the same.
    Stands,
    /// There is nothing to tell.
    Nothing,
}

/// What is written into our books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// Days that were looked at, and what is unusual about them; `None`: they were not.
    pub looked: Option<(DayRange, Vec<Anomaly>)>,
    pub brief: Outcome,
    /// Unusual days that nobody had found before.
    pub new: u64,
    /// Those that are usual by now.
    pub closed: Vec<Known>,
}

/// The same arguments, the same books: who takes over from a dead worker writes what that one would have.
#[must_use]
pub fn book(facts: &Facts, values: &Values, now: DateTime<Utc>, run: RunId) -> Book {
    let seen = seen(facts, values, now);
    let is_found = |known: &&Known| seen.found.iter().any(|a| a.id == known.id);
    let is_known = |a: &&Anomaly| facts.known.iter().any(|k| k.id == a.id);
    let brief = facts.draft.clone().map_or(Outcome::Nothing, |draft| {
        let of_day = seen.found.iter().filter(|a| a.day == facts.day);
        let mut gaps = draft.gaps.clone();
        gaps.extend(seen.gaps.iter().cloned());
        let brief = Brief {
            anomalies: of_day.cloned().collect(),
            gaps,
            run: Some(run),
            ..draft
        };
        written(brief, facts.written.as_ref())
    });
    let days = DayRange {
        from: facts.day - Days::new(again(values) - 1),
        to: facts.day,
    };
    Book {
        brief,
        new: seen.found.iter().filter(|a| !is_known(a)).count() as u64,
        closed: if facts.is_read {
            let known = facts.known.iter();
            known.filter(|k| !is_found(k)).cloned().collect()
        } else {
            Vec::new()
        },
        looked: facts.is_read.then_some((days, seen.found)),
    }
}

fn written(brief: Brief, before: Option<&Brief>) -> Outcome {
    match before {
        None => Outcome::First(brief),
        Some(before) if before.tells_the_same(&brief) => Outcome::Stands,
        Some(before) => Outcome::Again(Brief {
            moved: brief.moved_from(before),
            version: before.version + 1,
            ..brief
        }),
    }
}
