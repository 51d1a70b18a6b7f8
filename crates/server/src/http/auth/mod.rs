//! Signing in and out.

pub(crate) mod code;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod me;
pub(crate) mod session;
