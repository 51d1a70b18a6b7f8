//! What is bought together: pairs and bundles of three that stand in the same orders more often than chance would put them there.
//!
//! Orders are counted as baskets of distinct products ([`basket`]); each pair and each three gets support, confidence and lift with
//! intervals, and an exact test ([`affinity`]). So many are tested at once that chance alone would find some: what is told keeps the expected
//! share of false ones below the one that is set, whatever the tests have to do with each other (Benjamini and Yekutieli, 2001).
//!
//! It tells what was bought together, not that showing one sells the other: no effect on money is claimed.
//!
//! Numbers of statistics are floats that only the four operations and the square root touch, so that they are the same to the bit on every
//! machine; facts are whole numbers.

mod affinity;
mod basket;
mod decide;
mod facts;
mod find;
mod history;
mod spec;

pub use affinity::{Affinity, Share};
pub use basket::{Basket, Counter, LARGEST};
pub use decide::{decide, tag};
pub use facts::{Counted, Facts, ProductFacts};
pub use find::{Bundle, Found, Pair, find};
pub use history::{History, Window, known_at};
pub use spec::SPEC;

#[cfg(test)]
mod tests;
