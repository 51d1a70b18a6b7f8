//! Thin HTTP and a command line around the use cases. Knows no SQL and no vendor; only `compose` names adapters.

mod ads_environment;
mod answers;
mod auth;
pub mod cli;
pub mod compose;
pub mod config;
mod connected;
mod cors;
mod figures;
mod follow;
mod gauges;
mod headers;
mod http;
pub mod idempotency;
mod logging;
mod mcp;
mod memory;
mod middleware;
mod occupied;
pub mod openapi;
mod otlp;
mod problem;
pub mod readiness;
pub mod recorded;
mod relays;
mod request;
pub mod routes;
pub mod serve;
mod setup_code;
mod site;
mod slow;
mod sse;
mod state;
mod streams;
mod suppliers_environment;
mod throttle;
mod traces;
mod worker;

pub use auth::{Access, Permission};

/// What the service calls itself.
pub const SERVICE: &str = "royal-equips-orchestrator";
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
