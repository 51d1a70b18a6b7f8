//! A try that did not come through, and what its caller may do next.

use std::error::Error as StdError;
use std::time::Duration;

use ports::{Kind, PortError, Retry};

use crate::key::Effect;
use crate::retry::{self, Why};
use crate::settings::RetrySettings;

/// Whether the provider may have done what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reached {
    /// Never sent, or refused before it ran.
    Not,
    /// Sent, and its answer is lost or unreadable.
    Perhaps,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    Never,
    /// In this step, and later if that does not help.
    Now {
        why: Why,
        named: Option<Duration>,
    },
    /// Not in this step.
    Later(Duration),
}

/// What is known of a failed try.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) kind: Kind,
    pub(crate) reached: Reached,
    pub(crate) repeat: Repeat,
    pub(crate) detail: String,
    pub(crate) source: Option<Box<dyn StdError + Send + Sync>>,
    /// Label of the metrics.
    pub(crate) outcome: &'static str,
}

impl Failed {
    pub(crate) fn new(
        kind: Kind,
        reached: Reached,
        repeat: Repeat,
        outcome: &'static str,
        detail: String,
    ) -> Self {
        Self {
            kind,
            reached,
            repeat,
            detail,
            source: None,
            outcome,
        }
    }

    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The wait before the next try of this step, when one may be made.
    pub(crate) fn next_try(
        &self,
        effect: Effect,
        settings: &RetrySettings,
        tries: u32,
        u: f64,
    ) -> Option<(Why, Duration)> {
        let Repeat::Now { why, named } = self.repeat else {
            return None;
        };
        let allowed = effect.may_repeat() && tries < settings.max_tries;
        allowed.then(|| {
            (
                why,
                retry::delay(settings, why, tries.saturating_sub(1), named, u),
            )
        })
    }

    pub(crate) fn into_port_error(
        self,
        provider: &'static str,
        operation: &'static str,
        effect: Effect,
        settings: &RetrySettings,
        tries: u32,
    ) -> PortError {
        let lost_write = !effect.may_repeat() && self.reached == Reached::Perhaps;
        let (retry, detail) = match self.repeat {
            _ if lost_write => {
                let hint = "Whether it took effect is unknown: look it up before sending it again.";
                (Retry::Reconcile, format!("{} {hint}", self.detail))
            }
            Repeat::Never => (Retry::Never, self.detail),
            Repeat::Now { why, named } => (
                Retry::After(named.unwrap_or_else(|| retry::ceiling(settings, why, tries))),
                self.detail,
            ),
            Repeat::Later(wait) => (Retry::After(wait), self.detail),
        };
        let mut error = PortError::new(self.kind, retry, provider, operation, detail);
        error.source = self.source;
        error
    }
}
