//! The log of what changed, for live views: numbered, kept for a while, resumed by number.

use crate::PortResult;
use crate::catalog::CatalogReport;
use crate::orders::SaveReport;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::agents::{AgentConfig, AgentRun};
use domain::changes::{ChangeSet, Guardrails};
use domain::ids::{OrderId, ProductId, StoreScope, WorkspaceId};
use domain::inventory_plan::InventorySettings;
use domain::purchase::PurchaseOrder;
use serde::{Deserialize, Serialize};
use std::fmt::Display;

pub const ORDERS_CHANGED: &str = "orders.changed";
pub const PRODUCTS_CHANGED: &str = "products.changed";
pub const FORECASTS_FINISHED: &str = "forecasts.finished";
pub const CHANGE_SET_CHANGED: &str = "change_set.changed";
pub const STOPS_CHANGED: &str = "stops.changed";
pub const RUNS_CHANGED: &str = "runs.changed";
pub const AGENTS_CHANGED: &str = "agents.changed";
pub const NOTICES_CHANGED: &str = "notices.changed";
pub const CHANNELS_CHANGED: &str = "channels.changed";
pub const GUARDRAILS_CHANGED: &str = "guardrails.changed";
pub const INVENTORY_SETTINGS_CHANGED: &str = "inventory.settings";
pub const PURCHASE_ORDER_CHANGED: &str = "purchase_order.changed";
pub const OPPORTUNITIES_CHANGED: &str = "opportunities.changed";
pub const ANALYSIS_CHANGED: &str = "analysis.changed";

/// At most this many ids in each list of an event; `count` tells how many there were.
pub const MAX_EVENT_IDS: usize = 50;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewEvent {
    pub workspace: WorkspaceId,
    /// `orders.changed`, `sync.progress` …
    pub kind: String,
    /// What it is about: kind and id, e.g. `sync` and its id.
    pub entity_kind: String,
    pub entity_id: String,
    pub version: Option<i64>,
    pub at: DateTime<Utc>,
    pub data: serde_json::Value,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Grows over all workspaces; gaps are possible, going back is not.
    pub seq: i64,
    pub event: NewEvent,
}

#[async_trait]
pub trait EventLog: Send + Sync {
    async fn append(&self, events: &[NewEvent]) -> PortResult<()>;
    /// Events of the workspace after `seq`, oldest first, at most `limit`. None that was appended is ever skipped by a reader that goes on from the
    /// last number it saw.
    async fn since(&self, workspace: WorkspaceId, seq: i64, limit: u32) -> PortResult<Vec<Event>>;
    /// The newest number over all workspaces; 0 when there is none.
    async fn latest(&self) -> PortResult<i64>;
    async fn prune(&self, before: DateTime<Utc>) -> PortResult<u64>;
}

/// The event of a saved batch of orders; `None` when the batch wrote nothing.
///
/// Data: `{"created": [ids], "changed": [ids], "removed": [ids], "count": n}`; ids are decimal strings, because they have up to
/// 19 digits and JSON's readers often know doubles only. The entity is the store.
#[must_use]
pub fn orders_changed(
    scope: StoreScope,
    report: &SaveReport,
    at: DateTime<Utc>,
) -> Option<NewEvent> {
    store_event::<OrderId>(
        ORDERS_CHANGED,
        scope,
        &report.created,
        &report.changed,
        &[],
        at,
    )
}

/// The event of deleted orders, of those that were there; shape as in [`orders_changed`].
#[must_use]
pub fn orders_removed(
    scope: StoreScope,
    removed: &[OrderId],
    at: DateTime<Utc>,
) -> Option<NewEvent> {
    store_event(ORDERS_CHANGED, scope, &[], &[], removed, at)
}

/// The event of a saved batch of products; shape as in [`orders_changed`].
#[must_use]
pub fn products_changed(
    scope: StoreScope,
    report: &CatalogReport,
    at: DateTime<Utc>,
) -> Option<NewEvent> {
    store_event::<ProductId>(
        PRODUCTS_CHANGED,
        scope,
        &report.created,
        &report.changed,
        &[],
        at,
    )
}

/// The event of deleted products, of those that were there; shape as in [`orders_changed`].
#[must_use]
pub fn products_removed(
    scope: StoreScope,
    removed: &[ProductId],
    at: DateTime<Utc>,
) -> Option<NewEvent> {
    store_event(PRODUCTS_CHANGED, scope, &[], &[], removed, at)
}

/// The event of a change-set as it is stored from now on. Data: its store and its status.
#[must_use]
pub fn change_set_changed(set: &ChangeSet, at: DateTime<Utc>) -> NewEvent {
    NewEvent {
        workspace: set.scope.workspace,
        kind: CHANGE_SET_CHANGED.to_owned(),
        entity_kind: "change_set".to_owned(),
        entity_id: set.id.to_string(),
        version: Some(set.version),
        at,
        data: serde_json::json!({ "store": set.scope.store, "status": set.status }),
    }
}

/// The event of a stop that was put on or lifted. The entity is the workspace.
#[must_use]
pub fn stops_changed(workspace: WorkspaceId, at: DateTime<Utc>) -> NewEvent {
    of_workspace(STOPS_CHANGED, "stops", workspace, at)
}

/// The event of notices that came, went on, or were read. The entity is the workspace.
#[must_use]
pub fn notices_changed(workspace: WorkspaceId, at: DateTime<Utc>) -> NewEvent {
    of_workspace(NOTICES_CHANGED, "notices", workspace, at)
}

/// The event of channels that were set, or that took or refused something. The entity is the workspace.
#[must_use]
pub fn channels_changed(workspace: WorkspaceId, at: DateTime<Utc>) -> NewEvent {
    of_workspace(CHANNELS_CHANGED, "channels", workspace, at)
}

fn of_workspace(kind: &str, entity: &str, workspace: WorkspaceId, at: DateTime<Utc>) -> NewEvent {
    NewEvent {
        workspace,
        kind: kind.to_owned(),
        entity_kind: entity.to_owned(),
        entity_id: workspace.to_string(),
        version: None,
        at,
        data: serde_json::json!({}),
    }
}

/// The event of a run as it is stored from now on. Data: its id, its agent, its store and its status.
#[must_use]
pub fn runs_changed(run: &AgentRun, at: DateTime<Utc>) -> NewEvent {
    NewEvent {
        workspace: run.scope.workspace,
        kind: RUNS_CHANGED.to_owned(),
        entity_kind: "run".to_owned(),
        entity_id: run.id.to_string(),
        version: None,
        at,
        data: serde_json::json!({
            "id": run.id,
            "agent": run.agent,
            "store": run.scope.store,
            "status": run.status,
        }),
    }
}

/// The event of an agent that is set otherwise from now on. Data: the agent and its store.
#[must_use]
pub fn agents_changed(config: &AgentConfig) -> NewEvent {
    NewEvent {
        workspace: config.scope.workspace,
        kind: AGENTS_CHANGED.to_owned(),
        entity_kind: "agent".to_owned(),
        entity_id: config.agent.clone(),
        version: Some(config.version),
        at: config.updated_at,
        data: serde_json::json!({ "agent": config.agent, "store": config.scope.store }),
    }
}

/// The event of limits that are others from now on. Data: their store.
#[must_use]
pub fn guardrails_changed(guardrails: &Guardrails) -> NewEvent {
    let scope = guardrails.scope;
    NewEvent {
        workspace: scope.workspace,
        kind: GUARDRAILS_CHANGED.to_owned(),
        entity_kind: "guardrails".to_owned(),
        entity_id: scope.store.to_string(),
        version: Some(guardrails.version),
        at: guardrails.updated_at,
        data: serde_json::json!({ "store": scope.store }),
    }
}

/// The event of other lead times, service levels or limits from now on. Data: their store.
#[must_use]
pub fn inventory_settings_changed(settings: &InventorySettings) -> NewEvent {
    let scope = settings.scope;
    NewEvent {
        workspace: scope.workspace,
        kind: INVENTORY_SETTINGS_CHANGED.to_owned(),
        entity_kind: "inventory_settings".to_owned(),
        entity_id: scope.store.to_string(),
        version: Some(settings.version),
        at: settings.updated_at,
        data: serde_json::json!({ "store": scope.store }),
    }
}

/// The event of an order of goods that was made or changed. Data: its store and status.
#[must_use]
pub fn purchase_order_changed(order: &PurchaseOrder, at: DateTime<Utc>) -> NewEvent {
    let scope = order.scope;
    NewEvent {
        workspace: scope.workspace,
        kind: PURCHASE_ORDER_CHANGED.to_owned(),
        entity_kind: "purchase_order".to_owned(),
        entity_id: order.id.to_string(),
        version: Some(order.version),
        at,
        data: serde_json::json!({ "store": scope.store, "status": order.status.as_str() }),
    }
}

/// The event of unusual days that were found or spoken about, and of briefs. Data: their store.
#[must_use]
pub fn analysis_changed(scope: StoreScope, at: DateTime<Utc>) -> NewEvent {
    NewEvent {
        kind: ANALYSIS_CHANGED.to_owned(),
        ..opportunities_changed(scope, at)
    }
}

/// The event of opportunities that were computed anew or decided on. Data: their store.
#[must_use]
pub fn opportunities_changed(scope: StoreScope, at: DateTime<Utc>) -> NewEvent {
    NewEvent {
        workspace: scope.workspace,
        kind: OPPORTUNITIES_CHANGED.to_owned(),
        entity_kind: "store".to_owned(),
        entity_id: scope.store.to_string(),
        version: None,
        at,
        data: serde_json::json!({ "store": scope.store }),
    }
}

fn store_event<Id: Display>(
    kind: &str,
    scope: StoreScope,
    created: &[Id],
    changed: &[Id],
    removed: &[Id],
    at: DateTime<Utc>,
) -> Option<NewEvent> {
    let count = created.len() + changed.len() + removed.len();
    let some = |ids: &[Id]| -> Vec<String> {
        ids.iter()
            .take(MAX_EVENT_IDS)
            .map(ToString::to_string)
            .collect()
    };
    (count > 0).then(|| NewEvent {
        workspace: scope.workspace,
        kind: kind.to_owned(),
        entity_kind: "store".to_owned(),
        entity_id: scope.store.to_string(),
        version: None,
        at,
        data: serde_json::json!({
            "created": some(created),
            "changed": some(changed),
            "removed": some(removed),
            "count": count,
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::StoreId;

    #[test]
    fn long_lists_are_cut_and_counted_and_nothing_is_no_event() {
        let scope = StoreScope {
            workspace: WorkspaceId(uuid::Uuid::from_u128(1)),
            store: StoreId(uuid::Uuid::from_u128(2)),
        };
        let at = DateTime::UNIX_EPOCH;
        assert_eq!(orders_changed(scope, &SaveReport::default(), at), None);
        let report = SaveReport {
            created: (1..=60).map(OrderId).collect(),
            changed: vec![OrderId(i64::MAX)],
            ..SaveReport::default()
        };
        let event = orders_changed(scope, &report, at).unwrap();
        assert_eq!(event.entity_id, scope.store.to_string());
        assert_eq!(event.data["count"], 61);
        assert_eq!(event.data["created"].as_array().map(Vec::len), Some(50));
        assert_eq!(event.data["changed"][0], "9223372036854775807");
    }
}
