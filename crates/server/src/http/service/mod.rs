//! What every deployment asks of a service: is it alive, ready, healthy; figures; documentation; the browser application.

pub(crate) mod command_center;
pub(crate) mod docs;
pub(crate) mod favicon;
pub(crate) mod health;
pub(crate) mod healthz;
pub(crate) mod metrics;
pub(crate) mod openapi;
pub(crate) mod readyz;
pub(crate) mod root;
