//! Files: upload, columns, check, import, undo.

pub(crate) mod actions;
pub(crate) mod create;
pub(crate) mod find;
pub(crate) mod kinds;
pub(crate) mod list;
pub(crate) mod mapping;
pub(crate) mod mappings;
pub(crate) mod preview;
pub(crate) mod problems;
pub(crate) mod view;
