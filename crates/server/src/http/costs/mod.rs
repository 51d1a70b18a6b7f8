//! Inputs of profit: unit costs, shipping tables, fee rules, ad spend, fixed costs; what they cover, and the runs that book with them.

pub(crate) mod changes;
pub(crate) mod coverage;
pub(crate) mod entries;
pub(crate) mod entry;
pub(crate) mod parse;
pub(crate) mod preview;
pub(crate) mod recosts;
pub(crate) mod settings;
pub(crate) mod unknown;
pub(crate) mod variants;
