//! The first run: is an owner needed, and making one.

pub(crate) mod owner;
pub(crate) mod state;
