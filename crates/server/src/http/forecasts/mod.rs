//! What will be sold, the nights that tell it, and how right they were.

pub(crate) mod accuracy;
pub(crate) mod cancel;
pub(crate) mod find;
pub(crate) mod refresh;
pub(crate) mod run;
pub(crate) mod runs;
pub(crate) mod view;
