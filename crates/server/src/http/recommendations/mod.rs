//! What is bought together.

pub(crate) mod export;
pub(crate) mod list;
mod view;
