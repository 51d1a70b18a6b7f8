//! Doing something about a difference: the orders that a day names are read again, and those that are proven gone are removed. Never
//! by itself: somebody asks for it, and is told what became of each order.

use super::{ReconciliationError, Reconciliations};
use chrono::NaiveDate;
use domain::calendar::DayRange;
use domain::ids::{OrderId, StoreId, WorkspaceId};
use domain::reconciliation::Finding;
use ports::source::{FactRef, Fetched};
use std::collections::BTreeSet;

/// What became of one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Read again and booked.
    Reread,
    /// Proven gone at the provider, and removed here.
    Removed,
    /// The provider did not tell; nothing was changed.
    Untouched,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    pub order: OrderId,
    pub name: String,
    pub outcome: Outcome,
}

impl Reconciliations {
    /// Mends the orders that the days name; only `orders` when they are given. The days are compared again afterwards, by a run
    /// that the caller starts.
    pub async fn mend(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        range: DayRange,
        orders: Option<&[OrderId]>,
    ) -> Result<Vec<Mended>, ReconciliationError> {
        let (store, _, days) = self
            .days(workspace, store, Some(range.from), Some(range.to))
            .await?;
        if days.is_empty() {
            return Err(ReconciliationError::NeverChecked);
        }
        let wanted = |f: &&Finding| {
            f.cause.is_mendable() && orders.is_none_or(|only| only.contains(&f.order))
        };
        let findings: Vec<&Finding> = days
            .iter()
            .flat_map(|d| &d.result.findings)
            .filter(wanted)
            .collect();
        let ids: BTreeSet<OrderId> = findings.iter().map(|f| f.order).collect();
        let connection = self
            .ports
            .connections
            .find(workspace, store.connection)
            .await?
            .ok_or(ReconciliationError::NoConnection)?;
        let source = self.connections.pool.source(&connection).await?;
        let refs: Vec<FactRef> = ids.iter().map(|id| FactRef::Order(*id)).collect();
        let (mut found, mut gone) = (Vec::new(), Vec::new());
        if !refs.is_empty() {
            for fetched in source.fetch(&refs).await? {
                match fetched {
                    Fetched::Found(fact) => found.push(fact),
                    Fetched::Gone(reference) => gone.push(reference),
                }
            }
        }
        let removed: BTreeSet<FactRef> = gone.iter().copied().collect();
        let reread: BTreeSet<OrderId> = found
            .iter()
            .filter_map(|fact| match fact {
                ports::source::Fact::Order(order) => Some(order.id),
                _ => None,
            })
            .collect();
        let ingest = &self.connections.ingest;
        ingest.store(&store, found).await?;
        ingest.remove(&store, &gone, self.ports.clock.now()).await?;
        let outcome = |id: OrderId| {
            if removed.contains(&FactRef::Order(id)) {
                Outcome::Removed
            } else if reread.contains(&id) {
                Outcome::Reread
            } else {
                Outcome::Untouched
            }
        };
        let name = |id: OrderId| {
            findings
                .iter()
                .find(|f| f.order == id)
                .map(|f| f.name.clone())
        };
        Ok(ids
            .into_iter()
            .map(|order| Mended {
                order,
                name: name(order).unwrap_or_default(),
                outcome: outcome(order),
            })
            .collect())
    }

    /// One day's result.
    pub async fn day(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        day: NaiveDate,
    ) -> Result<(domain::store::Store, ports::reconciliations::CheckedDay), ReconciliationError>
    {
        let (store, _, days) = self.days(workspace, store, Some(day), Some(day)).await?;
        let found = days
            .into_iter()
            .next()
            .ok_or(ReconciliationError::NeverChecked)?;
        Ok((store, found))
    }
}
