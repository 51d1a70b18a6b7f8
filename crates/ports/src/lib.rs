//! What the application needs from the outside, one file per port. Knows no vendor, no SQL, no HTTP.
//!
//! Every sentence of a storage port's documentation is a law of the same name in `testkit`, which the in-memory fake,
//! SQLite and PostgreSQL all obey.

pub mod accounts;
pub mod ad_platforms;
pub mod ads;
pub mod agents;
pub mod analysis;
pub mod audit;
pub mod backups;
pub mod bells;
pub mod catalog;
pub mod changes;
pub mod clock;
pub mod connections;
pub mod conversations;
pub mod cost_buckets;
pub mod customers;
pub mod error;
pub mod events;
pub mod forecaster;
pub mod forecasts;
pub mod grants;
pub mod guardrails;
pub mod idempotency;
pub mod identities;
pub mod identity;
pub mod import_files;
pub mod imports;
pub mod inbox;
pub mod inputs;
pub mod jobs;
pub mod letters;
pub mod mail;
pub mod marks;
pub mod members;
pub mod notices;
pub mod notify;
pub mod opportunities;
pub mod oracle;
pub mod orders;
pub mod page;
pub mod passkeys;
pub mod presence;
pub mod privacy;
pub mod purchases;
pub mod rate_limits;
pub mod rates;
pub mod reconciliations;
pub mod recosts;
pub mod reports;
pub mod runs;
pub mod second_factors;
pub mod secrets;
pub mod source;
pub mod stock;
pub mod store_facts;
pub mod supplier_accounts;
pub mod supplier_orders;
pub mod supplier_platforms;
pub mod suppliers;
pub mod syncs;
pub mod writer;

pub use error::{Kind, PortError, PortResult, Retry};
pub use page::{Page, PageRequest};
