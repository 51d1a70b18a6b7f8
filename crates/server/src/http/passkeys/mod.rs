//! Passkeys: one's own, and signing in with one.

pub(crate) mod add;
pub(crate) mod begin;
pub(crate) mod list;
pub(crate) mod remove;
pub(crate) mod rename;
pub(crate) mod sign_in;
mod view;
