//! Whether what an agent predicts comes true; one that is wrong too often goes back to asking.

use super::{AgentError, Agents};
use crate::changes::MEASURED;
use chrono::{DateTime, Duration, Utc};
use domain::agents::{AgentSpec, Autonomy};
use domain::audit::Actor;
use domain::changes::outcome::Calibration;
use domain::store::Store;
use ports::changes::ChangeFilter;
use ports::page::MAX_LIMIT;
use ports::{PageRequest, PortResult};

/// Outcomes of so many days count: what an agent did last year was decided by another policy.
const DAYS: i64 = 180;

impl Agents {
    /// How an agent's predictions came true, over the last half year.
    pub async fn calibration(&self, store: &Store, agent: &str) -> Result<Calibration, AgentError> {
        let spec = self.spec(store, agent).await?;
        Ok(self.calibration_since(store, &spec, None).await?)
    }

    /// Of the change-sets that an agent proposed since; of the last half year at most.
    async fn calibration_since(
        &self,
        store: &Store,
        spec: &AgentSpec,
        since: Option<DateTime<Utc>>,
    ) -> PortResult<Calibration> {
        let oldest = self.ports.clock.now() - Duration::days(DAYS);
        let since = since.map_or(oldest, |since| since.max(oldest));
        let mut calibration = Calibration::default();
        for status in MEASURED {
            let filter = ChangeFilter {
                store: Some(store.scope.store),
                status: Some(status),
                agent: Some(spec.id.to_string()),
                ..ChangeFilter::default()
            };
            let mut page = PageRequest::first(MAX_LIMIT);
            loop {
                let workspace = store.scope.workspace;
                let found = self.ports.changes.list(workspace, &filter, &page).await?;
                let is_end = found.items.last().is_none_or(|s| s.created_at < since);
                for set in found.items.iter().filter(|s| s.created_at >= since) {
                    calibration.add(set.effect.as_ref(), &set.outcomes);
                }
                page.cursor = found.next_cursor;
                if is_end || page.cursor.is_none() {
                    break;
                }
            }
        }
        Ok(calibration)
    }

    /// Agents that act by themselves, and whose predictions since they were last set did not come true, propose again; answers how many.
    pub async fn lower_uncalibrated(&self) -> PortResult<u64> {
        let mut lowered = 0;
        for workspace in self.ports.accounts.workspaces().await? {
            for store in self.stores.list(workspace.id).await? {
                for spec in self.members(&store).await? {
                    lowered += u64::from(self.lower(&store, &spec).await?);
                }
            }
        }
        Ok(lowered)
    }

    async fn lower(&self, store: &Store, spec: &AgentSpec) -> PortResult<bool> {
        let before = self.config(store, spec).await?;
        if before.autonomy != Autonomy::Act {
            return Ok(false);
        }
        let since = Some(before.updated_at);
        let calibration = self.calibration_since(store, spec, since).await?;
        if !calibration.is_off() {
            return Ok(false);
        }
        let mut config = before.clone();
        config.version += 1;
        config.autonomy = Autonomy::Propose;
        config.updated_at = self.ports.clock.now();
        config.updated_by = Actor::system();
        config.reason = Some(format!(
            "it asks again: {} of its {} measured predictions came true",
            calibration.agreed, calibration.measured
        ));
        match self.keep(spec, &before, &config).await {
            Ok(()) => {}
            // Somebody sets it at this moment.
            Err(AgentError::ChangedMeanwhile) => return Ok(false),
            Err(AgentError::Port(error)) => return Err(error),
            Err(other) => {
                tracing::warn!(agent = %spec.id, %other, "an agent's autonomy could not be lowered");
                return Ok(false);
            }
        }
        tracing::warn!(agent = %spec.id, store = %store.name, ?calibration, "an agent's predictions do not come true: it asks again");
        self.hub.wake();
        Ok(true)
    }
}
