//! What the policy of tickets is told: to whom an answer is owed, and how their orders stand. Nothing that a buyer wrote.

use super::agent::{Agent, Gathering, Known};
use super::halt::Halt;
use super::past::brought_up;
use super::pricing::zone;
use super::rehearse::{Unwanted, Watched};
use async_trait::async_trait;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::agents::support::{Facts, OrderFacts, Past, SPEC, TicketFacts, decide};
use domain::agents::{AgentSpec, Decision, Rehearsal, Rehearser, Repeats, Values, rehearse};
use domain::changes::Cancellation;
use domain::support::TicketStatus;
use ports::PageRequest;
use ports::page::MAX_LIMIT;
use ports::support::TicketFilter;
use std::collections::BTreeSet;

/// What was said of a ticket is not said again for so long.
const REST: Duration = Duration::days(7);
const HELD: &str = "on_hold";

/// The agent over tickets.
pub(super) struct Tickets;

#[async_trait]
impl Agent for Tickets {
    const KINDS: &'static [&'static str] = &["hold", "late"];
    type Facts = Facts;
    type Past = Past;

    fn spec() -> &'static AgentSpec {
        &SPEC
    }

    async fn gather(of: &Gathering) -> Result<Facts, Halt> {
        let filter = TicketFilter {
            status: Some(TicketStatus::Open),
            ..TicketFilter::default()
        };
        let (mut tickets, mut as_of) = (Vec::new(), None);
        let mut page = PageRequest::first(MAX_LIMIT);
        loop {
            let found = of
                .ports
                .support
                .tickets(of.store.scope, &filter, &page)
                .await?;
            for ticket in found.items {
                as_of = as_of.max(Some(ticket.updated_at));
                let order = match ticket.order {
                    Some(id) => of.ports.orders.find(of.store.scope, id).await?,
                    None => None,
                };
                tickets.push(TicketFacts {
                    id: ticket.id,
                    topic: ticket.triage.topic,
                    priority: ticket.triage.priority,
                    opened_at: ticket.opened_at,
                    due_at: ticket.due_at,
                    order: order.map(|stored| {
                        let order = stored.order;
                        let word = order.fulfillment_status.as_str();
                        let is_free = order.cancelled_at.is_none() && word != HELD;
                        OrderFacts {
                            can_hold: is_free && !Cancellation::is_sent(word),
                            id: order.id,
                            name: order.name,
                        }
                    }),
                });
                of.progress.more(1);
            }
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                break;
            }
        }
        tickets.sort_by_key(|t| t.id);
        let mut told = brought_up(of, of.now - REST).await?;
        // Of what is not open any more nothing is said anyway.
        told.retain(|subject| tickets.iter().any(|t| is_about(subject, t)));
        Ok(Facts {
            as_of,
            tickets,
            told,
        })
    }

    fn decide(facts: &Facts, values: &Values, now: DateTime<Utc>, seed: u64) -> Decision {
        decide(facts, values, now, seed)
    }

    async fn past(of: &Gathering, _days: (NaiveDate, NaiveDate)) -> Result<(Past, String), Halt> {
        let past = Past { zone: zone(of)? };
        Ok((
            past,
            "nothing: how tickets stood nobody wrote down".to_owned(),
        ))
    }

    fn rehearse(
        past: &Past,
        values: &Values,
        (from, to): (NaiveDate, NaiveDate),
        seed: u64,
        watched: &Watched,
    ) -> Result<Rehearsal, Unwanted> {
        rehearse(
            Rehearser::new(from, to, past.zone, Repeats::Never),
            "How tickets stood on a day nobody wrote down, so that nothing is known of the past and nothing is proposed for it.",
            |_, told| {
                watched.next()?;
                Ok(Facts {
                    as_of: None,
                    tickets: Vec::new(),
                    told,
                })
            },
            |facts, now| decide(facts, values, now, seed),
        )
    }
}

fn is_about(subject: &str, ticket: &TicketFacts) -> bool {
    let order = ticket.order.as_ref().map(|o| o.id.to_string());
    match subject.split_once(':') {
        Some(("late", rest)) => rest.starts_with(&ticket.id.to_string()),
        Some(("hold", number)) => order.as_deref() == Some(number),
        _ => false,
    }
}

impl Known for Facts {
    fn as_of(&self) -> Option<DateTime<Utc>> {
        self.as_of
    }

    fn brought_up(&self) -> &BTreeSet<String> {
        &self.told
    }

    fn told(&self) -> String {
        format!("{} tickets to which an answer is owed", self.tickets.len())
    }
}
