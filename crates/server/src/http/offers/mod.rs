//! What suppliers offer.

pub(crate) mod find;
pub(crate) mod list;
pub(crate) mod platforms;
pub(crate) mod view;
