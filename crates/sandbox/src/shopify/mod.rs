//! Shopify's protocol: endpoints, throttling, bulk operations, webhooks.

pub(crate) mod answer;
pub(crate) mod bulk;
pub(crate) mod bulk_rules;
pub(crate) mod change;
pub(crate) mod mutation;
pub(crate) mod payload;
pub(crate) mod throttle;
pub(crate) mod webhooks;
