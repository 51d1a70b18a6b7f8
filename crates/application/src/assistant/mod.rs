//! The assistant: conversations of people, and the analyst that answers them.

mod analyst;
mod sessions;
mod tools;
mod worker;

pub use analyst::{Analyst, AnswerError, Desk};
pub use sessions::SayError;
pub use tools::{TOOLS, Tool, ToolError};

use crate::Ports;
use crate::events::EventHub;
use chrono::Duration;
use std::sync::Arc;
use tokio::sync::Notify;

/// Whoever takes up a question has so long before another may.
const HOLD: Duration = Duration::seconds(60);

#[derive(Clone)]
pub struct Assistant {
    ports: Ports,
    hub: EventHub,
    analyst: Analyst,
    queued: Arc<Notify>,
    hold: Duration,
}

impl Assistant {
    #[must_use]
    pub fn new(ports: Ports, hub: EventHub, desk: Desk) -> Self {
        Self {
            analyst: Analyst::new(ports.clone(), desk),
            ports,
            hub,
            queued: Arc::default(),
            hold: HOLD,
        }
    }

    /// For tests in which a worker dies.
    #[must_use]
    pub fn with_hold(self, hold: Duration) -> Self {
        Self { hold, ..self }
    }

    #[must_use]
    pub fn analyst(&self) -> &Analyst {
        &self.analyst
    }
}
