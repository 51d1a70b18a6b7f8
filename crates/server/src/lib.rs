//! Thin HTTP and a command line around the use cases. Knows no SQL and no vendor; only `compose` names adapters.

mod auth;
mod figures;
mod headers;
mod http;
mod middleware;
pub mod openapi;
mod problem;
pub mod readiness;
mod request;
pub mod routes;
mod state;
mod streams;

pub use auth::{Access, Permission};

/// What the service calls itself.
pub const SERVICE: &str = "royal-equips-orchestrator";
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
