//! The circuit breaker: a pure state machine.
//!
//! Knows neither a clock nor chance nor HTTP: every method takes `now`, on any clock that only goes forward, and `u`, a chance in
//! `0.0..1.0` that is used when the call opens the circuit. Reading ([`Breaker::state`], [`Breaker::view`]) never moves it: an
//! elapsed wait becomes visible with the next call, not with the next look.

mod state;
mod window;

use std::time::Duration;

pub use state::{Observed, Probe, Reason, Refused, State, Ticket, Transition};
pub use window::Counts;

use crate::settings::BreakerSettings;
use window::Window;

#[derive(Debug, Clone, Copy)]
enum Phase {
    Closed,
    Open {
        until: Duration,
    },
    /// `out`: probes under way; `done`, `bad`: probes with a verdict, and those of them that failed or were slow;
    /// `write_waits`: a write that must not probe was refused, so a read may probe in its place.
    HalfOpen {
        out: u32,
        done: u32,
        bad: u32,
        write_waits: bool,
    },
    ForcedOpen,
    Disabled,
}

/// The state of one key.
#[derive(Debug)]
pub struct Breaker {
    settings: BreakerSettings,
    phase: Phase,
    since: Duration,
    /// Grows with every change of state; verdicts of calls that began before it are ignored.
    generation: u64,
    openings: u32,
    failures_in_a_row: u32,
    window: Window,
    transitions: Vec<Transition>,
}

/// What a circuit looks like; reading it changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    pub state: State,
    pub since: Duration,
    /// Only while open.
    pub open_until: Option<Duration>,
    /// Openings in a row.
    pub openings: u32,
    pub failures_in_a_row: u32,
    pub counts: Counts,
}

impl Breaker {
    #[must_use]
    pub fn new(settings: BreakerSettings, now: Duration) -> Self {
        Self {
            settings,
            phase: Phase::Closed,
            since: now,
            generation: 0,
            openings: 0,
            failures_in_a_row: 0,
            window: Window::default(),
            transitions: Vec::new(),
        }
    }

    /// Asks for the permission of one call.
    ///
    /// # Errors
    /// [`Refused`] with the time left, when the circuit is open or all probes of half-open are taken.
    pub fn acquire(&mut self, probe: Probe, now: Duration, u: f64) -> Result<Ticket, Refused> {
        self.expire_half_open(now, u);
        self.end_wait(now);
        let (state, limit) = (self.state(), self.since + self.settings.half_open_limit);
        let permits = self.settings.half_open_permits;
        match &mut self.phase {
            Phase::Closed | Phase::Disabled => Ok(self.ticket()),
            Phase::ForcedOpen => Err(Refused { state, left: None }),
            Phase::Open { until } => Err(Refused {
                state,
                left: Some(until.saturating_sub(now)),
            }),
            Phase::HalfOpen {
                out,
                done,
                write_waits,
                ..
            } => {
                if probe == Probe::May && *out + *done < permits {
                    *out += 1;
                    return Ok(self.ticket());
                }
                *write_waits |= probe == Probe::MustNot;
                let decided_soon = Duration::from_secs(1).min(limit.saturating_sub(now));
                Err(Refused {
                    state,
                    left: Some(decided_soon),
                })
            }
        }
    }

    /// A probe by a call of another key, when a write waits here that must not probe itself.
    pub fn acquire_in_place(&mut self, now: Duration, u: f64) -> Option<Ticket> {
        self.expire_half_open(now, u);
        match self.phase {
            Phase::HalfOpen {
                write_waits: true, ..
            } => self.acquire(Probe::May, now, u).ok(),
            _ => None,
        }
    }

    /// Gives a permission back with a verdict. A verdict of an older generation is ignored.
    pub fn record(&mut self, ticket: Ticket, observed: Observed, now: Duration, u: f64) {
        self.expire_half_open(now, u);
        if ticket.generation != self.generation {
            return;
        }
        match &mut self.phase {
            Phase::Closed => {
                self.failures_in_a_row = if observed.failure {
                    self.failures_in_a_row.saturating_add(1)
                } else {
                    0
                };
                self.window.push(observed, now, &self.settings);
                if let Some(reason) = self.tripped(now) {
                    self.open(reason, now, u);
                }
            }
            Phase::HalfOpen { out, done, bad, .. } => {
                *out = out.saturating_sub(1);
                *done += 1;
                *bad += u32::from(observed.failure || observed.slow);
                if *done < self.settings.half_open_permits {
                    return;
                }
                if *bad * 2 >= *done {
                    self.open(Reason::ProbesFailed, now, u);
                } else {
                    self.close(Reason::ProbesPassed, now);
                }
            }
            Phase::Open { .. } | Phase::ForcedOpen | Phase::Disabled => {}
        }
    }

    /// Gives a permission back without a verdict.
    pub fn release(&mut self, ticket: Ticket) {
        if let (true, Phase::HalfOpen { out, .. }) =
            (ticket.generation == self.generation, &mut self.phase)
        {
            *out = out.saturating_sub(1);
        }
    }

    /// Whether a call would be refused at `now` for sure. Moves nothing.
    #[must_use]
    pub fn refuses(&self, now: Duration) -> Option<Refused> {
        match self.phase {
            Phase::Open { until } if now < until => Some(Refused {
                state: State::Open,
                left: Some(until - now),
            }),
            Phase::ForcedOpen => Some(Refused {
                state: State::ForcedOpen,
                left: None,
            }),
            _ => None,
        }
    }

    /// By hand: refuse everything.
    pub fn force_open(&mut self, now: Duration) {
        self.go(Phase::ForcedOpen, Reason::ByHand, now);
    }

    /// By hand: let everything pass and count nothing.
    pub fn disable(&mut self, now: Duration) {
        self.go(Phase::Disabled, Reason::ByHand, now);
    }

    /// By hand: begin anew, closed.
    pub fn reset(&mut self, now: Duration) {
        self.openings = 0;
        self.close(Reason::ByHand, now);
    }

    #[must_use]
    pub fn state(&self) -> State {
        match self.phase {
            Phase::Closed => State::Closed,
            Phase::Open { .. } => State::Open,
            Phase::HalfOpen { .. } => State::HalfOpen,
            Phase::ForcedOpen => State::ForcedOpen,
            Phase::Disabled => State::Disabled,
        }
    }

    #[must_use]
    pub fn view(&self, now: Duration) -> View {
        View {
            state: self.state(),
            since: self.since,
            open_until: if let Phase::Open { until } = self.phase {
                Some(until)
            } else {
                None
            },
            openings: self.openings,
            failures_in_a_row: self.failures_in_a_row,
            counts: self.window.counts(now, &self.settings),
        }
    }

    /// The changes since the last call of this method, oldest first.
    pub fn take_transitions(&mut self) -> Vec<Transition> {
        std::mem::take(&mut self.transitions)
    }

    fn ticket(&self) -> Ticket {
        Ticket {
            generation: self.generation,
        }
    }

    fn tripped(&self, now: Duration) -> Option<Reason> {
        let s = &self.settings;
        let counts = self.window.counts(now, s);
        let enough = counts.outcomes >= s.min_outcomes;
        if self.failures_in_a_row >= s.failure_threshold {
            Some(Reason::FailuresInARow)
        } else if enough && counts.failures * 100 >= counts.outcomes * s.failure_percent {
            Some(Reason::Failures)
        } else if enough && counts.slow * 100 >= counts.outcomes * s.slow_percent {
            Some(Reason::Slow)
        } else {
            None
        }
    }

    /// Half-open that nobody decided opens at its limit, not at the moment when somebody looks.
    fn expire_half_open(&mut self, now: Duration, u: f64) {
        let limit = self.since + self.settings.half_open_limit;
        if matches!(self.phase, Phase::HalfOpen { .. }) && now >= limit {
            self.open(Reason::ProbesUndecided, limit, u);
        }
    }

    fn end_wait(&mut self, now: Duration) {
        if matches!(self.phase, Phase::Open { until } if now >= until) {
            self.go(
                Phase::HalfOpen {
                    out: 0,
                    done: 0,
                    bad: 0,
                    write_waits: false,
                },
                Reason::WaitOver,
                now,
            );
        }
    }

    fn open(&mut self, reason: Reason, at: Duration, u: f64) {
        if matches!(self.phase, Phase::Closed)
            && at.saturating_sub(self.since) >= self.settings.forget_after
        {
            self.openings = 0;
        }
        self.openings = self.openings.saturating_add(1);
        let until = at + self.settings.open_for(self.openings, u);
        self.go(Phase::Open { until }, reason, at);
    }

    fn close(&mut self, reason: Reason, now: Duration) {
        self.go(Phase::Closed, reason, now);
    }

    fn go(&mut self, phase: Phase, reason: Reason, at: Duration) {
        let from = self.state();
        self.phase = phase;
        self.since = at;
        self.generation += 1;
        self.failures_in_a_row = 0;
        self.window.clear();
        self.transitions.push(Transition {
            from,
            to: self.state(),
            reason,
            at,
        });
    }
}
