//! The kept analysis, and when it is computed anew.

use super::{CustomerError, Customers};
use chrono::{DateTime, Utc};
use domain::customers::{Analysis, Analyst};
use domain::store::Store;
use ports::customers::KeptAnalysis;

const PAGE: u32 = 5_000;
/// What took longer than this last time is computed behind the answer.
const QUICK_MS: i64 = 300;

#[derive(Debug, Clone)]
pub struct Analysed {
    pub analysis: Analysis,
    pub as_of: DateTime<Utc>,
    /// Something changed since; it is being computed.
    pub stale: bool,
}

impl Customers {
    pub(super) async fn analysed(&self, store: &Store) -> Result<Analysed, CustomerError> {
        let scope = store.scope;
        let today = self.today(store)?;
        let revision = self.ports.customer_days.revision(scope).await?;
        let kept = self
            .ports
            .customer_days
            .kept_analysis(scope, store.currency)
            .await?;
        let answer = |kept: KeptAnalysis, stale| Analysed {
            analysis: kept.analysis,
            as_of: kept.computed_at,
            stale,
        };
        match kept {
            Some(kept) if kept.revision == revision && kept.analysis.today == today => {
                Ok(answer(kept, false))
            }
            Some(kept) if kept.took_ms > QUICK_MS => {
                self.compute_behind(store);
                Ok(answer(kept, true))
            }
            _ => Ok(answer(self.compute(store).await?, false)),
        }
    }

    async fn compute(&self, store: &Store) -> Result<KeptAnalysis, CustomerError> {
        let scope = store.scope;
        // Asked before the rows are read: what changes meanwhile makes it old again.
        let revision = self.ports.customer_days.revision(scope).await?;
        let settings = self.ports.customers.settings(scope).await?;
        let begun = self.ports.clock.now();
        let mut analyst = Analyst::new(self.today(store)?, store.currency, settings);
        let mut after = None;
        loop {
            let rows = self
                .ports
                .customer_days
                .walk_days(scope, store.currency, after, PAGE)
                .await?;
            let Some(last) = rows.last() else { break };
            after = Some((last.customer, last.day));
            rows.into_iter().for_each(|row| analyst.push(row));
        }
        let analysis = analyst.finish();
        let computed_at = self.ports.clock.now();
        let kept = KeptAnalysis {
            revision,
            computed_at,
            took_ms: (computed_at - begun).num_milliseconds(),
            analysis,
        };
        self.ports
            .customer_days
            .keep_analysis(scope, store.currency, &kept)
            .await?;
        Ok(kept)
    }

    /// At most one at a time for a store.
    fn compute_behind(&self, store: &Store) {
        let locked = |this: &Self, change: &dyn Fn(&mut std::collections::HashSet<_>) -> bool| {
            // A set of names holds no half-made state.
            let mut set = this
                .computing
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            change(&mut set)
        };
        let scope = store.scope;
        if !locked(self, &|set| set.insert(scope)) {
            return;
        }
        let (this, store) = (self.clone(), store.clone());
        tokio::spawn(async move {
            if let Err(error) = this.compute(&store).await {
                tracing::warn!(%error, "the analysis of customers could not be computed; the next question tries again");
            }
            locked(&this, &|set| set.remove(&scope));
        });
    }
}
