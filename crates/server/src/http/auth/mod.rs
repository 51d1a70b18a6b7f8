//! Signing in and out.

pub(crate) mod code;
pub(crate) mod elsewhere;
pub(crate) mod forgot;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod me;
pub(crate) mod methods;
pub(crate) mod session;
