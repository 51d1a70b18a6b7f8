//! What a store's plans rest on, and how a person sets it.

use super::{Inventory, InventoryError};
use crate::changes::Fault;
use domain::audit::{Actor, NewEntry};
use domain::inventory_plan::{InventorySettings, PlanSettings};
use domain::store::Store;
use ports::{Kind, PortResult};
use serde_json::json;

/// All settings of a store as they are to be from now on.
#[derive(Debug, Clone)]
pub struct SettingsChange {
    /// Of the settings that were looked at; 0 when nobody set anything yet.
    pub version: i64,
    pub settings: PlanSettings,
}

impl Inventory {
    pub async fn settings(&self, store: &Store) -> PortResult<InventorySettings> {
        settings(&self.ports, store).await
    }

    /// Stores the next version, or names everything that is wrong with it.
    pub async fn set_settings(
        &self,
        store: &Store,
        change: SettingsChange,
        by: &Actor,
    ) -> Result<InventorySettings, InventoryError> {
        let before = self.settings(store).await?;
        if before.version != change.version {
            return Err(InventoryError::SetMeanwhile);
        }
        let faults = change.settings.faults().into_iter();
        let faults: Vec<_> = faults.map(|(key, why)| Fault::new(key, why)).collect();
        if !faults.is_empty() {
            return Err(InventoryError::Invalid(faults));
        }
        let set = InventorySettings {
            version: before.version + 1,
            settings: change.settings,
            updated_at: self.ports.clock.now(),
            updated_by: by.clone(),
            ..before.clone()
        };
        let id = store.scope.store.to_string();
        let target = ("inventory", id.as_str(), store.name.as_str());
        let (workspace, now) = (store.scope.workspace, set.updated_at);
        let entry = NewEntry::done(workspace, now, by.clone(), "inventory.set", target)
            .before(&json!(before.settings))
            .after(&json!(set.settings));
        let port = &self.ports.inventory_settings;
        let stored = port.set_inventory_settings(&set, &entry).await;
        stored.map_err(|error| match error.kind {
            Kind::Conflict => InventoryError::SetMeanwhile,
            _ => InventoryError::Port(error),
        })?;
        self.hub.wake();
        Ok(set)
    }
}

pub(crate) async fn settings(ports: &crate::Ports, store: &Store) -> PortResult<InventorySettings> {
    let set = ports.inventory_settings.inventory_settings(store.scope);
    Ok(set.await?.unwrap_or_else(|| InventorySettings {
        scope: store.scope,
        version: 0,
        settings: PlanSettings::of(store.currency),
        updated_at: ports.clock.now(),
        updated_by: Actor::system(),
    }))
}
