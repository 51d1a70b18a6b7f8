//! Advertisements that are changed: by hand and by the agent, asked first, read back, remembered, measured, taken back.

use crate::world::{World, order, product};
use application::ads::{ConnectAd, NewAdAccount};
use application::changes::{
    AdEdit, AdWish, Approver, CampaignEdit, ChangeError, Edit, NewChangeSet,
};
use chrono::{Duration, NaiveDate};
use domain::ads::{AdAccount, AdEntity, AdLevel, AdPlatform, AdStatus, Budget, BudgetSpan};
use domain::agents::{AgentRun, RunStatus};
use domain::audit::{Actor, ActorKind};
use domain::changes::{ChangeSet, ChangeSetStatus as Status, OperationState as State};
use domain::ids::ChangeSetId;
use domain::people::Role;
use ports::ad_platforms::{AdAuth, AdChange, Mode};
use testkit::builders::insight;
use tokio_util::sync::CancellationToken;

const TICK: std::time::Duration = std::time::Duration::from_millis(20);

fn person(name: &str) -> Actor {
    Actor::new(ActorKind::Person, Some(name.to_owned()), name, None)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn campaign(id: &str, name: &str) -> AdEntity {
    AdEntity {
        level: AdLevel::Campaign,
        id: id.to_owned(),
        parent: None,
        name: name.to_owned(),
        status: AdStatus::Active,
        delivery: None,
        objective: None,
        budget: Some(Budget {
            span: BudgetSpan::Day,
            minor: 10_000,
            resource: None,
            is_shared: false,
        }),
        created_at: None,
    }
}

/// Two campaigns over 120 days that each claim 40.00 a day: one spends 50.00 for it, more or less, and the other one 10.00.
async fn world() -> (World, AdAccount) {
    let world = World::new().await;
    world.shop.put(product("4.00"));
    for n in 0..120 {
        // Of variants whose cost is known.
        world.shop.put(order(n * 3, n));
        world.shop.put(order(n * 3 + 1, n));
    }
    world.synced().await;
    {
        let mut told = world.ad_platforms.told();
        told.entities = vec![campaign("1", "Loser"), campaign("2", "Winner")];
        for day in day("2026-03-01").iter_days().take(123) {
            let text = day.to_string();
            let wave = i64::from(chrono::Datelike::day(&day) % 2) * 1_000_000;
            told.days
                .push(insight(AdLevel::Campaign, "1", &text, 50_000_000 + wave));
            told.days
                .push(insight(AdLevel::Campaign, "2", &text, 10_000_000 + wave));
        }
    }
    let new = NewAdAccount {
        workspace: world.workspace,
        store: None,
        connect: ConnectAd {
            platform: AdPlatform::Meta,
            external_id: "1001".to_owned(),
            login_account: None,
            base_url: None,
            api_version: None,
            auth: AdAuth::Token {
                token: "secret".to_owned().into(),
                app_secret: None,
            },
        },
        from_environment: false,
        actor: Actor::system(),
    };
    let account = world.ads.connect(new).await.unwrap();
    let account = read(&world, &account).await;
    (world, account)
}

async fn read(world: &World, account: &AdAccount) -> AdAccount {
    let run = world.ads.start(world.workspace, account.id).await.unwrap();
    let stop = CancellationToken::new();
    let worker = tokio::spawn({
        let (ads, stop) = (world.ads.clone(), stop.clone());
        async move { ads.run_worker(stop).await }
    });
    while world
        .ads
        .run(world.workspace, run.id)
        .await
        .unwrap()
        .status
        .is_open()
    {
        tokio::time::sleep(TICK).await;
    }
    stop.cancel();
    worker.await.unwrap();
    world
        .ads
        .account(world.workspace, account.id)
        .await
        .unwrap()
}

fn wish(account: &AdAccount, id: &str, wish: AdWish) -> Edit {
    Edit::Ad(AdEdit {
        account: account.id,
        level: AdLevel::Campaign,
        id: id.to_owned(),
        wish,
    })
}

async fn propose(world: &World, edit: Edit) -> Result<ChangeSet, ChangeError> {
    let store = world.changes.store(world.workspace, None).await.unwrap();
    let new = NewChangeSet {
        title: None,
        reason: "It loses money".into(),
        edits: vec![edit],
        proposed_by: person("ann"),
    };
    world.changes.propose(&store, new).await
}

async fn stored(world: &World, id: ChangeSetId) -> ChangeSet {
    let found = world.changes.find(world.workspace, id).await;
    found.unwrap().unwrap()
}

/// Approves it, and works until it has ended or waits.
async fn apply(world: &World, set: &ChangeSet) -> ChangeSet {
    let by = Approver {
        actor: person("bob"),
        role: Role::Operator,
    };
    let digest = set.digest();
    let approved = world
        .changes
        .approve(world.workspace, set.id, &by, &digest, &[], None);
    approved.await.unwrap();
    let stop = CancellationToken::new();
    let worker = tokio::spawn({
        let (changes, stop) = (world.changes.clone(), stop.clone());
        async move { changes.run_worker(stop).await }
    });
    let set = loop {
        let set = stored(world, set.id).await;
        let waits = set.next_try_at.is_some_and(|at| at > world.now());
        if !set.status.is_work() || waits {
            break set;
        }
        tokio::time::sleep(TICK).await;
    };
    stop.cancel();
    worker.await.unwrap();
    set
}

async fn undo(world: &World, set: &ChangeSet) -> ChangeSet {
    let by = person("ann");
    let undo = world.changes.undo(world.workspace, set.id, &by, None).await;
    apply(world, &undo.unwrap()).await
}

fn status(world: &World) -> AdStatus {
    world.ad_platforms.told().entities[0].status
}

async fn shown(world: &World, account: &AdAccount) -> AdEntity {
    let scope = world.scope().await;
    let ads = &world.ports.ads;
    let found = ads.ad_entities(scope, account.id, AdLevel::Campaign).await;
    found.unwrap().remove(0).entity
}

fn fault(outcome: Result<ChangeSet, ChangeError>) -> (String, String) {
    match outcome {
        Err(ChangeError::Invalid(mut faults)) => {
            let fault = faults.remove(0);
            (fault.field, fault.message)
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_pause_is_asked_for_written_seen_shown_and_taken_back() {
    let (world, account) = world().await;
    let set = propose(&world, wish(&account, "1", AdWish::Pause))
        .await
        .unwrap();
    assert_eq!(set.title, "Pause of Loser");
    let asked = world.ad_platforms.told().changes.clone();
    assert_eq!(asked.len(), 1, "only asked whether it would");
    assert_eq!(
        (status(&world), asked[0].2),
        (AdStatus::Active, Mode::DryRun)
    );
    let rows = &set.evidence[0].rows;
    let row = |label: &str| {
        rows.iter()
            .find(|r| r.label == label)
            .unwrap()
            .value
            .clone()
    };
    assert_eq!(row("Claimed revenue"), "1120.00 USD", "{rows:?}");

    let set = apply(&world, &set).await;
    assert_eq!(set.status, Status::Applied, "{:?}", set.error);
    let modes: Vec<Mode> = world
        .ad_platforms
        .told()
        .changes
        .iter()
        .map(|c| c.2)
        .collect();
    assert_eq!(modes, [Mode::DryRun, Mode::DryRun, Mode::Write]);
    assert_eq!(status(&world), AdStatus::Paused);
    assert_eq!(shown(&world, &account).await.status, AdStatus::Paused);

    let undone = undo(&world, &set).await;
    assert_eq!(undone.status, Status::Applied, "{:?}", undone.error);
    assert_eq!(status(&world), AdStatus::Active);
    assert_eq!(shown(&world, &account).await.status, AdStatus::Active);
    assert_eq!(stored(&world, set.id).await.status, Status::Undone);
}

#[tokio::test(start_paused = true)]
async fn a_yes_without_effect_is_not_taken_for_done_and_a_lost_answer_is_looked_for() {
    let (world, account) = world().await;
    world.ad_platforms.told().is_silent = true;
    let set = propose(&world, wish(&account, "1", AdWish::Pause))
        .await
        .unwrap();
    let set = apply(&world, &set).await;
    assert_eq!(set.status, Status::Unknown);
    let error = set.operations[0].error.clone().unwrap();
    assert!(error.contains("does not show it"), "{error}");
    assert_eq!(shown(&world, &account).await.status, AdStatus::Active);

    world.ad_platforms.told().is_silent = false;
    world.ad_platforms.told().lost_answers = 1;
    world.ad_platforms.told().changes.clear();
    let set = propose(&world, wish(&account, "2", AdWish::Pause))
        .await
        .unwrap();
    let set = apply(&world, &set).await;
    assert_eq!(set.status, Status::Applied, "{:?}", set.error);
    let told = world.ad_platforms.told();
    let writes = told.changes.iter().filter(|c| c.2 == Mode::Write);
    assert_eq!(writes.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_the_platform_would_refuse_or_somebody_changed_is_not_written() {
    let (world, account) = world().await;
    let budget = |text: &str| wish(&account, "1", AdWish::Budget(text.into()));
    let same = fault(propose(&world, budget("100")).await);
    assert_eq!(same.0, "edits[0].after");
    assert!(same.1.contains("already"));
    let decimals = fault(propose(&world, budget("1.234")).await);
    assert_eq!(decimals.0, "edits[0].after");
    let nothing = fault(propose(&world, budget("0")).await);
    assert!(nothing.1.contains("paused"), "{nothing:?}");
    world.ad_platforms.told().refuses = Some("Your budget is too low".into());
    let refused = fault(propose(&world, budget("0.50")).await);
    assert!(
        refused.1.contains("Meta: Your budget is too low"),
        "{refused:?}"
    );
    world.ad_platforms.told().refuses = None;
    // The guard would let nobody write so much, and the platform is not asked for it.
    world.ad_platforms.told().changes.clear();
    let far = fault(propose(&world, budget("150.01")).await);
    assert_eq!(far.0, "edits[0].after");
    assert!(far.1.contains("at most 50 %"), "{far:?}");
    assert!(world.ad_platforms.told().changes.is_empty());
    propose(&world, budget("150")).await.unwrap();
    propose(&world, budget("0.50")).await.unwrap();

    let set = propose(&world, budget("140")).await.unwrap();
    let others = |minor: i64| {
        let mut told = world.ad_platforms.told();
        told.entities[0].budget.as_mut().unwrap().minor = minor;
    };
    others(9_000);
    let drifted = apply(&world, &set).await;
    assert_eq!(drifted.operations[0].state, State::Drifted);
    let error = drifted.operations[0].error.clone().unwrap();
    assert!(error.contains("90.00 USD a day"), "{error}");
    others(10_000);
    let set = propose(&world, budget("140")).await.unwrap();
    let set = apply(&world, &set).await;
    assert_eq!(set.status, Status::Applied, "{:?}", set.error);
    let told = world.ad_platforms.told().changes.last().cloned().unwrap();
    assert!(matches!(told.1, AdChange::Budget(b) if b.minor == 14_000));
    // Within a day it is not raised by more than half.
    let set = propose(&world, budget("160")).await.unwrap();
    let set = apply(&world, &set).await;
    assert_eq!(set.operations[0].state, State::Refused);
}

#[tokio::test(start_paused = true)]
async fn what_a_pause_brought_is_measured_once_its_days_are_read() {
    let (world, account) = world().await;
    let set = propose(&world, wish(&account, "1", AdWish::Pause))
        .await
        .unwrap();
    let set = apply(&world, &set).await;
    let paused_on = day("2026-07-01");
    world
        .ad_platforms
        .told()
        .days
        .retain(|d| d.id != "1" || d.day <= paused_on);
    world.clock.advance(Duration::days(3));
    for n in 0..3 {
        world.shop.put(order(1_000 + n * 3, -(n + 1)));
    }
    world.synced_again().await;
    world.changes.measure_due().await.unwrap();
    assert_eq!(
        stored(&world, set.id).await.outcomes,
        [],
        "the account was not read since"
    );
    read(&world, &account).await;
    world.changes.measure_due().await.unwrap();
    let outcomes = stored(&world, set.id).await.outcomes;
    let windows: Vec<u32> = outcomes.iter().map(|o| o.window_days).collect();
    assert_eq!(windows[0], 1);
    let effect = outcomes[0].effect.unwrap_or_else(|| panic!("{outcomes:?}"));
    // It claimed 40.00 at a margin of a bit less than 0.6, for 50.50.
    assert!((2_500..=2_800).contains(&effect.mean), "{effect:?}");
    assert!(effect.low > 0, "{effect:?}");
    assert!(
        outcomes[0].method.contains("may still change"),
        "{}",
        outcomes[0].method
    );
}

async fn ran(world: &World) -> AgentRun {
    let store = world.changes.store(world.workspace, None).await.unwrap();
    let nothing = serde_json::json!({});
    let run = world
        .agents
        .start(&store, "marketing_automation", nothing, person("ann"));
    let run = run.await.unwrap();
    let stop = CancellationToken::new();
    let worker = tokio::spawn({
        let (agents, stop) = (world.agents.clone(), stop.clone());
        async move { agents.run_worker(stop).await }
    });
    let ended = loop {
        let found = world.agents.find(world.workspace, run.id).await.unwrap();
        let found = found.unwrap();
        if !matches!(found.status, RunStatus::Queued | RunStatus::Running) {
            break found;
        }
        tokio::time::sleep(TICK).await;
    };
    stop.cancel();
    worker.await.unwrap();
    ended
}

#[tokio::test(start_paused = true)]
async fn the_agent_proposes_the_pause_of_the_campaign_that_loses_and_not_again_once_it_was_taken_back()
 {
    let (world, _) = world().await;
    let store = world.changes.store(world.workspace, None).await.unwrap();
    let change = application::agents::ConfigChange {
        autonomy: Some(domain::agents::Autonomy::Propose),
        ..Default::default()
    };
    let agent = "marketing_automation";
    let set = world.agents.configure(&store, agent, change, person("ann"));
    set.await.unwrap();
    let run = ran(&world).await;
    assert_eq!(run.change_sets.len(), 1, "{run:?}");
    let set = stored(&world, run.change_sets[0]).await;
    assert_eq!(set.title, "Pause Loser at Meta");
    let effect = set.effect.unwrap();
    assert!(effect.low > 0 && effect.days == 28, "{effect:?}");
    let rows = &set.evidence[0];
    assert!(rows.title.contains("final days"), "{}", rows.title);
    let done = apply(&world, &set).await;
    assert_eq!(
        (done.status, status(&world)),
        (Status::Applied, AdStatus::Paused)
    );
    assert_eq!(undo(&world, &done).await.status, Status::Applied);
    assert_eq!(ran(&world).await.change_sets.len(), 0);
    world.clock.advance(Duration::days(8));
    assert_eq!(ran(&world).await.change_sets.len(), 1);
}

fn new_campaign(account: &AdAccount, name: &str, budget: &str) -> Edit {
    Edit::NewCampaign(CampaignEdit {
        account: account.id,
        name: name.into(),
        daily_budget: budget.into(),
    })
}

async fn named(world: &World, account: &AdAccount, name: &str) -> Option<AdEntity> {
    let listed = world
        .ports
        .ads
        .ad_entities(account.scope, account.id, AdLevel::Campaign)
        .await
        .unwrap();
    let found = listed.into_iter().find(|e| e.entity.name == name);
    found.map(|e| e.entity)
}

#[tokio::test(start_paused = true)]
async fn a_campaign_is_made_paused_once_and_taken_away_again() {
    let (world, account) = world().await;
    let set = propose(&world, new_campaign(&account, " Winter tents ", "20"))
        .await
        .unwrap();
    // So far the platform was only asked.
    let asked = |mode| {
        let told = world.ad_platforms.told();
        told.created.iter().filter(|(_, m)| *m == mode).count()
    };
    assert_eq!((asked(Mode::DryRun), asked(Mode::Write)), (1, 0));
    // The answer is lost, but it was made: it is found, and not made again.
    world.ad_platforms.told().lost_answers = 1;
    let set = apply(&world, &set).await;
    assert_eq!(set.status, Status::Applied, "{:?}", set.error);
    assert_eq!(asked(Mode::Write), 1);
    let made = named(&world, &account, "Winter tents").await.unwrap();
    assert_eq!(made.status, AdStatus::Paused);
    assert_eq!(made.budget.unwrap().minor, 2_000);
    let taken = fault(propose(&world, new_campaign(&account, "Winter tents", "5")).await);
    assert_eq!(taken.0, "edits[0].name");

    let undo = undo(&world, &set).await;
    assert_eq!(undo.status, Status::Applied, "{:?}", undo.error);
    let gone = named(&world, &account, "Winter tents").await.unwrap();
    assert_eq!(gone.status, AdStatus::Deleted);
}

#[tokio::test(start_paused = true)]
async fn a_campaign_that_the_platform_would_not_take_or_that_runs_by_now_is_left_alone() {
    let (world, account) = world().await;
    world.ad_platforms.told().refuses = Some("Your budget is too low".into());
    let refused = fault(propose(&world, new_campaign(&account, "Tents", "0.10")).await);
    assert_eq!(refused.0, "edits[0].daily_budget");
    assert!(refused.1.contains("Meta: Your budget is too low"));
    world.ad_platforms.told().refuses = None;
    for (name, budget, field) in [
        ("", "20", "edits[0].name"),
        ("Tents", "0", "edits[0].daily_budget"),
        ("Tents", "1.234", "edits[0].daily_budget"),
        ("Loser", "20", "edits[0].name"),
    ] {
        let fault = fault(propose(&world, new_campaign(&account, name, budget)).await);
        assert_eq!(fault.0, field, "{name} {budget}");
    }
    // Whether a write arrived is not known: it is not sent again, for two campaigns may have one name.
    let set = propose(&world, new_campaign(&account, "Tents", "20"))
        .await
        .unwrap();
    world.ad_platforms.told().is_silent = true;
    world.ad_platforms.told().lost_answers = 0;
    let set = apply(&world, &set).await;
    assert_eq!(set.operations[0].state, State::Unknown);
    world.ad_platforms.told().is_silent = false;
    // Somebody lets it run: undoing does not take it away.
    let set = propose(&world, new_campaign(&account, "Bags", "20"))
        .await
        .unwrap();
    let set = apply(&world, &set).await;
    assert_eq!(set.status, Status::Applied, "{:?}", set.error);
    let run = |status| {
        let mut told = world.ad_platforms.told();
        let mut all = told.entities.iter_mut();
        all.find(|e| e.name == "Bags").unwrap().status = status;
    };
    run(AdStatus::Active);
    let undo = undo(&world, &set).await;
    assert_eq!(undo.operations[0].state, State::Drifted);
}
