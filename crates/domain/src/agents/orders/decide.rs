//! From scores and ages to holds, tags and findings.

use super::facts::{Facts, OrderFacts};
use super::late::{self, Late};
use super::risk::{Factor, Score, score};
use super::{SPEC, TAG_REVIEW, hold_handle};
use crate::agents::decision::{Decision, Handling, Note, Proposal};
use crate::agents::settings::Values;
use crate::changes::plan::Wanted;
use crate::changes::{Action, Evidence, EvidenceRow, HoldReason, Risk, Tagged};
use crate::money::Money;
use chrono::{DateTime, Duration, Utc};
use std::collections::BTreeMap;

/// What is done about an order; the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Measure {
    Hold,
    Review,
    Late,
    Watch,
}

impl Measure {
    const fn word(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Review => "review",
            Self::Late => "late",
            Self::Watch => "watch",
        }
    }
}

struct Found<'a> {
    measure: Measure,
    /// Of the same measure, the larger one first.
    weight: i64,
    order: &'a OrderFacts,
    proposal: Proposal,
}

/// The seed is not used: nothing here is left to chance.
#[must_use]
pub fn decide(facts: &Facts, values: &Values, now: DateTime<Utc>, _seed: u64) -> Decision {
    let oldest = now - Duration::days(SPEC.number(values, "history"));
    let left_alone = SPEC.words(values, "excluded_tags");
    let is_looked_at = |order: &&OrderFacts| {
        order.created_at >= oldest && !left_alone.iter().any(|tag| order.has_tag(tag.trim()))
    };
    let orders: Vec<_> = facts.orders.iter().filter(is_looked_at).collect();
    let (mut found, mut late) = (Vec::new(), Vec::new());
    let mut missing: BTreeMap<Factor, u64> = BTreeMap::new();
    let mut undated = 0_u64;
    for order in &orders {
        let score = score(order, facts, values);
        for factor in &score.missing {
            *missing.entry(*factor).or_default() += 1;
        }
        let view = View {
            facts,
            values,
            now,
            order,
        };
        let risky = view.risky(&score);
        let held = matches!(risky, Some((Measure::Hold, _)));
        found.extend(risky.map(|(measure, proposal)| Found {
            measure,
            weight: score.points,
            order,
            proposal,
        }));
        undated += u64::from(order.paid_at.is_none() && order.is_paid());
        // What is to be held is not to be hurried.
        late.extend(Late::of(order, values, now).filter(|_| !held));
    }
    late.retain(|l| !facts.told.contains(&l.subject()));
    let waiting = if facts.late_waits { late.len() } else { 0 };
    late.truncate(late.len() - waiting);
    let late = late::together(late, facts, values, now);
    found.extend(late.into_iter().map(|(first, proposal)| Found {
        measure: Measure::Late,
        weight: first.days,
        order: first.order,
        proposal,
    }));
    found.retain(|f| !facts.told.contains(&f.proposal.subject));
    found.sort_by_key(|f| (f.measure, -f.weight, f.order.id));
    let most = usize::try_from(SPEC.number(values, "most_proposals")).unwrap_or(0);
    let over = found.len().saturating_sub(most);
    found.truncate(most);
    Decision {
        proposals: found.into_iter().map(|f| f.proposal).collect(),
        notes: notes(&missing, orders.len(), undated, (waiting, over)),
        looked_at: orders.len() as u64,
    }
}

fn notes(
    missing: &BTreeMap<Factor, u64>,
    all: usize,
    undated: u64,
    (waiting, over): (usize, usize),
) -> Vec<Note> {
    let note = |about: &str, text: String| Note {
        about: about.to_owned(),
        text,
    };
    let mut notes = Vec::new();
    if !missing.is_empty() {
        let each: Vec<_> = missing
            .iter()
            .map(|(factor, count)| format!("{} for {count} of {all}", factor.label()))
            .collect();
        let text = format!("not known, and left out of the score: {}", each.join("; "));
        notes.push(note("Order risk", text));
    }
    if undated > 0 {
        let text = format!("since when {undated} paid orders are paid is not known");
        notes.push(note("Late orders", text));
    }
    if waiting > 0 {
        let text =
            format!("{waiting} more are late; they come up when those that wait are decided on");
        notes.push(note("Late orders", text));
    }
    if over > 0 {
        let text = format!("{over} more were found than one run proposes");
        notes.push(note("Proposals", text));
    }
    notes
}

struct View<'a> {
    facts: &'a Facts,
    values: &'a Values,
    now: DateTime<Utc>,
    order: &'a OrderFacts,
}

impl View<'_> {
    fn number(&self, key: &str) -> i64 {
        SPEC.number(self.values, key)
    }

    fn risky(&self, score: &Score) -> Option<(Measure, Proposal)> {
        let order = self.order;
        let measure = match score.points {
            // What has nothing to send cannot be held.
            high if high >= self.number("hold_from") && order.ships => Measure::Hold,
            high if high >= self.number("review_from").min(self.number("hold_from")) => {
                Measure::Review
            }
            some if some >= self.number("watch_from") => Measure::Watch,
            _ => return None,
        };
        let handle = hold_handle(order.id);
        let reviewed = order.has_tag(TAG_REVIEW);
        let held = order.holds.contains(&handle);
        let known = match measure {
            Measure::Hold => held,
            _ => held || reviewed,
        };
        if known {
            return None;
        }
        let reasons: Vec<_> = score.reasons.iter().map(|(text, _)| text.clone()).collect();
        let reason = format!("{} of 100 points: {}", score.points, reasons.join(", "));
        let hold = Action::HoldOrder {
            order: order.id,
            handle,
            reason: HoldReason::HighRiskOfFraud,
            note: reason.clone(),
        };
        let tag = (!reviewed).then(|| self.tag(TAG_REVIEW));
        let wanted = match measure {
            Measure::Hold => self.wanted([Some(hold), tag].into_iter().flatten()),
            Measure::Review => self.wanted(tag),
            Measure::Late | Measure::Watch => vec![],
        };
        let confidence = score.confidence();
        let proposal = Proposal {
            title: match measure {
                Measure::Hold => format!("Hold order {} until it is reviewed", order.name),
                Measure::Review => format!("Review order {}", order.name),
                Measure::Late | Measure::Watch => format!("Watch order {}", order.name),
            },
            evidence: vec![self.evidence(score)],
            effect_unknown: Some(
                "no chargebacks are recorded, so that nobody can tell what looking twice saves"
                    .to_owned(),
            ),
            risk: risk_of(measure, confidence),
            confidence,
            handling: match measure {
                Measure::Watch => Handling::Notify,
                _ if i64::from(confidence) * 10 >= self.number("apply_from") => Handling::Apply,
                _ => Handling::Ask,
            },
            ..self.proposal(measure, reason, wanted)
        };
        Some((measure, proposal))
    }

    fn tag(&self, tag: &str) -> Action {
        Action::AddTags {
            target: Tagged::Order(self.order.id),
            tags: vec![tag.to_owned()],
        }
    }

    fn wanted(&self, actions: impl IntoIterator<Item = Action>) -> Vec<Wanted> {
        let label = format!("Order {}", self.order.name);
        let actions = actions.into_iter();
        actions
            .map(|action| Wanted {
                action,
                label: label.clone(),
            })
            .collect()
    }

    fn proposal(&self, measure: Measure, reason: String, wanted: Vec<Wanted>) -> Proposal {
        Proposal {
            subject: format!("{}:{}", measure.word(), self.order.id),
            title: String::new(),
            reason,
            wanted,
            evidence: vec![],
            effect: None,
            effect_unknown: None,
            risk: Risk {
                score: 0,
                reasons: vec![],
            },
            confidence: 0,
            handling: Handling::Ask,
            valid_hours: u32::try_from(self.number("valid")).unwrap_or(24),
        }
    }

    fn evidence(&self, score: &Score) -> Evidence {
        let order = self.order;
        let amount = Money::new(order.amount, order.currency);
        let mut rows = vec![
            ("Amount", format!("{amount} {}", order.currency)),
            ("Placed", shown(order.created_at)),
        ];
        let points = score.reasons.iter();
        rows.extend(points.map(|(text, points)| (text.as_str(), format!("{points:+}"))));
        let missing = score.missing.iter();
        rows.extend(missing.map(|factor| (factor.label(), "not known".to_owned())));
        rows.push(("Points", score.points.to_string()));
        self.table(rows)
    }

    fn table<'a>(&self, rows: impl IntoIterator<Item = (&'a str, String)>) -> Evidence {
        let rows = rows.into_iter().map(|(label, value)| EvidenceRow {
            label: label.to_owned(),
            value,
        });
        Evidence {
            title: format!("Order {}", self.order.name),
            observed_at: self.facts.as_of.unwrap_or(self.now),
            rows: rows.collect(),
        }
    }
}

/// Of the measure, not of the order: a tag can be taken off again; what is held is late, and held in vain the more the less is known.
fn risk_of(measure: Measure, confidence: u32) -> Risk {
    let (score, reason) = match measure {
        Measure::Hold => (
            200 + 1_000_u32.saturating_sub(confidence) * 3 / 10,
            "what is held is sent later",
        ),
        Measure::Review | Measure::Late => (50, "a tag can be taken off again"),
        Measure::Watch => (0, "nothing is changed"),
    };
    Risk {
        score,
        reasons: vec![reason.to_owned()],
    }
}

pub(super) fn shown(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, facts, order};
    use super::super::{MIN_FOR_MEDIAN, ProviderRisk, TAG_LATE, median};
    use super::*;
    use crate::agents::settings::Value;

    fn run(orders: Vec<OrderFacts>) -> Decision {
        decide(
            &facts(orders),
            &Values::new(),
            at("2026-05-02T00:00:00Z"),
            1,
        )
    }

    fn subjects(decision: &Decision) -> Vec<&str> {
        let subjects = decision.proposals.iter().map(|p| p.subject.as_str());
        subjects.collect()
    }

    /// 20 + 25 + 30 + 30 points.
    fn risky(id: i64) -> OrderFacts {
        OrderFacts {
            billing_country: Some("FR".into()),
            provider_risk: Some(ProviderRisk::High),
            ..order(id)
        }
    }

    #[test]
    fn an_order_of_high_risk_is_held_and_tagged_under_a_handle_of_its_own() {
        let decision = run(vec![order(1), risky(7)]);
        assert_eq!(subjects(&decision), ["hold:7", "watch:1"]);
        let hold = &decision.proposals[0];
        assert!(matches!(
            &hold.wanted[0].action,
            Action::HoldOrder { order, handle, .. } if order.0 == 7 && handle == "royal-risk-7"
        ));
        assert!(
            matches!(&hold.wanted[1].action, Action::AddTags { tags, .. } if tags == &[TAG_REVIEW])
        );
        // 135 of 180 points could be given.
        assert_eq!((hold.confidence, hold.handling), (750, Handling::Ask));
        assert_eq!(decision.proposals[1].handling, Handling::Notify);
        assert_eq!(decision.proposals[1].wanted, []);
        assert!(hold.effect.is_none() && hold.effect_unknown.is_some());
    }

    #[test]
    fn with_every_factor_known_it_may_be_held_without_asking() {
        let mut one = risky(7);
        one.disposable_mail = Some(false);
        let hold = &run(vec![one]).proposals[0];
        assert_eq!((hold.confidence, hold.handling), (1_000, Handling::Apply));
        assert_eq!(hold.risk.band(), crate::changes::RiskBand::Low);
    }

    #[test]
    fn what_was_dealt_with_is_not_brought_up_again() {
        let mut held = risky(1);
        held.holds = vec![hold_handle(held.id)];
        let mut reviewed = order(2);
        reviewed.tags = vec![" Royal-Review".into()];
        assert_eq!(subjects(&run(vec![held, reviewed])), Vec::<&str>::new());
        let mut told = facts(vec![risky(3), order(4)]);
        told.told = ["hold:3".to_owned(), "watch:4".to_owned()].into();
        let decision = decide(&told, &Values::new(), at("2026-05-02T00:00:00Z"), 1);
        assert_eq!(subjects(&decision), Vec::<&str>::new());
        assert_eq!(decision.looked_at, 2);
    }

    #[test]
    fn a_review_that_turned_worse_is_held_without_a_second_tag() {
        let mut one = risky(1);
        one.tags = vec![TAG_REVIEW.into()];
        let decision = run(vec![one]);
        assert_eq!(subjects(&decision), ["hold:1"]);
        assert_eq!(decision.proposals[0].wanted.len(), 1);
    }

    #[test]
    fn what_has_nothing_to_send_is_reviewed_instead_of_held() {
        let mut one = risky(1);
        one.ships = false;
        assert_eq!(subjects(&run(vec![one])), ["review:1"]);
    }

    fn late(change: impl Fn(&mut OrderFacts), now: &str) -> usize {
        let mut one = order(1);
        (one.amount, one.earlier_orders) = (100, Some(5));
        change(&mut one);
        let decision = decide(&facts(vec![one]), &Values::new(), at(now), 1);
        decision.proposals.len()
    }

    #[test]
    fn paid_and_unsent_for_more_than_the_days_set_is_late_once() {
        let (three, more) = ("2026-05-04T00:00:00Z", "2026-05-04T00:00:01Z");
        assert_eq!(late(|_| {}, three), 0);
        assert_eq!(late(|_| {}, more), 1);
        assert_eq!(late(|o| o.tags = vec![TAG_LATE.into()], more), 0);
        assert_eq!(late(|o| o.financial_status = "pending".into(), more), 0);
        assert_eq!(late(|o| o.fulfillment_status = "on_hold".into(), more), 0);
        assert_eq!(late(|o| o.holds = vec!["theirs".into()], more), 0);
        assert_eq!(late(|o| o.ships = false, more), 0);
        assert_eq!(late(|o| o.paid_at = None, more), 0);
        assert_eq!(
            late(|_| {}, "2026-07-01T00:00:00Z"),
            0,
            "older than 60 days"
        );
    }

    #[test]
    fn what_is_missing_is_said_once_for_all_orders() {
        let decision = run(vec![order(1), risky(2)]);
        let text = &decision.notes[0].text;
        assert!(text.contains("the billing country for 1 of 2"), "{text}");
        assert!(
            text.contains("the kind of mail address for 2 of 2"),
            "{text}"
        );
        assert_eq!(run(vec![]), Decision::default());
    }

    #[test]
    fn tags_leave_orders_alone_and_a_run_proposes_no_more_than_is_set() {
        let mut one = risky(1);
        one.tags = vec!["Wholesale".into()];
        let values = Values::from([
            (
                "excluded_tags".to_owned(),
                Value::Words(vec!["wholesale".into()]),
            ),
            ("most_proposals".to_owned(), Value::Number(2)),
        ]);
        let all = facts(vec![one, order(5), risky(3), risky(2)]);
        let decision = decide(&all, &values, at("2026-05-02T00:00:00Z"), 1);
        assert_eq!(subjects(&decision), ["hold:2", "hold:3"]);
        assert!(decision.notes.iter().any(|n| n.text.starts_with("1 more")));
    }

    #[test]
    fn the_same_facts_give_the_same_proposals_to_the_last_bit() {
        let all = facts(vec![risky(2), order(1)]);
        let read: Facts = serde_json::from_str(&serde_json::to_string(&all).unwrap()).unwrap();
        assert_eq!(read, all);
        let digest = |facts: &Facts, seed| {
            let now = at("2026-05-02T00:00:00Z");
            decide(facts, &Values::new(), now, seed).digest()
        };
        assert_eq!(digest(&all, 1), digest(&read, 1));
        assert_ne!(digest(&all, 1), digest(&facts(vec![]), 1));
    }

    #[test]
    fn the_middle_order_is_one_of_enough_orders() {
        assert_eq!(median(vec![1; MIN_FOR_MEDIAN - 1]), None);
        let amounts = (1..=10).rev().collect();
        assert_eq!(median(amounts).map(|m| (m.amount, m.orders)), Some((5, 10)));
    }
}
