//! The limits of a store: what they are, and how a person sets them.

use super::{ChangeError, Changes, Fault};
use domain::audit::{Actor, NewEntry};
use domain::changes::{Guardrails, Limits};
use domain::ids::StoreScope;
use domain::store::Store;
use ports::{Kind, PortResult};
use serde_json::json;

const LONGEST_REASON: usize = 500;

/// All limits of a store as they are to be from now on.
#[derive(Debug, Clone)]
pub struct LimitsChange {
    /// Of the limits that were looked at; 0 when nobody set anything yet.
    pub version: i64,
    pub limits: Limits,
    pub reason: Option<String>,
}

impl Changes {
    /// Those that hold for the next write.
    pub(super) async fn limits(&self, scope: StoreScope) -> PortResult<Limits> {
        let set = self.ports.guardrails.guardrails(scope).await?;
        Ok(set.map_or_else(Limits::default, |set| set.limits))
    }

    pub async fn guardrails(&self, store: &Store) -> PortResult<Guardrails> {
        let set = self.ports.guardrails.guardrails(store.scope).await?;
        Ok(set.unwrap_or_else(|| Guardrails {
            scope: store.scope,
            version: 0,
            limits: Limits::default(),
            updated_at: self.ports.clock.now(),
            updated_by: Actor::system(),
            reason: None,
        }))
    }

    /// Stores the next version, or names everything that is wrong with it. What lets more through needs a reason.
    pub async fn set_guardrails(
        &self,
        store: &Store,
        change: LimitsChange,
        by: &Actor,
    ) -> Result<Guardrails, ChangeError> {
        let before = self.guardrails(store).await?;
        if before.version != change.version {
            return Err(ChangeError::SetMeanwhile);
        }
        let reason = change.reason.map(|r| r.trim().to_owned());
        let reason = reason.filter(|r| !r.is_empty());
        let faults = faults(&before.limits, &change.limits, reason.as_deref());
        if !faults.is_empty() {
            return Err(ChangeError::Invalid(faults));
        }
        let set = Guardrails {
            version: before.version + 1,
            limits: change.limits,
            updated_at: self.ports.clock.now(),
            updated_by: by.clone(),
            reason,
            ..before.clone()
        };
        let id = store.scope.store.to_string();
        let target = ("guardrails", id.as_str(), store.name.as_str());
        let (workspace, now) = (store.scope.workspace, set.updated_at);
        let entry = NewEntry::done(workspace, now, by.clone(), "guardrails.set", target)
            .before(&json!(before.limits))
            .after(&json!(set.limits));
        let entry = match &set.reason {
            Some(reason) => entry.because(reason),
            None => entry,
        };
        let stored = self.ports.guardrails.set_guardrails(&set, &entry).await;
        stored.map_err(|error| match error.kind {
            Kind::Conflict => ChangeError::SetMeanwhile,
            _ => ChangeError::Port(error),
        })?;
        self.hub.wake();
        Ok(set)
    }
}

fn faults(before: &Limits, after: &Limits, reason: Option<&str>) -> Vec<Fault> {
    let found = after.faults().into_iter();
    let mut faults: Vec<_> = found
        .map(|(key, message)| Fault::new(format!("limits.{key}"), message))
        .collect();
    match reason {
        None if after.is_looser_than(before) => {
            let message = "is needed where more is let through than before";
            faults.push(Fault::new("reason", message));
        }
        Some(reason) if reason.chars().count() > LONGEST_REASON => {
            let message = format!("has at most {LONGEST_REASON} characters");
            faults.push(Fault::new("reason", message));
        }
        _ => {}
    }
    faults
}
