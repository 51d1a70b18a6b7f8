//! Tells the other processes of one installation that the log of events grew, so that they look at once instead of from time to time.
//!
//! A ring is a hint and carries nothing: what happened stands in [`crate::events::EventLog`], and a ring that is lost costs a
//! live view some seconds and no event.

use crate::PortResult;
use async_trait::async_trait;

#[async_trait]
pub trait Bell: Send + Sync {
    /// Every other process that listens hears it; this one does not.
    async fn ring(&self) -> PortResult<()>;
    /// Hears every ring of others from now on.
    async fn listen(&self) -> PortResult<Box<dyn Listener>>;
}

#[async_trait]
pub trait Listener: Send {
    /// Waits until others rang; rings that came while nobody waited are heard as one.
    ///
    /// # Errors
    /// Rings may have been missed: listen anew, and look at the log.
    async fn heard(&mut self) -> PortResult<()>;
}
