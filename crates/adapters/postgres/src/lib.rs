//! PostgreSQL, for several replicas of the server over one database.
//!
//! Every port is implemented in `sql-kit`; here is only what PostgreSQL does its own way. Must not know: the server, HTTP,
//! other adapters.

mod backend;
mod bind;
mod errors;
mod link;
mod migrations;
mod snapshot;

pub use backend::Postgres;
pub use migrations::newest_schema;
pub use snapshot::restore;
pub use sql_kit::{Belongings, Maintenance, Migration, within_workspace};

/// Implements all storage ports; [`PostgresDatabase::open`] takes a `postgres://` URL.
pub type PostgresDatabase = sql_kit::Database<Postgres>;
