//! From open tickets to proposals.

use super::spec::SPEC;
use crate::agents::decision::{Decision, Handling, Note, Proposal};
use crate::agents::settings::Values;
use crate::changes::plan::Wanted;
use crate::changes::{Action, Evidence, EvidenceRow, HoldReason, Risk};
use crate::ids::{OrderId, SupportTicketId};
use crate::support::{Priority, Topic};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Of one store. Nothing that a buyer wrote is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub as_of: Option<DateTime<Utc>>,
    /// Those to which an answer is owed.
    pub tickets: Vec<TicketFacts>,
    pub told: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketFacts {
    pub id: SupportTicketId,
    pub topic: Topic,
    pub priority: Priority,
    pub opened_at: DateTime<Utc>,
    pub due_at: Option<DateTime<Utc>>,
    /// The one that it is about.
    pub order: Option<OrderFacts>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderFacts {
    pub id: OrderId,
    pub name: String,
    /// Whether nothing of it is sent, and it is neither cancelled nor held.
    pub can_hold: bool,
}

/// How tickets stood on a day nobody wrote down.
#[derive(Debug, Clone, Copy)]
pub struct Past {
    pub zone: chrono_tz::Tz,
}

/// The seed is not used: nothing here is left to chance.
#[must_use]
pub fn decide(facts: &Facts, values: &Values, now: DateTime<Utc>, _seed: u64) -> Decision {
    let mut tickets: Vec<&TicketFacts> = facts.tickets.iter().collect();
    tickets.sort_by_key(|t| (t.due_at, t.id));
    let mut proposals = Vec::new();
    for ticket in tickets {
        if SPEC.flag(values, "hold") {
            proposals.extend(hold(ticket, facts, values, now));
        }
        proposals.extend(late(ticket, facts, values, now));
    }
    // Two tickets may be about one order.
    let mut seen = BTreeSet::new();
    proposals.retain(|p| !facts.told.contains(&p.subject) && seen.insert(p.subject.clone()));
    let most = usize::try_from(SPEC.number(values, "most_proposals")).unwrap_or(0);
    let over = proposals.len().saturating_sub(most);
    proposals.truncate(most);
    let note = Note {
        about: "Proposals".to_owned(),
        text: format!("{over} more were found than one run proposes"),
    };
    Decision {
        proposals,
        notes: if over > 0 { vec![note] } else { vec![] },
        looked_at: facts.tickets.len() as u64,
    }
}

fn hold(
    ticket: &TicketFacts,
    facts: &Facts,
    values: &Values,
    now: DateTime<Utc>,
) -> Option<Proposal> {
    let order = ticket.order.as_ref().filter(|o| o.can_hold)?;
    let why = match ticket.topic {
        Topic::Cancel => "Its buyer wants it cancelled",
        Topic::Change => "Its buyer wants it changed",
        _ => return None,
    };
    let reason = format!(
        "{why}, and nothing of it is sent yet: what is held cannot be sent before somebody has answered"
    );
    Some(Proposal {
        subject: format!("hold:{}", order.id),
        title: format!("Hold order {} until its buyer is answered", order.name),
        wanted: vec![Wanted {
            action: Action::HoldOrder {
                order: order.id,
                handle: format!("royal-support-{}", order.id),
                reason: HoldReason::Other,
                note: why.to_owned(),
            },
            label: order.name.clone(),
        }],
        reason,
        evidence: vec![table(ticket, facts, now)],
        effect: None,
        effect_unknown: Some("what the buyer decides is not known".to_owned()),
        risk: Risk {
            score: 150,
            reasons: vec!["what is held is sent later".to_owned()],
        },
        confidence: 800,
        handling: Handling::Ask,
        valid_hours: valid(values),
    })
}

fn late(
    ticket: &TicketFacts,
    facts: &Facts,
    values: &Values,
    now: DateTime<Utc>,
) -> Option<Proposal> {
    let due = ticket.due_at.filter(|due| *due < now)?;
    let hours = (now - due).num_hours();
    let about = match &ticket.order {
        Some(order) => format!(" about order {}", order.name),
        None => String::new(),
    };
    Some(Proposal {
        // A second wait of the same ticket is another one.
        subject: format!("late:{}/{}", ticket.id, due.timestamp()),
        title: format!("A buyer waits for an answer{about}"),
        reason: format!(
            "It was owed {}, the topic is {} and the priority {}",
            match hours {
                0 => "less than an hour ago".to_owned(),
                1 => "an hour ago".to_owned(),
                many => format!("{many} hours ago"),
            },
            ticket.topic.as_str(),
            ticket.priority.as_str()
        ),
        wanted: vec![],
        evidence: vec![table(ticket, facts, now)],
        effect: None,
        effect_unknown: Some("nothing is changed".to_owned()),
        risk: Risk {
            score: 0,
            reasons: vec!["nothing is changed".to_owned()],
        },
        confidence: 1_000,
        handling: Handling::Notify,
        valid_hours: valid(values),
    })
}

fn table(ticket: &TicketFacts, facts: &Facts, now: DateTime<Utc>) -> Evidence {
    let at = |at: DateTime<Utc>| at.format("%Y-%m-%d %H:%M UTC").to_string();
    let rows = [
        ("Ticket", ticket.id.to_string()),
        ("Topic", ticket.topic.as_str().to_owned()),
        ("Priority", ticket.priority.as_str().to_owned()),
        ("Opened", at(ticket.opened_at)),
        (
            "Answer owed",
            ticket.due_at.map_or_else(|| "no".to_owned(), at),
        ),
    ];
    let rows = rows.into_iter().map(|(label, value)| EvidenceRow {
        label: label.to_owned(),
        value,
    });
    Evidence {
        title: "Ticket".to_owned(),
        observed_at: facts.as_of.unwrap_or(now),
        rows: rows.collect(),
    }
}

fn valid(values: &Values) -> u32 {
    u32::try_from(SPEC.number(values, "valid")).unwrap_or(24)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agents::settings::Value;
    use chrono::Duration;
    use uuid::Uuid;

    fn now() -> DateTime<Utc> {
        "2026-07-01T10:00:00Z".parse().unwrap()
    }

    fn ticket(number: u128, topic: Topic, owed: i64, can_hold: Option<bool>) -> TicketFacts {
        TicketFacts {
            id: SupportTicketId(Uuid::from_u128(number)),
            topic,
            priority: Priority::Normal,
            opened_at: now() - Duration::hours(40),
            due_at: Some(now() + Duration::hours(owed)),
            order: can_hold.map(|can_hold| OrderFacts {
                id: OrderId(7),
                name: "#1007".to_owned(),
                can_hold,
            }),
        }
    }

    fn subjects(tickets: Vec<TicketFacts>, told: &[&str], values: &Values) -> Vec<String> {
        let facts = Facts {
            as_of: Some(now()),
            tickets,
            told: told.iter().map(|t| (*t).to_owned()).collect(),
        };
        let decision = decide(&facts, values, now(), 1);
        decision.proposals.into_iter().map(|p| p.subject).collect()
    }

    #[test]
    fn an_order_to_be_cancelled_is_held_once_while_it_is_not_sent() {
        let wish = |number| ticket(number, Topic::Cancel, 2, Some(true));
        let usual = Values::new();
        assert_eq!(subjects(vec![wish(1), wish(2)], &[], &usual), ["hold:7"]);
        assert!(subjects(vec![wish(1)], &["hold:7"], &usual).is_empty());
        let sent = ticket(1, Topic::Cancel, 2, Some(false));
        assert!(subjects(vec![sent], &[], &usual).is_empty());
        let question = ticket(1, Topic::Delivery, 2, Some(true));
        assert!(subjects(vec![question], &[], &usual).is_empty());
        let off = Values::from([("hold".to_owned(), Value::Flag(false))]);
        assert!(subjects(vec![wish(1)], &[], &off).is_empty());
    }

    #[test]
    fn a_late_answer_is_told_once_the_one_that_is_owed_the_longest_first() {
        let tickets = vec![
            ticket(1, Topic::Other, -1, None),
            ticket(2, Topic::Other, -5, None),
            ticket(3, Topic::Other, 1, None),
        ];
        let found = subjects(tickets.clone(), &[], &Values::new());
        let due = (now() - Duration::hours(5)).timestamp();
        let id = Uuid::from_u128(2);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0], format!("late:{id}/{due}"));
        let told = found[0].clone();
        assert_eq!(subjects(tickets, &[&told], &Values::new()).len(), 1);
    }
}
