//! Changing what is outside: people propose, another look approves, a worker writes what was approved and reads it back.
//!
//! The set's row is the truth. A worker holds it by a lease; before each write the intent is stored together with the guard's yes,
//! so that a worker that takes over looks first at what may have been sent.

mod ad_outcomes;
mod ads;
mod alone;
mod books;
mod by_agent;
mod campaigns;
mod cancel;
mod decide;
mod discount;
mod draft;
mod edits;
mod evidence;
mod finish;
mod guard;
mod limits;
mod outcomes;
mod propose;
mod put_back;
mod refund;
mod run;
mod settle;
mod signals;
mod stops;
mod supply;
mod words;
mod worker;
mod write;

pub use ads::{AdEdit, AdWish};
pub use alone::RefundAllowance;
pub(crate) use by_agent::{Proposer, set_id};
pub use campaigns::CampaignEdit;
pub use cancel::CancelEdit;
pub use decide::Approver;
pub use discount::DiscountEdit;
pub(crate) use draft::tidy as tidy_draft;
pub use edits::Edit;
pub(crate) use edits::label;
pub use limits::LimitsChange;
pub(crate) use outcomes::MEASURED;
pub use propose::NewChangeSet;
pub use refund::{RefundEdit, RestockWish};
pub use settle::Told;
pub(crate) use supply::CALLED_OFF;

use crate::Ports;
use crate::connections::Connections;
use crate::events::EventHub;
use crate::stores::{StoreError, Stores};
use crate::tracking::Tracking;
use chrono::Duration;
use domain::changes::{ChangeSet, ChangeSetStatus};
use domain::ids::{ChangeSetId, StoreId, WorkspaceId};
use domain::purchase::Refusal;
use domain::store::Store;
use ports::changes::ChangeFilter;
use ports::{Page, PageRequest, PortError, PortResult};
use std::sync::Arc;
use tokio::sync::Notify;

const DEFAULT_LEASE: Duration = Duration::seconds(15);

/// What is wrong with one part of what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// `edits[3].after`
    pub field: String,
    pub message: String,
}

impl Fault {
    pub(crate) fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("this cannot be proposed")]
    Invalid(Vec<Fault>),
    #[error("this store has no connection over which it could be changed")]
    NoConnection,
    #[error("there is no such change-set")]
    UnknownSet,
    #[error("it is not what was looked at any more; look again")]
    OtherDigest,
    #[error("it waits for nobody any more: it is {}", .0.as_str())]
    NotWaiting(ChangeSetStatus),
    #[error("somebody else decided on it first; look at it again")]
    DecidedMeanwhile,
    #[error("nobody decided in time; propose it again")]
    Expired,
    #[error("what an agent proposed is approved by a person")]
    NeedsPerson,
    #[error("whoever approves their own change is an operator or higher")]
    OwnProposal,
    /// The limit of what one person gives back alone, as a sentence.
    #[error("{0}")]
    NeedsSecond(String),
    /// The stop with its reason.
    #[error("{0}")]
    Stopped(String),
    #[error("it is known what became of it")]
    NothingUnknown,
    /// The limits of orders of goods ask for somebody else.
    #[error(transparent)]
    Order(Refusal),
    #[error("nothing of it can be put back")]
    NothingToUndo,
    #[error("what puts it back was proposed already, and is not decided or applied yet")]
    UndoUnderWay,
    #[error("the limits were set otherwise meanwhile; look at them again")]
    SetMeanwhile,
    #[error("there is no such stop")]
    UnknownStop,
    #[error(transparent)]
    Port(#[from] PortError),
}

#[derive(Clone)]
pub struct Changes {
    pub(crate) ports: Ports,
    hub: EventHub,
    connections: Connections,
    stores: Stores,
    queued: Arc<Notify>,
    lease: Duration,
    /// By which signals go out; `None`: none does.
    tracking: Option<Tracking>,
}

impl Changes {
    #[must_use]
    pub fn new(ports: Ports, hub: EventHub, connections: Connections) -> Self {
        Self {
            stores: Stores::new(ports.clone()),
            ports,
            hub,
            connections,
            queued: Arc::default(),
            lease: DEFAULT_LEASE,
            tracking: None,
        }
    }

    /// Where signals go out.
    #[must_use]
    pub fn with_tracking(self, tracking: Tracking) -> Self {
        let tracking = Some(tracking);
        Self { tracking, ..self }
    }

    /// How long a set whose worker died waits for another one.
    #[must_use]
    pub fn with_lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// The store whose things are to be changed.
    pub async fn store(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
    ) -> Result<Store, StoreError> {
        self.stores.pick(workspace, store).await
    }

    /// All stores of the workspace, for the currencies of their sets.
    pub async fn stores(&self, workspace: WorkspaceId) -> PortResult<Vec<Store>> {
        self.stores.list(workspace).await
    }

    pub async fn find(
        &self,
        workspace: WorkspaceId,
        id: ChangeSetId,
    ) -> PortResult<Option<ChangeSet>> {
        self.ports.changes.find(workspace, id).await
    }

    /// Newest first.
    pub async fn list(
        &self,
        workspace: WorkspaceId,
        filter: &ChangeFilter,
        page: &PageRequest,
    ) -> PortResult<Page<ChangeSet>> {
        self.ports.changes.list(workspace, filter, page).await
    }

    /// How many wait for a decision.
    pub async fn waiting(&self, workspace: WorkspaceId) -> PortResult<u64> {
        let filter = ChangeFilter {
            status: Some(ChangeSetStatus::Proposed),
            ..ChangeFilter::default()
        };
        let page = PageRequest::first(1);
        let page = self.ports.changes.list(workspace, &filter, &page).await?;
        Ok(page.total.unwrap_or_default())
    }
}
