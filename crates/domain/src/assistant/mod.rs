//! What is asked of the assistant, and what an answer is made of.
//!
//! A question is read by a grammar over our own vocabulary ([`question`]); what it does not understand it asks back instead of guessing. An
//! answer ([`answer`]) carries each figure with its source, so that a reader can look it up; [`bridge`] takes a change of profit apart.

pub mod answer;
pub mod bridge;
pub mod question;
pub mod session;
pub mod sieve;
pub mod spend;
