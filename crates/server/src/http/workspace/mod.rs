//! The workspace itself: its name, and how it tells its money.

pub(crate) mod find;
pub(crate) mod update;
