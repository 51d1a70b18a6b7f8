//! What buyers wrote: which answers are late, and which orders to hold because their buyer wants them changed or cancelled before they are sent.
//!
//! It sends nothing and gives nothing back: an answer goes out when a person sends it, and money goes back by cancelling the order, which is a change
//! of its own that a person proposes.

mod decide;
mod spec;

pub use decide::{Facts, OrderFacts, Past, TicketFacts, decide};
pub use spec::{SPEC, hours};
