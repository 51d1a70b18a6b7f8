//! Exchange rates: the table, what is missing in it, and the published series that fills it.

pub(crate) mod enter;
pub(crate) mod list;
pub(crate) mod refresh;
pub(crate) mod remove;
pub(crate) mod status;
