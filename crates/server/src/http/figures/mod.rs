//! What every figure is, and where it comes from.

pub(crate) mod catalogue;
pub(crate) mod find;
pub(crate) mod view;
