//! The audit: what was done, by whom, and whether the chain holds.

pub(crate) mod check;
pub(crate) mod list;
