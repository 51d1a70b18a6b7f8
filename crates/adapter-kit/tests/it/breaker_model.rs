//! The breaker against a model of its rules, over random histories under a virtual clock.
//!
//! The model knows the numbers of the rules and nothing of the code: it keeps every outcome since the last change and reads the
//! rules off that list.

use std::collections::BTreeMap;
use std::time::Duration;

use adapter_kit::breaker::{Breaker, Observed, Probe, Reason, State, Ticket};
use adapter_kit::settings::BreakerSettings;

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The rules, written down a second time.
struct Model {
    state: State,
    since: Duration,
    until: Duration,
    openings: u32,
    changes: u64,
    /// Outcomes since the last change.
    log: Vec<(Duration, Observed)>,
    out: usize,
    write_waits: bool,
}

impl Model {
    fn go(&mut self, state: State, at: Duration) {
        (self.state, self.since, self.out, self.write_waits) = (state, at, 0, false);
        self.changes += 1;
        self.log.clear();
    }

    fn open(&mut self, at: Duration, u: f64) {
        let long_closed = self.state == State::Closed && at - self.since >= s(600);
        self.openings = if long_closed { 1 } else { self.openings + 1 };
        let wait = s(5 * 2_u64.pow(self.openings.min(10) - 1))
            .min(s(300))
            .mul_f64(0.8 + 0.4 * u);
        self.go(State::Open, at);
        self.until = at + wait;
    }

    fn expire(&mut self, now: Duration, u: f64) {
        if self.state == State::HalfOpen && now >= self.since + s(30) {
            self.open(self.since + s(30), u);
        }
    }

    fn acquire(&mut self, may_probe: bool, now: Duration, u: f64) -> Result<u64, Option<Duration>> {
        self.expire(now, u);
        if self.state == State::Open && now >= self.until {
            self.go(State::HalfOpen, now);
        }
        match self.state {
            State::Closed | State::Disabled => Ok(self.changes),
            State::ForcedOpen => Err(None),
            State::Open => Err(Some(self.until - now)),
            State::HalfOpen if may_probe && self.out + self.log.len() < 3 => {
                self.out += 1;
                Ok(self.changes)
            }
            State::HalfOpen => {
                self.write_waits |= !may_probe;
                Err(Some(s(1).min(self.since + s(30) - now)))
            }
        }
    }

    fn record(&mut self, began: u64, seen: Observed, now: Duration, u: f64) {
        self.expire(now, u);
        if began != self.changes || !matches!(self.state, State::Closed | State::HalfOpen) {
            return;
        }
        self.log.push((now, seen));
        let probing = self.state == State::HalfOpen;
        let last: Vec<_> = self
            .log
            .iter()
            .rev()
            .take(20)
            .filter(|(at, _)| now - *at <= s(60))
            .map(|x| x.1)
            .collect();
        let share = |what: fn(&Observed) -> bool| {
            last.iter().filter(|o| what(o)).count() as f64 / last.len() as f64
        };
        let in_a_row = self.log.iter().rev().take_while(|(_, o)| o.failure).count();
        let bad = self.log.iter().filter(|(_, o)| o.failure || o.slow).count();
        self.out -= usize::from(probing);
        match probing {
            true if self.log.len() < 3 => {}
            true if bad as f64 / 3.0 >= 0.5 => self.open(now, u),
            true => self.go(State::Closed, now),
            false if in_a_row >= 5 => self.open(now, u),
            false
                if last.len() >= 10
                    && (share(|o| o.failure) >= 0.5 || share(|o| o.slow) >= 0.8) =>
            {
                self.open(now, u)
            }
            false => {}
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Plays one history on both. `Err` says where they differ.
fn play(
    seed: u64,
    settings: &BreakerSettings,
    reasons: &mut BTreeMap<String, u64>,
) -> Result<(), String> {
    let mut chance = Chance(seed);
    let mut now = s(chance.below(1000));
    let mut real = Breaker::new(settings.clone(), now);
    let mut model = Model {
        state: State::Closed,
        since: now,
        until: now,
        openings: 0,
        changes: 0,
        log: Vec::new(),
        out: 0,
        write_waits: false,
    };
    let mut under_way: Vec<(Ticket, u64)> = Vec::new();
    // Each history has its own climate, else the rare states are never reached.
    let (bad, slow, hands) = (chance.below(11), chance.below(11), chance.below(3) == 0);
    let (recovers, hurry) = (chance.below(2) == 0, chance.below(2) == 0);
    for step in 0..80 {
        let u = chance.unit();
        let differs = |what: &str, a: String, b: String| {
            Err(format!(
                "seed {seed}, step {step}: {what}: {a} but the model {b}"
            ))
        };
        match chance.below(20) {
            0..=3 => now += step_in_time(&mut chance, now, &model, hurry),
            4..=10 => {
                let may_probe = chance.below(4) > 0;
                let probe = if may_probe {
                    Probe::May
                } else {
                    Probe::MustNot
                };
                match (
                    real.acquire(probe, now, u),
                    model.acquire(may_probe, now, u),
                ) {
                    (Ok(ticket), Ok(began)) => under_way.push((ticket, began)),
                    (Err(a), Err(b)) if a.left == b => {}
                    (a, b) => return differs("acquire", format!("{a:?}"), format!("{b:?}")),
                }
            }
            11 => {
                model.expire(now, u);
                let modelled = (model.state == State::HalfOpen && model.write_waits)
                    .then(|| model.acquire(true, now, u).ok());
                match (real.acquire_in_place(now, u), modelled.flatten()) {
                    (Some(ticket), Some(began)) => under_way.push((ticket, began)),
                    (None, None) => {}
                    (a, b) => return differs("in place", format!("{a:?}"), format!("{b:?}")),
                }
            }
            12..=17 if !under_way.is_empty() => {
                let which = usize::try_from(chance.below(under_way.len() as u64)).unwrap();
                let (ticket, began) = under_way.swap_remove(which);
                if chance.below(8) == 0 {
                    real.release(ticket);
                    if began == model.changes && model.state == State::HalfOpen {
                        model.out -= 1;
                    }
                } else {
                    let (bad, slow) = if recovers && model.state == State::HalfOpen {
                        (1, 1)
                    } else {
                        (bad, slow)
                    };
                    let seen = Observed {
                        failure: chance.below(10) < bad,
                        slow: chance.below(10) < slow,
                    };
                    real.record(ticket, seen, now, u);
                    model.record(began, seen, now, u);
                }
            }
            18 if hands && chance.below(4) == 0 => {
                by_hand(chance.below(3), &mut real, &mut model, now)
            }
            _ => {
                // Looking moves nothing: the comparison below would show it.
                let _ = (real.view(now + s(3600)), real.refuses(now + s(3600)));
            }
        }
        let view = real.view(now);
        let until = (model.state == State::Open).then_some(model.until);
        let (a, b) = (
            (view.state, view.since, view.open_until, view.openings),
            (model.state, model.since, until, model.openings),
        );
        if a != b {
            return differs("state", format!("{a:?}"), format!("{b:?}"));
        }
        for change in real.take_transitions() {
            *reasons.entry(format!("{:?}", change.reason)).or_default() += 1;
        }
    }
    Ok(())
}

fn step_in_time(chance: &mut Chance, now: Duration, model: &Model, hurry: bool) -> Duration {
    let small = Duration::from_millis(chance.below(4000));
    match chance.below(8) {
        _ if hurry && model.state != State::Open => small,
        0 => s(chance.below(700)),
        1 => s(61),
        2 => s(600),
        // To the edges of the rules, and one tick beside them.
        3 => (model.since + s(30)).saturating_sub(now),
        4 => model.until.saturating_sub(now),
        5 => model.until.saturating_sub(now + Duration::from_nanos(1)),
        _ => small,
    }
}

fn by_hand(which: u64, real: &mut Breaker, model: &mut Model, now: Duration) {
    match which {
        0 => {
            real.force_open(now);
            model.go(State::ForcedOpen, now);
        }
        1 => {
            real.disable(now);
            model.go(State::Disabled, now);
        }
        _ => {
            real.reset(now);
            model.openings = 0;
            model.go(State::Closed, now);
        }
    }
}

fn differences(histories: u64, settings: &BreakerSettings) -> (Vec<String>, BTreeMap<String, u64>) {
    let mut reasons = BTreeMap::new();
    let found = (0..histories)
        .filter_map(|seed| play(seed, settings, &mut reasons).err())
        .collect();
    (found, reasons)
}

#[test]
fn the_breaker_does_what_the_rules_say() {
    let (found, reasons) = differences(100_000, &BreakerSettings::default());
    assert!(
        found.is_empty(),
        "{} differences, the first: {}",
        found.len(),
        found[0]
    );
    // Histories that never reach a rule prove nothing about it.
    let all = [
        Reason::Failures,
        Reason::Slow,
        Reason::FailuresInARow,
        Reason::WaitOver,
        Reason::ProbesFailed,
        Reason::ProbesPassed,
        Reason::ProbesUndecided,
        Reason::ByHand,
    ];
    for reason in all {
        let times = reasons
            .get(&format!("{reason:?}"))
            .copied()
            .unwrap_or_default();
        assert!(
            times > 1000,
            "{reason:?} happened {times} times: {reasons:?}"
        );
    }
}

#[test]
fn the_model_notices_every_number_that_is_off_by_one() {
    let right = BreakerSettings::default;
    let wrong = [
        BreakerSettings {
            window: 19,
            ..right()
        },
        BreakerSettings {
            window_age: s(59),
            ..right()
        },
        BreakerSettings {
            min_outcomes: 11,
            ..right()
        },
        BreakerSettings {
            failure_percent: 51,
            ..right()
        },
        BreakerSettings {
            slow_percent: 81,
            ..right()
        },
        BreakerSettings {
            failure_threshold: 6,
            ..right()
        },
        BreakerSettings {
            recovery_timeout: s(61),
            ..right()
        },
        BreakerSettings {
            open_max: s(299),
            ..right()
        },
        BreakerSettings {
            half_open_permits: 4,
            ..right()
        },
        BreakerSettings {
            half_open_limit: s(31),
            ..right()
        },
        BreakerSettings {
            forget_after: s(601),
            ..right()
        },
    ];
    for settings in wrong {
        let mut reasons = BTreeMap::new();
        let noticed = (0..100_000).any(|seed| play(seed, &settings, &mut reasons).is_err());
        assert!(noticed, "nobody noticed {settings:?}");
    }
}
