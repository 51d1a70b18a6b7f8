//! What buyers write, and what is answered: tickets with their messages, how urgent each is and why, and drafts that say what is known and nothing
//! else.
//!
//! Must not know: where a ticket comes from, how a letter is sent, what time it is.

mod drafted;
mod reply;
mod ticket;
mod triage;

pub use drafted::{MOST_DRAFT, composed, masked, recorded};
pub use reply::{OrderFacts, ReplyFacts, draft};
pub use ticket::{
    Delivery, MOST_MESSAGES, MOST_TEXT, Said, SaidBy, SupportTicket, TicketSource, TicketStatus,
};
pub use triage::{Hours, Priority, Topic, Triage, order_names, triage};

#[cfg(test)]
mod tests;
