//! What one is told, and wants to be told.

pub(crate) mod deliveries;
pub(crate) mod list;
pub(crate) mod preferences;
pub(crate) mod read;
pub(crate) mod view;
