//! What is asked of the assistant, and what an answer is made of.
//!
//! A question is read by a grammar over our own vocabulary ([`question`]); what it does not understand it asks back instead of guessing.

pub mod question;
