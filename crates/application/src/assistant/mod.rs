//! The assistant: conversations of people, and the analyst that answers them.

mod analyst;

pub use analyst::{Analyst, AnswerError, Desk};
