//! What changes did, and the answers that are given again under the same key.

use std::collections::HashMap;

use serde_json::{Value as Json, json};

use crate::graphql::value::Value;

#[derive(Debug, Default)]
pub struct Writes {
    made: Vec<Json>,
    replays: Vec<Json>,
    answers: HashMap<String, Answered>,
}

#[derive(Debug)]
struct Answered {
    asked: String,
    value: Value<'static>,
}

/// What is known under a key.
pub(super) enum Known {
    Nothing,
    /// The first answer to the same question.
    Answer(Value<'static>),
    /// The key belongs to another question.
    Other,
}

impl Writes {
    pub(super) fn made(&mut self, mut entry: Json) {
        entry["sequence"] = json!(self.made.len() + 1);
        self.made.push(entry);
    }

    pub(super) fn known(&mut self, kind: &str, key: &str, asked: &str) -> Known {
        match self.answers.get(key) {
            None => Known::Nothing,
            Some(answered) if answered.asked == asked => {
                self.replays.push(json!({"kind": kind, "key": key}));
                Known::Answer(answered.value.clone())
            }
            Some(_) => Known::Other,
        }
    }

    pub(super) fn keep(&mut self, key: &str, asked: String, value: Value<'static>) {
        self.answers
            .insert(key.to_owned(), Answered { asked, value });
    }

    pub fn to_json(&self) -> Json {
        json!({"writes": self.made, "replays": self.replays})
    }
}
