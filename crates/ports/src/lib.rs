//! What the application needs from the outside, one file per port. Knows no vendor, no SQL, no HTTP.

pub mod error;

pub use error::{Kind, PortError, PortResult, Retry};
