//! Stores of the workspace.

pub(crate) mod list;
