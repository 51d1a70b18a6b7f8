//! What buyers write, and what is answered.

pub(crate) mod list;
pub(crate) mod receive;
pub(crate) mod ticket;
mod view;
