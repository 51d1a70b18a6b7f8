//! Orders and products that change, and nights of forecasts that end, start the agents that want to know, without anybody telling them: every two minutes at most in
//! a store, however many come and however many of us watch.

use super::Agents;
use domain::ids::WorkspaceId;
use domain::sync::SyncStatus;
use ports::PortResult;
use ports::events::{FORECASTS_FINISHED, NewEvent, ORDERS_CHANGED, PRODUCTS_CHANGED};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What is watched.
const KINDS: [&str; 3] = [ORDERS_CHANGED, PRODUCTS_CHANGED, FORECASTS_FINISHED];
/// So long a store's orders are let come before an agent looks at them: often enough for an order, and leaving most of an hour's runs to others.
const PAUSE_SECONDS: i64 = 120;
const PAUSE: Duration = Duration::from_secs(PAUSE_SECONDS.unsigned_abs());
const BATCH: u32 = 500;

impl Agents {
    /// Until cancelled. What happens while nobody watches is found by the next run of the schedule.
    pub(super) async fn watch_facts(&self, stop: &CancellationToken) {
        let mut seen = None;
        while !stop.is_cancelled() {
            if let Err(error) = self.look_at_events(&mut seen).await {
                tracing::warn!(%error, "what changed could not be looked at");
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
        let Some(before) = seen.filter(|before| *before != latest) else {
            *seen = Some(latest);
            return Ok(());
        };
        let mut changed: BTreeMap<WorkspaceId, BTreeSet<(&str, String)>> = BTreeMap::new();
        for workspace in self.ports.accounts.workspaces().await? {
            let mut after = before;
            loop {
                let events = self.hub.since(workspace.id, after, BATCH).await?;
                let Some(last) = events.last() else { break };
                after = last.seq;
                let watched = events.iter().filter_map(|e| {
                    let kind = KINDS.into_iter().find(|kind| e.event.kind == *kind)?;
                    Some((kind, store_of(&e.event)?))
                });
                changed.entry(workspace.id).or_default().extend(watched);
                if after >= latest {
                    break;
                }
            }
        }
        *seen = Some(latest);
        let span = self.ports.clock.now().timestamp() / PAUSE_SECONDS;
        for (workspace, watched) in changed {
            for (kind, store) in watched {
                if !self.is_wanted(workspace, kind, &store).await? {
                    continue;
                }
                let key = format!("{kind}:{store}:{span}");
                let data = serde_json::json!({ "store": store });
                let accepted = self.accept(workspace, kind.to_owned(), data, None, Some(key));
                if let Err(error) = accepted.await {
                    tracing::warn!(%error, store, kind, "what changed started no agent");
                }
            }
        }
        Ok(())
    }

    /// Whether any agent of the store wants to know.
    async fn is_wanted(&self, workspace: WorkspaceId, kind: &str, store: &str) -> PortResult<bool> {
        let stores = self.stores.list(workspace).await?;
        let Some(store) = stores.iter().find(|s| s.scope.store.to_string() == store) else {
            return Ok(false);
        };
        let members = self.members(store).await?;
        Ok(members.iter().any(|spec| spec.wants(kind)))
    }
}

/// Whose store it tells of; `None` for a night that told nothing.
fn store_of(event: &NewEvent) -> Option<String> {
    if event.kind != FORECASTS_FINISHED {
        return Some(event.entity_id.clone());
    }
    let text = |key: &str| event.data.get(key).and_then(serde_json::Value::as_str);
    (text("status") == Some(SyncStatus::Succeeded.as_str()))
        .then(|| text("store").map(str::to_owned))
        .flatten()
}
