//! Orders that change start the agents that want to know, without anybody telling them: at most once a minute and store,
//! however many orders come and however many of us watch.

use super::Agents;
use domain::agents::registry;
use domain::ids::WorkspaceId;
use ports::PortResult;
use ports::events::ORDERS_CHANGED;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// So long a store's orders are let come before an agent looks at them.
const PAUSE: Duration = Duration::from_secs(60);
const BATCH: u32 = 500;

impl Agents {
    /// Until cancelled. What happens while nobody watches is found by the next run of the schedule.
    pub(super) async fn watch_orders(&self, stop: CancellationToken) {
        let mut seen = match self.hub.latest().await {
            Ok(seen) => seen,
            Err(error) => {
                tracing::warn!(%error, "changed orders start no agents: the log of events could not be read");
                return;
            }
        };
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(PAUSE) => {}
            }
            match self.look_at_events(&mut seen).await {
                Ok(()) => {}
                Err(error) => tracing::warn!(%error, "changed orders could not be looked at"),
            }
        }
    }

    async fn look_at_events(&self, seen: &mut i64) -> PortResult<()> {
        let latest = self.hub.latest().await?;
        if latest == *seen || !is_wanted() {
            return Ok(());
        }
        let mut changed: BTreeMap<WorkspaceId, BTreeSet<String>> = BTreeMap::new();
        for workspace in self.ports.accounts.workspaces().await? {
            let mut after = *seen;
            loop {
                let events = self.hub.since(workspace.id, after, BATCH).await?;
                let Some(last) = events.last() else { break };
                after = last.seq;
                let orders = events.iter().filter(|e| e.event.kind == ORDERS_CHANGED);
                let stores = orders.map(|e| e.event.entity_id.clone());
                changed.entry(workspace.id).or_default().extend(stores);
                if after >= latest {
                    break;
                }
            }
        }
        *seen = latest;
        let minute = self.ports.clock.now().timestamp() / 60;
        for (workspace, stores) in changed {
            for store in stores {
                let key = format!("{ORDERS_CHANGED}:{store}:{minute}");
                let data = serde_json::json!({ "store": store });
                let accepted =
                    self.accept(workspace, ORDERS_CHANGED.to_owned(), data, None, Some(key));
                if let Err(error) = accepted.await {
                    tracing::warn!(%error, store, "changed orders started no agent");
                }
            }
        }
        Ok(())
    }
}

fn is_wanted() -> bool {
    let mut all = registry::all().iter();
    all.any(|spec| spec.triggers.contains(&ORDERS_CHANGED))
}
