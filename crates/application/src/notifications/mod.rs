//! What people are told: news out of the audit and the runs, messages out of news, and where messages go.
//!
//! Two steps, each of which may be repeated after a crash: news is recorded under a name of its own, so that finding it again counts nothing; what is owed
//! because of a notice is stored with the mark that it was planned. Nothing is sent before it is stored.

mod channels;
mod deliver;
mod ended;
mod gather;
mod letter;
mod mornings;
mod planning;
mod settle;
mod words;
mod worker;

pub use channels::{ChannelDraft, NewChannel};
pub(crate) use deliver::target_of;

use crate::Ports;
use crate::changes::Fault;
use crate::events::EventHub;
use crate::people::People;
use crate::stores::Stores;
use chrono::{DateTime, Duration, Utc};
use domain::audit::{Actor, NewEntry};
use domain::ids::{NoticeId, UserId, WorkspaceId};
use domain::notifications::{Delivery, Preferences};
use ports::notices::{DeliveryFilter, ListedNotice, NoticeFilter, Unread};
use ports::{Kind, Page, PageRequest, PortError, PortResult};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

/// What was told is forgotten after so long.
const REMEMBER: Duration = Duration::days(90);
/// How long one message may take, whatever it is sent by, unless told otherwise.
const LEASE: Duration = Duration::seconds(90);

#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    #[error("this cannot be set")]
    Invalid(Vec<Fault>),
    #[error("there is no such channel")]
    UnknownChannel,
    #[error("there is no such notice")]
    UnknownNotice,
    #[error(transparent)]
    Port(#[from] PortError),
}

#[derive(Clone)]
pub struct Notifications {
    ports: Ports,
    hub: EventHub,
    people: People,
    stores: Stores,
    /// Where the command center is, for links.
    public_url: Option<String>,
    lease: Duration,
    /// When each workspace was last looked through as a whole.
    whole: Arc<Mutex<BTreeMap<WorkspaceId, DateTime<Utc>>>>,
    /// What was recorded already, so that looking again writes nothing. Another process has its own; the names decide.
    known: Arc<Mutex<BTreeSet<(WorkspaceId, String)>>>,
}

impl Notifications {
    #[must_use]
    pub fn new(ports: Ports, hub: EventHub, people: People, public_url: Option<String>) -> Self {
        Self {
            stores: Stores::new(ports.clone()),
            ports,
            hub,
            people,
            public_url: public_url.map(|url| url.trim_end_matches('/').to_owned()),
            lease: LEASE,
            whole: Arc::default(),
            known: Arc::default(),
        }
    }

    /// A message whose sender died is taken up again after so long.
    #[must_use]
    pub fn with_lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    pub async fn list(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        filter: &NoticeFilter,
        page: &PageRequest,
    ) -> PortResult<Page<ListedNotice>> {
        let notices = &self.ports.notices;
        notices.notices(workspace, user, filter, page).await
    }

    pub async fn unread(&self, workspace: WorkspaceId, user: UserId) -> PortResult<Unread> {
        self.ports.notices.unread(workspace, user).await
    }

    /// One, or all.
    pub async fn mark_read(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        which: Option<NoticeId>,
    ) -> Result<Unread, NotifyError> {
        let now = self.ports.clock.now();
        let notices = &self.ports.notices;
        let marked = notices.mark_read(workspace, user, which, now).await;
        marked.map_err(|error| match error.kind {
            Kind::NotFound => NotifyError::UnknownNotice,
            _ => NotifyError::Port(error),
        })?;
        self.hub.wake();
        Ok(self.unread(workspace, user).await?)
    }

    pub async fn preferences(
        &self,
        workspace: WorkspaceId,
        user: UserId,
    ) -> PortResult<Preferences> {
        let settings = &self.ports.notice_settings;
        let said = settings.preferences(workspace, user).await?;
        Ok(said.unwrap_or(Preferences::OF_PERSON))
    }

    pub async fn set_preferences(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        preferences: &Preferences,
        by: &Actor,
    ) -> PortResult<()> {
        let id = user.to_string();
        let target = ("notifications", id.as_str(), by.name.as_str());
        let now = self.ports.clock.now();
        let entry = NewEntry::done(workspace, now, by.clone(), "notifications.set", target)
            .after(&serde_json::json!(preferences));
        let settings = &self.ports.notice_settings;
        settings
            .set_preferences(workspace, user, preferences, &entry)
            .await
    }

    /// Whether there is a relay that takes letters.
    #[must_use]
    pub fn has_mail(&self) -> bool {
        self.ports.mail.is_some()
    }

    /// The clock by which times are meant that name none, of the whole workspace.
    pub async fn zone(&self, workspace: WorkspaceId) -> PortResult<String> {
        Ok(self.zone_of(workspace, None).await?.name().to_owned())
    }

    pub async fn deliveries(
        &self,
        workspace: WorkspaceId,
        filter: &DeliveryFilter,
        page: &PageRequest,
    ) -> PortResult<Page<Delivery>> {
        let deliveries = &self.ports.deliveries;
        deliveries.deliveries(workspace, filter, page).await
    }

    pub async fn prune(&self) -> PortResult<u64> {
        let before = self.ports.clock.now() - REMEMBER;
        self.ports.notices.prune_notices(before).await
    }
}
