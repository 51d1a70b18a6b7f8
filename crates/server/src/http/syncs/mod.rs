//! Runs that bring the local copy up to the provider's state.

pub(crate) mod cancel;
pub(crate) mod find;
pub(crate) mod list;
pub(crate) mod resume;
pub(crate) mod start;
pub(crate) mod view;
