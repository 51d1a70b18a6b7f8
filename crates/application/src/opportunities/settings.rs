//! How opportunities are scored, and how a person sets it.

use super::{Opportunities, OpportunityError};
use crate::Ports;
use crate::changes::Fault;
use domain::audit::{Actor, NewEntry};
use domain::opportunity::{OpportunitySettings, ScoreSettings};
use domain::store::Store;
use ports::{Kind, PortResult};
use serde_json::json;

#[derive(Debug, Clone)]
pub struct SettingsChange {
    /// Of the settings that were looked at; 0 when nobody set anything yet.
    pub version: i64,
    pub settings: ScoreSettings,
}

pub(super) async fn settings(ports: &Ports, store: &Store) -> PortResult<OpportunitySettings> {
    let set = ports.opportunities.opportunity_settings(store.scope);
    Ok(set.await?.unwrap_or_else(|| OpportunitySettings {
        scope: store.scope,
        version: 0,
        settings: ScoreSettings::default(),
        updated_at: ports.clock.now(),
        updated_by: Actor::system(),
    }))
}

impl Opportunities {
    pub async fn settings(&self, store: &Store) -> PortResult<OpportunitySettings> {
        settings(&self.ports, store).await
    }

    /// Stores the next version and scores everything by it, or names everything that is wrong with it.
    pub async fn set_settings(
        &self,
        store: &Store,
        change: SettingsChange,
        by: &Actor,
    ) -> Result<OpportunitySettings, OpportunityError> {
        let before = self.settings(store).await?;
        if before.version != change.version {
            return Err(OpportunityError::SetMeanwhile);
        }
        let faults = change.settings.faults().into_iter();
        let faults: Vec<_> = faults.map(|(key, why)| Fault::new(key, why)).collect();
        if !faults.is_empty() {
            return Err(OpportunityError::Invalid(faults));
        }
        let set = OpportunitySettings {
            version: before.version + 1,
            settings: change.settings,
            updated_at: self.ports.clock.now(),
            updated_by: by.clone(),
            ..before.clone()
        };
        let id = store.scope.store.to_string();
        let target = ("opportunities", id.as_str(), store.name.as_str());
        let (workspace, now) = (store.scope.workspace, set.updated_at);
        let entry = NewEntry::done(workspace, now, by.clone(), "opportunities.set", target)
            .before(&json!(before.settings))
            .after(&json!(set.settings));
        let port = &self.ports.opportunities;
        let stored = port.set_opportunity_settings(&set, &entry).await;
        stored.map_err(|error| match error.kind {
            Kind::Conflict => OpportunityError::SetMeanwhile,
            _ => OpportunityError::Port(error),
        })?;
        self.scoring.rescore(store).await?;
        Ok(set)
    }
}
