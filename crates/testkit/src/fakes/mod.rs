//! In-memory stand-ins of the ports. The storage ones pass the laws of their ports, so that what is proved over them holds
//! over the databases too.

mod accounts;
mod audit;
mod catalog;
mod clock;
mod connections;
mod credentials;
mod customers;
mod database;
mod events;
mod files;
mod grants;
mod idempotency;
mod identities;
mod imports;
mod inbox;
mod inputs;
mod leased;
mod links;
mod members;
mod orders;
mod paging;
mod privacy;
mod rates;
mod reader;
mod reconciliations;
mod recosts;
mod reports;
mod second_factors;
mod secrets;
mod source;
mod source_state;
mod sources;
mod store_facts;
mod syncs;
mod vault;
mod writer;

pub use clock::ManualClock;
pub use database::FakeDatabase;
pub use files::FakeFiles;
pub use rates::FakeFeed;
pub use reader::{DELIVERY_HEADER, FakeReader, SHOP_HEADER, SIGNATURE_HEADER, TOPIC_HEADER};
pub use source::{FakeSource, SourceCall, SourceOperation};
pub use sources::FakeSources;
pub use vault::PlainVault;
pub use writer::{FakeWriter, WriteEffect, WriteFailure};
