//! What lies where, how long it lasts and what to order; and how that is worked out.

pub(crate) mod bundles;
pub(crate) mod find;
pub(crate) mod list;
pub(crate) mod settings;
pub(crate) mod view;
