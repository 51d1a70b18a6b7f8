//! The analyst: the brief of the day before, days on which a figure was unlike its own past, and what is not known.
//!
//! It proposes nothing and changes nothing outside: what it comes to is written into our own books, where people read it.

mod decide;
mod facts;
mod history;
mod spec;
#[cfg(test)]
mod tests;

pub use decide::{Book, Outcome, book, decide};
pub use facts::{DayFacts, Facts, Known};
pub use history::History;
pub use spec::SPEC;
