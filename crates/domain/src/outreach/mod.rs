//! People who may be written to: segments by what is known of their orders, consent, and how often somebody is told anything.
//!
//! * A person is in a segment for a *cause*: a day, an order, a checkout. For one cause they are told once, for good.
//! * Over all segments they are told no more often than the store's settings let.
//! * Who did not agree is never in an export. Whether somebody agreed is asked when the export is made, and not kept.
//!
//! Must not know: who asks whom, what an export looks like.

mod contact;
mod delivery;
mod export;
mod rule;
mod settings;

pub use contact::{Checkout, Consent, Contact, MarketingState, OutreachChannel, Reach};
pub use delivery::{Delivery, DeliveryState, Tried, WAITS};
pub use export::{Cap, Claim, ExportState, LeftOut, OutreachExport, Told, judge};
pub use rule::{Cause, Member, SegmentRule, Thresholds};
pub use settings::{OutreachLimits, OutreachSettings};
