//! A ticket: what a buyer wrote, what was answered, and until when an answer is owed.

use super::triage::{Hours, Topic, Triage};
use crate::audit::Actor;
use crate::ids::{CustomerId, OrderId, StoreScope, SupportTicketId};
use crate::people::Email;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Messages of one ticket; what comes after them is a ticket of its own.
pub const MOST_MESSAGES: usize = 200;
/// Characters of one message; the rest is cut off, and said to be.
pub const MOST_TEXT: usize = 10_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketStatus {
    /// An answer is owed.
    Open,
    /// The buyer is to answer.
    Waiting,
    Solved,
}

impl TicketStatus {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Waiting => "waiting",
            Self::Solved => "solved",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketSource {
    Hand,
    Webhook,
}

/// How a reply is on its way to the buyer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Delivery {
    /// It is being handed to the relay; whoever finds it so much later does not know what became of it.
    Sending,
    Sent,
    /// The relay has nothing of it.
    Failed {
        why: String,
    },
    /// Nobody knows whether the relay took it.
    Unknown {
        why: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum SaidBy {
    Buyer,
    /// A reply that this person approved by sending it.
    Us {
        who: Actor,
        delivery: Delivery,
    },
    /// For ourselves.
    Note {
        who: Actor,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// From 1 on.
    pub no: u32,
    pub said: SaidBy,
    pub text: String,
    pub at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupportTicket {
    pub id: SupportTicketId,
    pub scope: StoreScope,
    pub source: TicketSource,
    pub subject: String,
    /// Whom a reply goes to; `None`: it came by another way, and is answered there.
    pub from: Option<Email>,
    /// Whose it is, where that is known.
    pub customer: Option<CustomerId>,
    /// Which order it is about, where that is known.
    pub order: Option<OrderId>,
    pub triage: Triage,
    pub status: TicketStatus,
    pub opened_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Until when an answer is owed; `None`: none is.
    pub due_at: Option<DateTime<Utc>>,
    pub messages: Vec<Said>,
    /// 0 when it was opened.
    pub version: i64,
}

impl SupportTicket {
    /// As the audit names it: without words of the buyer.
    #[must_use]
    pub fn name(&self) -> String {
        format!("ticket of {}", self.opened_at.date_naive())
    }

    #[must_use]
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        self.status == TicketStatus::Open && self.due_at.is_some_and(|due| due < now)
    }

    /// The buyer's words, the newest first.
    pub fn buyers_words(&self) -> impl Iterator<Item = &str> {
        let all = self.messages.iter().rev();
        all.filter(|m| m.said == SaidBy::Buyer)
            .map(|m| m.text.as_str())
    }

    /// The buyer wrote again: an answer is owed anew. `false`: it has too many messages.
    #[must_use]
    pub fn hear(&mut self, text: &str, at: DateTime<Utc>, triage: Triage, hours: Hours) -> bool {
        if self.messages.len() >= MOST_MESSAGES {
            return false;
        }
        // What was urgent stays so; what is about something else now is about that.
        let priority = self.triage.priority.max(triage.priority);
        if triage.topic != Topic::Other {
            self.triage.topic = triage.topic;
        }
        for reason in triage.reasons {
            if !self.triage.reasons.contains(&reason) {
                self.triage.reasons.push(reason);
            }
        }
        self.triage.priority = priority;
        let due = at + hours.of(priority);
        // A second letter does not buy more time.
        let owed = self.due_at.filter(|_| self.status == TicketStatus::Open);
        self.due_at = Some(owed.map_or(due, |owed| owed.min(due)));
        self.status = TicketStatus::Open;
        self.say(SaidBy::Buyer, text, at);
        true
    }

    /// Adds a message; answers its number.
    pub fn say(&mut self, said: SaidBy, text: &str, at: DateTime<Utc>) -> u32 {
        let no = self.messages.last().map_or(1, |last| last.no + 1);
        self.messages.push(Said {
            no,
            said,
            text: cut(text),
            at,
        });
        self.updated_at = at;
        no
    }

    /// What became of a reply; one that went out owes nothing any more, but for what the buyer wrote meanwhile.
    pub fn delivered(&mut self, no: u32, became: Delivery, at: DateTime<Utc>) {
        let is_out = became == Delivery::Sent;
        let reply = self.messages.iter_mut().find(|m| m.no == no);
        if let Some(Said {
            said: SaidBy::Us { delivery, .. },
            ..
        }) = reply
        {
            *delivery = became;
        }
        let is_newer = |m: &Said| m.no > no && m.said == SaidBy::Buyer;
        if is_out && !self.messages.iter().any(is_newer) {
            self.status = TicketStatus::Waiting;
            self.due_at = None;
        }
        self.updated_at = at;
    }

    /// A reply of which it is not told whether it went out.
    #[must_use]
    pub fn undelivered(&self) -> Option<&Said> {
        self.messages.iter().find(|m| {
            let SaidBy::Us { delivery, .. } = &m.said else {
                return false;
            };
            matches!(delivery, Delivery::Sending)
        })
    }

    /// By hand; it moves what is owed.
    pub fn set_status(&mut self, status: TicketStatus, at: DateTime<Utc>, hours: Hours) {
        self.due_at = match status {
            TicketStatus::Open => {
                let due = at + hours.of(self.triage.priority);
                Some(self.due_at.unwrap_or(due))
            }
            TicketStatus::Waiting | TicketStatus::Solved => None,
        };
        self.status = status;
        self.updated_at = at;
    }
}

fn cut(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() <= MOST_TEXT {
        return text.to_owned();
    }
    let kept: String = text.chars().take(MOST_TEXT).collect();
    format!("{kept}\n[the rest was cut off]")
}
