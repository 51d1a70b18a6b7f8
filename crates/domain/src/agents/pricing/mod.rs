//! Prices: which to change, by how much, and how sure that is.
//!
//! Two reasons move a price. A *rule*: the price leaves less than the least margin. And *demand*: the store's own changes of price have
//! shown how sales answer to them. Where no change of price was ever seen, nothing is said about demand.
//!
//! The confidence of the second kind is the probability that the new price brings more contribution margin than the present one, under
//! what was observed of the elasticity ([`outlook`]); a rule's is full, because it rests on two recorded figures.
//!
//! Numbers of statistics are floats that only the four operations and the square root touch, so that they are the same to the bit on every
//! machine; money is whole minor units, and what is predicted of it is rounded once, at the end.

mod band;
mod decide;
mod demand;
mod elasticity;
mod endings;
mod facts;
mod history;
mod left;
mod outlook;
mod paid;
mod proposal;
mod spec;
mod what_if;

pub use decide::decide;
pub(crate) use endings::Endings;
pub use facts::{CostFact, DaySales, Declined, Facts, OurChange, VariantFacts};
pub use history::{DayCosts, History, PastVariant, rehearse};
pub use spec::SPEC;
pub use what_if::{Answers, Levers, Standing, WhatIf, WhatIfAnswer};

#[cfg(test)]
mod tests;
