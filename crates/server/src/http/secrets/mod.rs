//! Secrets: written, never read back.

pub(crate) mod delete;
pub(crate) mod keys;
pub(crate) mod list;
pub(crate) mod rotate;
pub(crate) mod set;
pub(crate) mod source;
mod view;
