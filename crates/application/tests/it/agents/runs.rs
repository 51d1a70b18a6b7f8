//! One run from its start to its end.

use super::mortal::Mortal;
use super::*;
use application::changes::LimitsChange;
use domain::agents::StepState;
use domain::audit::NewEntry;
use domain::catalog::CostBook;
use domain::changes::outcome::Outcome;
use domain::changes::{ChangeSetStatus as Set, Effect, Hours, Limits, Origin};
use domain::ids::ChangeSetId;
use ports::audit::AuditFilter;
use ports::changes::{Stop, StopScope};
use std::sync::atomic::Ordering;
use testkit::builders::{LineBuilder, OrderBuilder};

#[tokio::test(start_paused = true)]
async fn who_observes_tells_and_proposes_nothing() {
    let world = apart().await;
    let run = started(&world).await.unwrap();
    let run = worked(&world, run.id, ended).await;
    assert_eq!(run.status, RunStatus::Succeeded, "{:?}", run.error);
    assert_eq!((run.looked_at, run.proposals), (2, 2));
    let steps: Vec<_> = run
        .steps
        .iter()
        .map(|s| (s.name.as_str(), s.state))
        .collect();
    let done = StepState::Done;
    assert_eq!(
        steps,
        [("gather", done), ("decide", done), ("propose", done)]
    );
    assert!(run.facts.is_some_and(|f| f.bytes > 0 && f.as_of.is_some()));
    assert!(run.change_sets.is_empty() && sets(&world).await.is_empty());
    let log = log(&world, run.id).await;
    let told = log.iter().filter(|l| l.starts_with("would propose"));
    assert_eq!(told.count(), 2, "{log:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_proposed_waits_for_people_and_its_run_with_it() {
    let world = apart().await;
    autonomy(&world, Autonomy::Propose).await;
    let run = started(&world).await.unwrap();
    let run = worked(&world, run.id, waits).await;
    assert_eq!((run.change_sets.len(), are_tagged(&world)), (2, [false; 2]));
    let standing = world.agents.standing(&store(&world).await, ORDERS).await;
    assert_eq!(standing.unwrap().waiting, 2);
    let proposed = sets(&world).await;
    for set in &proposed {
        let origin = Origin::Agent {
            agent: ORDERS.into(),
            run: run.id,
        };
        assert_eq!((&set.origin, set.status), (&origin, Set::Proposed));
        assert!(!set.evidence.is_empty() && set.effect_unknown.is_some());
        assert_eq!(set.expires_at - set.created_at, Duration::hours(24));
    }

    // A run that looks again finds what waits already, and proposes nothing.
    let again = started(&world).await.unwrap();
    let again = worked(&world, again.id, ended).await;
    assert_eq!(again.status, RunStatus::Succeeded, "{:?}", again.error);
    assert_eq!((again.change_sets.len(), sets(&world).await.len()), (0, 2));

    approve(&world, &proposed[0]).await;
    let (changes, bob) = (&world.changes, person("bob"));
    let reject = changes.reject(world.workspace, proposed[1].id, &bob, None);
    reject.await.unwrap();
    let before = world.now();
    let run = worked(&world, run.id, ended).await;
    assert!(world.now() - before < Duration::seconds(30), "it was woken");
    assert_eq!(run.status, RunStatus::Succeeded, "{:?}", run.error);
    assert_eq!(
        run.summary.as_deref(),
        Some("2 proposals: 1 applied, 1 rejected")
    );
    assert_eq!(are_tagged(&world).iter().filter(|t| **t).count(), 1);

    let replay = world.agents.replay(world.workspace, run.id).await.unwrap();
    assert!(replay.same, "{replay:?}");
    assert_eq!(
        (replay.proposals, &replay.recorded_sha256),
        (2, &replay.replayed_sha256)
    );
    assert_eq!(Some(replay.facts_sha256), run.facts.map(|f| f.sha256));

    // People said no to the one: it is not brought up again.
    let third = started(&world).await.unwrap();
    let third = worked(&world, third.id, ended).await;
    assert_eq!((third.proposals, sets(&world).await.len()), (0, 2));
}

/// One set is looked at for all that are late; what is late meanwhile comes up when it is decided on.
#[tokio::test(start_paused = true)]
async fn what_is_late_is_looked_at_together() {
    let world = world().await;
    autonomy(&world, Autonomy::Propose).await;
    let first = started(&world).await.unwrap();
    let first = worked(&world, first.id, waits).await;
    let waiting = sets(&world).await.remove(0);
    assert_eq!((first.change_sets.len(), waiting.operations.len()), (1, 2));
    assert_eq!(waiting.title, "Tag 2 orders as late");

    let third = OrderBuilder::new(3)
        .sold_at(world.now() - Duration::days(7))
        .line(LineBuilder::new(1, 1, 1000).product(1))
        .paid(None);
    let third = third.booked(&CostBook::default());
    let (scope, orders) = (world.scope().await, &world.ports.orders);
    orders.save(scope, &[third], world.now()).await.unwrap();
    world.writer.put(tags(3), Seen::Tags { tags: Vec::new() });
    let second = started(&world).await.unwrap();
    let second = worked(&world, second.id, ended).await;
    assert_eq!((second.looked_at, second.proposals), (3, 0));
    let told = log(&world, second.id).await;
    assert!(
        told.iter().any(|l| l.contains("1 more are late")),
        "{told:?}"
    );

    approve(&world, &waiting).await;
    worked(&world, first.id, ended).await;
    assert_eq!(are_tagged(&world), [true; 2]);
    let third = started(&world).await.unwrap();
    let third = worked(&world, third.id, waits).await;
    assert_eq!((third.proposals, third.change_sets.len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn who_acts_lets_through_what_is_sure_and_small_and_says_by_which_policy() {
    let world = apart().await;
    autonomy(&world, Autonomy::Act).await;
    let run = started(&world).await.unwrap();
    let run = worked(&world, run.id, ended).await;
    assert_eq!(run.status, RunStatus::Succeeded, "{:?}", run.error);
    assert_eq!(run.summary.as_deref(), Some("2 proposals: 2 applied"));
    assert_eq!(are_tagged(&world), [true; 2]);
    for set in sets(&world).await {
        let approval = set.approval.clone().unwrap();
        assert_eq!(approval.by.kind, ActorKind::System);
        assert_ne!(
            approval.by.id.as_deref(),
            Some(ORDERS),
            "no agent approves itself"
        );
        assert_eq!(approval.digest, set.digest());
        let note = approval.note.unwrap();
        assert!(
            note.contains("settings version 2") && note.contains(&run.id.to_string()),
            "{note}"
        );
    }
    let filter = AuditFilter {
        action: Some("change_set.approve".into()),
        ..AuditFilter::default()
    };
    let audit = &world.ports.audit;
    let entries = audit
        .entries(world.workspace, &filter, &PageRequest::first(10))
        .await
        .unwrap();
    assert_eq!(entries.items.len(), 2);
    let after = entries.items[0].entry.after.clone().unwrap();
    assert!(
        after.contains(r#""settings_version":2"#) && after.contains(ORDERS),
        "{after}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_over_the_budget_of_writes_waits_for_people() {
    let world = apart().await;
    autonomy(&world, Autonomy::Act).await;
    let budget = domain::agents::Budget {
        writes_per_day: 1,
        ..domain::agents::Budget::default()
    };
    let change = ConfigChange {
        budget: Some(budget),
        ..ConfigChange::default()
    };
    configured(&world, change).await;
    let run = started(&world).await.unwrap();
    let is_one_made = |run: &AgentRun| waits(run) && are_tagged(&world) != [false; 2];
    let run = worked(&world, run.id, is_one_made).await;
    let mut now = statuses(&sets(&world).await);
    now.sort_by_key(|s| s.as_str());
    assert_eq!(now, [Set::Applied, Set::Proposed]);
    let log = log(&world, run.id).await;
    assert!(log.iter().any(|l| l.contains("1 writes a day")), "{log:?}");
}

/// It is eight in the store; agents may begin at ten.
#[tokio::test(start_paused = true)]
async fn what_no_person_approved_waits_for_the_hours_of_agents() {
    let world = apart().await;
    autonomy(&world, Autonomy::Act).await;
    let change = LimitsChange {
        version: 0,
        limits: Limits {
            hours: Some(Hours { from: 10, to: 11 }),
            ..Limits::default()
        },
        reason: None,
    };
    let (store, by) = (store(&world).await, person("ann"));
    world
        .changes
        .set_guardrails(&store, change, &by)
        .await
        .unwrap();
    let run = started(&world).await.unwrap();
    let applying = |run: &AgentRun| run.status == RunStatus::Applying;
    let run = worked(&world, run.id, applying).await;
    assert_eq!(are_tagged(&world), [false; 2]);
    let waiting = sets(&world).await;
    for set in &waiting {
        assert_eq!(
            (set.finished_at, set.operations[0].intended_at),
            (None, None)
        );
    }
    world.clock.advance(Duration::hours(2));
    let run = worked(&world, run.id, ended).await;
    assert_eq!(run.status, RunStatus::Succeeded, "{:?}", run.error);
    assert_eq!(are_tagged(&world), [true; 2]);
    let begun: Vec<_> = sets(&world).await.iter().map(|s| s.finished_at).collect();
    let opens = "2026-07-01T14:00:00Z".parse().unwrap();
    assert!(begun.iter().all(|at| *at >= Some(opens)), "{begun:?}");
}

#[tokio::test(start_paused = true)]
async fn who_is_lowered_while_it_works_is_held_to_it() {
    let world = apart().await;
    autonomy(&world, Autonomy::Act).await;
    let run = started(&world).await.unwrap();
    autonomy(&world, Autonomy::Observe).await;
    let run = worked(&world, run.id, ended).await;
    assert_eq!(
        (run.status, run.change_sets.len()),
        (RunStatus::Succeeded, 0)
    );
    assert_eq!(are_tagged(&world), [false; 2]);
}

pub(super) async fn stopped(world: &World, scope: StopScope) {
    let stop = Stop {
        scope: scope.clone(),
        reason: "prices go wild".into(),
        by: person("ann"),
        at: world.now(),
    };
    let entry = domain::audit::NewEntry::done(
        world.workspace,
        world.now(),
        person("ann"),
        "stop.on",
        ("stop", "", ""),
    );
    world
        .ports
        .stops
        .stop(world.workspace, &stop, &entry)
        .await
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_stop_lets_nothing_start_and_nothing_be_proposed() {
    for scope in [StopScope::All, StopScope::Agent(ORDERS.into())] {
        let world = apart().await;
        super::analytics::morning(&world).await;
        autonomy(&world, Autonomy::Propose).await;
        let run = started(&world).await.unwrap();
        stopped(&world, scope).await;
        let run = worked(&world, run.id, ended).await;
        assert_eq!(run.status, RunStatus::Cancelled);
        assert!(run.error.unwrap().contains("prices go wild"));
        assert!(sets(&world).await.is_empty());
        let refused = started(&world).await;
        assert!(
            matches!(&refused, Err(AgentError::Stopped(why)) if why.contains("prices go wild"))
        );
        // Its own time, and no other agent's.
        world.clock.advance(Duration::minutes(20));
        assert_eq!(world.agents.start_due().await.unwrap(), 0);
        let standing = world
            .agents
            .standing(&store(&world).await, ORDERS)
            .await
            .unwrap();
        assert!(standing.stop.is_some());
    }
    // One that holds another agent back is none of ours.
    let world = apart().await;
    stopped(&world, StopScope::Agent("pricing_optimizer".into())).await;
    started(&world).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_is_cancelled_ends_at_once_or_when_its_worker_sees_it() {
    let world = apart().await;
    autonomy(&world, Autonomy::Propose).await;
    let run = started(&world).await.unwrap();
    let cancelled = world.agents.cancel(world.workspace, run.id).await.unwrap();
    assert_eq!(cancelled.status, RunStatus::Cancelled);
    let late = world.agents.cancel(world.workspace, run.id).await;
    assert!(matches!(late, Err(AgentError::Ended)), "{late:?}");
    let unknown = world
        .agents
        .cancel(world.workspace, RunId(uuid::Uuid::nil()))
        .await;
    assert!(
        matches!(unknown, Err(AgentError::UnknownRun)),
        "{unknown:?}"
    );

    let run = started(&world).await.unwrap();
    let mut claimed = world
        .ports
        .runs
        .claim(world.now(), Duration::seconds(15), 1)
        .await
        .unwrap();
    assert_eq!(claimed.remove(0).run.id, run.id);
    let asked = world.agents.cancel(world.workspace, run.id).await.unwrap();
    assert_eq!(asked.status, RunStatus::Cancelling);
    let run = worked(&world, run.id, ended).await;
    assert_eq!(run.status, RunStatus::Cancelled);
    assert!(sets(&world).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_fails_is_tried_again_later_and_later_and_then_given_up() {
    let world = apart().await;
    super::analytics::morning(&world).await;
    let failing = |times: i64| {
        let mortal = Mortal::new(Arc::clone(&world.ports.runs), i64::MAX / 2);
        mortal.unreadable.store(times, Ordering::SeqCst);
        Arc::new(mortal)
    };
    let run = started(&world).await.unwrap();
    let agents = over(&world, failing(2));
    let run = work(&world, &agents, run.id, ended).await.unwrap();
    assert_eq!(
        (run.status, run.failures),
        (RunStatus::Succeeded, 2),
        "{:?}",
        run.error
    );
    let lasted = run.lasted().unwrap();
    assert!(
        lasted >= Duration::seconds(90) && lasted < Duration::seconds(110),
        "{lasted}"
    );

    let run = started(&world).await.unwrap();
    let agents = over(&world, failing(100));
    let run = work(&world, &agents, run.id, ended).await.unwrap();
    assert_eq!((run.status, run.failures), (RunStatus::Failed, 5));
    assert!(run.error.clone().unwrap().contains("the disk is busy"));
    assert!(run.lasted().unwrap() >= Duration::seconds(30 + 60 + 300 + 900));
}

#[tokio::test(start_paused = true)]
async fn a_set_that_nobody_decides_on_ends_its_run_when_it_expires() {
    let world = apart().await;
    autonomy(&world, Autonomy::Propose).await;
    let run = started(&world).await.unwrap();
    worked(&world, run.id, waits).await;
    world.clock.advance(Duration::hours(24));
    let run = worked(&world, run.id, ended).await;
    assert_eq!(run.summary.as_deref(), Some("2 proposals: 2 expired"));
    assert_eq!((run.status, run.error), (RunStatus::Succeeded, None));
}

#[tokio::test(start_paused = true)]
async fn what_an_agent_did_is_taken_back_at_once_by_sets_that_people_approve() {
    let world = apart().await;
    autonomy(&world, Autonomy::Act).await;
    let before = world.now();
    let run = started(&world).await.unwrap();
    worked(&world, run.id, ended).await;
    assert_eq!(are_tagged(&world), [true; 2]);
    let store = store(&world).await;
    let ann = person("ann");
    let later = world.agents.rewind(&store, ORDERS, world.now(), None, &ann);
    assert!(later.await.unwrap().is_empty(), "it did nothing since");
    let undone = world
        .agents
        .rewind(&store, ORDERS, before, Some("Too eager"), &ann);
    let undone = undone.await.unwrap();
    assert_eq!(statuses(&undone), [Set::Proposed; 2]);
    let again = world
        .agents
        .rewind(&store, ORDERS, before, None, &ann)
        .await;
    assert!(again.unwrap().is_empty(), "it is under way");
    for set in &undone {
        approve(&world, set).await;
    }
    let run = started(&world).await.unwrap();
    let is_back = |run: &AgentRun| ended(run) && are_tagged(&world) == [false; 2];
    let run = worked(&world, run.id, is_back).await;
    assert!(
        run.change_sets.is_empty(),
        "what was taken back is not brought up again"
    );
}

/// So many sets of the agent, each predicted and measured.
async fn measured(world: &World, count: u32, predicted: i64, brought: i64) {
    let like = sets(world).await.remove(0);
    let effect = |mean| Effect {
        days: 28,
        low: mean - 100,
        mean,
        high: mean + 100,
    };
    for _ in 0..count {
        let mut set = like.clone();
        set.id = ChangeSetId(uuid::Uuid::now_v7());
        set.effect = Some(effect(predicted));
        set.outcomes = vec![Outcome {
            window_days: 28,
            through: "2026-06-30".parse().unwrap(),
            measured_at: world.now(),
            effect: Some(effect(brought)),
            unknown: None,
            method: String::new(),
        }];
        let target = ("change_set", "1", "one of many");
        let by = Actor::system();
        let entry = NewEntry::done(world.workspace, world.now(), by, "test", target);
        world.ports.changes.propose(&set, &entry).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn who_acts_and_is_wrong_too_often_asks_again() {
    let world = apart().await;
    autonomy(&world, Autonomy::Act).await;
    let run = started(&world).await.unwrap();
    worked(&world, run.id, ended).await;
    measured(&world, 4, 1_000, 1_100).await;
    measured(&world, 5, 1_000, -900).await;
    let store = store(&world).await;
    assert_eq!(
        world.agents.lower_uncalibrated().await.unwrap(),
        0,
        "nine say too little"
    );
    measured(&world, 1, 1_000, -900).await;
    assert_eq!(world.agents.lower_uncalibrated().await.unwrap(), 1);
    let standing = world.agents.standing(&store, ORDERS).await.unwrap();
    assert_eq!(standing.config.autonomy, Autonomy::Propose);
    let why = standing.config.reason.unwrap();
    assert!(why.contains("4 of its 10"), "{why}");
    let calibration = world.agents.calibration(&store, ORDERS).await.unwrap();
    assert_eq!(calibration.score(), Some(400));
    // What was wrong before it was set anew is not held against it for ever.
    autonomy(&world, Autonomy::Act).await;
    world.clock.advance(Duration::minutes(1));
    assert_eq!(world.agents.lower_uncalibrated().await.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_decided_on_the_half_of_a_store() {
    let world = World::new().await;
    world.shop.put(product("4.00"));
    world.shop.put(order(1, 5));
    let connection = world.connected().await.connection.id;
    let nothing = Seen::Tags { tags: Vec::new() };
    world.writer.put(tags(1), nothing);
    world
        .syncs
        .start(world.workspace, connection, None, None)
        .await
        .unwrap();
    autonomy(&world, Autonomy::Propose).await;
    let run = started(&world).await.unwrap();
    let run = worked(&world, run.id, |run| run.failures == 1).await;
    let why = run.error.unwrap();
    assert!(
        why.contains("first sync of this store has not ended"),
        "{why}"
    );
    assert!(sets(&world).await.is_empty() && run.facts.is_none());
    world.work().await;
    world.clock.advance(Duration::seconds(31));
    let run = worked(&world, run.id, waits).await;
    assert_eq!(run.proposals, 1);
}
