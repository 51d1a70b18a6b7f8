//! What is changed outside: proposed, decided on, applied, taken back; and the emergency stop.

pub(crate) mod allowance;
pub(crate) mod approve;
pub(crate) mod create;
pub(crate) mod details;
pub(crate) mod draft;
pub(crate) mod edit;
pub(crate) mod find;
pub(crate) mod guardrails;
pub(crate) mod list;
pub(crate) mod refund;
mod refund_details;
pub(crate) mod reject;
pub(crate) mod settle;
pub(crate) mod stops;
pub(crate) mod undo;
pub(crate) mod value;
pub(crate) mod view;
