//! Agents: how they stand, how they are set, and what starts them.

mod budget;
pub(crate) mod counts;
pub(crate) mod detail;
pub(crate) mod find;
pub(crate) mod list;
pub(crate) mod rehearse;
pub(crate) mod rewind;
pub(crate) mod run;
pub(crate) mod runs;
pub(crate) mod set;
pub(crate) mod store;
pub(crate) mod view;
