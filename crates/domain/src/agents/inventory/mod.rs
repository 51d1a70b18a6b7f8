//! Stock: what to order, of whom and how much; what to do where no order comes in time; which counts cannot be.
//!
//! Each variant is planned as the inventory's own page plans it ([`crate::inventory_plan`]), from the newest forecast. What is at its reorder
//! point is ordered, with what of the same supplier gets there before the next look; money goes to what is most urgent first, and of that to
//! what earns most. Nothing is guessed: what has no supplier, no lead time or no cost in the supplier's currency is noted.
//!
//! What an order brings is the contribution margin of what would be missing between the day on which it comes and the day on which one of the
//! next look would: its mean over twenty equally likely courses of demand, its interval from the forecast's own.
//!
//! Facts are whole numbers, so that they are the same to the bit when they are read again.

mod corrections;
mod decide;
mod facts;
mod history;
mod lines;
mod orders;
mod relief;
mod spec;

pub use decide::decide;
pub use facts::{
    Earned, Facts, LeadFacts, LevelFacts, Record, StepFacts, SupplierFacts, VariantFacts,
};
pub use history::{History, PastForecast, PastOrder, PastVariant};
pub use spec::SPEC;

#[cfg(test)]
mod tests;
