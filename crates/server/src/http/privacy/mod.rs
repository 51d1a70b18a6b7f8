//! What people ask about their own data.

pub(crate) mod download;
pub(crate) mod list;
