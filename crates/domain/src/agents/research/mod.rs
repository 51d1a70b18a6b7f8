//! What to sell next: which of the products that suppliers offer are worth a draft in the shop, which are worth watching, and why.
//!
//! Each thing was scored before ([`crate::opportunity`]). Here it is decided what becomes of it, and what is learned from what people and buyers
//! made of earlier ones: a kind of goods or a supplier that people said no to, or whose drafts did not sell, ranks lower, and the other way
//! round ([`Record`]). A draft is all that is ever proposed: nothing here publishes, and a person looks at each.
//!
//! What sold of which draft is known by its product in the shop. A thing that nobody ever decided about teaches nothing.

mod decide;
mod facts;
mod history;
mod record;
mod spec;

pub use decide::{Judged, Why, decide, watch_list};
pub use facts::{Candidate, FactorFacts, Facts, OfferFacts, Outcome};
pub use history::History;
pub use record::{Learned, Rate, Record};
pub use spec::SPEC;

#[cfg(test)]
mod tests;
