//! The adapter over real HTTP, against the sandbox's stand-in and its faults.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use adapter_kit::{Registry, Settings};
use adapter_openai::{OpenAi, OpenAiSettings};
use ports::models::{Ending, Model as _, Part, Prompt, Said, ToolOffer};
use ports::{Kind, PortResult};
use std::time::Duration;

async fn shop() -> sandbox::Running {
    let options = sandbox::Options {
        orders: 1,
        ..sandbox::Options::default()
    };
    sandbox::start(options).await.unwrap()
}

fn settings(sandbox: &sandbox::Running) -> OpenAiSettings {
    OpenAiSettings {
        look_every: Duration::from_millis(5),
        wants_key: true,
        ..OpenAiSettings::new(format!("{}/openai/v1", sandbox.base_url), "stand-in")
    }
}

fn open(settings: &OpenAiSettings) -> OpenAi {
    let mut calls = Settings::default();
    calls.retry.base_transient = Duration::from_millis(1);
    OpenAi::new(settings, &Registry::new(calls)).unwrap()
}

fn prompt(tools: bool) -> Prompt {
    let schema = serde_json::json!({ "type": "object" });
    let tool = ToolOffer {
        name: "health".to_owned(),
        description: "Whether all is well".to_owned(),
        schema,
    };
    Prompt {
        said: vec![
            Said::Task("You answer a merchant.".to_owned()),
            Said::Person("Is the machine healthy?".to_owned()),
        ],
        tools: match tools {
            true => vec![tool],
            false => Vec::new(),
        },
        max_tokens: 500,
    }
}

async fn asked(model: &OpenAi, prompt: &Prompt) -> PortResult<(String, Part)> {
    asked_with(model, prompt, sandbox::openai::OPENAI_KEY).await
}

async fn asked_with(model: &OpenAi, prompt: &Prompt, key: &str) -> PortResult<(String, Part)> {
    let mut reply = model.ask(prompt, Some(&key.into())).await?;
    let mut text = String::new();
    loop {
        match reply.next().await? {
            Part::Text(more) => text.push_str(&more),
            end => return Ok((text, end)),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_made_and_its_result_is_spoken_of() {
    let sandbox = shop().await;
    let model = open(&settings(&sandbox));
    let mut prompt = prompt(true);
    let (text, end) = asked(&model, &prompt).await.unwrap();
    let Part::End { calls, tokens, .. } = end else {
        panic!("{end:?}");
    };
    assert_eq!((text.as_str(), calls.len()), ("", 1));
    assert_eq!(
        (calls[0].name.as_str(), calls[0].arguments.as_str()),
        ("health", "{}")
    );
    assert!(tokens.is_some_and(|t| t.prompt > 0 && t.reply > 0));
    let id = calls[0].id.clone();
    prompt.said.push(Said::Model { text, calls });
    prompt.said.push(Said::Result {
        call: id,
        content: "All is well, as of 12:00.".to_owned(),
    });
    let (text, _) = asked(&model, &prompt).await.unwrap();
    assert_eq!(text, "All is well, as of 12:00.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_loads_is_waited_for_and_then_given_up() {
    let sandbox = shop().await;
    let model = open(&settings(&sandbox));
    sandbox.fault("openai_loading", 1.0).unwrap();
    sandbox.fault("limit", 7.0).unwrap();
    assert!(asked(&model, &prompt(false)).await.is_ok());
    sandbox.fault("limit", 0.0).unwrap();
    let hasty = OpenAiSettings {
        first_word: Duration::from_millis(60),
        ..settings(&sandbox)
    };
    let error = asked(&open(&hasty), &prompt(false)).await.unwrap_err();
    assert_eq!(error.kind, Kind::Unavailable, "{error}");
    assert!(error.detail.contains("loads stand-in"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_failure_has_its_name() {
    let sandbox = shop().await;
    for (fault, kind) in [
        ("openai_down", Kind::Unavailable),
        ("openai_quota", Kind::Forbidden),
        ("openai_long", Kind::Rejected),
        ("openai_breaks", Kind::Unavailable),
        ("openai_cut", Kind::Corrupt),
    ] {
        let model = open(&settings(&sandbox));
        sandbox.fault(fault, 1.0).unwrap();
        let error = asked(&model, &prompt(false)).await.unwrap_err();
        assert_eq!(error.kind, kind, "{fault}: {error}");
        sandbox.fault(fault, 0.0).unwrap();
        assert!(asked(&model, &prompt(false)).await.is_ok(), "{fault}");
    }
    let wrong = OpenAiSettings {
        model: "gpt-17".to_owned(),
        ..settings(&sandbox)
    };
    let error = asked(&open(&wrong), &prompt(false)).await.unwrap_err();
    assert_eq!(error.kind, Kind::NotFound);
    assert!(error.detail.contains("OPENAI_MODEL"), "{error}");
    let model = open(&settings(&sandbox));
    let error = asked_with(&model, &prompt(false), "sk-wrong").await;
    let error = error.unwrap_err();
    assert_eq!(error.kind, Kind::Unauthorized);
    assert!(!error.to_string().contains("sk-wrong"));
    // A new key is tried, though the old one was refused.
    assert!(asked(&model, &prompt(false)).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_server_is_asked_again_when_it_says() {
    let sandbox = shop().await;
    let model = open(&settings(&sandbox));
    sandbox.fault("openai_busy", 1.0).unwrap();
    sandbox.fault("limit", 1.0).unwrap();
    assert!(asked(&model, &prompt(false)).await.is_ok());
    assert_eq!(sandbox.models()["calls"], 2);
    // A wait that is longer than the first word may take is told at once.
    let hasty = OpenAiSettings {
        first_word: Duration::from_millis(300),
        ..settings(&sandbox)
    };
    sandbox.fault("limit", 0.0).unwrap();
    let error = asked(&open(&hasty), &prompt(false)).await.unwrap_err();
    assert_eq!(error.kind, Kind::RateLimited, "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_does_not_know_is_learned_once() {
    let sandbox = shop().await;
    let model = open(&settings(&sandbox));
    sandbox.fault("openai_newer", 1.0).unwrap();
    assert!(asked(&model, &prompt(false)).await.is_ok());
    assert!(asked(&model, &prompt(false)).await.is_ok());
    assert_eq!(sandbox.models()["calls"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_and_an_empty_answer_are_replies() {
    let sandbox = shop().await;
    let model = open(&settings(&sandbox));
    sandbox.fault("openai_refuses", 1.0).unwrap();
    let (_, end) = asked(&model, &prompt(false)).await.unwrap();
    assert!(
        matches!(end, Part::End { ending: Ending::Refused(words), .. } if words.starts_with("I'm sorry"))
    );
    sandbox.fault("openai_refuses", 0.0).unwrap();
    sandbox.fault("openai_silent", 1.0).unwrap();
    let (text, end) = asked(&model, &prompt(false)).await.unwrap();
    assert!(text.is_empty());
    assert!(matches!(end, Part::End { ending: Ending::Whole, calls, .. } if calls.is_empty()));
}
