//! Which supplier products are worth selling: scored when a catalogue or the settings change, decided on by people.

mod decide;
mod draft;
mod facts;
mod matches;
mod score;
mod settings;
mod settle;
mod trends;

pub use decide::Approval;
pub(crate) use draft::draft;
pub(crate) use facts::worth;
pub(crate) use facts::{fee, main_countries};
pub use matches::{MatchWish, TitledMatch};
pub(crate) use score::Scoring;
pub use settings::SettingsChange;
pub use trends::{MOST_TREND_BYTES, TrendTold, TrendsTold};

use crate::Ports;
use crate::changes::{ChangeError, Changes, Fault};
use crate::events::EventHub;
use crate::stores::{StoreError, Stores};
use domain::ids::{OpportunityId, StoreId, SupplierProductId, WorkspaceId};
use domain::opportunity::{Watch, Watched};
use domain::store::Store;
use domain::supplier::{PricePoint, SupplierProduct};
use ports::opportunities::{OpportunityFilter, OpportunitySums};
use ports::suppliers::OfferFilter;
use ports::{Page, PageRequest, PortError, PortResult};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

#[derive(Debug, thiserror::Error)]
pub enum OpportunityError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("there is no such opportunity")]
    Unknown,
    #[error("there is no such supplier product")]
    UnknownOffer,
    #[error("there is no such series of a trend")]
    UnknownTrend,
    #[error("somebody else decided about it meanwhile; look at it again")]
    ChangedMeanwhile,
    #[error("that cannot be done with it any more: it is {}", .0.as_str())]
    Decided(Watch),
    #[error("no supplier offers it any more")]
    Gone,
    #[error("this cannot be done")]
    Invalid(Vec<Fault>),
    #[error(transparent)]
    Change(#[from] ChangeError),
    #[error("the settings were changed otherwise meanwhile; look at them again")]
    SetMeanwhile,
    #[error(transparent)]
    Port(#[from] PortError),
}

#[derive(Clone)]
pub struct Opportunities {
    ports: Ports,
    hub: EventHub,
    stores: Stores,
    changes: Changes,
    scoring: Scoring,
    /// Whether what was decided while no server ran was taken over.
    caught_up: Arc<AtomicBool>,
}

impl Opportunities {
    #[must_use]
    pub fn new(ports: Ports, hub: EventHub, changes: Changes) -> Self {
        Self {
            stores: Stores::new(ports.clone()),
            scoring: Scoring::new(ports.clone(), hub.clone()),
            ports,
            hub,
            changes,
            caught_up: Arc::default(),
        }
    }

    pub async fn store(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
    ) -> Result<Store, StoreError> {
        self.stores.pick(workspace, store).await
    }

    /// The best first.
    pub async fn list(
        &self,
        store: &Store,
        filter: &OpportunityFilter,
        page: &PageRequest,
    ) -> PortResult<Page<Watched>> {
        let now = self.ports.clock.now();
        let port = &self.ports.opportunities;
        port.opportunities(store.scope, filter, now, page).await
    }

    pub async fn find(
        &self,
        workspace: WorkspaceId,
        id: OpportunityId,
    ) -> Result<Watched, OpportunityError> {
        let found = self.ports.opportunities.opportunity(workspace, id).await?;
        found.ok_or(OpportunityError::Unknown)
    }

    /// With what was found since the store's day began.
    pub async fn sums(&self, store: &Store) -> PortResult<OpportunitySums> {
        let now = self.ports.clock.now();
        let calendar = crate::ingest::calendar(store)?;
        let since = calendar.start_of(calendar.day_of(now));
        let port = &self.ports.opportunities;
        port.opportunity_sums(store.scope, now, since).await
    }

    /// Over all stores of the workspace; `None` where nothing was ever offered to any of them.
    pub async fn sums_of(&self, workspace: WorkspaceId) -> PortResult<Option<OpportunitySums>> {
        let (mut all, mut is_known) = (OpportunitySums::default(), false);
        for store in self.stores.list(workspace).await? {
            let (any, first) = (OfferFilter::default(), PageRequest::first(1));
            let offered = self.offers(&store, &any, &first).await?;
            is_known |= !offered.items.is_empty();
            let sums = self.sums(&store).await?;
            all.waiting += sums.waiting;
            all.high += sums.high;
            all.approved += sums.approved;
            all.discovered += sums.discovered;
        }
        Ok(is_known.then_some(all))
    }

    pub async fn offers(
        &self,
        store: &Store,
        filter: &OfferFilter,
        page: &PageRequest,
    ) -> PortResult<Page<SupplierProduct>> {
        self.ports
            .suppliers
            .list_offers(store.scope, filter, page)
            .await
    }

    /// Of whichever store it is.
    pub async fn offer_of(
        &self,
        workspace: WorkspaceId,
        id: SupplierProductId,
    ) -> Result<(SupplierProduct, Vec<PricePoint>), OpportunityError> {
        for store in self.stores.list(workspace).await? {
            match self.offer(&store, id).await {
                Err(OpportunityError::UnknownOffer) => {}
                found => return found,
            }
        }
        Err(OpportunityError::UnknownOffer)
    }

    /// With its prices, the newest first.
    pub async fn offer(
        &self,
        store: &Store,
        id: SupplierProductId,
    ) -> Result<(SupplierProduct, Vec<PricePoint>), OpportunityError> {
        let found = self.ports.suppliers.offers(store.scope, &[id]).await?;
        let product = found.into_iter().next();
        let product = product.ok_or(OpportunityError::UnknownOffer)?;
        let prices = self.ports.suppliers.offer_prices(store.scope, id).await?;
        Ok((product, prices))
    }
}
