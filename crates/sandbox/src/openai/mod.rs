//! A server of language models beside the shop, as OpenAI, Ollama and others speak, below `/openai/v1`.
//!
//! No model runs here: what it says follows from what it reads (`mind.rs`). `stand-in` asks for the tool that fits the question and repeats
//! what it brought; `obeys` does besides whatever it is told to by a text that it reads, be it in the name of a product. `GET /__openai`
//! tells what was asked.

mod mind;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::web::{self, Bytes, Data, Json, ServiceConfig};
use futures::{StreamExt as _, stream};
use serde_json::{Value, json};

use crate::app::{App, lock};

pub const OPENAI_KEY: &str = "sk-sandbox";
/// Requests that are remembered.
const KEPT: usize = 500;

/// What was asked of the models.
#[derive(Debug, Default)]
pub(crate) struct Models {
    asked: Vec<Value>,
    calls: u64,
}

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/openai/v1/models", web::get().to(models))
        .route("/openai/v1/chat/completions", web::post().to(completions))
        .route("/__openai", web::get().to(show));
}

/// Bodies of the requests, oldest first, and how many there were.
pub(crate) fn told(app: &App) -> Value {
    let models = lock(&app.models);
    json!({ "calls": models.calls, "asked": models.asked })
}

async fn show(app: Data<App>) -> HttpResponse {
    HttpResponse::Ok().json(told(&app))
}

async fn models() -> HttpResponse {
    let data: Vec<Value> = mind::MODELS
        .iter()
        .map(|name| json!({ "id": name, "object": "model", "created": 0, "owned_by": "sandbox" }))
        .collect();
    HttpResponse::Ok().json(json!({ "object": "list", "data": data }))
}

fn fault(status: u16, message: &str, kind: &str, code: Value) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(status).unwrap_or_default();
    let error = json!({ "message": message, "type": kind, "param": null, "code": code });
    HttpResponse::build(status).json(json!({ "error": error }))
}

/// What stands before a reply.
fn refused(app: &App, request: &HttpRequest, body: &Value) -> Option<HttpResponse> {
    let key = request.headers().get("authorization");
    let key = key.and_then(|v| v.to_str().ok());
    if key.is_some_and(|key| key != format!("Bearer {OPENAI_KEY}")) {
        let message = "Incorrect API key provided";
        return Some(fault(
            401,
            message,
            "invalid_request_error",
            json!("invalid_api_key"),
        ));
    }
    let model = body["model"].as_str().unwrap_or_default();
    if !mind::MODELS.contains(&model) {
        let message = format!("model \"{model}\" not found, try pulling it first");
        return Some(fault(404, &message, "not_found_error", Value::Null));
    }
    if app.strikes("openai_loading") {
        return Some(fault(503, "Loading model", "unavailable_error", json!(503)));
    }
    if app.strikes("openai_down") {
        return Some(fault(500, "internal error", "server_error", Value::Null));
    }
    if app.strikes("openai_busy") {
        let mut busy = fault(
            429,
            "Rate limit reached",
            "requests",
            json!("rate_limit_exceeded"),
        );
        let after = actix_web::http::header::HeaderValue::from_static("1");
        busy.headers_mut()
            .insert(actix_web::http::header::RETRY_AFTER, after);
        return Some(busy);
    }
    if app.strikes("openai_quota") {
        let message = "You exceeded your current quota";
        return Some(fault(
            429,
            message,
            "insufficient_quota",
            json!("insufficient_quota"),
        ));
    }
    if app.strikes("openai_long") {
        let code = json!("context_length_exceeded");
        return Some(fault(
            400,
            "maximum context length",
            "invalid_request_error",
            code,
        ));
    }
    if app.rate("openai_newer") > 0.0 && body.get("max_tokens").is_some() {
        let error = json!({ "message": "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
            "type": "invalid_request_error", "param": "max_tokens", "code": "unsupported_parameter" });
        return Some(HttpResponse::BadRequest().json(json!({ "error": error })));
    }
    None
}

async fn completions(app: Data<App>, request: HttpRequest, body: Json<Value>) -> HttpResponse {
    {
        let mut models = lock(&app.models);
        models.calls += 1;
        if models.asked.len() == KEPT {
            models.asked.remove(0);
        }
        models.asked.push(body.0.clone());
    }
    if let Some(not) = refused(&app, &request, &body) {
        return not;
    }
    let reply = mind::reply(&app, &body);
    let mut events: Vec<Result<Bytes, std::io::Error>> = Vec::new();
    let head = json!({ "role": "assistant", "content": "" });
    let mut chunks = vec![chunk(&body, head, Value::Null)];
    // Two letters at a time, so that words come torn.
    let letters: Vec<char> = reply.text.chars().collect();
    for piece in letters.chunks(2) {
        let content: String = piece.iter().collect();
        chunks.push(chunk(&body, json!({ "content": content }), Value::Null));
    }
    for (index, (name, arguments)) in reply.calls.iter().enumerate() {
        let id = format!(
            "call_{}_{index}",
            body["messages"].as_array().map_or(0, Vec::len)
        );
        let begin = json!({ "index": index, "id": id, "type": "function", "function": { "name": name, "arguments": "" } });
        chunks.push(chunk(&body, json!({ "tool_calls": [begin] }), Value::Null));
        let letters: Vec<char> = arguments.chars().collect();
        for piece in letters.chunks(5) {
            let text: String = piece.iter().collect();
            let more = json!({ "index": index, "function": { "arguments": text } });
            chunks.push(chunk(&body, json!({ "tool_calls": [more] }), Value::Null));
        }
    }
    if let Some(refusal) = &reply.refusal {
        chunks.push(chunk(&body, json!({ "refusal": refusal }), Value::Null));
    }
    let half = chunks.len() / 2 + 1;
    if app.strikes("openai_cut") {
        chunks.truncate(half);
        events.extend(chunks.iter().map(|c| Ok(event(c))));
        events.push(Err(std::io::Error::other("cut")));
        return streamed(events);
    }
    if app.strikes("openai_breaks") {
        chunks.truncate(half);
        chunks.push(json!({ "error": { "message": "out of memory", "type": "server_error" } }));
        events.extend(chunks.iter().map(|c| Ok(event(c))));
        return streamed(events);
    }
    let reason = match reply.calls.is_empty() {
        true => "stop",
        false => "tool_calls",
    };
    chunks.push(chunk(&body, json!({}), json!(reason)));
    let counts =
        body["stream_options"]["include_usage"] == true && !app.strikes("openai_uncounted");
    if counts {
        let prompt = body["messages"].to_string().len() / 4;
        let told =
            (reply.text.len() + reply.calls.iter().map(|c| c.1.len()).sum::<usize>()) / 4 + 1;
        let mut last = chunk(&body, json!({}), Value::Null);
        last["choices"] = json!([]);
        last["usage"] = json!({ "prompt_tokens": prompt, "completion_tokens": told, "total_tokens": prompt + told });
        chunks.push(last);
    }
    events.extend(chunks.iter().map(|c| Ok(event(c))));
    events.push(Ok(Bytes::from_static(b": kept alive\n\ndata: [DONE]\n\n")));
    streamed(events)
}

fn chunk(body: &Value, delta: Value, reason: Value) -> Value {
    json!({ "id": "chatcmpl-sandbox", "object": "chat.completion.chunk", "created": 0, "model": body["model"],
        "choices": [{ "index": 0, "delta": delta, "finish_reason": reason }] })
}

fn event(chunk: &Value) -> Bytes {
    Bytes::from(format!("data: {chunk}\n\n"))
}

fn streamed(events: Vec<Result<Bytes, std::io::Error>>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/event-stream")
        .streaming(stream::iter(events).then(|event| async {
            // What was told before a cut has left by then.
            if event.is_err() {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
            event
        }))
}
