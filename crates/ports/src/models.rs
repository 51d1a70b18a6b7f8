//! Language models that answer with text and with calls of tools.
//!
//! A model is asked with everything that was said so far, and answers bit by bit. What it says is data: whoever asks checks it, carries out
//! calls within limits of its own, and never takes a text for a command.

use crate::PortResult;
use async_trait::async_trait;
use secrecy::SecretString;
use serde_json::Value;

/// What was said so far, in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    /// What the model is to do; first, and once.
    Task(String),
    Person(String),
    /// The model's own words, and what it asked for with them.
    Model {
        text: String,
        calls: Vec<Call>,
    },
    /// What a call brought; one for each call, before anything else is said.
    Result {
        call: String,
        content: String,
    },
}

/// A tool that the model may ask for.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolOffer {
    pub name: String,
    pub description: String,
    /// JSON Schema of its arguments.
    pub schema: Value,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    pub said: Vec<Said>,
    pub tools: Vec<ToolOffer>,
    /// The longest answer, in tokens of the model.
    pub max_tokens: u32,
}

/// What a model asks for. Neither the name nor the arguments need to be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Never empty, and unlike those of the other calls of a reply.
    pub id: String,
    pub name: String,
    /// Should be a JSON object; `{}` where the model left it out.
    pub arguments: String,
}

/// How a reply ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    Whole,
    /// At the longest answer: there would be more.
    Cut,
    /// The model will not answer; with its words.
    Refused(String),
    /// A filter of the provider took the rest away.
    Filtered,
}

/// Tokens of one reply, as the provider counted them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tokens {
    pub prompt: u64,
    pub reply: u64,
}

/// What comes next of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text that follows the text before; never empty.
    Text(String),
    /// The last one. Calls are whole.
    End {
        ending: Ending,
        calls: Vec<Call>,
        /// `None`: the provider does not count.
        tokens: Option<Tokens>,
    },
}

/// A reply under way.
#[async_trait]
pub trait Reply: Send {
    /// Ends with [`Part::End`]; a reply that breaks off before is `Corrupt` or `Unavailable`.
    async fn next(&mut self) -> PortResult<Part>;
}

#[async_trait]
pub trait Model: Send + Sync {
    /// As people know it: the model's name and where it is.
    fn name(&self) -> String;
    /// Whether it is asked with a key; one that is not gets none, so that no server sees another one's.
    fn wants_key(&self) -> bool;
    /// Asks, and returns with the beginning of the reply. `NotFound`: there is no such model; `Rejected`: the prompt is too long for it, or
    /// refused; `RateLimited` with the wait; `Forbidden`: what was paid for is used up.
    async fn ask(&self, prompt: &Prompt, key: Option<&SecretString>) -> PortResult<Box<dyn Reply>>;
}
