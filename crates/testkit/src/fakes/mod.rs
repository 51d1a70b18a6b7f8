//! In-memory stand-ins of the ports. The storage ones pass the laws of their ports, so that what is proved over them holds
//! over the databases too.

mod accounts;
mod catalog;
mod clock;
mod connections;
mod credentials;
mod database;
mod events;
mod inbox;
mod orders;
mod paging;
mod reports;
mod secrets;
mod store_facts;
mod syncs;
mod vault;

pub use clock::ManualClock;
pub use database::FakeDatabase;
pub use vault::PlainVault;
