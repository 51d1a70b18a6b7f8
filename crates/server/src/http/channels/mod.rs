//! Places outside that notices are sent to.

pub(crate) mod create;
pub(crate) mod find;
pub(crate) mod list;
pub(crate) mod remove;
pub(crate) mod secret;
pub(crate) mod set;
pub(crate) mod test;
pub(crate) mod view;
