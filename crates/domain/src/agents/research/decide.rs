//! From facts to proposals and the watch list.

use super::facts::{Candidate, Facts};
use super::record::Record;
use super::spec::SPEC;
use crate::agents::decision::{Decision, Handling, Note, Proposal};
use crate::agents::settings::Values;
use crate::changes::plan::Wanted;
use crate::changes::{Action, Evidence, EvidenceRow, Risk};
use crate::money::Money;
use chrono::{DateTime, Utc};

/// Entries of the watch list that a log names.
const MOST_NOTES: usize = 50;

/// Why something is watched instead of proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// What is reached, and what is asked for.
    Score(i64, i64),
    Known(i64, i64),
    Margin(Option<i64>, i64),
    OutOfStock,
    PutOff(DateTime<Utc>),
    NoDraft(String),
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let percent = |share: i64| format!("{}.{} %", share / 100, (share % 100).abs() / 10);
        match self {
            Self::Score(is, least) => {
                write!(f, "its score with what was learned is {}", points(*is))?;
                write!(f, " of {}", points(*least))
            }
            Self::Known(is, least) => {
                write!(
                    f,
                    "{} of its score are known, of {}",
                    percent(*is),
                    percent(*least)
                )
            }
            Self::Margin(Some(is), least) => {
                write!(f, "its margin is {} of {}", percent(*is), percent(*least))
            }
            Self::Margin(None, _) => f.write_str("its margin is not known"),
            Self::OutOfStock => f.write_str("no supplier has it in stock"),
            Self::PutOff(until) => write!(f, "it was put off until {}", until.date_naive()),
            Self::NoDraft(why) => write!(f, "no draft can be made of it: {why}"),
        }
    }
}

fn points(hundredths: i64) -> String {
    format!("{}.{:02}", hundredths / 100, (hundredths % 100).abs())
}

/// What becomes of a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judged {
    Draft,
    Watch(Why),
    /// It is sold already, was brought up, or is below what is watched.
    Left,
}

struct Policy<'a> {
    facts: &'a Facts,
    values: &'a Values,
    now: DateTime<Utc>,
    record: Record,
}

impl Policy<'_> {
    fn number(&self, key: &str) -> i64 {
        SPEC.number(self.values, key)
    }

    /// Its score with what was learned, from 0 to 100.
    fn leaned(&self, of: &Candidate) -> i64 {
        let lean = self
            .record
            .lean(of.category.as_deref(), of.supplier.as_deref());
        (of.score + lean).clamp(0, 10_000)
    }

    fn judge(&self, of: &Candidate) -> Judged {
        let least = self.number("least_score") * 100;
        let (known, margin) = (self.number("least_known"), self.number("minimum_margin"));
        let leaned = self.leaned(of);
        if of.owned.is_some() || of.score.max(leaned) < self.number("watch_from") * 100 {
            return Judged::Left;
        }
        let is_told = |draft: &crate::changes::ProductDraft| {
            self.facts.told.contains(&subject(&draft.handle))
        };
        if of.draft.as_ref().is_some_and(is_told) {
            return Judged::Left;
        }
        let why = if let Some(until) = of.until.filter(|until| *until > self.now) {
            Why::PutOff(until)
        } else if leaned < least {
            Why::Score(leaned, least)
        } else if of.known < known {
            Why::Known(of.known, known)
        } else if of.margin.is_none_or(|m| m < margin) {
            Why::Margin(of.margin, margin)
        } else if of.offers.iter().all(|o| o.is_out) {
            Why::OutOfStock
        } else if let Some(why) = &of.no_draft {
            Why::NoDraft(why.clone())
        } else if of.draft.is_none() {
            Why::NoDraft("it was not among the best of this look".to_owned())
        } else {
            return Judged::Draft;
        };
        Judged::Watch(why)
    }

    fn money(&self, minor: i64) -> String {
        let currency = self.facts.currency;
        format!("{} {currency}", Money::new(minor, currency))
    }

    fn table(&self, title: &str, rows: Vec<(String, String)>) -> Evidence {
        let rows = rows
            .into_iter()
            .map(|(label, value)| EvidenceRow { label, value });
        Evidence {
            title: title.to_owned(),
            observed_at: self.facts.as_of.unwrap_or(self.now),
            rows: rows.collect(),
        }
    }

    fn evidence(&self, of: &Candidate) -> Vec<Evidence> {
        let mut score = vec![
            (
                "Score".to_owned(),
                format!(
                    "{} of 100, between {} and {}",
                    points(of.score),
                    points(of.low),
                    points(of.high)
                ),
            ),
            ("Known of it".to_owned(), format!("{} %", of.known / 100)),
        ];
        score.extend(of.factors.iter().map(|factor| {
            let value = match factor.points {
                Some(points) => format!("{points} points: {}", factor.why),
                None => format!("not known: {}", factor.why),
            };
            (format!("{} ({} %)", factor.name, factor.weight), value)
        }));
        let or = |amount: Option<i64>| {
            amount.map_or_else(|| "not known".to_owned(), |minor| self.money(minor))
        };
        let money = vec![
            ("Price".to_owned(), or(of.price)),
            ("Cost until it is there, at most".to_owned(), or(of.landed)),
            (
                "Break-even cost of advertisements".to_owned(),
                or(of.break_even),
            ),
            ("Margin".to_owned(), of.margin_why.clone()),
        ];
        let offers = of.offers.iter().map(|offer| {
            let paid = or(offer.paid);
            let stock = if offer.is_out { ", out of stock" } else { "" };
            let same = offer.same.as_ref();
            let same = same.map_or_else(String::new, |same| format!("; {same}"));
            (offer.supplier.clone(), format!("{paid}{stock}{same}"))
        });
        let lean = self
            .record
            .lean(of.category.as_deref(), of.supplier.as_deref());
        let learned = vec![
            (
                "Accepted before".to_owned(),
                format!(
                    "{} of {}",
                    self.record.accepted.hits, self.record.accepted.of
                ),
            ),
            (
                "Drafts that sold".to_owned(),
                format!("{} of {}", self.record.hits.hits, self.record.hits.of),
            ),
            (
                "Added for its type and supplier".to_owned(),
                format!(
                    "{}{} points",
                    if lean < 0 { "-" } else { "" },
                    points(lean.abs())
                ),
            ),
        ];
        vec![
            self.table("Score", score),
            self.table("Money for one", money),
            self.table("Offers", offers.collect()),
            self.table("Learned", learned),
        ]
    }

    fn proposal(&self, of: &Candidate) -> Option<Proposal> {
        let draft = of.draft.clone()?;
        let margin = of.margin.unwrap_or(0);
        let reason = format!(
            "it scores {} of 100, {} % of it known, at a margin of {}.{} %",
            points(of.score),
            of.known / 100,
            margin / 100,
            (margin % 100).abs() / 10
        );
        Some(Proposal {
            subject: subject(&draft.handle),
            title: format!("Prepare a draft: {}", draft.title),
            reason,
            wanted: vec![Wanted {
                label: draft.title.clone(),
                action: Action::ProductDraft(draft),
            }],
            evidence: self.evidence(of),
            effect: None,
            effect_unknown: Some(
                "nobody knows what a product sells that was never offered".to_owned(),
            ),
            risk: Risk {
                score: 100,
                reasons: vec!["a draft is seen by no buyer, and can be taken away".to_owned()],
            },
            // As much of the score as is known.
            confidence: u32::try_from(of.known / 10).unwrap_or(0).min(1_000),
            handling: Handling::Ask,
            valid_hours: u32::try_from(self.number("valid")).unwrap_or(24),
        })
    }
}

fn subject(handle: &str) -> String {
    format!("draft:{handle}")
}

fn policy<'a>(facts: &'a Facts, values: &'a Values, now: DateTime<Utc>) -> Policy<'a> {
    Policy {
        facts,
        values,
        now,
        record: Record::of(facts, values),
    }
}

/// What is nearly worth a draft, the best first, with what it lacks.
#[must_use]
pub fn watch_list<'a>(
    facts: &'a Facts,
    values: &Values,
    now: DateTime<Utc>,
) -> Vec<(&'a Candidate, Why)> {
    let policy = policy(facts, values, now);
    let judged = facts.candidates.iter().map(|c| (c, policy.judge(c)));
    let mut watched: Vec<_> = judged
        .filter_map(|(c, judged)| match judged {
            Judged::Watch(why) => Some((c, why)),
            Judged::Draft | Judged::Left => None,
        })
        .collect();
    watched.sort_by_key(|(c, _)| (std::cmp::Reverse(policy.leaned(c)), c.id));
    watched
}

/// Pure: the same facts, in whatever order, give the same proposals. Nothing of it is left to chance, so that the seed has no part in it.
#[must_use]
pub fn decide(facts: &Facts, values: &Values, now: DateTime<Utc>, _seed: u64) -> Decision {
    let policy = policy(facts, values, now);
    let mut drafts: Vec<&Candidate> = facts
        .candidates
        .iter()
        .filter(|c| policy.judge(c) == Judged::Draft)
        .collect();
    // By what is sure of it, with what was learned.
    let rank = |c: &Candidate| c.low + policy.leaned(c) - c.score;
    drafts.sort_by_key(|c| (std::cmp::Reverse(rank(c)), c.id));
    // Two of one handle are one product in the shop.
    let mut handles = std::collections::BTreeSet::new();
    drafts.retain(|c| {
        c.draft
            .as_ref()
            .is_some_and(|d| handles.insert(d.handle.clone()))
    });
    let most = usize::try_from(policy.number("most_proposals")).unwrap_or(1);
    let over = drafts.len().saturating_sub(most);
    let mut decision = Decision {
        proposals: drafts
            .into_iter()
            .take(most)
            .filter_map(|c| policy.proposal(c))
            .collect(),
        looked_at: facts.candidates.len() as u64,
        ..Decision::default()
    };
    let mut note = |about: &str, text: String| {
        decision.notes.push(Note {
            about: about.to_owned(),
            text,
        });
    };
    note("Hit rate", hit_rate(&policy.record));
    if over > 0 {
        note(
            "Proposals",
            format!("{over} more are worth a draft than one run proposes"),
        );
    }
    let owned = facts
        .candidates
        .iter()
        .filter(|c| c.owned.is_some())
        .count();
    if owned > 0 {
        note("Sold already", format!("{owned} things are in the shop"));
    }
    let watched = watch_list(facts, values, now);
    for (candidate, why) in watched.iter().take(MOST_NOTES) {
        note(&candidate.title, format!("on the watch list: {why}"));
    }
    if watched.len() > MOST_NOTES {
        let more = watched.len() - MOST_NOTES;
        note("Watch list", format!("{more} more are on it"));
    }
    decision
}

fn hit_rate(record: &Record) -> String {
    let rate = &record.hits;
    let (Some(share), Some((low, high))) = (rate.share, rate.interval) else {
        return format!(
            "not known: no draft's days are over yet, of {} that were made",
            record.open
        );
    };
    let percent = |share: i64| format!("{}.{} %", share / 100, share % 100 / 10);
    format!(
        "{} of {} drafts sold in their days: {}, between {} and {} (95 %)",
        rate.hits,
        rate.of,
        percent(share),
        percent(low),
        percent(high)
    )
}
