//! Signals to the automations beside the repository: each goes out once, and that it did is written down.

use super::Changes;
use crate::Ports;
use crate::tracking::{Tracking, TrackingError};
use domain::audit::Actor;
use domain::changes::{ChangeSet, Seen, SeenSignal, Signal, SignalTarget};
use domain::ids::WorkspaceId;
use ports::dockets::Docket;
use ports::{Kind, PortError, PortResult, Retry};
use serde_json::json;

const DESK: &str = "signals";
const UNSET: &str = "no repository is connected: set GITHUB_REPOSITORY and GITHUB_TOKEN";

pub(super) struct SignalHands {
    ports: Ports,
    tracking: Option<Tracking>,
    workspace: WorkspaceId,
    /// Who let it out.
    by: Actor,
    set: String,
}

fn refuse(kind: Kind, retry: Retry, detail: impl Into<String>) -> PortError {
    PortError::new(kind, retry, "royal", "changes.signal", detail.into())
}

/// As [`Tracking`]'s, where a change is made.
fn port(error: TrackingError) -> PortError {
    match error {
        TrackingError::Port(error) => error,
        error => refuse(Kind::Configuration, Retry::Never, error.to_string()),
    }
}

impl SignalHands {
    pub(super) fn new(ports: Ports, tracking: Option<Tracking>, set: &ChangeSet) -> Self {
        let by = set.approval.as_ref().map(|a| a.by.clone());
        Self {
            ports,
            tracking,
            workspace: set.scope.workspace,
            by: by.unwrap_or_else(Actor::system),
            set: set.id.to_string(),
        }
    }

    pub(super) async fn look(&self, target: &SignalTarget) -> PortResult<Seen> {
        let went_out = match target.mark {
            Some(mark) => {
                let (dockets, name) = (&self.ports.dockets, mark.to_string());
                let found = dockets.docket(self.workspace, DESK, &name).await?;
                found.is_some()
            }
            None => false,
        };
        Ok(Seen::Signal(SeenSignal {
            why_not: why_not(self.tracking.as_ref(), self.workspace).await?,
            went_out,
        }))
    }

    /// A signal that went out and could not be written down is one of which nobody knows: it is not sent again.
    pub(super) async fn send(&self, signal: &Signal) -> PortResult<()> {
        let unnamed = || {
            refuse(
                Kind::Rejected,
                Retry::Never,
                "the signal has no name of its own",
            )
        };
        let mark = signal.mark.ok_or_else(unnamed)?;
        let unset = || refuse(Kind::Configuration, Retry::Never, UNSET);
        let tracking = self.tracking.as_ref().ok_or_else(unset)?;
        let by = self.by.clone();
        let sent = tracking.signal(self.workspace, by, &signal.event, &signal.payload);
        sent.await.map_err(port)?;
        let docket = Docket {
            workspace: self.workspace,
            desk: DESK.to_owned(),
            name: mark.to_string(),
            version: 1,
            due_at: None,
            document: json!({
                "event": signal.event, "thing": signal.thing, "change_set": self.set,
                "at": self.ports.clock.now(),
            }),
        };
        let put = self.ports.dockets.put_docket(&docket).await;
        let lost = |error: PortError| {
            refuse(Kind::Unavailable, Retry::Reconcile, error.detail.clone()).with_source(error)
        };
        put.map(|_| ()).map_err(lost)
    }
}

/// `None`: signals can be sent.
async fn why_not(
    tracking: Option<&Tracking>,
    workspace: WorkspaceId,
) -> PortResult<Option<String>> {
    let Some(tracking) = tracking else {
        return Ok(Some(UNSET.to_owned()));
    };
    match tracking.may_signal(workspace).await {
        Ok(()) => Ok(None),
        Err(TrackingError::Port(error)) => Err(error),
        Err(error) => Ok(Some(error.to_string())),
    }
}

impl Changes {
    /// Why no signal can be sent for a workspace; `None`: it can.
    pub async fn why_no_signals(&self, workspace: WorkspaceId) -> PortResult<Option<String>> {
        why_not(self.tracking.as_ref(), workspace).await
    }
}
