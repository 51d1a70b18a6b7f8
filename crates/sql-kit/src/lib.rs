//! What SQLite and PostgreSQL have in common: one schema, one set of statements, one implementation of every storage port.
//!
//! [`Database`] implements the ports over a [`Backend`], which brings connections, transactions, bulk writes and the few words
//! in which the dialects differ. Conventions of the schema: ids of ours are UUIDs, ids of the provider 64-bit integers, instants
//! microseconds since the epoch, days `YYYY-MM-DD`, money minor units, enums their words in snake case.
//!
//! Must not know: a driver's connection, a file, a URL.

mod accounts;
mod ad_syncs;
mod ads;
mod age;
mod agents;
mod analysis;
mod audit;
mod backend;
mod belongings;
mod bulk;
mod catalog;
mod change_sets;
mod codec;
mod connections;
mod conversations;
mod credentials;
mod cursor;
mod customers;
mod deliveries;
mod dockets;
mod events;
mod facts;
mod forecasts;
mod grants;
mod guardrails;
mod idempotency;
mod identities;
mod imports;
mod inbox;
mod inputs;
mod inventory_settings;
mod jobs;
mod leased;
mod letters;
mod links;
mod marks;
mod members;
mod notices;
mod notify;
mod opportunities;
mod orders;
mod outreach;
mod passkeys;
mod privacy;
mod purchases;
mod rates;
mod reconciliations;
mod recosts;
mod reports;
mod rollups;
mod row;
mod runs;
mod second_factors;
mod secrets;
mod sql;
mod stock;
mod stops;
mod stored;
mod supplier_accounts;
mod supplier_mappings;
mod supplier_orders;
mod supplier_pictures;
mod supplier_syncs;
mod suppliers;
mod support;
mod syncs;
mod tenant;
mod traces;
mod trends;
mod versioned;

pub use backend::{Backend, Database, Maintenance, Migration, Session, Writer};
pub use belongings::{Belongings, Deleted, Piece, Walk};
pub use bulk::{Action, Bulk, Column};
pub use row::{Cells, SqlRow, Undecodable};
pub use sql::{Arg, Sql};
pub use tenant::{within_workspace, workspace_now};
