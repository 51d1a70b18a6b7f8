//! People who may be written to: `/v1/segments`.

pub(crate) mod delivery;
pub(crate) mod export;
pub(crate) mod list;
pub(crate) mod settings;
