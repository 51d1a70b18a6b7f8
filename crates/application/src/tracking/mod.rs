//! What is wrong, kept as issues of a tracker outside: opened once, commented on when it comes back, closed when it is over; and signals that
//! people send to the automations beside it.
//!
//! The tracker belongs to the installation, and so to its first workspace. Nothing there has a key against a second one. So what an issue
//! says is kept here as a docket that one worker holds at a time, and whoever is to make something looks first whether it stands there: an
//! answer that was lost, or a worker that died, brings no second issue.

mod endings;
mod look;
mod tell;

use crate::Ports;
use crate::people::People;
use chrono::{DateTime, Duration, Utc};
use domain::audit::{Actor, NewEntry};
use domain::ids::WorkspaceId;
use domain::incident::Incident;
use ports::dockets::Docket;
use ports::source::LinkState;
use ports::tracker::{Tracker, TrackerCheck};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

/// Looked up like every secret of the installation.
pub const TOKEN: &str = "GITHUB_TOKEN";
pub(crate) const DESK: &str = "incidents";
/// Every issue of ours has it.
pub const LABEL: &str = "royal-equips";
/// Longer than all calls about one incident take.
const LEASE: Duration = Duration::minutes(5);

#[derive(Debug, thiserror::Error)]
pub enum TrackingError {
    /// No repository is set, or the workspace is not the one that it belongs to.
    #[error("no repository is connected here: set GITHUB_REPOSITORY")]
    Unset,
    #[error("GITHUB_TOKEN is not there: enter it among the secrets, or set it")]
    NoToken,
    #[error(transparent)]
    Port(#[from] PortError),
}

/// How it stands, for people.
#[derive(Debug, Clone)]
pub struct Tracked {
    /// For people, e.g. `octo/shop at api.github.com`.
    pub place: String,
    pub has_token: bool,
    pub links: Vec<LinkState>,
    /// Those that are not over first, then the newest.
    pub incidents: Vec<Incident>,
}

/// What is kept of an incident.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Held {
    pub incident: Incident,
    /// Until when a worker tells the tracker of it.
    pub held_until: Option<DateTime<Utc>>,
}

impl Held {
    fn of(docket: &Docket) -> PortResult<Self> {
        serde_json::from_value(docket.document.clone()).map_err(|error| {
            let detail = format!("the docket {} cannot be read: {error}", docket.name);
            PortError::new(
                Kind::Corrupt,
                Retry::Never,
                "royal",
                "incidents.read",
                detail,
            )
        })
    }

    fn is_held(&self, now: DateTime<Utc>) -> bool {
        self.held_until.is_some_and(|until| until > now)
    }

    fn docket(&self, version: i64, due_at: Option<DateTime<Utc>>) -> Docket {
        Docket {
            workspace: self.incident.workspace,
            desk: DESK.to_owned(),
            name: self.incident.number().to_string(),
            version,
            due_at,
            document: json!(self),
        }
    }
}

#[derive(Clone)]
pub struct Tracking {
    ports: Ports,
    people: People,
    tracker: Option<Arc<dyn Tracker>>,
    /// Where the command center is, for links.
    public_url: Option<String>,
}

impl Tracking {
    #[must_use]
    pub fn new(
        ports: Ports,
        people: People,
        tracker: Option<Arc<dyn Tracker>>,
        public_url: Option<String>,
    ) -> Self {
        Self {
            ports,
            people,
            tracker,
            public_url: public_url.map(|url| url.trim_end_matches('/').to_owned()),
        }
    }

    /// How calls to it fare; nothing where none is set.
    #[must_use]
    pub fn links(&self) -> Vec<LinkState> {
        self.tracker.as_ref().map(|t| t.links()).unwrap_or_default()
    }

    async fn first(&self) -> PortResult<Option<WorkspaceId>> {
        let all = self.ports.accounts.workspaces().await?;
        Ok(all.first().map(|first| first.id))
    }

    async fn own(&self, workspace: WorkspaceId) -> Result<&Arc<dyn Tracker>, TrackingError> {
        let tracker = self.tracker.as_ref().ok_or(TrackingError::Unset)?;
        match self.first().await? {
            Some(first) if first == workspace => Ok(tracker),
            _ => Err(TrackingError::Unset),
        }
    }

    async fn token(&self) -> Result<SecretString, TrackingError> {
        let token = self.people.installation_secret(TOKEN).await?;
        token.ok_or(TrackingError::NoToken)
    }

    /// # Errors
    /// [`TrackingError::Unset`].
    pub async fn standing(&self, workspace: WorkspaceId) -> Result<Tracked, TrackingError> {
        let tracker = self.own(workspace).await?;
        let dockets = self.ports.dockets.dockets(workspace, DESK).await?;
        let held = dockets.iter().map(Held::of);
        let held = held.collect::<PortResult<Vec<_>>>()?;
        let mut incidents: Vec<Incident> = held.into_iter().map(|held| held.incident).collect();
        incidents.sort_by_key(|i| (i.over.is_some(), std::cmp::Reverse(i.last_at)));
        Ok(Tracked {
            place: tracker.place(),
            has_token: self.people.installation_secret(TOKEN).await?.is_some(),
            links: tracker.links(),
            incidents,
        })
    }

    /// Asks the tracker what it is and whether it takes issues; changes nothing.
    ///
    /// # Errors
    /// What the tracker answers, told to a person.
    pub async fn check(&self, workspace: WorkspaceId) -> Result<TrackerCheck, TrackingError> {
        let tracker = self.own(workspace).await?;
        let token = self.token().await?;
        Ok(tracker.check(&token).await?)
    }

    /// Whether signals can be sent; asks nobody outside.
    ///
    /// # Errors
    /// What is missing.
    pub async fn may_signal(&self, workspace: WorkspaceId) -> Result<(), TrackingError> {
        self.own(workspace).await?;
        self.token().await.map(|_| ())
    }

    /// Sends a signal to the automations beside the tracker, once: an answer that is lost is told and never sent again by itself. The
    /// audit tells who sent it before it goes out.
    ///
    /// # Errors
    /// `Rejected` for a name or payload that cannot be sent; `Reconcile`: whether it arrived has to be looked up there.
    pub async fn signal(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        name: &str,
        payload: &Value,
    ) -> Result<(), TrackingError> {
        let tracker = self.own(workspace).await?;
        let token = self.token().await?;
        let (now, place) = (self.ports.clock.now(), tracker.place());
        let target = ("github", place.as_str(), place.as_str());
        let entry = NewEntry::done(workspace, now, actor, "github.signal", target)
            .after(&json!({ "name": name, "payload": payload }));
        self.ports.audit.record(&[entry]).await?;
        Ok(tracker.signal(&token, name, payload).await?)
    }
}
