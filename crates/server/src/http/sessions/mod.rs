//! One's own sessions and password.

pub(crate) mod list;
pub(crate) mod password;
pub(crate) mod revoke;
pub(crate) mod revoke_others;
