//! How many agents there are, and how they fare, for health and key figures.

use super::view::{HealthBody, health, is_active};
use crate::problem::Problem;
use crate::state::App;
use domain::ids::WorkspaceId;
use std::collections::BTreeSet;

#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Counts {
    pub(crate) total: u32,
    /// Enabled in a store, and held back by no stop there.
    pub(crate) active: u32,
    /// Those that fail in a store.
    pub(crate) degraded: u32,
}

/// Over all stores of the workspace; without a store no agent has anything to look at.
pub(crate) async fn counts(app: &App, workspace: WorkspaceId) -> Result<Counts, Problem> {
    let (mut all, mut active) = (BTreeSet::new(), BTreeSet::new());
    let mut degraded = BTreeSet::new();
    for store in app.stores.list(workspace).await? {
        for standing in app.agents.list(&store).await? {
            let id = standing.spec.id.clone();
            all.insert(id.clone());
            if is_active(&standing) {
                active.insert(id.clone());
            }
            if health(&standing.statistics) == HealthBody::Failing {
                degraded.insert(id);
            }
        }
    }
    let count = |ids: &BTreeSet<_>| u32::try_from(ids.len()).unwrap_or(u32::MAX);
    Ok(Counts {
        total: count(&all),
        active: count(&active),
        degraded: count(&degraded),
    })
}
