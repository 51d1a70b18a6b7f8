//! The laws of the storage ports over a real PostgreSQL, and what is its own. `TEST_DATABASE_URL` names a database in which
//! schemas may be created; without it every test fails.

#![expect(clippy::unwrap_used, reason = "tests")]

mod copies;
mod laws;
mod newer;
mod privacy;
mod refusals;
mod row_security;
mod schema;
mod upgrades;
