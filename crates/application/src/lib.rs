//! The use cases: ports in, domain types out. Knows no HTTP, no SQL and no vendor.
//!
//! One folder per area; each service is cheap to clone and holds nothing but [`Ports`].

pub mod ads;
pub mod agents;
pub mod analysis;
pub mod assistant;
pub mod audit;
pub mod backups;
pub mod changes;
pub mod circuits;
pub mod connections;
pub mod costs;
pub mod customers;
pub mod doctor;
pub mod events;
pub mod forecasts;
pub mod imports;
pub mod inbox;
mod ingest;
pub mod inventory;
pub mod jobs;
pub mod kept;
pub mod letters;
pub mod mirror;
pub mod notifications;
pub mod opportunities;
pub mod orders;
pub mod outreach;
pub mod people;
pub mod pictures;
mod ports_bundle;
pub mod privacy;
pub mod products;
pub mod purchases;
mod queue;
pub mod rates;
pub mod reconciliation;
pub mod replicas;
pub mod reports;
pub mod secrets;
pub mod stores;
pub mod suppliers;
pub mod supply;
pub mod support;
pub mod sync;
mod traces;
pub mod tracking;

pub use ports_bundle::{PortSet, Ports};
