//! Pictures of suppliers over real HTTP: hosts that lie, stall, lead inside, and answer with what is none.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod fetching;
mod host;
