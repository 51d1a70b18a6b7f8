//! Suppliers, and purchase orders from the draft to the receipt.

pub(crate) mod approve;
pub(crate) mod create;
pub(crate) mod end;
pub(crate) mod file;
pub(crate) mod find;
pub(crate) mod list;
pub(crate) mod outlook;
pub(crate) mod paper;
pub(crate) mod rating;
pub(crate) mod receive;
pub(crate) mod send;
pub(crate) mod suppliers;
pub(crate) mod view;
pub(crate) mod write;
