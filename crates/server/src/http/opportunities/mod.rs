//! What is worth selling.

pub(crate) mod decide;
pub(crate) mod find;
pub(crate) mod list;
pub(crate) mod matches;
pub(crate) mod research;
pub(crate) mod settings;
pub(crate) mod trends;
pub(crate) mod view;
