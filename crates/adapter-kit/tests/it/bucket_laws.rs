//! Laws of the rate limiter under any sequence of calls.

use std::time::Duration;

use adapter_kit::bucket::{Bucket, Spent, ThrottleStatus, restored_after};
use proptest::prelude::*;

const LONGEST: Duration = Duration::from_secs(900);

fn full(capacity: f64, rate: f64) -> Bucket {
    let mut bucket = Bucket::new(LONGEST);
    bucket.assume(capacity, rate, Duration::ZERO);
    bucket
}

#[derive(Debug, Clone)]
enum Op {
    Wait(u64),
    Call { cost: f64, spends: f64 },
    Drop { cost: f64 },
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let op = prop_oneof![
        (0_u64..5_000).prop_map(Op::Wait),
        (0.0..120.0_f64, 0.0..1.0_f64).prop_map(|(cost, part)| Op::Call {
            cost,
            spends: cost * part
        }),
        (0.0..120.0_f64).prop_map(|cost| Op::Drop { cost }),
    ];
    prop::collection::vec(op, 1..80)
}

proptest! {
    /// A provider that counts the same way never has to refuse: what was let through is never more than the bucket held.
    #[test]
    fn never_lets_through_more_than_the_bucket_holds(ops in ops(), capacity in 100.0..2000.0_f64, rate in 1.0..200.0_f64) {
        let mut bucket = full(capacity, rate);
        let (mut now, mut theirs) = (Duration::ZERO, capacity);
        for op in ops {
            match op {
                Op::Wait(ms) => {
                    now += Duration::from_millis(ms);
                    theirs = (theirs + ms as f64 / 1000.0 * rate).min(capacity);
                }
                Op::Call { cost, spends } => if let Ok(points) = bucket.reserve(cost, now) {
                    prop_assert!(theirs + 0.001 >= cost.min(capacity), "{theirs} left for {cost}");
                    theirs -= spends;
                    bucket.settle(points, Spent::Points(spends), now);
                },
                Op::Drop { cost } => if let Ok(points) = bucket.reserve(cost, now) {
                    bucket.settle(points, Spent::Nothing, now);
                },
            }
            let ours = bucket.available(now).unwrap();
            prop_assert!(ours <= capacity && ours <= theirs + 0.001, "we think {ours}, it has {theirs}");
        }
    }

    /// The wait that is named is enough, and half of it is not.
    #[test]
    fn the_wait_it_names_is_the_right_one(used in 0.0..1000.0_f64, cost in 1.0..1000.0_f64, rate in 1.0..200.0_f64) {
        let mut bucket = full(1000.0, rate);
        let points = bucket.reserve(used, Duration::ZERO).unwrap();
        bucket.settle(points, Spent::Unknown, Duration::ZERO);
        if let Err(wait) = bucket.reserve(cost, Duration::ZERO) {
            if wait > Duration::from_millis(10) {
                prop_assert!(bucket.reserve(cost, wait / 2).is_err());
            }
            prop_assert!(bucket.reserve(cost, wait + Duration::from_micros(1)).is_ok());
        }
    }

    /// Whatever nonsense the provider reports, nothing breaks and no call waits for ever.
    #[test]
    fn survives_any_report(a in any::<f64>(), b in any::<f64>(), c in any::<f64>(), cost in any::<f64>()) {
        let mut bucket = Bucket::new(LONGEST);
        let status = ThrottleStatus { maximum_available: a, currently_available: b, restore_rate: c };
        bucket.observe(status, Duration::ZERO);
        let _ = restored_after(cost, status);
        if let Err(wait) = bucket.reserve(cost, Duration::ZERO) {
            prop_assert!(wait <= Duration::from_secs(86_400));
        }
    }

    #[test]
    fn nothing_passes_in_a_pause_and_no_pause_is_shortened(pauses in prop::collection::vec(0_u64..2_000, 1..8)) {
        let mut bucket = full(100.0, 10.0);
        for pause in &pauses {
            bucket.pause(Duration::from_secs(*pause), Duration::ZERO);
        }
        let longest = Duration::from_secs(pauses.into_iter().max().unwrap()).min(LONGEST);
        let tick = Duration::from_nanos(1);
        prop_assert!(longest.is_zero() || bucket.reserve(1.0, longest - tick).is_err());
        prop_assert!(bucket.reserve(1.0, longest).is_ok());
    }
}

#[test]
fn calls_under_way_are_taken_off_what_the_provider_reports() {
    let mut bucket = Bucket::new(LONGEST);
    let first = bucket.reserve(60.0, Duration::ZERO).unwrap();
    let second = bucket.reserve(60.0, Duration::ZERO).unwrap();
    bucket.settle(first, Spent::Points(50.0), Duration::ZERO);
    let status = ThrottleStatus {
        maximum_available: 100.0,
        currently_available: 50.0,
        restore_rate: 10.0,
    };
    bucket.observe(status, Duration::ZERO);
    assert_eq!(
        bucket.available(Duration::ZERO),
        Some(-10.0),
        "the second call may not be counted there yet"
    );
    assert_eq!(
        bucket.reserve(20.0, Duration::ZERO).unwrap_err(),
        Duration::from_secs(3)
    );
    bucket.settle(second, Spent::Points(5.0), Duration::ZERO);
    assert_eq!(bucket.available(Duration::ZERO), Some(45.0));
}

#[test]
fn a_call_dearer_than_the_bucket_goes_when_it_is_full() {
    let mut bucket = full(100.0, 10.0);
    let first = bucket.reserve(1.0, Duration::ZERO).unwrap();
    bucket.settle(first, Spent::Unknown, Duration::ZERO);
    assert_eq!(
        bucket.reserve(5_000.0, Duration::ZERO).unwrap_err(),
        Duration::from_millis(100)
    );
    assert!(bucket.reserve(5_000.0, Duration::from_millis(100)).is_ok());
}

#[test]
fn a_report_without_sense_changes_nothing() {
    let mut bucket = full(100.0, 10.0);
    for (capacity, rate) in [
        (0.0, 10.0),
        (f64::NAN, 10.0),
        (100.0, 0.0),
        (100.0, f64::INFINITY),
        (-5.0, 10.0),
    ] {
        let status = ThrottleStatus {
            maximum_available: capacity,
            currently_available: 0.0,
            restore_rate: rate,
        };
        bucket.observe(status, Duration::ZERO);
        assert_eq!(
            bucket.available(Duration::ZERO),
            Some(100.0),
            "after {status:?}"
        );
    }
}

#[test]
fn the_time_until_a_bucket_has_what_was_asked_for() {
    let status = |now, rate| ThrottleStatus {
        maximum_available: 1000.0,
        currently_available: now,
        restore_rate: rate,
    };
    assert_eq!(
        restored_after(100.0, status(50.0, 50.0)),
        Some(Duration::from_secs(1))
    );
    assert_eq!(
        restored_after(100.0, status(500.0, 50.0)),
        Some(Duration::ZERO)
    );
    assert_eq!(
        restored_after(5_000.0, status(0.0, 100.0)),
        Some(Duration::from_secs(10)),
        "no more than the whole bucket"
    );
    assert_eq!(restored_after(100.0, status(0.0, 0.0)), None);
}
