//! Orders that wait for too long: many of them are one proposal, so that one look is enough for all.

use super::facts::{Facts, OrderFacts};
use super::{SPEC, TAG_LATE};
use crate::agents::decision::{Handling, Proposal};
use crate::agents::settings::Values;
use crate::changes::plan::Wanted;
use crate::changes::{Action, Evidence, EvidenceRow, Risk, Tagged};
use chrono::{DateTime, Duration, Utc};

/// An order that was paid and not sent for too long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Late<'a> {
    pub(super) order: &'a OrderFacts,
    paid_at: DateTime<Utc>,
    pub(super) days: i64,
}

impl<'a> Late<'a> {
    /// `None`: it is not late, nobody can tell since when it is paid, it waits on purpose, or it is tagged already.
    pub(super) fn of(order: &'a OrderFacts, values: &Values, now: DateTime<Utc>) -> Option<Self> {
        let waits = matches!(order.fulfillment_status.as_str(), "unfulfilled" | "open");
        if !waits || !order.ships || !order.is_paid() || !order.holds.is_empty() {
            return None;
        }
        let paid_at = order.paid_at?;
        let is_late = now - paid_at > Duration::days(SPEC.number(values, "late_after"));
        (is_late && !order.has_tag(TAG_LATE)).then(|| Self {
            order,
            paid_at,
            days: (now - paid_at).num_days(),
        })
    }

    pub(super) fn subject(&self) -> String {
        format!("late:{}", self.order.id)
    }
}

/// One proposal for as many as the settings put together, those that wait longest first. The confidence is full: lateness is the
/// difference of two recorded times.
pub(super) fn together<'a>(
    mut late: Vec<Late<'a>>,
    facts: &Facts,
    values: &Values,
    now: DateTime<Utc>,
) -> Vec<(Late<'a>, Proposal)> {
    late.sort_by_key(|l| (l.paid_at, l.order.id));
    let most = usize::try_from(SPEC.number(values, "late_at_once")).unwrap_or(1);
    let chunks = late.chunks(most.max(1));
    let proposals = chunks.filter_map(|chunk| {
        let first = *chunk.first()?;
        Some((first, proposal(first, chunk, facts, values, now)))
    });
    proposals.collect()
}

fn proposal(
    first: Late<'_>,
    late: &[Late<'_>],
    facts: &Facts,
    values: &Values,
    now: DateTime<Utc>,
) -> Proposal {
    let after = SPEC.number(values, "late_after");
    let least = late.iter().map(|l| l.days).min().unwrap_or(first.days);
    let (title, days) = match late {
        [one] => (format!("Tag order {} as late", one.order.name), None),
        all => (format!("Tag {} orders as late", all.len()), Some(least)),
    };
    let since = match days {
        Some(least) if least != first.days => format!("{least} to {}", first.days),
        _ => first.days.to_string(),
    };
    Proposal {
        subject: first.subject(),
        title,
        reason: format!("paid {since} days ago, and nothing was sent; late after {after}"),
        wanted: late.iter().map(wanted).collect(),
        evidence: vec![evidence(late, facts, now)],
        effect: None,
        effect_unknown: Some("a tag by itself moves no money".to_owned()),
        risk: Risk {
            score: 50,
            reasons: vec!["a tag can be taken off again".to_owned()],
        },
        confidence: 1_000,
        handling: Handling::Apply,
        valid_hours: u32::try_from(SPEC.number(values, "valid")).unwrap_or(24),
    }
}

fn wanted(late: &Late<'_>) -> Wanted {
    Wanted {
        action: Action::AddTags {
            target: Tagged::Order(late.order.id),
            tags: vec![TAG_LATE.to_owned()],
        },
        label: format!("Order {}", late.order.name),
    }
}

fn evidence(late: &[Late<'_>], facts: &Facts, now: DateTime<Utc>) -> Evidence {
    let rows = late.iter().map(|l| EvidenceRow {
        label: format!("Order {}", l.order.name),
        value: format!(
            "{} days since it was paid, {}",
            l.days,
            super::decide::shown(l.paid_at)
        ),
    });
    Evidence {
        title: "Paid and not sent".to_owned(),
        observed_at: facts.as_of.unwrap_or(now),
        rows: rows.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::decide;
    use super::super::tests::{at, facts, order};
    use super::*;
    use crate::agents::settings::Value;

    /// Paid at the start of 1 May and the days after; nothing else is the matter with them.
    fn late(id: i64, day: u32) -> OrderFacts {
        let paid = at(&format!("2026-05-{day:02}T00:00:00Z"));
        OrderFacts {
            amount: 100,
            earlier_orders: Some(5),
            paid_at: Some(paid),
            ..order(id)
        }
    }

    fn run(facts: &Facts, at_once: i64) -> Vec<Proposal> {
        let values = Values::from([("late_at_once".to_owned(), Value::Number(at_once))]);
        decide(facts, &values, at("2026-05-10T12:00:00Z"), 1).proposals
    }

    #[test]
    fn all_that_are_late_are_one_proposal_the_longest_waiting_first() {
        let found = run(&facts(vec![late(1, 3), late(2, 1), late(3, 8)]), 50);
        let [one] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert_eq!(one.title, "Tag 2 orders as late");
        assert!(
            one.reason.starts_with("paid 7 to 9 days ago"),
            "{}",
            one.reason
        );
        assert_eq!(
            one.subjects(),
            ["late:2", "late:1"].map(str::to_owned).into()
        );
        assert_eq!(one.evidence[0].rows[0].label, "Order #2");
        assert_eq!(one.handling, Handling::Apply);
    }

    #[test]
    fn no_proposal_has_more_than_the_settings_put_together() {
        let orders = (1..=5).map(|id| late(id, 1)).collect();
        let sizes: Vec<_> = run(&facts(orders), 2)
            .iter()
            .map(|p| p.wanted.len())
            .collect();
        assert_eq!(sizes, [2, 2, 1]);
    }

    #[test]
    fn while_some_wait_for_a_decision_the_others_wait_with_them_and_it_is_said() {
        let mut all = facts(vec![late(1, 1), late(2, 2)]);
        all.told = ["late:1".to_owned()].into();
        assert_eq!(
            run(&all, 50).len(),
            1,
            "what was decided on holds nothing up"
        );
        all.late_waits = true;
        let decision = decide(&all, &Values::new(), at("2026-05-10T12:00:00Z"), 1);
        assert_eq!(decision.proposals, []);
        let said = decision.notes.iter().any(|n| n.text.starts_with("1 more"));
        assert!(said, "{:?}", decision.notes);
    }
}
