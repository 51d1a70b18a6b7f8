//! What people are told: notices with who has read them, where they go, and the messages that are owed.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::audit::NewEntry;
use domain::ids::{ChannelId, NoticeId, UserId, WorkspaceId};
use domain::notifications::{
    Channel, Delivery, DeliveryState, News, Notice, NoticeKind, Preferences, Recipient, Severity,
};

/// How far a workspace was looked through.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// The last entry of the audit that was looked at; 0 before the first.
    pub audit: i64,
    /// What ended before is not told; `None`: everything is.
    pub since: Option<DateTime<Utc>>,
}

/// A notice as somebody sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedNotice {
    pub notice: Notice,
    pub read: bool,
}

/// Filters are joined by *and*.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoticeFilter {
    pub unread: bool,
    pub severity: Option<Severity>,
}

/// What somebody has not read yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unread {
    pub info: u64,
    pub warning: u64,
    pub critical: u64,
}

#[async_trait]
pub trait NoticeStore: Send + Sync {
    async fn seen(&self, workspace: WorkspaceId) -> PortResult<Seen>;
    /// Keeps what happened, and how far the audit was looked through, in one transaction; answers the notices that began. A key that is known
    /// counts nothing, whoever brings it. What is joined by news counts it and tells it; who has read it has read it. `audit` never goes back.
    async fn record(
        &self,
        workspace: WorkspaceId,
        news: &[News],
        audit: Option<i64>,
        now: DateTime<Utc>,
    ) -> PortResult<Vec<Notice>>;
    /// The newest first, by when they began.
    async fn notices(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        filter: &NoticeFilter,
        page: &PageRequest,
    ) -> PortResult<Page<ListedNotice>>;
    async fn unread(&self, workspace: WorkspaceId, user: UserId) -> PortResult<Unread>;
    /// One, or all that there are; for this person alone. Answers how many were not read before; `NotFound` when the one is not there.
    async fn mark_read(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        which: Option<NoticeId>,
        now: DateTime<Utc>,
    ) -> PortResult<u64>;
    /// Those of a kind that are not settled, oldest first.
    async fn unsettled(&self, workspace: WorkspaceId, kind: NoticeKind) -> PortResult<Vec<Notice>>;
    /// What these are about is over: from then on nobody has them unread, nothing joins them, and no message tells of them that nobody is
    /// just sending; a message that has nothing else to tell is not sent at all. One that something joined since it was looked at stays as it
    /// is. Answers how many were settled.
    async fn settle(
        &self,
        workspace: WorkspaceId,
        looked_at: &[Notice],
        now: DateTime<Utc>,
    ) -> PortResult<u64>;
    /// Those for which no messages were planned yet, over all workspaces, oldest first.
    async fn unplanned(&self, limit: u32) -> PortResult<Vec<Notice>>;
    /// Stores what is owed because of a notice, which is planned from then on, in one transaction; a notice that is planned stores nothing. A
    /// digest that is there takes the notice up; `Conflict`, and nothing stored, when it has been taken up to be sent.
    async fn plan(&self, notice: &Notice, owed: &[Delivery]) -> PortResult<()>;
    /// Forgets notices that last happened before, with who read them, and messages that ended before. Answers how many notices.
    async fn prune_notices(&self, before: DateTime<Utc>) -> PortResult<u64>;
}

/// How a message to a channel fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fared<'a> {
    Took,
    /// `gone`: it says that it is no more.
    Failed {
        error: &'a str,
        gone: bool,
    },
}

#[async_trait]
pub trait NoticeSettings: Send + Sync {
    /// `None`: this person never said anything.
    async fn preferences(
        &self,
        workspace: WorkspaceId,
        user: UserId,
    ) -> PortResult<Option<Preferences>>;
    async fn set_preferences(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        preferences: &Preferences,
        entry: &NewEntry,
    ) -> PortResult<()>;
    /// The oldest first.
    async fn channels(&self, workspace: WorkspaceId) -> PortResult<Vec<Channel>>;
    /// `None` in another workspace.
    async fn channel(&self, workspace: WorkspaceId, id: ChannelId) -> PortResult<Option<Channel>>;
    /// Makes it, or sets it, with the audit's entry or not at all. `Conflict` when its id is another workspace's.
    async fn save_channel(&self, channel: &Channel, entry: &NewEntry) -> PortResult<()>;
    /// `NotFound` when there is none.
    async fn remove_channel(
        &self,
        workspace: WorkspaceId,
        id: ChannelId,
        entry: &NewEntry,
    ) -> PortResult<()>;
    /// Notes it on what is stored of the channel, so that nothing that was set meanwhile is lost; answers whether this switched it off.
    async fn fared(
        &self,
        workspace: WorkspaceId,
        id: ChannelId,
        how: Fared<'_>,
        now: DateTime<Utc>,
    ) -> PortResult<bool>;
}

/// The right to send a message; see [`crate::syncs::Lease`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedDelivery {
    pub delivery: Delivery,
    pub fence: i64,
    /// What it tells, oldest first.
    pub notices: Vec<Notice>,
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried<'a> {
    Taken,
    Again { error: &'a str, at: DateTime<Utc> },
    GivenUp { error: &'a str },
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    pub state: Option<DeliveryState>,
    pub recipient: Option<Recipient>,
}

#[async_trait]
pub trait DeliveryStore: Send + Sync {
    /// The oldest that is due and nobody works on, or whose lease ran out; claimed by one caller only. A claim is a try.
    async fn claim_delivery(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> PortResult<Option<ClaimedDelivery>>;
    /// `Conflict` when the fence is old, and then nothing is stored.
    async fn tried(
        &self,
        claimed: &ClaimedDelivery,
        how: Tried<'_>,
        now: DateTime<Utc>,
    ) -> PortResult<()>;
    /// Stores one that was tried at once; for tests that people ask for.
    async fn note_delivery(&self, delivery: &Delivery) -> PortResult<()>;
    /// The newest first.
    async fn deliveries(
        &self,
        workspace: WorkspaceId,
        filter: &DeliveryFilter,
        page: &PageRequest,
    ) -> PortResult<Page<Delivery>>;
}
