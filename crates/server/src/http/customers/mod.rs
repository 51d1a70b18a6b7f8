//! What customers are worth, and the customers themselves where they may be seen.

pub(crate) mod cohorts;
pub(crate) mod export;
pub(crate) mod figures;
pub(crate) mod find;
pub(crate) mod list;
pub(crate) mod ltv;
pub(crate) mod overview;
pub(crate) mod segments;
pub(crate) mod settings;
