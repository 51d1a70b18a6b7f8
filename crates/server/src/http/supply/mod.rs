//! Having suppliers send what buyers bought: mappings of variants, what an order's lines can be had for, and what was ordered.

pub(crate) mod accept;
pub(crate) mod alerts;
pub(crate) mod mapping_file;
pub(crate) mod mappings;
pub(crate) mod messages;
pub(crate) mod orders;
mod view;
