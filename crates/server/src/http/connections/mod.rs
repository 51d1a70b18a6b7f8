//! Accounts at providers.

pub(crate) mod check;
pub(crate) mod create;
pub(crate) mod find;
pub(crate) mod list;
pub(crate) mod remove;
pub(crate) mod view;
