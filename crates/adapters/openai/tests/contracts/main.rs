//! Recorded streams of OpenAI, and what local servers are known to send, read as they came and cut at every place. `ROYAL_CONTRACTS` names
//! their folder; without it this fails.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails at once")]

use adapter_kit::Bytes;
use adapter_openai::read_events;
use ports::models::{Call, Ending, Part, Tokens};
use serde_json::Value;

fn folder() -> String {
    let folder = std::env::var("ROYAL_CONTRACTS").expect("ROYAL_CONTRACTS must be set");
    format!("{folder}/openai")
}

fn recorded(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/sse/{name}.sse", folder())).unwrap()
}

async fn whole(name: &str) -> (String, Ending, Vec<Call>, Option<Tokens>) {
    let bytes = recorded(name);
    let told = read_events(vec![Bytes::from(bytes.clone())]).await.unwrap();
    // In the smallest pieces it says the same.
    let torn = bytes.iter().map(|b| Bytes::from(vec![*b])).collect();
    assert_eq!(read_events(torn).await.unwrap(), told, "{name}");
    match told {
        (
            text,
            Part::End {
                ending,
                calls,
                tokens,
            },
        ) => (text, ending, calls, tokens),
        other => panic!("{name}: {other:?}"),
    }
}

#[tokio::test]
async fn recorded_replies_are_read_whole() {
    let (text, ending, calls, tokens) = whole("text_stop_logprobs").await;
    assert_eq!(
        (text.as_str(), ending, calls.len()),
        ("Foo!", Ending::Whole, 0)
    );
    let counted = Tokens {
        prompt: 9,
        reply: 2,
    };
    assert_eq!(tokens, Some(counted));
    let (text, ending, ..) = whole("text_length_cutoff").await;
    assert_eq!((text.as_str(), ending), ("{\"", Ending::Cut));
    let (text, ending, ..) = whole("refusal").await;
    assert!(text.is_empty());
    assert!(matches!(ending, Ending::Refused(words) if words.starts_with("I'm sorry,")));
}

#[tokio::test]
async fn recorded_calls_are_put_together() {
    for (name, count) in [
        ("tool_call_single", 1),
        ("tool_call_parallel", 2),
        ("tool_call_other", 1),
        ("tool_call_strict", 1),
    ] {
        let (_, ending, calls, _) = whole(name).await;
        assert_eq!((ending, calls.len()), (Ending::Whole, count), "{name}");
        for call in calls {
            assert!(call.id.starts_with("call_") && !call.name.is_empty());
            let arguments: Value = serde_json::from_str(&call.arguments).unwrap();
            assert!(arguments.is_object(), "{name}: {arguments}");
        }
    }
}

#[tokio::test]
async fn what_breaks_off_is_never_a_whole_reply() {
    for name in ["text_stop_logprobs", "tool_call_parallel"] {
        let text = String::from_utf8(recorded(name)).unwrap();
        let reason = text.rfind("\"finish_reason\":\"").unwrap();
        for cut in (0..reason).step_by(97) {
            let cut = Bytes::from(text.as_bytes()[..cut].to_vec());
            let told = read_events(vec![cut]).await;
            assert!(told.is_err(), "{name}: {told:?}");
        }
    }
}

#[tokio::test]
async fn local_servers_are_understood() {
    let file = format!("{}/constructed/local_servers.json", folder());
    let all: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    for (name, calls, text) in [
        ("ollama_tool_stream", 1, ""),
        ("broken_parallel_all_index_0", 2, ""),
        ("vllm_missing_id_in_first_chunk", 1, ""),
        ("vllm_finish_tool_calls_but_empty", 0, "Hello"),
    ] {
        let events = all[name].as_array().unwrap().iter();
        let stream: String = events.map(|event| format!("data: {event}\n\n")).collect();
        let told = read_events(vec![Bytes::from(stream)]).await.unwrap();
        let (said, Part::End { calls: made, .. }) = told else {
            panic!("{name}: {told:?}");
        };
        assert_eq!((made.len(), said.as_str()), (calls, text), "{name}");
        for call in made {
            assert_eq!(call.arguments, "{\"sku\":\"A1\"}", "{name}");
        }
    }
}
