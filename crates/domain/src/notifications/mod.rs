//! What people are told, where, and when: notices with their causes, preferences, deliveries.
//!
//! Must not know: how a message is sent, who reads what it is about.

mod channel;
mod delivery;
mod notice;
mod plan;
mod preferences;

pub use channel::{Channel, ChannelKind, LONG_FAILURE};
pub use delivery::{Delivery, DeliveryState, Recipient, WAITS, back_off};
pub use notice::{News, Notice, NoticeFact, NoticeKind, Severity, TOLD_ONCE_HOURS};
pub use plan::{Planned, plan};
pub use preferences::{How, Preferences, QuietHours, Zone};
