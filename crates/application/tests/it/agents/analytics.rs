//! The analyst's days: one run and one brief of each, written again only by hand, whatever dies in between.

use super::mortal::Mortal;
use super::*;
use application::analysis::Analysis;
use application::notifications::Notifications;
use application::people::People;
use domain::agents::Trigger;
use domain::analysis::Brief;
use domain::catalog::CostBook;
use domain::notifications::NoticeKind;
use ports::changes::StopScope;
use ports::notices::NoticeFilter;
use ports::runs::RunFilter;
use std::sync::atomic::Ordering;
use testkit::builders::{LineBuilder, OrderBuilder, user};

const ANALYTICS: &str = "analytics";

/// The analyst's runs that decide, the newest first.
async fn runs(world: &World) -> Vec<AgentRun> {
    let filter = RunFilter {
        agent: Some(ANALYTICS.into()),
        kind: Some("decide"),
        ..RunFilter::default()
    };
    let page = PageRequest::first(100);
    let found = world.agents.runs(world.workspace, &filter, &page).await;
    found.unwrap().items
}

/// Starts what is due, and works until the analyst has nothing left to do; how many of its runs that were.
pub(crate) async fn morning(world: &World) -> usize {
    let before = runs(world).await.len();
    // The first look at a store only says when its schedule comes.
    for _ in 0..2 {
        world.agents.start_due().await.unwrap();
    }
    let all = runs(world).await;
    for open in all.iter().filter(|r| !ended(r)) {
        let run = worked(world, open.id, ended).await;
        assert_eq!(run.status, RunStatus::Succeeded, "{:?}", run.error);
    }
    all.len() - before
}

async fn briefs(world: &World) -> Vec<Brief> {
    let page = PageRequest::first(10);
    let scope = world.scope().await;
    world
        .ports
        .analysis
        .briefs(scope, &page)
        .await
        .unwrap()
        .items
}

async fn by_hand(world: &World) -> AgentRun {
    let run = asked(world, serde_json::json!({})).await.unwrap();
    let run = worked(world, run.id, ended).await;
    assert_eq!(run.status, RunStatus::Succeeded, "{:?}", run.error);
    run
}

async fn asked(world: &World, parameters: serde_json::Value) -> Result<AgentRun, AgentError> {
    let store = store(world).await;
    let agents = &world.agents;
    agents
        .start(&store, ANALYTICS, parameters, person("ann"))
        .await
}

async fn set(world: &World, change: ConfigChange) -> Result<AgentConfig, AgentError> {
    let store = store(world).await;
    let standing = world.agents.standing(&store, ANALYTICS).await.unwrap();
    let version = standing.config.version;
    let change = ConfigChange { version, ..change };
    world
        .agents
        .configure(&store, ANALYTICS, change, person("ann"))
        .await
}

#[tokio::test(start_paused = true)]
async fn a_day_has_one_run_and_one_brief_that_names_it() {
    let world = world().await;
    assert_eq!((morning(&world).await, morning(&world).await), (1, 0));
    let run = runs(&world).await.remove(0);
    assert!(matches!(run.trigger, Trigger::Schedule { .. }));
    assert_eq!(run.parameters["day"], "2026-06-30");
    let steps: Vec<_> = run.steps.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(steps, ["gather", "decide", "write"]);
    assert_eq!(
        run.summary.as_deref(),
        Some("The brief of 2026-06-30 is written")
    );
    let [brief] = briefs(&world).await.try_into().unwrap();
    assert_eq!((brief.run, brief.version), (Some(run.id), 1));
    let log = world
        .agents
        .log(world.workspace, run.id, 0, 100)
        .await
        .unwrap();
    let said = |what: &str| log.iter().any(|l| l.text.contains(what));
    assert!(
        said("2026-06-28 to 2026-06-30 were searched: 0 unusual"),
        "{log:?}"
    );
    assert!(said("the Inbox tells it"), "{log:?}");
    let replay = world.agents.replay(world.workspace, run.id).await.unwrap();
    assert!(replay.same);
    let standing = world
        .agents
        .standing(&store(&world).await, ANALYTICS)
        .await
        .unwrap();
    assert!(!standing.proposes && standing.waits_for.is_none());
    // The next morning waits for a sync, and says so; then it runs once.
    world.clock.set("2026-07-02T12:30:00Z".parse().unwrap());
    assert_eq!(morning(&world).await, 0);
    let standing = world
        .agents
        .standing(&store(&world).await, ANALYTICS)
        .await
        .unwrap();
    let waits = standing.waits_for.unwrap();
    assert!(
        waits.contains("a sync that begins after 2026-07-01"),
        "{waits}"
    );
    world.synced_again().await;
    assert_eq!((morning(&world).await, briefs(&world).await.len()), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn a_run_by_hand_writes_the_last_day_again_where_its_figures_moved() {
    let world = world().await;
    morning(&world).await;
    let people = People::new(world.ports.clone());
    let notices = Notifications::new(world.ports.clone(), world.hub.clone(), people, None);
    let told = async || {
        notices.sweep().await.unwrap();
        let (filter, page) = (NoticeFilter::default(), PageRequest::first(50));
        let owner = user(1, 1).id;
        let all = notices.list(world.workspace, owner, &filter, &page).await;
        let all = all.unwrap().items.into_iter();
        all.filter(|n| n.notice.kind == NoticeKind::DailyBrief)
            .count()
    };
    assert_eq!(told().await, 1);
    let first = briefs(&world).await.remove(0);
    let run = by_hand(&world).await;
    let summary = run.summary.unwrap();
    assert!(summary.contains("2026-06-30 stands"), "{summary}");
    assert_eq!(briefs(&world).await, std::slice::from_ref(&first));

    let sold = "2026-06-30T15:00:00Z".parse().unwrap();
    let line = LineBuilder::new(1, 2, 1000).product(1);
    let late = OrderBuilder::new(3).sold_at(sold).line(line).paid(None);
    let late = late.booked(&CostBook::default());
    let (scope, orders) = (world.scope().await, &world.ports.orders);
    orders.save(scope, &[late], world.now()).await.unwrap();
    let run = by_hand(&world).await;
    let summary = run.summary.unwrap();
    assert!(
        summary.contains("written again: ") && summary.contains("Orders"),
        "{summary}"
    );
    let [second] = briefs(&world).await.try_into().unwrap();
    assert_eq!((second.version, second.run), (2, Some(run.id)));
    let orders = second.moved.iter().find(|m| m.key == "orders").unwrap();
    assert_eq!((orders.from, orders.to), (Some(0), Some(1)));
    assert_eq!(told().await, 1, "a day is told once");
    let other = serde_json::json!({ "day": "2026-06-29" });
    let Err(AgentError::Invalid(faults)) = asked(&world, other).await else {
        panic!("another day");
    };
    assert_eq!(faults[0].field, "parameters.day");
}

#[tokio::test(start_paused = true)]
async fn who_is_off_or_stopped_writes_nothing_and_has_nothing_to_be_let_do() {
    let world = world().await;
    let off = |enabled| ConfigChange {
        enabled: Some(enabled),
        ..ConfigChange::default()
    };
    set(&world, off(false)).await.unwrap();
    assert_eq!((morning(&world).await, briefs(&world).await.len()), (0, 0));
    // Its time went by; a person may have it written.
    set(&world, off(true)).await.unwrap();
    assert_eq!(morning(&world).await, 0);
    let raised = ConfigChange {
        autonomy: Some(Autonomy::Propose),
        ..ConfigChange::default()
    };
    let Err(AgentError::Invalid(faults)) = set(&world, raised).await else {
        panic!("it proposes nothing");
    };
    assert_eq!(faults[0].field, "autonomy");
    let run = asked(&world, serde_json::Value::Null).await.unwrap();
    super::runs::stopped(&world, StopScope::Agent(ANALYTICS.into())).await;
    let run = worked(&world, run.id, ended).await;
    assert_eq!(run.status, RunStatus::Cancelled, "{:?}", run.summary);
    assert_eq!(briefs(&world).await, []);
}

#[tokio::test(start_paused = true)]
async fn whoever_takes_over_writes_the_same_brief_and_no_second_one() {
    let mut deaths = 0;
    for moments in 0..200 {
        let world = world().await;
        for _ in 0..2 {
            world.agents.start_due().await.unwrap();
        }
        let run = runs(&world).await.remove(0);
        let mortal = Arc::new(Mortal::new(Arc::clone(&world.ports.runs), moments));
        let agents = over(&world, Arc::<Mortal>::clone(&mortal));
        let worker = tokio::spawn(async move { agents.run_worker(CancellationToken::new()).await });
        for _ in 0..200 {
            let died = mortal.died.load(Ordering::SeqCst);
            if died || ended(&stored(&world, run.id).await) {
                break;
            }
            tokio::time::sleep(TICK).await;
            world.clock.advance(Duration::milliseconds(100));
        }
        let died = mortal.died.load(Ordering::SeqCst);
        worker.abort();
        let _ = worker.await;
        let run = worked(&world, run.id, ended).await;
        assert_eq!(
            run.status,
            RunStatus::Succeeded,
            "{moments}: {:?}",
            run.error
        );
        assert_eq!(
            run.summary.as_deref(),
            Some("The brief of 2026-06-30 is written"),
            "{moments}"
        );
        let [brief] = briefs(&world).await.try_into().unwrap();
        assert_eq!((brief.run, brief.version), (Some(run.id), 1), "{moments}");
        assert_eq!(runs(&world).await.len(), 1, "{moments}");
        if !died {
            break;
        }
        deaths += 1;
    }
    assert!((5..199).contains(&deaths), "{deaths}");
}

#[tokio::test(start_paused = true)]
async fn a_rehearsal_tells_which_days_would_have_been_unusual() {
    let world = World::new().await;
    world.shop.put(product("4.00"));
    let mut id = 0;
    for days_ago in 1..=90 {
        let many = if days_ago == 4 { 30 } else { 2 + days_ago % 2 };
        for _ in 0..many {
            id += 1;
            world.shop.put(order(id * 3, days_ago));
        }
    }
    world.synced().await;
    let store = Analysis::new(world.ports.clone(), world.hub.clone());
    let store = store.store(world.workspace, None).await.unwrap();
    let (from, to) = ("2026-06-20".parse().unwrap(), "2026-06-30".parse().unwrap());
    let run = world
        .agents
        .rehearse(&store, ANALYTICS, from, to, person("ann"));
    let run = worked(&world, run.await.unwrap().id, ended).await;
    let rehearsal = run.rehearsal.unwrap();
    let told = |d: &domain::agents::RehearsedDay| {
        let orders = d.proposals.iter().filter(|p| p.title.starts_with("Orders"));
        (d.day.to_string(), orders.count())
    };
    let days: Vec<_> = rehearsal.days.iter().map(told).collect();
    let unusual: Vec<_> = days.iter().filter(|(_, n)| *n > 0).collect();
    assert_eq!(unusual, [&("2026-06-27".to_owned(), 1)]);
    assert_eq!(briefs(&world).await, [], "a rehearsal writes none");
}
