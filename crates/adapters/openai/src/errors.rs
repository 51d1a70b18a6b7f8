//! What an answer means that is no reply. `code` is a text, null, or a number (llama.cpp); older vLLM tells errors without an envelope.

use adapter_kit::{
    Outcome, Response, StatusCode, Verdict, header::HeaderMap, retry_after, status_outcome,
};
use chrono::Utc;
use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;

/// What of a server's words is repeated to people, in characters.
const REPEATED: usize = 200;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Fault {
    #[serde(default)]
    pub(crate) message: String,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    param: Option<Value>,
    #[serde(default)]
    code: Option<Value>,
}

impl Fault {
    /// With or without its envelope.
    pub(crate) fn of(body: &Value) -> Option<Self> {
        let inner = match body.get("error") {
            Some(Value::String(text)) => {
                return Some(Self {
                    message: text.clone(),
                    ..Self::default()
                });
            }
            Some(error) if error.is_object() => error,
            _ if body.get("object").is_some_and(|o| o == "error") => body,
            _ => return None,
        };
        serde_json::from_value(inner.clone()).ok()
    }

    fn is(&self, word: &str) -> bool {
        self.code.as_ref().is_some_and(|code| code == word) || self.kind.as_deref() == Some(word)
    }

    fn says(&self, words: &[&str]) -> bool {
        let message = self.message.to_lowercase();
        words.iter().any(|word| message.contains(word))
    }

    fn is_about(&self, name: &str) -> bool {
        self.param.as_ref().is_some_and(|param| param == name) || self.message.contains(name)
    }

    /// For people; short, and one line.
    pub(crate) fn words(&self) -> String {
        let line = self
            .message
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        match line.chars().count() {
            0 => "it does not say why".to_owned(),
            n if n > REPEATED => line.chars().take(REPEATED).chain(['…']).collect(),
            _ => line,
        }
    }
}

/// Why there is no reply.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    NoModel(String),
    TooLong(String),
    /// The quota or the money is used up.
    Paid(String),
    /// The model is not in memory yet.
    Loading,
    /// `max_tokens` has another name here.
    Limit,
    /// `stream_options` is not known here.
    Options,
    Other(String),
}

fn fault(response: &Response) -> Fault {
    let body: Option<Value> = serde_json::from_slice(&response.body).ok();
    body.as_ref().and_then(Fault::of).unwrap_or_default()
}

pub(crate) fn refusal(response: &Response) -> Refusal {
    read(response.status, &fault(response))
}

fn read(status: StatusCode, fault: &Fault) -> Refusal {
    let said = fault.words();
    let too_long = fault.is("context_length_exceeded")
        || fault.is("exceed_context_size_error")
        || fault.says(&["maximum context length", "context size"]);
    if is_loading(status, fault) {
        Refusal::Loading
    } else if is_paid(fault) {
        Refusal::Paid(said)
    } else if too_long {
        Refusal::TooLong(said)
    } else if status == StatusCode::NOT_FOUND || fault.is("model_not_found") {
        Refusal::NoModel(said)
    } else if fault.is_about("max_tokens") {
        Refusal::Limit
    } else if fault.is_about("stream_options") {
        Refusal::Options
    } else {
        Refusal::Other(said)
    }
}

fn is_loading(status: StatusCode, fault: &Fault) -> bool {
    status == StatusCode::SERVICE_UNAVAILABLE && fault.says(&["loading"])
}

fn is_paid(fault: &Fault) -> bool {
    fault.is("insufficient_quota")
}

/// For the circuit: a server that loads is not broken, and an account without money is not asked again.
pub(crate) fn verdict(response: &Response) -> Verdict {
    let fault = fault(response);
    if is_loading(response.status, &fault) {
        return Outcome::Ignored.into();
    }
    if is_paid(&fault) {
        return Outcome::Success.into();
    }
    match status_outcome(response.status, &response.headers) {
        Outcome::Throttled { .. } => Outcome::Throttled {
            wait: wait(&response.headers),
        },
        other => other,
    }
    .into()
}

/// `retry-after-ms`, `retry-after`, or the time after which one of the limits is whole again.
fn wait(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    let exact = text("retry-after-ms").and_then(|ms| ms.trim().parse().ok());
    exact
        .map(Duration::from_millis)
        .or_else(|| retry_after(headers, Utc::now()))
        .or_else(|| {
            let resets = ["requests", "tokens"].map(|what| {
                let left = text(&format!("x-ratelimit-remaining-{what}"))?;
                let reset = text(&format!("x-ratelimit-reset-{what}"))?;
                (left.trim() == "0").then(|| span(reset)).flatten()
            });
            resets.into_iter().flatten().max()
        })
}

/// `7s`, `1m3s`, `6h0m0s`, `120ms`.
fn span(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut sum = Duration::ZERO;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        let unit = &rest[digits..];
        let (seconds, length) = match unit {
            u if u.starts_with("ms") => (0.001, 2),
            u if u.starts_with('h') => (3600.0, 1),
            u if u.starts_with('m') => (60.0, 1),
            u if u.starts_with('s') => (1.0, 1),
            _ => return None,
        };
        sum += Duration::try_from_secs_f64(number * seconds).ok()?;
        rest = &unit[length..];
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn reading(status: u16, body: Value) -> Refusal {
        let status = StatusCode::from_u16(status).unwrap();
        read(status, &Fault::of(&body).unwrap_or_default())
    }

    #[test]
    fn every_servers_words_are_understood() {
        let openai = json!({"error": {"message": "maximum context length", "type": "invalid_request_error", "param": "messages", "code": "context_length_exceeded"}});
        let llama = json!({"error": {"code": 400, "message": "the request exceeds the available context size", "type": "exceed_context_size_error"}});
        let vllm = json!({"object": "error", "message": "maximum context length is 8192 tokens", "type": "BadRequestError", "param": null, "code": 400});
        for body in [openai, llama, vllm] {
            assert!(matches!(reading(400, body), Refusal::TooLong(_)));
        }
        let ollama = json!({"error": {"message": "model \"x\" not found", "type": "not_found_error", "param": null, "code": null}});
        assert!(matches!(reading(404, ollama), Refusal::NoModel(_)));
        let loading = json!({"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}});
        assert_eq!(reading(503, loading), Refusal::Loading);
        let quota = json!({"error": {"message": "quota", "type": "insufficient_quota", "param": null, "code": "insufficient_quota"}});
        assert!(matches!(reading(429, quota), Refusal::Paid(_)));
        let newer = json!({"error": {"message": "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "type": "invalid_request_error", "param": "max_tokens", "code": "unsupported_parameter"}});
        assert_eq!(reading(400, newer), Refusal::Limit);
        assert_eq!(
            reading(400, json!("?")),
            Refusal::Other("it does not say why".to_owned())
        );
    }

    #[test]
    fn spans_are_read_as_they_are_written() {
        let read = |text| span(text).map(|d| d.as_millis());
        assert_eq!(read("7s"), Some(7_000));
        assert_eq!(read("1m3s"), Some(63_000));
        assert_eq!(read("120ms"), Some(120));
        assert_eq!(read("6h0m0.5s"), Some(21_600_500));
        assert_eq!((read("soon"), read("7")), (None, None));
    }
}
