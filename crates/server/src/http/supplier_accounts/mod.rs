//! Suppliers that are worked with by their interface, and what changed there.

pub(crate) mod accounts;
pub(crate) mod changes;
pub(crate) mod contract;
mod designs;
pub(crate) mod login;
pub(crate) mod view;
