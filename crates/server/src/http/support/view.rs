//! Tickets as the API shows them.

use crate::http::amounts::amount;
use application::support::{Drafted, Opened};
use chrono::{DateTime, Utc};
use domain::support::{Delivery, Said, SaidBy, SupportTicket, TicketSource, TicketStatus};
use ports::orders::StoredOrder;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SupportStatus)]
pub(crate) enum StatusBody {
    /// An answer is owed.
    Open,
    /// The buyer is to answer.
    Waiting,
    Solved,
}

impl From<StatusBody> for TicketStatus {
    fn from(status: StatusBody) -> Self {
        match status {
            StatusBody::Open => Self::Open,
            StatusBody::Waiting => Self::Waiting,
            StatusBody::Solved => Self::Solved,
        }
    }
}

impl From<TicketStatus> for StatusBody {
    fn from(status: TicketStatus) -> Self {
        match status {
            TicketStatus::Open => Self::Open,
            TicketStatus::Waiting => Self::Waiting,
            TicketStatus::Solved => Self::Solved,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupportTicketSummary)]
pub(crate) struct SummaryBody {
    id: String,
    store_id: String,
    subject: String,
    from: Option<String>,
    /// `hand` or `webhook`.
    source: &'static str,
    /// `delivery`, `damaged`, `return`, `refund`, `cancel`, `change`, `invoice` or `other`.
    topic: &'static str,
    /// `low`, `normal` or `urgent`.
    priority: &'static str,
    /// Why it is taken for that.
    reasons: Vec<String>,
    status: StatusBody,
    opened_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    /// Until when an answer is owed; null: none is.
    due_at: Option<DateTime<Utc>>,
    is_overdue: bool,
    customer_id: Option<String>,
    order_id: Option<String>,
    messages: u64,
    version: i64,
}

impl SummaryBody {
    pub(super) fn of(of: &SupportTicket, now: DateTime<Utc>) -> Self {
        Self {
            id: of.id.to_string(),
            store_id: of.scope.store.to_string(),
            subject: of.subject.clone(),
            from: of.from.as_ref().map(|f| f.as_str().to_owned()),
            source: match of.source {
                TicketSource::Hand => "hand",
                TicketSource::Webhook => "webhook",
            },
            topic: of.triage.topic.as_str(),
            priority: of.triage.priority.as_str(),
            reasons: of.triage.reasons.clone(),
            status: of.status.into(),
            opened_at: of.opened_at,
            updated_at: of.updated_at,
            due_at: of.due_at,
            is_overdue: of.is_overdue(now),
            customer_id: of.customer.map(|c| c.to_string()),
            order_id: of.order.map(|o| o.to_string()),
            messages: of.messages.len() as u64,
            version: of.version,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupportMessage)]
pub(crate) struct MessageBody {
    no: u32,
    /// `buyer`, `us` or `note`.
    kind: &'static str,
    /// Who of us; null: the buyer.
    by: Option<String>,
    text: String,
    at: DateTime<Utc>,
    /// Of a reply: `sending`, `sent`, `failed` or `unknown`.
    delivery: Option<&'static str>,
    /// Why it did not go out, or why nobody knows.
    delivery_why: Option<String>,
}

impl From<&Said> for MessageBody {
    fn from(of: &Said) -> Self {
        let (kind, by, delivery) = match &of.said {
            SaidBy::Buyer => ("buyer", None, None),
            SaidBy::Us { who, delivery } => ("us", Some(&who.name), Some(delivery)),
            SaidBy::Note { who } => ("note", Some(&who.name), None),
        };
        Self {
            no: of.no,
            kind,
            by: by.cloned(),
            text: of.text.clone(),
            at: of.at,
            delivery: delivery.map(|d| match d {
                Delivery::Sending => "sending",
                Delivery::Sent => "sent",
                Delivery::Failed { .. } => "failed",
                Delivery::Unknown { .. } => "unknown",
            }),
            delivery_why: delivery.and_then(|d| match d {
                Delivery::Failed { why } | Delivery::Unknown { why } => Some(why.clone()),
                Delivery::Sending | Delivery::Sent => None,
            }),
        }
    }
}

/// An order beside a ticket.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupportOrder)]
pub(crate) struct OrderBody {
    id: String,
    name: String,
    ordered_at: DateTime<Utc>,
    financial_status: String,
    fulfillment_status: String,
    is_cancelled: bool,
    /// As it now stands.
    total: String,
    refunded: String,
    currency: String,
    /// Titles of what was ordered, with how many.
    items: Vec<String>,
}

impl From<&StoredOrder> for OrderBody {
    fn from(of: &StoredOrder) -> Self {
        let order = &of.order;
        let items = order.lines.iter();
        Self {
            id: order.id.to_string(),
            name: order.name.clone(),
            ordered_at: order.processed_at,
            financial_status: order.financial_status.clone(),
            fulfillment_status: order.fulfillment_status.clone(),
            is_cancelled: order.cancelled_at.is_some(),
            total: amount(order.totals.current_total, order.currency),
            refunded: amount(order.totals.refunded, order.currency),
            currency: order.currency.to_string(),
            items: items
                .map(|l| format!("{} × {}", l.quantity, l.title))
                .collect(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupportTicket)]
pub(crate) struct TicketBody {
    ticket: SummaryBody,
    /// The oldest first.
    messages: Vec<MessageBody>,
    /// The customer's latest, the newest first.
    orders: Vec<OrderBody>,
    /// From what is recorded; nobody has approved it.
    draft: String,
    /// The language model that can be asked for another draft; null: none is set.
    drafts_by: Option<String>,
    /// Why no reply can be sent from here; null: one can.
    cannot_send: Option<&'static str>,
}

/// A draft that somebody asked for; nobody has approved it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupportDraft)]
pub(crate) struct DraftBody {
    text: String,
    /// The language model that wrote it; null: it is the template's.
    model: Option<String>,
    /// Why it is the template's: no model is set, none answered, the budget is used up, or what it wrote states what is not recorded.
    why_not: Option<String>,
}

impl From<Drafted> for DraftBody {
    fn from(of: Drafted) -> Self {
        Self {
            text: of.text,
            model: of.model,
            why_not: of.why_not,
        }
    }
}

impl TicketBody {
    pub(super) fn of(of: &Opened, now: DateTime<Utc>) -> Self {
        Self {
            ticket: SummaryBody::of(&of.ticket, now),
            messages: of.ticket.messages.iter().map(Into::into).collect(),
            orders: of.orders.iter().map(Into::into).collect(),
            draft: of.draft.clone(),
            drafts_by: of.drafts_by.clone(),
            cannot_send: of.cannot_send,
        }
    }
}
