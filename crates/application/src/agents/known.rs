//! The agents that there are, and who gathers for each of them.

use super::facts::Facts;
use super::halt::{Halt, Progress};
use super::rehearse::History;
use super::{orders, pricing};
use crate::Ports;
use chrono::{DateTime, NaiveDate, Utc};
use domain::agents::{AgentSpec, Values};
use domain::ids::RunId;
use domain::store::Store;

/// For whom facts are gathered, and as of when.
#[derive(Clone)]
pub(super) struct Gathering {
    pub(super) ports: Ports,
    pub(super) store: Store,
    pub(super) spec: &'static AgentSpec,
    pub(super) run: RunId,
    pub(super) values: Values,
    pub(super) now: DateTime<Utc>,
    pub(super) progress: Progress,
}

impl Gathering {
    pub(super) fn number(&self, key: &str) -> i64 {
        self.spec.number(&self.values, key)
    }

    pub(super) async fn facts(&self) -> Result<Facts, Halt> {
        if self.spec.id == domain::agents::pricing::SPEC.id {
            Ok(Facts::Pricing(pricing::gather(self).await?))
        } else if self.spec.id == domain::agents::orders::SPEC.id {
            Ok(Facts::Orders(orders::gather(self).await?))
        } else {
            let sentence = format!("nobody gathers facts for {}", self.spec.id);
            Err(Halt::Hopeless(sentence))
        }
    }

    /// What is known of the past, for a rehearsal of these days.
    pub(super) async fn history(&self, days: (NaiveDate, NaiveDate)) -> Result<History, Halt> {
        if self.spec.id == domain::agents::pricing::SPEC.id {
            Ok(History::Pricing(pricing::past(self, days).await?))
        } else if self.spec.id == domain::agents::orders::SPEC.id {
            Ok(History::Orders(orders::past(self, days).await?))
        } else {
            let sentence = format!("nobody recalls the past for {}", self.spec.id);
            Err(Halt::Hopeless(sentence))
        }
    }
}
