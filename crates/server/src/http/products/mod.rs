//! Products, their costs and what they earned.

pub(crate) mod find;
pub(crate) mod list;
pub(crate) mod refunds;
pub(crate) mod summary;
