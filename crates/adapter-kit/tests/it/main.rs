//! Outgoing calls against a provider on loopback that misbehaves on demand, and the laws of the pure parts.
//!
//! Time is virtual: both ends run in one runtime whose clock stands still while there is work and jumps to the next time limit
//! when there is none, so the default limits are tested as they are.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod breaker_model;
mod bucket_laws;
mod circuit;
mod downloads;
mod failures;
mod flow;
mod provider;
mod retry_laws;
mod throttling;
mod vectors;
mod writes;
