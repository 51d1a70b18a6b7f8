//! The emergency stop: no write begins while it is on, over restarts, until somebody lifts it.

use super::{ChangeError, Changes, Fault};
use domain::audit::{Actor, NewEntry};
use domain::ids::{ConnectionId, WorkspaceId};
use ports::changes::{Stop, StopScope};
use ports::{Kind, PortResult};
use serde_json::json;

const LONGEST_REASON: usize = 500;
const LONGEST_NAME: usize = 100;

impl Changes {
    /// Those that are on.
    pub async fn stops(&self, workspace: WorkspaceId) -> PortResult<Vec<Stop>> {
        self.ports.stops.stops(workspace).await
    }

    /// When it returns, no write of the scope begins any more, whoever works on it.
    pub async fn stop(
        &self,
        workspace: WorkspaceId,
        scope: StopScope,
        reason: &str,
        by: &Actor,
    ) -> Result<Vec<Stop>, ChangeError> {
        let reason = reason_of(reason)?;
        self.check_scope(workspace, &scope).await?;
        let stop = Stop {
            scope,
            reason,
            by: by.clone(),
            at: self.ports.clock.now(),
        };
        let entry = self.stop_entry(workspace, &stop.scope, by, "stop.set", &stop.reason);
        self.ports.stops.stop(workspace, &stop, &entry).await?;
        self.hub.wake();
        Ok(self.stops(workspace).await?)
    }

    pub async fn lift(
        &self,
        workspace: WorkspaceId,
        scope: &StopScope,
        reason: &str,
        by: &Actor,
    ) -> Result<Vec<Stop>, ChangeError> {
        let reason = reason_of(reason)?;
        let entry = self.stop_entry(workspace, scope, by, "stop.lift", &reason);
        let lifted = self.ports.stops.lift(workspace, scope, &entry).await;
        lifted.map_err(|error| match error.kind {
            Kind::NotFound => ChangeError::UnknownStop,
            _ => ChangeError::Port(error),
        })?;
        self.hub.wake();
        Ok(self.stops(workspace).await?)
    }

    async fn check_scope(
        &self,
        workspace: WorkspaceId,
        scope: &StopScope,
    ) -> Result<(), ChangeError> {
        let fault = |message: &str| ChangeError::Invalid(vec![Fault::new("scope.id", message)]);
        match scope {
            StopScope::All => Ok(()),
            StopScope::Agent(name) if (1..=LONGEST_NAME).contains(&name.chars().count()) => Ok(()),
            StopScope::Agent(_) => Err(fault("is the name of an agent")),
            StopScope::Connection(id) => {
                let unknown = || fault("is no connection of this workspace");
                let id: ConnectionId = id.parse().map_err(|_| unknown())?;
                let found = self.ports.connections.find(workspace, id).await?;
                found.map(drop).ok_or_else(unknown)
            }
        }
    }

    fn stop_entry(
        &self,
        workspace: WorkspaceId,
        scope: &StopScope,
        by: &Actor,
        word: &str,
        reason: &str,
    ) -> NewEntry {
        let (kind, id) = match scope {
            StopScope::All => ("all", ""),
            StopScope::Agent(name) => ("agent", name.as_str()),
            StopScope::Connection(id) => ("connection", id.as_str()),
        };
        let now = self.ports.clock.now();
        let entry = NewEntry::done(workspace, now, by.clone(), word, ("stop", id, kind));
        entry.because(reason).after(&json!({ "scope": scope }))
    }
}

fn reason_of(text: &str) -> Result<String, ChangeError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST_REASON {
        let message = format!("is needed, with at most {LONGEST_REASON} characters");
        return Err(ChangeError::Invalid(vec![Fault::new("reason", message)]));
    }
    Ok(text.to_owned())
}
