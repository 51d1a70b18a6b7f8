//! Two thousand histories in which everything holds; the same seed is the same history; and every planted mistake is found.

use simulation::{History, Options, Plant, run};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// The seeds over all cores, in their order.
fn histories(seeds: std::ops::Range<u64>, plant: Option<Plant>) -> Vec<History> {
    let options = Options {
        plant,
        is_told: false,
    };
    let (next, found) = (AtomicU64::new(seeds.start), Mutex::new(Vec::new()));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    let history = run(seed, options).expect("the simulation can be set up");
                    found.lock().expect("no history panics").push(history);
                }
            });
        }
    });
    let mut found = found.into_inner().expect("no history panics");
    found.sort_by_key(|history| history.seed);
    found
}

#[test]
fn everything_holds_over_two_thousand_seeds() {
    let histories = histories(1..2_001, None);
    let wrong: Vec<_> = histories
        .iter()
        .filter(|history| !history.wrong.is_empty())
        .map(|history| (history.seed, &history.wrong))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    // What is proved over nothing is not proved.
    let sum = |of: fn(&History) -> u64| histories.iter().map(of).sum::<u64>();
    assert!(sum(|h| h.writes) > 4_000, "{}", sum(|h| h.writes));
    assert!(sum(|h| h.kills) > 4_000, "{}", sum(|h| h.kills));
    assert!(sum(|h| h.faults) > 20_000, "{}", sum(|h| h.faults));
}

#[test]
fn the_same_seed_is_the_same_history() {
    let digests = |seeds| -> Vec<u64> {
        let lived = histories(seeds, None).into_iter();
        lived.map(|history| history.digest).collect()
    };
    assert_eq!(digests(1..101), digests(1..101));
    let mut unlike = digests(1..101);
    unlike.sort_unstable();
    unlike.dedup();
    assert_eq!(unlike.len(), 100, "no two seeds are alike");
}

/// Each within so few seeds, and said by the right name.
#[test]
fn every_planted_mistake_is_found() {
    let said = |plant: Plant| match plant {
        Plant::LeaseIgnored => "doubled",
        Plant::IntentForgotten | Plant::GuardOutside => "passed",
        // The look that comes before the next try keeps it from being made twice: it is told wrongly.
        Plant::LostAnswerAsRefusal | Plant::AcknowledgedUnstored | Plant::SettledFirst => "lost",
        Plant::AuditOmitted | Plant::AuditCut => "audit",
        Plant::BookedTwice => "unbalanced",
    };
    for plant in Plant::ALL {
        let mut parts = (0..20).map(|part| part * 20 + 1..part * 20 + 21);
        let found = parts.any(|seeds| {
            let mut lived = histories(seeds, Some(plant)).into_iter();
            lived.any(|history| {
                let mut wrong = history.wrong.iter();
                wrong.any(|wrong| wrong.starts_with(said(plant)))
            })
        });
        assert!(found, "{plant} is not found within 400 seeds");
    }
}
