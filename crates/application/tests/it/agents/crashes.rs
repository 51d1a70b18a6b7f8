//! A worker that dies, at each moment at which it could.

use super::mortal::Mortal;
use super::*;
use domain::catalog::CostBook;
use std::sync::atomic::Ordering;
use testkit::builders::{LineBuilder, OrderBuilder};

/// Whether the worker died before it had come to its end, and the run as whoever took over has left it.
async fn dies_after(moments: i64, level: Autonomy) -> (bool, World, AgentRun) {
    let world = apart().await;
    autonomy(&world, level).await;
    let run = started(&world).await.unwrap();
    let mortal = Arc::new(Mortal::new(Arc::clone(&world.ports.runs), moments));
    let agents = over(&world, Arc::<Mortal>::clone(&mortal));
    let stop = CancellationToken::new();
    let worker = tokio::spawn(async move { agents.run_worker(stop).await });
    for _ in 0..200 {
        let is_through = |run: &AgentRun| waits(run) || ended(run);
        if mortal.died.load(Ordering::SeqCst) || is_through(&stored(&world, run.id).await) {
            break;
        }
        tokio::time::sleep(TICK).await;
        world.clock.advance(Duration::milliseconds(100));
    }
    let died = mortal.died.load(Ordering::SeqCst);
    worker.abort();
    let _ = worker.await;
    let is_through = |run: &AgentRun| waits(run) || ended(run);
    let wanted = |run: &AgentRun| match level {
        Autonomy::Act => ended(run),
        _ => is_through(run),
    };
    let run = worked(&world, run.id, wanted).await;
    (died, world, run)
}

#[tokio::test(start_paused = true)]
async fn whoever_takes_over_proposes_the_same_and_nothing_twice() {
    let mut deaths = 0;
    for moments in 0..200 {
        let (died, world, run) = dies_after(moments, Autonomy::Propose).await;
        assert_eq!(
            run.status,
            RunStatus::WaitingApproval,
            "{moments}: {:?}",
            run.error
        );
        assert_eq!(run.change_sets.len(), 2, "{moments}");
        let proposed = sets(&world).await;
        assert_eq!(proposed.len(), 2, "{moments}");
        assert!(proposed.iter().all(|s| run.change_sets.contains(&s.id)));
        let replay = world.agents.replay(world.workspace, run.id).await.unwrap();
        assert!(replay.same, "{moments}: {replay:?}");
        assert!(run.crashes <= u32::from(died), "{moments}: {}", run.crashes);
        if !died {
            break;
        }
        deaths += 1;
    }
    assert!((10..199).contains(&deaths), "{deaths}");
}

#[tokio::test(start_paused = true)]
async fn whoever_takes_over_lets_the_same_through_and_it_is_written_once() {
    let mut deaths = 0;
    for moments in 0..200 {
        let (died, world, run) = dies_after(moments, Autonomy::Act).await;
        assert_eq!(
            run.status,
            RunStatus::Succeeded,
            "{moments}: {:?}",
            run.error
        );
        assert_eq!(
            run.summary.as_deref(),
            Some("2 proposals: 2 applied"),
            "{moments}"
        );
        assert_eq!(are_tagged(&world), [true; 2]);
        assert_eq!(world.writer.effects().len(), 2, "{moments}");
        if !died {
            break;
        }
        deaths += 1;
    }
    assert!((10..199).contains(&deaths), "{deaths}");
}

#[tokio::test(start_paused = true)]
async fn a_run_whose_workers_keep_dying_is_given_up() {
    let world = apart().await;
    let run = started(&world).await.unwrap();
    for _ in 0..3 {
        let claimed = world
            .ports
            .runs
            .claim(world.now(), Duration::seconds(15), 1)
            .await
            .unwrap();
        assert_eq!(claimed.len(), 1);
        world.clock.advance(Duration::seconds(16));
    }
    let run = worked(&world, run.id, ended).await;
    assert_eq!(run.status, RunStatus::Dead);
}

#[tokio::test(start_paused = true)]
async fn whoever_takes_over_decides_on_what_was_written_down() {
    let world = apart().await;
    let run = started(&world).await.unwrap();
    // It dies right after the facts were kept: three moments of two calls.
    let mortal = Arc::new(Mortal::new(Arc::clone(&world.ports.runs), 3));
    let agents = over(&world, Arc::<Mortal>::clone(&mortal));
    let worker = tokio::spawn(async move { agents.run_worker(CancellationToken::new()).await });
    while !mortal.died.load(Ordering::SeqCst) {
        tokio::time::sleep(TICK).await;
    }
    worker.abort();
    let _ = worker.await;
    let facts = world.ports.runs.facts(world.workspace, run.id).await;
    assert!(facts.unwrap().is_some());
    let order = OrderBuilder::new(3)
        .sold_at(world.now() - Duration::days(9))
        .line(LineBuilder::new(1, 1, 1000).product(1))
        .paid(None);
    let late = order.booked(&CostBook::default());
    let scope = world.scope().await;
    world
        .ports
        .orders
        .save(scope, &[late], world.now())
        .await
        .unwrap();
    let run = worked(&world, run.id, ended).await;
    assert_eq!((run.looked_at, run.proposals, run.crashes), (2, 2, 1));
    let next = started(&world).await.unwrap();
    let next = worked(&world, next.id, ended).await;
    assert_eq!((next.looked_at, next.proposals), (3, 3));
}
