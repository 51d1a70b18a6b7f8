//! The assistant: conversations of people, and who answers them: language models where there are any, else the analyst.

mod analyst;
mod model;
mod proposals;
mod sessions;
mod tools;
mod worker;

pub use analyst::{Analyst, AnswerError, Desk};
pub use model::{MAX_STEPS, MODEL_KEY, Models, Priced};
pub(crate) use model::{bytes_of, fenced, spend};
pub use proposals::{PROPOSALS, Wisher};
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
    models: Models,
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
            models: Models::default(),
            queued: Arc::default(),
            hold: HOLD,
        }
    }

    /// Has questions answered by language models first.
    #[must_use]
    pub fn with_models(self, models: Models) -> Self {
        Self { models, ..self }
    }

    #[must_use]
    pub fn models(&self) -> &Models {
        &self.models
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
