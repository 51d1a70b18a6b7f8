//! Orders that change start the agents that want to know, without anybody telling them: every two minutes at most in a store,
//! however many orders come and however many of us watch.

use super::Agents;
use domain::agents::registry;
use domain::ids::WorkspaceId;
use ports::PortResult;
use ports::events::ORDERS_CHANGED;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// So long a store's orders are let come before an agent looks at them: often enough for an order, and leaving most of an hour's runs to others.
const PAUSE_SECONDS: i64 = 120;
const PAUSE: Duration = Duration::from_secs(PAUSE_SECONDS.unsigned_abs());
const BATCH: u32 = 500;

impl Agents {
    /// Until cancelled. What happens while nobody watches is found by the next run of the schedule.
    pub(super) async fn watch_orders(&self, stop: &CancellationToken) {
        let mut seen = None;
        while !stop.is_cancelled() {
            if let Err(error) = self.look_at_events(&mut seen).await {
                tracing::warn!(%error, "changed orders could not be looked at");
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }

    /// From the number that was seen last; the first look only finds out which one that is.
    async fn look_at_events(&self, seen: &mut Option<i64>) -> PortResult<()> {
        let latest = self.hub.latest().await?;
        let Some(before) = seen.filter(|before| *before != latest && is_wanted()) else {
            *seen = Some(latest);
            return Ok(());
        };
        let mut changed: BTreeMap<WorkspaceId, BTreeSet<String>> = BTreeMap::new();
        for workspace in self.ports.accounts.workspaces().await? {
            let mut after = before;
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
        *seen = Some(latest);
        let span = self.ports.clock.now().timestamp() / PAUSE_SECONDS;
        for (workspace, stores) in changed {
            for store in stores {
                let key = format!("{ORDERS_CHANGED}:{store}:{span}");
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
