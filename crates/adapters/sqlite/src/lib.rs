//! The embedded database: one file in the data folder, written by one connection, read by several.
//!
//! Every port is implemented in `sql-kit`; here is only what SQLite does its own way. Must not know: the server, HTTP, other
//! adapters.

mod backend;
mod bind;
mod copier;
mod errors;
mod link;
mod migrations;
mod snapshot;
mod watch;

pub use backend::Sqlite;
pub use migrations::newest_schema;
pub use sql_kit::{Belongings, Maintenance, Migration};

/// Implements all storage ports; [`SqliteDatabase::open`] takes the path of the file.
pub type SqliteDatabase = sql_kit::Database<Sqlite>;
