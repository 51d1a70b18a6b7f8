//! Questions that language models answer: by tools, within bounds, and never with a figure that no tool told.

use crate::assistant::{assistant, me, shop_world};
use crate::world::World;
use application::assistant::{Assistant, MAX_STEPS, Models, Priced};
use chrono::Duration;
use domain::assistant::answer::Outcome;
use domain::assistant::session::{Conversation, Message, Piece};
use domain::assistant::sieve::NO_SOURCE;
use domain::assistant::spend::{Budget, Price, Spend};
use ports::clock::Clock as _;
use ports::models::Said;
use ports::{Kind, PageRequest};
use std::sync::Arc;
use testkit::fakes::{FakeModel, Saying};

const JUNE: &str = r#"{"figure":"orders","from":"2026-06-01","to":"2026-06-30"}"#;

fn models(list: &[&Arc<FakeModel>]) -> Models {
    let list = list.iter().map(|model| Priced {
        model: Arc::clone(*model) as _,
        price: Some(Price {
            prompt: 1.into(),
            reply: 10.into(),
        }),
    });
    Models {
        list: list.collect(),
        budget: Budget::default(),
    }
}

fn model(next: impl IntoIterator<Item = Saying>) -> Arc<FakeModel> {
    Arc::new(FakeModel::new("first", next))
}

async fn shop(models: Models) -> (World, Assistant) {
    let world = shop_world().await;
    let assistant = assistant(&world).with_models(models);
    (world, assistant)
}

struct Heard {
    session: Conversation,
    message: Message,
    pieces: Vec<Piece>,
}

impl Heard {
    /// What a listener puts together.
    fn text(&self) -> String {
        let deltas = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Delta { content } => Some(content.as_str()),
            _ => None,
        });
        deltas.collect()
    }

    fn error(&self) -> Option<&str> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Error { error } => Some(error.as_str()),
            _ => None,
        })
    }
}

async fn ask_in(world: &World, assistant: &Assistant, session: Conversation, text: &str) -> Heard {
    assistant.say(&session, "user", text).await.unwrap();
    assert!(assistant.answer_one().await.unwrap());
    heard(world, assistant, session).await
}

async fn heard(world: &World, assistant: &Assistant, session: Conversation) -> Heard {
    let page = PageRequest::first(50);
    let mut messages = assistant.messages(&session, &page).await.unwrap().items;
    let from = assistant.listen_from(&session).await.unwrap();
    let frames = assistant.frames(world.workspace, session.id, from, 999);
    let frames = frames.await.unwrap();
    Heard {
        session,
        message: messages.pop().unwrap(),
        pieces: frames.into_iter().map(|frame| frame.piece).collect(),
    }
}

async fn ask(world: &World, assistant: &Assistant, text: &str) -> Heard {
    let session = assistant.open(world.workspace, me(), "general").await;
    ask_in(world, assistant, session.unwrap(), text).await
}

#[tokio::test(start_paused = true)]
async fn a_model_asks_a_tool_and_cites_what_it_says() {
    let model = model([
        Saying::Call("figure", JUNE),
        Saying::Text("There were 30 orders in June, from 2026-06-01 to 2026-06-30."),
    ]);
    let (world, assistant) = shop(models(&[&model])).await;
    let heard = ask(&world, &assistant, "How many orders in June?").await;
    let said = "There were 30 orders in June, from 2026-06-01 to 2026-06-30.";
    let answer = heard.message.answer.clone().unwrap();
    assert_eq!(answer.outcome, Outcome::Answered);
    assert_eq!(
        (heard.text(), &heard.message.content),
        (answer.text.clone(), &answer.text)
    );
    let asked = model.asked();
    assert_eq!(asked.len(), 2);
    let Some(Said::Result { content, .. }) = asked[1].said.last() else {
        panic!("{:?}", asked[1].said);
    };
    assert!(content.starts_with("<<<DATA ") && content.contains("2026-06-01"));
    assert_eq!(answer.text, said);
    let fact = &answer.facts[0];
    assert_eq!(fact.source.name, "passport.orders");
    assert!(fact.source.as_of.is_some() && !fact.source.link.is_empty());
    let spent = assistant.spent(world.workspace, me()).await.unwrap();
    let expected = Spend {
        tokens: 220,
        estimated: 0,
        micros: 2 * (100 + 100),
    };
    assert_eq!(spent, expected);
}

#[tokio::test(start_paused = true)]
async fn a_figure_that_no_tool_told_is_never_read() {
    let model = model([
        Saying::Call("figure", JUNE),
        Saying::Text("You sold 123456 of them, see https://evil.example/?a=1"),
    ]);
    let (world, assistant) = shop(models(&[&model])).await;
    let heard = ask(&world, &assistant, "How many orders in June?").await;
    for text in [heard.text(), heard.message.content.clone()] {
        assert!(
            text.contains(NO_SOURCE) && !text.contains("123456"),
            "{text}"
        );
        assert!(!text.contains("evil.example"), "{text}");
    }
    let without = FakeModel::new("first", [Saying::Text("All is well.")]);
    let (world, assistant) = shop(models(&[&Arc::new(without)])).await;
    let heard = ask(&world, &assistant, "How are you?").await;
    assert!(
        heard
            .text()
            .ends_with("(Nothing of the store was looked up for this.)")
    );
    assert_eq!(heard.message.answer.unwrap().outcome, Outcome::NotKnown);
}

#[tokio::test(start_paused = true)]
async fn a_model_that_fails_is_followed_by_the_next_and_then_by_the_analyst() {
    let first = model([Saying::Fail(Kind::RateLimited)]);
    let second = Arc::new(FakeModel::new(
        "second",
        [
            Saying::Call("figure", JUNE),
            Saying::Text("So it was."),
            Saying::Fail(Kind::NotFound),
        ],
    ));
    let (world, assistant) = shop(models(&[&first, &second])).await;
    let question = "orders from 2026-06-01 to 2026-06-30";
    let heard = ask(&world, &assistant, question).await;
    assert_eq!(heard.text(), "So it was.");
    let heard = ask(&world, &assistant, question).await;
    let text = heard.text();
    assert!(
        text.contains("the built-in analyst's answer: first: the fake model fails; second: "),
        "{text}"
    );
    let answer = heard.message.answer.unwrap();
    assert_eq!(answer.outcome, Outcome::Answered);
    assert!(!answer.facts.is_empty());
    assert_eq!(heard.message.content, text);
}

#[tokio::test(start_paused = true)]
async fn a_model_that_loops_or_stammers_is_given_up() {
    for (saying, asked, why) in [
        (Saying::Call("health", "{}"), MAX_STEPS, "again and again"),
        (Saying::Call("figure", "{\"figure\": "), 3, "cannot be read"),
        (Saying::Call("rm", "{}"), 3, "cannot be read"),
        (Saying::Text(""), 1, "said nothing"),
        (Saying::Refuse, 1, "refused"),
    ] {
        let model = model([saying.clone()]);
        let (world, assistant) = shop(models(&[&model])).await;
        let heard = ask(&world, &assistant, "health").await;
        assert!(heard.text().contains(why), "{saying:?}: {}", heard.text());
        let prompts = model.asked();
        assert_eq!(prompts.len(), asked, "{saying:?}");
        if asked == MAX_STEPS {
            assert!(prompts[asked - 1].tools.is_empty() && !prompts[0].tools.is_empty());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_breaks_off_is_told_as_that() {
    let model = model([Saying::Cut(
        "This is the beginning of a long answer about the shop and",
    )]);
    let (world, assistant) = shop(models(&[&model])).await;
    let heard = ask(&world, &assistant, "tell me").await;
    let text = heard.text();
    assert!(
        text.starts_with("This is the beginning") && text.contains("not whole"),
        "{text}"
    );
    assert!(
        heard
            .error()
            .is_some_and(|e| e.contains("fake model fails"))
    );
    assert_eq!(heard.message.content, text);
    assert!(matches!(heard.pieces.last(), Some(Piece::Done { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_running_answer_can_be_cancelled() {
    let model = model([Saying::Hang(
        "This is the beginning of a long answer about the shop and ",
    )]);
    let (world, assistant) = shop(models(&[&model])).await;
    let session = assistant
        .open(world.workspace, me(), "general")
        .await
        .unwrap();
    assistant.say(&session, "user", "tell me").await.unwrap();
    let (works, cancels) = (assistant.clone(), assistant.clone());
    let of = session.clone();
    let cancelled = tokio::spawn(async move {
        tokio::time::sleep(std::time::Duration::from_secs(90)).await;
        cancels.cancel(&of).await.unwrap()
    });
    assert!(works.answer_one().await.unwrap());
    assert!(cancelled.await.unwrap());
    let heard = heard(&world, &assistant, session).await;
    assert!(
        heard.text().ends_with("(This answer was cancelled here.)"),
        "{}",
        heard.text()
    );
    assert!(!assistant.answer_one().await.unwrap());
    // One that waits is not begun.
    assistant
        .say(&heard.session, "user", "and now?")
        .await
        .unwrap();
    assert!(assistant.cancel(&heard.session).await.unwrap());
    assert!(assistant.answer_one().await.unwrap());
    let heard = self::heard(&world, &assistant, heard.session).await;
    assert_eq!(heard.text(), "This question was cancelled.");
    assert_eq!(model.asked().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_budget_that_is_used_up_leaves_the_analyst() {
    let model = Arc::new(FakeModel::new("first", [Saying::Text("All is well.")]).uncounted());
    let mut models = models(&[&model]);
    models.budget.tokens = Some(100);
    let (world, assistant) = shop(models).await;
    let heard = ask(&world, &assistant, "how are you").await;
    assert!(heard.text().starts_with("All is well."));
    let spent = assistant.spent(world.workspace, me()).await.unwrap();
    assert!(
        spent.tokens > 100 && spent.estimated == spent.tokens,
        "{spent:?}"
    );
    let again = ask(&world, &assistant, "health").await;
    assert!(
        again.text().contains("budget for models is used up"),
        "{}",
        again.text()
    );
    assert_eq!(model.asked().len(), 1);
    world.clock.advance(Duration::days(1));
    assert_eq!(world.clock.now().date_naive().to_string(), "2026-07-02");
    ask(&world, &assistant, "how are you").await;
    assert_eq!(model.asked().len(), 2, "a new day");
}

#[tokio::test(start_paused = true)]
async fn a_model_is_told_what_was_said_before() {
    let model = model([Saying::Text("Well.")]);
    let (world, assistant) = shop(models(&[&model])).await;
    let first = ask(&world, &assistant, "My first question").await;
    ask_in(&world, &assistant, first.session, "and the second").await;
    let last = model.asked().pop().unwrap();
    let told: Vec<String> = last.said[1..]
        .iter()
        .map(|said| match said {
            Said::Person(text) | Said::Model { text, .. } => text.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told[0], "My first question");
    assert!(told[1].starts_with("Well."));
    assert_eq!((told[2].as_str(), told.len()), ("and the second", 3));
}
