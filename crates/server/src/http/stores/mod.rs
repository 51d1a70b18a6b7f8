//! Stores of the workspace.

pub(crate) mod create;
pub(crate) mod list;
