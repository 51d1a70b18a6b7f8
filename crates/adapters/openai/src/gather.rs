//! A reply, put together from its pieces. What servers do unlike the description:
//!
//! - a piece of a call without an index belongs to the call at its position; a new id at an index that has one is a new call (Ollama before
//!   0.15); a call without an id gets one (vLLM); arguments may be an object, and whole in one piece;
//! - `finish_reason` may say `tool_calls` without any, or `stop` beside some: what counts is what was gathered;
//! - an error may stand in the middle of a stream; a stream that ends without `[DONE]` is whole if it told a reason to end.

use crate::errors::Fault;
use ports::models::{Call, Ending, Tokens};
use serde::Deserialize;
use serde_json::Value;

/// More calls in one reply are nonsense.
const MOST_CALLS: usize = 64;

#[derive(Debug, Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<Usage>,
}

#[derive(Debug, Deserialize)]
struct Choice {
    #[serde(default)]
    delta: Option<Delta>,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Delta {
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    refusal: Option<String>,
    #[serde(default)]
    tool_calls: Option<Vec<Piece>>,
}

#[derive(Debug, Deserialize)]
struct Piece {
    #[serde(default)]
    index: Option<usize>,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    function: Option<Function>,
}

#[derive(Debug, Default, Deserialize)]
struct Function {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    arguments: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct Usage {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
}

#[derive(Debug)]
struct Gathered {
    index: usize,
    id: String,
    name: String,
    arguments: String,
}

/// What was told so far, beside the text.
#[derive(Debug, Default)]
pub(crate) struct Gather {
    calls: Vec<Gathered>,
    refusal: String,
    reason: Option<String>,
    tokens: Option<Tokens>,
}

/// What one event brought.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Told {
    Text(String),
    Nothing,
    Done,
    /// The server broke down in the middle; its words.
    Fault(String),
    /// No event of a reply.
    Nonsense,
}

impl Gather {
    pub(crate) fn take(&mut self, data: &str) -> Told {
        let data = data.trim();
        if data == "[DONE]" {
            return Told::Done;
        }
        if data.is_empty() {
            return Told::Nothing;
        }
        let Ok(value) = serde_json::from_str::<Value>(data) else {
            return Told::Nonsense;
        };
        if let Some(fault) = Fault::of(&value) {
            return Told::Fault(fault.words());
        }
        let Ok(chunk) = serde_json::from_value::<Chunk>(value) else {
            return Told::Nonsense;
        };
        if let Some(usage) = chunk.usage {
            self.tokens = Some(Tokens {
                prompt: usage.prompt_tokens,
                reply: usage.completion_tokens,
            });
        }
        let Some(choice) = chunk.choices.into_iter().next() else {
            return Told::Nothing;
        };
        if let Some(reason) = choice.finish_reason.filter(|r| !r.is_empty()) {
            self.reason = Some(reason);
        }
        let delta = choice.delta.unwrap_or_default();
        self.refusal.push_str(&delta.refusal.unwrap_or_default());
        for (position, piece) in delta.tool_calls.into_iter().flatten().enumerate() {
            self.add(piece, position);
        }
        if self.calls.len() > MOST_CALLS {
            return Told::Nonsense;
        }
        match delta.content {
            Some(text) if !text.is_empty() => Told::Text(text),
            _ => Told::Nothing,
        }
    }

    fn add(&mut self, piece: Piece, position: usize) {
        let index = piece.index.unwrap_or(position);
        let id = piece.id.unwrap_or_default();
        let open = self.calls.iter().rposition(|call| call.index == index);
        let open = open.filter(|at| {
            let known = &self.calls[*at].id;
            id.is_empty() || known.is_empty() || *known == id
        });
        let at = open.unwrap_or_else(|| {
            self.calls.push(Gathered {
                index,
                id: String::new(),
                name: String::new(),
                arguments: String::new(),
            });
            self.calls.len() - 1
        });
        let call = &mut self.calls[at];
        if call.id.is_empty() {
            call.id = id;
        }
        let function = piece.function.unwrap_or_default();
        if call.name.is_empty() {
            call.name = function.name.unwrap_or_default();
        }
        match function.arguments {
            Some(Value::String(text)) => call.arguments.push_str(&text),
            Some(Value::Null) | None => {}
            Some(other) => call.arguments.push_str(&other.to_string()),
        }
    }

    /// Whether the reply may end here without `[DONE]`.
    pub(crate) fn has_ended(&self) -> bool {
        self.reason.is_some()
    }

    pub(crate) fn end(&mut self) -> (Ending, Vec<Call>, Option<Tokens>) {
        let ending = match self.reason.as_deref() {
            _ if !self.refusal.is_empty() => Ending::Refused(std::mem::take(&mut self.refusal)),
            Some("length") => Ending::Cut,
            Some("content_filter") => Ending::Filtered,
            _ => Ending::Whole,
        };
        let mut calls: Vec<Call> = Vec::new();
        for (at, gathered) in self.calls.drain(..).enumerate() {
            let is_new = |id: &str| !id.is_empty() && calls.iter().all(|call| call.id != id);
            let id = match is_new(&gathered.id) {
                true => gathered.id,
                false => format!("call_{at}"),
            };
            let arguments = match gathered.arguments.trim() {
                "" => "{}".to_owned(),
                _ => gathered.arguments,
            };
            calls.push(Call {
                id,
                name: gathered.name,
                arguments,
            });
        }
        (ending, calls, self.tokens)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn gathered(chunks: &[Value]) -> (String, Ending, Vec<Call>) {
        let mut gather = Gather::default();
        let mut text = String::new();
        for chunk in chunks {
            match gather.take(&chunk.to_string()) {
                Told::Text(more) => text.push_str(&more),
                Told::Nothing => {}
                other => panic!("{other:?}"),
            }
        }
        assert!(gather.has_ended());
        let (ending, calls, _) = gather.end();
        (text, ending, calls)
    }

    fn chunk(delta: Value, reason: Value) -> Value {
        json!({ "choices": [{ "index": 0, "delta": delta, "finish_reason": reason }] })
    }

    fn piece(index: Value, id: Value, name: Value, arguments: Value) -> Value {
        json!({ "tool_calls": [{ "index": index, "id": id, "function": { "name": name, "arguments": arguments } }] })
    }

    #[test]
    fn a_new_id_at_a_used_index_is_a_new_call() {
        let null = Value::Null;
        let (_, _, calls) = gathered(&[
            chunk(
                piece(json!(0), json!("a"), json!("one"), json!("{\"x\":")),
                null.clone(),
            ),
            chunk(
                piece(json!(0), null.clone(), null.clone(), json!("1}")),
                null.clone(),
            ),
            chunk(
                piece(json!(0), json!("b"), json!("two"), json!({ "y": 2 })),
                null.clone(),
            ),
            chunk(json!({}), json!("stop")),
        ]);
        let told: Vec<_> = calls
            .iter()
            .map(|c| (c.id.as_str(), c.name.as_str(), c.arguments.as_str()))
            .collect();
        assert_eq!(told, [("a", "one", "{\"x\":1}"), ("b", "two", "{\"y\":2}")]);
    }

    #[test]
    fn what_is_missing_is_made_up_for() {
        let (_, _, calls) = gathered(&[
            chunk(
                piece(Value::Null, Value::Null, json!("one"), Value::Null),
                Value::Null,
            ),
            chunk(json!({}), json!("tool_calls")),
        ]);
        assert_eq!(
            (calls[0].id.as_str(), calls[0].arguments.as_str()),
            ("call_0", "{}")
        );
        let (text, ending, calls) = gathered(&[
            chunk(json!({ "content": "Hello" }), Value::Null),
            chunk(json!({ "tool_calls": [] }), json!("tool_calls")),
        ]);
        assert_eq!(
            (text.as_str(), ending, calls.len()),
            ("Hello", Ending::Whole, 0)
        );
    }

    #[test]
    fn a_fault_in_the_middle_and_nonsense_are_told_apart() {
        let mut gather = Gather::default();
        assert_eq!(
            gather.take(r#"{"error":{"message":"out of memory"}}"#),
            Told::Fault("out of memory".to_owned())
        );
        assert_eq!(gather.take("{\"choices\": ["), Told::Nonsense);
        assert_eq!(gather.take("[DONE]"), Told::Done);
        assert!(!gather.has_ended());
    }
}
