//! Shopify's protocol: endpoints, throttling, bulk operations, webhooks.

pub mod answer;
pub mod bulk;
pub mod bulk_rules;
pub mod mutation;
pub mod payload;
pub mod throttle;
pub mod webhooks;
