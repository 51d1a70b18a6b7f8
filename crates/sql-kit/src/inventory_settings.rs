//! What people set for ordering goods.

use crate::audit::record;
use crate::{Backend, Database, Writer, events, versioned};
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::ids::StoreScope;
use domain::inventory_plan::InventorySettings;
use ports::events::inventory_settings_changed;
use ports::stock::InventorySettingsStore;
use ports::{Kind, PortResult};

const TABLE: &str = "inventory_settings";

#[async_trait]
impl<B: Backend> InventorySettingsStore for Database<B> {
    async fn inventory_settings(&self, scope: StoreScope) -> PortResult<Option<InventorySettings>> {
        self.newest(TABLE, scope).await
    }

    async fn set_inventory_settings(
        &self,
        settings: &InventorySettings,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut tx = self.0.write(TABLE).await?;
        if !versioned::replace(&mut tx, TABLE, settings.scope, settings.version, settings).await? {
            tx.undo().await?;
            let detail = "the settings were changed otherwise meanwhile; look at them again";
            return Err(Self::refuse(Kind::Conflict, TABLE, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        events::append(&mut tx, &[inventory_settings_changed(settings)]).await?;
        tx.commit().await
    }
}
