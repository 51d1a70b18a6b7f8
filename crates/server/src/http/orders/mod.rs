//! Orders and their ledgers.

pub(crate) mod detail;
pub(crate) mod find;
pub(crate) mod ledger;
pub(crate) mod list;
pub(crate) mod summary;
