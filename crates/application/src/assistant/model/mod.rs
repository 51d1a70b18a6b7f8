//! Answers by language models. A model reads nothing by itself: it asks for the tools of [`super::TOOLS`], within a bound of steps, and what it
//! says passes a sieve that leaves out what no tool told. When no model answers, the analyst does, and says so.
//!
//! Models are asked in their order; one that fails before it said anything is followed by the next. A person has a budget of tokens and money
//! for a day (UTC).

mod data;
mod listen;
mod talk;
mod task;

pub(crate) use data::fenced;
pub(super) use listen::Interrupted;
pub use talk::MAX_STEPS;
pub(super) use talk::Talked;
pub(crate) use talk::{bytes_of, spend};

use domain::assistant::spend::{Budget, Price};
use ports::models::Model;
use std::sync::Arc;

/// The secret that models are asked with which want one.
pub const MODEL_KEY: &str = "OPENAI_API_KEY";

/// A model, and what it costs where that is known.
#[derive(Clone)]
pub struct Priced {
    pub model: Arc<dyn Model>,
    pub price: Option<Price>,
}

/// Which models are asked, first one first, and how much.
#[derive(Clone, Default)]
pub struct Models {
    pub list: Vec<Priced>,
    pub budget: Budget,
}

impl Models {
    /// As people know them, in their order.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.list.iter().map(|m| m.model.name()).collect()
    }
}
