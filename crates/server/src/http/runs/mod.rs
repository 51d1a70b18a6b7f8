//! Runs of agents: what each did, step by step.

pub(crate) mod cancel;
pub(crate) mod find;
pub(crate) mod list;
pub(crate) mod log;
pub(crate) mod rehearsal;
pub(crate) mod replay;
pub(crate) mod view;
