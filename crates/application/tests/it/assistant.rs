//! Questions in words, answered from the same reports that pages show; conversations that outlive their worker.

use crate::world::{World, order, product};
use application::ads::Ads;
use application::assistant::{Assistant, Desk};
use application::backups::{Backups, Schedule};
use application::forecasts::Forecasts;
use application::inventory::Inventory;
use application::opportunities::Opportunities;
use application::orders::Orders;
use application::reports::{CurrencyChoice, ReportQuery, Reports, Split, StoreChoice};
use chrono::Duration;
use domain::assistant::answer::{Amount, Answer, Outcome};
use domain::assistant::session::{Piece, Role};
use domain::ids::UserId;
use ports::PageRequest;
use ports::clock::Clock as _;
use testkit::builders::{day, user};

pub(crate) fn assistant(world: &World) -> Assistant {
    let (ports, hub) = (world.ports.clone(), world.hub.clone());
    let forecasts = Forecasts::new(ports.clone(), hub.clone());
    let schedule = Schedule {
        every: Duration::days(1),
        keep: 1,
    };
    let desk = Desk {
        reports: Reports::new(ports.clone()),
        inventory: Inventory::new(ports.clone(), hub.clone(), forecasts),
        changes: world.changes.clone(),
        agents: world.agents.clone(),
        orders: Orders::new(ports.clone()),
        opportunities: Opportunities::new(ports.clone(), hub.clone(), world.changes.clone()),
        connections: world.connections.clone(),
        backups: Backups::new(ports.clone(), schedule),
        ads: Ads::new(ports.clone(), hub.clone()),
    };
    Assistant::new(ports, hub, desk)
}

pub(crate) async fn shop_world() -> World {
    let world = World::new().await;
    world.shop.put(product("4.00"));
    for id in 1..=60 {
        world.shop.put(order(id, id));
    }
    world.synced().await;
    world
}

async fn shop() -> (World, Assistant) {
    let world = shop_world().await;
    let assistant = assistant(&world);
    (world, assistant)
}

async fn ask(world: &World, assistant: &Assistant, text: &str) -> Answer {
    let answer = assistant.analyst().ask(world.workspace, text).await;
    answer.unwrap_or_else(|error| panic!("{text}: {error}"))
}

pub(crate) fn me() -> UserId {
    user(1, 1).id
}

#[tokio::test(start_paused = true)]
async fn an_answer_says_what_the_report_says() {
    let (world, assistant) = shop().await;
    let reports = Reports::new(world.ports.clone());
    let query = ReportQuery {
        workspace: world.workspace,
        store: StoreChoice::First,
        currency: CurrencyChoice::Usual,
        from: Some(day("2026-06-01")),
        to: Some(day("2026-06-30")),
        compare: None,
    };
    let report = reports.profit(&query, Split::Product).await.unwrap();
    let days = "from 2026-06-01 to 2026-06-30";
    let told = [
        ("net profit", report.total.figures.net_profit),
        ("net sales", Some(report.total.figures.net_sales)),
        ("cost of goods", report.total.figures.cost_of_goods),
    ];
    for (figure, minor) in told {
        let answer = ask(&world, &assistant, &format!("{figure} {days}")).await;
        let value = answer.facts[0].value;
        let Some(Amount::Money { minor: said, .. }) = value else {
            panic!("{figure}: {answer:?}");
        };
        assert_eq!((Some(said), answer.outcome), (minor, Outcome::Answered));
        assert!(answer.text.contains(&value.unwrap().words()), "{answer:?}");
        let source = &answer.facts[0].source;
        assert_eq!((source.from, source.to), (query.from, query.to));
        assert!(source.as_of.is_some());
    }
    let orders = ask(&world, &assistant, &format!("orders by channel {days}")).await;
    let table = orders.table.unwrap();
    let sum: i64 = table
        .rows
        .iter()
        .map(|row| match row.values[0] {
            Some(Amount::Count { count }) => count,
            other => panic!("{other:?}"),
        })
        .sum();
    assert_eq!(sum, report.total.figures.measures.orders);
    // A third of the sales have no cost: a profit says so.
    let profit = ask(&world, &assistant, &format!("net profit {days}")).await;
    assert!(
        profit.text.contains("Costs are known for 67 %"),
        "{}",
        profit.text
    );
}

#[tokio::test(start_paused = true)]
async fn a_name_is_looked_up_and_never_guessed() {
    let (world, assistant) = shop().await;
    let days = "from 2026-06-01 to 2026-06-30";
    let title = {
        let reports = Reports::new(world.ports.clone());
        let query = ReportQuery {
            workspace: world.workspace,
            store: StoreChoice::First,
            currency: CurrencyChoice::Usual,
            from: Some(day("2026-06-01")),
            to: Some(day("2026-06-30")),
            compare: None,
        };
        let report = reports.profit(&query, Split::Product).await.unwrap();
        report.rows[0].label.clone()
    };
    let found = ask(&world, &assistant, &format!("units of \"{title}\" {days}")).await;
    assert_eq!(found.outcome, Outcome::Answered, "{found:?}");
    let unknown = ask(
        &world,
        &assistant,
        &format!("units of \"Flying Carpet\" {days}"),
    )
    .await;
    assert_eq!(unknown.outcome, Outcome::AskedBack);
    assert!(unknown.text.contains("Flying Carpet") && unknown.facts.is_empty());
}

#[tokio::test(start_paused = true)]
async fn why_profit_changed_adds_up_to_the_change() {
    let (world, assistant) = shop().await;
    let text = "why did net profit change from 2026-06-16 to 2026-06-30";
    let answer = ask(&world, &assistant, text).await;
    let minor = |value: Option<Amount>| match value {
        Some(Amount::Money { minor, .. }) => minor,
        other => panic!("{other:?}"),
    };
    let change = minor(answer.facts[0].value) - minor(answer.facts[1].value);
    let rows = answer.table.as_ref().map(|t| t.rows.clone());
    let parts: i64 = rows.iter().flatten().map(|row| minor(row.values[0])).sum();
    assert_eq!(parts, change, "{answer:?}");
}

#[tokio::test(start_paused = true)]
async fn every_question_of_the_command_center_has_an_answer_or_a_reason() {
    let (world, assistant) = shop().await;
    let questions = [
        "Did I make money yesterday, today?",
        "What needs me now?",
        "What did the agents do overnight, and did it work?",
        "Which ads lose money?",
        "Which products earn or bleed?",
        "What runs out, what must I order, can I afford it?",
        "Did a supplier change price or stock, or go late?",
        "Which orders are stuck, risky, refundable?",
        "What should I sell next?",
        "Is the machine healthy and the data fresh?",
    ];
    for text in questions {
        let answer = ask(&world, &assistant, text).await;
        assert_ne!(answer.outcome, Outcome::AskedBack, "{text}: {answer:?}");
        assert!(
            !answer.text.is_empty() && !answer.links.is_empty(),
            "{text}: {answer:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_store_there_is_nothing_to_tell() {
    let world = World::new().await;
    let assistant = assistant(&world);
    let answer = ask(&world, &assistant, "profit yesterday").await;
    assert_eq!(answer.outcome, Outcome::NotKnown);
    assert_eq!(answer.links[0].to, "/start");
}

#[tokio::test(start_paused = true)]
async fn a_question_of_a_worker_that_died_is_answered_once() {
    let (world, assistant) = shop().await;
    let session = assistant
        .open(world.workspace, me(), "general")
        .await
        .unwrap();
    assistant
        .say(&session, "user", "profit of june?")
        .await
        .unwrap();
    let now = world.clock.now();
    let port = &world.ports.conversations;
    let dead = port
        .claim_turn(now, now + Duration::minutes(1))
        .await
        .unwrap();
    assert!(dead.is_some());
    assert!(!assistant.answer_one().await.unwrap(), "it is held");
    world.clock.advance(Duration::minutes(2));
    assert!(assistant.answer_one().await.unwrap());
    assert!(!assistant.answer_one().await.unwrap());
    let page = PageRequest::first(9);
    let messages = assistant.messages(&session, &page).await.unwrap().items;
    let roles: Vec<_> = messages.iter().map(|m| m.role).collect();
    assert_eq!(roles, [Role::User, Role::Assistant]);
    let frames = assistant
        .frames(world.workspace, session.id, 0, 100)
        .await
        .unwrap();
    let text: String = frames
        .iter()
        .filter_map(|frame| match &frame.piece {
            Piece::Delta { content } => Some(content.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(text, messages[1].content);
    let last = frames.last().map(|frame| &frame.piece);
    assert_eq!(
        last,
        Some(&Piece::Done {
            message: messages[1].id
        })
    );
}

#[tokio::test(start_paused = true)]
async fn what_takes_a_while_begins_with_how_it_was_understood() {
    let (world, assistant) = shop().await;
    let leads = [
        (
            "What runs out soon?",
            "By stock, forecasts and what is on its way: ",
        ),
        ("Why did profit fall in the last 7 days?", "Held against "),
        ("profit of \"Blue Cup\" in june", "About “Blue Cup”: "),
    ];
    for (question, lead) in leads {
        let session = assistant
            .open(world.workspace, me(), "general")
            .await
            .unwrap();
        assistant.say(&session, "user", question).await.unwrap();
        assert!(assistant.answer_one().await.unwrap());
        let page = PageRequest::first(9);
        let messages = assistant.messages(&session, &page).await.unwrap().items;
        let frames = assistant.frames(world.workspace, session.id, 0, 1_000);
        let frames = frames.await.unwrap();
        let told = frames.iter().filter_map(|frame| match &frame.piece {
            Piece::Delta { content } => Some(content.as_str()),
            _ => None,
        });
        let told: Vec<&str> = told.collect();
        assert!(told[0].starts_with(lead), "{question}: {told:?}");
        assert!(told[0].ends_with(": "), "a lead is one piece: {told:?}");
        assert!(told.len() > 1, "{question}: {told:?}");
        assert_eq!(told.concat(), messages[1].content, "{question}");
        let answer = messages[1].answer.as_ref().unwrap();
        assert_eq!(answer.text, messages[1].content);
    }
}

#[tokio::test(start_paused = true)]
async fn a_question_that_kills_its_workers_ends() {
    let (world, assistant) = shop().await;
    let session = assistant
        .open(world.workspace, me(), "general")
        .await
        .unwrap();
    assistant.say(&session, "user", "profit?").await.unwrap();
    let port = &world.ports.conversations;
    for _ in 0..3 {
        let now = world.clock.now();
        let dead = port
            .claim_turn(now, now + Duration::minutes(1))
            .await
            .unwrap();
        assert!(dead.is_some());
        world.clock.advance(Duration::minutes(2));
    }
    assert!(assistant.answer_one().await.unwrap());
    let frames = assistant
        .frames(world.workspace, session.id, 0, 100)
        .await
        .unwrap();
    let has_error = frames
        .iter()
        .any(|f| matches!(f.piece, Piece::Error { .. }));
    assert!(has_error, "{frames:?}");
}
