//! The words of a circuit: its states, why it changed, what it answers.

use std::time::Duration;

use serde::Serialize;

/// State of a circuit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Calls pass.
    Closed,
    /// Calls are refused until a time.
    Open,
    /// A few calls probe whether the provider is back.
    HalfOpen,
    /// Calls are refused until a person says otherwise.
    ForcedOpen,
    /// Calls pass and nothing is counted, until a person says otherwise.
    Disabled,
}

impl State {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half_open",
            Self::ForcedOpen => "forced_open",
            Self::Disabled => "disabled",
        }
    }
}

/// Why a circuit changed its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Too large a share of failures.
    Failures,
    /// Too large a share of slow calls.
    Slow,
    /// Too many failures in a row.
    FailuresInARow,
    /// The wait is over.
    WaitOver,
    /// The probes failed or were slow.
    ProbesFailed,
    /// The probes came through.
    ProbesPassed,
    /// The probes were not decided in time.
    ProbesUndecided,
    /// A person said so.
    ByHand,
}

/// One change of state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    pub from: State,
    pub to: State,
    pub reason: Reason,
    /// On the clock that the circuit is driven with.
    pub at: Duration,
}

/// What a finished call tells the circuit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Observed {
    pub failure: bool,
    pub slow: bool,
}

/// A call was not let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    pub state: State,
    /// After which it may be tried again; `None`: a person decides.
    pub left: Option<Duration>,
}

/// Whether a call may be one of the probes of half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probe {
    May,
    /// A write that cannot be repeated is not risked on a provider that is probably still down.
    MustNot,
}

/// Permission of one call. It is given back by `record` or `release`.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a ticket that is not given back keeps a probe of half-open occupied"]
pub struct Ticket {
    pub(super) generation: u64,
}
