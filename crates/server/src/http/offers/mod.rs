//! What suppliers offer.

pub(crate) mod find;
pub(crate) mod image;
pub(crate) mod list;
pub(crate) mod pictures;
pub(crate) mod platforms;
pub(crate) mod view;
