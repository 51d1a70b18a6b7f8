//! Our days held against the provider's own.

pub(crate) mod cancel;
pub(crate) mod day;
pub(crate) mod days;
pub(crate) mod mend;
pub(crate) mod run;
pub(crate) mod runs;
pub(crate) mod standing;
pub(crate) mod start;
pub(crate) mod view;
