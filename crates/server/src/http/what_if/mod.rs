//! What if: other prices, costs and spends by the agents' own models.

pub(crate) mod ask;
mod view;
