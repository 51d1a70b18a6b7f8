//! Unusual days and the briefs of mornings.

pub(crate) mod anomalies;
pub(crate) mod briefs;
pub(crate) mod mark;
pub(crate) mod view;
