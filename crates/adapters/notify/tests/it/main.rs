//! Messages over real HTTP, to a receiver that does as it is told.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod receiver;
mod sending;
