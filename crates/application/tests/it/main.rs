//! The use cases over verified fakes: no network, no database, virtual time.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod ad_profit;
mod ads;
mod advertised;
mod agents;
mod analysis;
mod assistant;
mod assistant_injections;
mod assistant_models;
mod backups;
mod changes;
mod connections;
mod costs;
mod doctor;
mod example_agent;
mod forecasts;
mod goods;
mod imports;
mod inbox;
mod letters;
mod notifications;
mod offers;
mod one_writer;
mod outreach;
mod people;
mod privacy;
mod reconciliation;
mod reports;
mod research;
mod second_factor;
mod supplier_listings;
mod suppliers;
mod supply;
mod support;
mod sync;
mod world;
