//! Verified fakes of the ports, builders of facts, and the laws that every adapter obeys. Knows no database and no vendor.
//!
//! An adapter's tests give one function and get one test per law:
//!
//! ```text
//! async fn make() -> testkit::Stores { … one fresh, empty database … }
//! testkit::all_laws!(make);
//! ```

pub mod authenticator;
pub mod builders;
pub mod expand;
pub mod fakes;
pub mod laws;
pub mod redis;
pub mod smtp;
mod stores;

pub use stores::Stores;
