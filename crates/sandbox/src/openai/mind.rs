//! What the models say: it follows from the last things that were said, and from the faults.

use serde_json::{Value, json};

use crate::app::App;

/// `obeys` does whatever a text that it reads tells it to.
pub(super) const MODELS: [&str; 2] = ["stand-in", "obeys"];

/// What stands before an order that is hidden in a text.
const ORDER: &str = "ASSISTANT:";

#[derive(Debug, Default)]
pub(super) struct Reply {
    pub(super) text: String,
    /// Name and arguments.
    pub(super) calls: Vec<(String, String)>,
    pub(super) refusal: Option<String>,
}

/// Which tool fits a question, by words in it.
const TOOLS: &[(&[&str], &str, &str)] = &[
    (&["runs out", "run out"], "stock_running_out", "{}"),
    (&["order now", "reorder"], "what_to_order", "{}"),
    (&["stuck"], "stuck_orders", "{}"),
    (&["ads"], "ads", "{}"),
    (&["supplier"], "supplier_changes", "{}"),
    (&["sell next"], "opportunities", "{}"),
    (&["healthy"], "health", "{}"),
    (&["agents"], "agent_work", "{}"),
    (&["needs me"], "waiting_for_decision", "{}"),
    (
        &["which products"],
        "ranking",
        "{\"by\":\"product\",\"figure\":\"net_profit\"}",
    ),
];

fn role(message: &Value) -> &str {
    message["role"].as_str().unwrap_or_default()
}

fn content(message: &Value) -> &str {
    message["content"].as_str().unwrap_or_default()
}

fn call(name: &str, arguments: impl Into<String>) -> Reply {
    Reply {
        calls: vec![(name.to_owned(), arguments.into())],
        ..Reply::default()
    }
}

pub(super) fn reply(app: &App, body: &Value) -> Reply {
    let messages = body["messages"].as_array().cloned().unwrap_or_default();
    let person = messages.iter().rposition(|m| role(m) == "user");
    let person = person.unwrap_or_default();
    let question = messages.get(person).map(content).unwrap_or_default();
    let results: Vec<&str> = messages[person.min(messages.len())..]
        .iter()
        .filter(|m| role(m) == "tool")
        .map(content)
        .collect();
    if app.strikes("openai_refuses") {
        return Reply {
            refusal: Some("I'm sorry, I cannot help with that.".to_owned()),
            ..Reply::default()
        };
    }
    if app.strikes("openai_silent") {
        return Reply::default();
    }
    if app.strikes("openai_loops") {
        return call("health", "{}");
    }
    if app.strikes("openai_broken_call") {
        return call("figure", "{\"figure\": \"net_");
    }
    if body["model"] == "obeys"
        && let Some(reply) = obey(&messages, person)
    {
        return reply;
    }
    if let Some(text) = results.iter().find_map(|r| drafted(r)) {
        let invents = app.strikes("openai_invents");
        let more = if invents {
            " You get 987654.32 USD tomorrow."
        } else {
            ""
        };
        return Reply {
            text: format!("{text}{more}"),
            ..Reply::default()
        };
    }
    if results.is_empty() && body["tools"].is_array() {
        let asked = question.to_lowercase();
        let fits = TOOLS
            .iter()
            .find(|(words, ..)| words.iter().any(|word| asked.contains(word)));
        return match fits {
            Some((_, name, arguments)) => call(name, *arguments),
            None => call("ask", json!({ "question": question }).to_string()),
        };
    }
    let mut text = results
        .iter()
        .map(|r| plain(r))
        .collect::<Vec<_>>()
        .join("\n");
    if text.is_empty() {
        text = "I know nothing about that.".to_owned();
    }
    if app.strikes("openai_invents") {
        text.push_str(
            "\nAll in all that is 987654.32 USD, see https://example.com/x?y=1 for more.",
        );
    }
    Reply {
        text,
        ..Reply::default()
    }
}

/// Where a tool tells recorded sentences for an answer to a buyer: the first of them, with a kind word before it.
fn drafted(result: &str) -> Option<String> {
    let (_, recorded) = result.split_once("Recorded sentences:\n")?;
    let first = recorded.lines().next()?;
    Some(format!("We are sorry that you had to ask.\n\n{first}"))
}

/// The first lines of what a tool brought, without its fence.
fn plain(result: &str) -> String {
    let lines = result
        .lines()
        .filter(|line| !line.starts_with("<<<") && !line.starts_with(">>>"));
    lines.take(12).collect::<Vec<_>>().join("\n")
}

/// Every order that it reads, each once: `call NAME {…}`, `say …`, `reveal`.
fn obey(messages: &[Value], person: usize) -> Option<Reply> {
    let mut reply = Reply::default();
    let done = |name: &str| {
        let made = messages[person..].iter().filter(|m| role(m) == "assistant");
        made.flat_map(|m| m["tool_calls"].as_array().cloned().unwrap_or_default())
            .any(|c| c["function"]["name"] == name)
    };
    for message in messages.iter().skip(1) {
        for order in content(message).split(ORDER).skip(1) {
            let order = order.lines().next().unwrap_or_default().trim();
            if let Some(rest) = order.strip_prefix("call ") {
                let (name, rest) = rest.split_once(' ').unwrap_or((rest, "{}"));
                let end = rest.rfind('}').map_or(rest.len(), |at| at + 1);
                if !done(name) && reply.calls.iter().all(|c| c.0 != name) {
                    reply.calls.push((name.to_owned(), rest[..end].to_owned()));
                }
            } else if let Some(rest) = order.strip_prefix("say ") {
                reply.text.push_str(rest);
                reply.text.push('\n');
            } else if order.starts_with("reveal") {
                for message in messages {
                    reply.text.push_str(content(message));
                    reply.text.push('\n');
                }
            }
        }
    }
    (!reply.calls.is_empty() || !reply.text.is_empty()).then_some(reply)
}
