//! JSON-RPC over streamable HTTP: what is sent, and the answer, which comes as JSON or as an event stream.

use adapter_kit::Response;
use serde_json::{Value, json};

pub(crate) const VERSION: &str = "2025-06-18";

pub(crate) fn request(id: u64, method: &str, params: &Value) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
}

pub(crate) fn notification(method: &str) -> Value {
    json!({"jsonrpc": "2.0", "method": method})
}

/// The message with this number; `None` where there is none.
pub(crate) fn answer(response: &Response, id: u64) -> Option<Value> {
    let ours = |message: &Value| message["id"] == json!(id);
    if response.media_type().as_deref() != Some("text/event-stream") {
        let message = serde_json::from_slice(&response.body).ok();
        return message.filter(ours);
    }
    let text = std::str::from_utf8(&response.body).ok()?;
    events(text).find(ours)
}

/// The data of each event, where it is JSON. Lines of one event are joined (WHATWG, *Server-sent events*).
fn events(text: &str) -> impl Iterator<Item = Value> {
    let text = text.replace("\r\n", "\n");
    let events: Vec<_> = text
        .split("\n\n")
        .filter_map(|event| {
            let data = event.lines().filter_map(|line| line.strip_prefix("data:"));
            let data: Vec<_> = data.map(|d| d.strip_prefix(' ').unwrap_or(d)).collect();
            serde_json::from_str(&data.join("\n")).ok()
        })
        .collect();
    events.into_iter()
}

/// What a tool says when it fails: the word before the first colon, and the rest.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ToolError {
    pub kind: String,
    pub told: String,
}

/// The data of a tool's result.
pub(crate) fn result(message: &Value) -> Option<Result<Value, ToolError>> {
    if let Some(error) = message["error"].as_object() {
        let told = error.get("message").and_then(Value::as_str);
        let is_arguments = error.get("code").and_then(Value::as_i64) == Some(-32_602);
        let kind = if is_arguments {
            "invalid_arguments"
        } else {
            "internal_error"
        };
        return Some(Err(ToolError {
            kind: kind.to_owned(),
            told: clean(told.unwrap_or_default()),
        }));
    }
    let result = message.get("result")?;
    let text = result.pointer("/content/0/text").and_then(Value::as_str);
    if result["isError"] == json!(true) {
        let text = text.unwrap_or_default();
        let (kind, told) = text.split_once(':').unwrap_or(("internal_error", text));
        return Some(Err(ToolError {
            kind: kind.trim().to_owned(),
            told: clean(told),
        }));
    }
    let whole = match result.get("structuredContent") {
        Some(whole) if whole.is_object() => whole.clone(),
        _ => serde_json::from_str(text?).ok()?,
    };
    // It stands beside `ok: true` too.
    if let Some(first) = whole["business_error"]
        .as_array()
        .and_then(|all| all.first())
    {
        let told = first["message"].as_str().or(first["code"].as_str());
        return Some(Err(ToolError {
            kind: "business_error".to_owned(),
            told: clean(told.unwrap_or_default()),
        }));
    }
    if whole["ok"] == json!(false) {
        return Some(Err(ToolError {
            kind: "upstream_error".to_owned(),
            told: format!("status {}", whole["status"]),
        }));
    }
    Some(Ok(whole.get("data")?.clone()))
}

fn clean(text: &str) -> String {
    let text = text.trim().chars().filter(|c| !c.is_control());
    text.take(300).collect()
}

/// `… Retry after 12 seconds`
pub(crate) fn wait(told: &str) -> Option<u64> {
    let lower = told.to_ascii_lowercase();
    let (_, after) = lower.split_once("retry after ")?;
    after.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_also_over_several_lines() {
        let text =
            "event: message\r\ndata: {\"id\":1}\r\n\r\n: hush\n\ndata: {\"id\":\ndata: 2}\n\n";
        let read: Vec<_> = events(text).collect();
        assert_eq!(read, [json!({"id": 1}), json!({"id": 2})]);
    }

    #[test]
    fn errors_are_told_by_the_word_before_the_colon() {
        let limited = json!({"id": 2, "result": {"content": [{"type": "text",
            "text": "rate_limited: too many requests. Retry after 12 seconds"}], "isError": true}});
        let error = result(&limited).unwrap().unwrap_err();
        assert_eq!(error.kind, "rate_limited");
        assert_eq!(wait(&error.told), Some(12));
        let business = json!({"result": {"structuredContent": {"ok": true, "data": {},
            "business_error": [{"code": "NO_CREDIT", "message": "no credit is left"}]}}});
        let error = result(&business).unwrap().unwrap_err();
        assert_eq!(error.told, "no credit is left", "it is no success");
    }

    #[test]
    fn data_is_read_from_either_place() {
        let text = json!({"result": {"content": [{"type": "text", "text": "{\"ok\":true,\"data\":[7]}"}]}});
        assert_eq!(result(&text), Some(Ok(json!([7]))));
        assert_eq!(result(&json!({"result": {"content": []}})), None);
    }
}
