//! What is sent: the part of the request that every server understands.

use ports::models::{Prompt, Said, ToolOffer};
use serde_json::{Value, json};

/// `newer`: with `max_completion_tokens`, which OpenAI's reasoning models want and others do not know. `counts`: asks for the tokens.
pub(crate) fn body(model: &str, prompt: &Prompt, newer: bool, counts: bool) -> Value {
    let messages: Vec<Value> = prompt.said.iter().map(message).collect();
    let mut body = json!({ "model": model, "messages": messages, "stream": true });
    let limit = match newer {
        true => "max_completion_tokens",
        false => "max_tokens",
    };
    body[limit] = json!(prompt.max_tokens);
    if counts {
        body["stream_options"] = json!({ "include_usage": true });
    }
    if !prompt.tools.is_empty() {
        body["tools"] = prompt.tools.iter().map(tool).collect();
    }
    body
}

fn message(said: &Said) -> Value {
    match said {
        Said::Task(text) => json!({ "role": "system", "content": text }),
        Said::Person(text) => json!({ "role": "user", "content": text }),
        Said::Model { text, calls } if calls.is_empty() => {
            json!({ "role": "assistant", "content": text })
        }
        // Templates of local models want a text, be it empty.
        Said::Model { text, calls } => {
            let calls: Vec<Value> = calls
                .iter()
                .map(|call| {
                    let function = json!({ "name": call.name, "arguments": call.arguments });
                    json!({ "id": call.id, "type": "function", "function": function })
                })
                .collect();
            json!({ "role": "assistant", "content": text, "tool_calls": calls })
        }
        Said::Result { call, content } => {
            json!({ "role": "tool", "tool_call_id": call, "content": content })
        }
    }
}

fn tool(offer: &ToolOffer) -> Value {
    let function =
        json!({ "name": offer.name, "description": offer.description, "parameters": offer.schema });
    json!({ "type": "function", "function": function })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ports::models::Call;

    #[test]
    fn a_conversation_is_told_in_the_servers_words() {
        let call = Call {
            id: "c1".to_owned(),
            name: "health".to_owned(),
            arguments: "{}".to_owned(),
        };
        let prompt = Prompt {
            said: vec![
                Said::Task("task".to_owned()),
                Said::Person("well?".to_owned()),
                Said::Model {
                    text: String::new(),
                    calls: vec![call],
                },
                Said::Result {
                    call: "c1".to_owned(),
                    content: "well".to_owned(),
                },
            ],
            tools: vec![ToolOffer {
                name: "health".to_owned(),
                description: "Is it well?".to_owned(),
                schema: json!({ "type": "object" }),
            }],
            max_tokens: 9,
        };
        let told = body("m", &prompt, false, true);
        let roles: Vec<&str> = told["messages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| m["role"].as_str().unwrap())
            .collect();
        assert_eq!(roles, ["system", "user", "assistant", "tool"]);
        assert_eq!(told["messages"][2]["content"], "");
        assert_eq!(told["messages"][2]["tool_calls"][0]["id"], "c1");
        assert_eq!(told["messages"][3]["tool_call_id"], "c1");
        assert_eq!(told["tools"][0]["function"]["name"], "health");
        assert_eq!(
            (
                &told["max_tokens"],
                &told["stream_options"]["include_usage"]
            ),
            (&json!(9), &json!(true))
        );
        let newer = body("m", &prompt, true, false);
        assert_eq!(newer["max_completion_tokens"], 9);
        assert!(newer.get("max_tokens").is_none() && newer.get("stream_options").is_none());
    }
}
