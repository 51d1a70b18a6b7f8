//! A catalogue is scored at the end of its import, in a database with one writer: who keeps opportunities holds it until the lease wants to
//! write, too.

use crate::offers::Shop;
use crate::world::World;
use application::{PortSet, Ports};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::audit::NewEntry;
use domain::ids::{ImportId, OpportunityId, StoreId, StoreScope, TrendSeriesId, WorkspaceId};
use domain::import::Import;
use domain::opportunity::{Opportunity, OpportunitySettings, TrendSeries, Watched};
use ports::imports::{ImportLease, ImportStore};
use ports::opportunities::{OpportunityFilter, OpportunityStore, OpportunitySums};
use ports::{Page, PageRequest, PortResult};
use std::sync::Arc;
use tokio::sync::{Mutex, watch};
use uuid::Uuid;

struct OneWriter {
    opportunities: Arc<dyn OpportunityStore>,
    imports: Arc<dyn ImportStore>,
    turn: Mutex<()>,
    /// How often a lease wanted to write.
    beats: watch::Sender<u64>,
}

#[async_trait]
impl OpportunityStore for OneWriter {
    async fn save_opportunities(
        &self,
        scope: StoreScope,
        round: Uuid,
        found: &[Opportunity],
    ) -> PortResult<()> {
        let _turn = self.turn.lock().await;
        let mut beats = self.beats.subscribe();
        beats.changed().await.unwrap();
        self.opportunities
            .save_opportunities(scope, round, found)
            .await
    }

    async fn settle_opportunities(
        &self,
        scope: StoreScope,
        round: Uuid,
        at: DateTime<Utc>,
    ) -> PortResult<()> {
        self.opportunities
            .settle_opportunities(scope, round, at)
            .await
    }

    async fn opportunities(
        &self,
        scope: StoreScope,
        filter: &OpportunityFilter,
        now: DateTime<Utc>,
        page: &PageRequest,
    ) -> PortResult<Page<Watched>> {
        self.opportunities
            .opportunities(scope, filter, now, page)
            .await
    }

    async fn opportunity(
        &self,
        workspace: WorkspaceId,
        id: OpportunityId,
    ) -> PortResult<Option<Watched>> {
        self.opportunities.opportunity(workspace, id).await
    }

    async fn decide_opportunity(&self, watched: &Watched, entry: &NewEntry) -> PortResult<()> {
        self.opportunities.decide_opportunity(watched, entry).await
    }

    async fn opportunity_sums(
        &self,
        scope: StoreScope,
        now: DateTime<Utc>,
        since: DateTime<Utc>,
    ) -> PortResult<OpportunitySums> {
        self.opportunities.opportunity_sums(scope, now, since).await
    }

    async fn trends(&self, scope: StoreScope) -> PortResult<Vec<TrendSeries>> {
        self.opportunities.trends(scope).await
    }

    async fn save_trends(
        &self,
        scope: StoreScope,
        series: &[TrendSeries],
        entry: &NewEntry,
    ) -> PortResult<()> {
        self.opportunities.save_trends(scope, series, entry).await
    }

    async fn forget_trend(
        &self,
        scope: StoreScope,
        id: TrendSeriesId,
        entry: &NewEntry,
    ) -> PortResult<()> {
        self.opportunities.forget_trend(scope, id, entry).await
    }

    async fn opportunity_settings(
        &self,
        scope: StoreScope,
    ) -> PortResult<Option<OpportunitySettings>> {
        self.opportunities.opportunity_settings(scope).await
    }

    async fn set_opportunity_settings(
        &self,
        settings: &OpportunitySettings,
        entry: &NewEntry,
    ) -> PortResult<()> {
        self.opportunities
            .set_opportunity_settings(settings, entry)
            .await
    }
}

#[async_trait]
impl ImportStore for OneWriter {
    async fn create(&self, import: &Import) -> PortResult<()> {
        self.imports.create(import).await
    }

    async fn find(&self, workspace: WorkspaceId, id: ImportId) -> PortResult<Option<Import>> {
        self.imports.find(workspace, id).await
    }

    async fn list(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        page: &PageRequest,
    ) -> PortResult<Page<Import>> {
        self.imports.list(workspace, store, page).await
    }

    async fn standing(&self, scope: StoreScope, sha256: &str) -> PortResult<Option<ImportId>> {
        self.imports.standing(scope, sha256).await
    }

    async fn replace(&self, import: &Import) -> PortResult<Import> {
        self.imports.replace(import).await
    }

    async fn claim(&self, now: DateTime<Utc>, lease: Duration) -> PortResult<Option<ImportLease>> {
        self.imports.claim(now, lease).await
    }

    async fn advance(
        &self,
        lease: &ImportLease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<Import> {
        self.beats.send_modify(|beats| *beats += 1);
        let _turn = self.turn.lock().await;
        self.imports.advance(lease, now, prolong).await
    }
}

#[tokio::test]
async fn the_lease_is_kept_while_opportunities_hold_the_only_writer() {
    let mut world = World::new().await;
    world.shop.put(crate::world::order(1, 3));
    world.synced().await;
    let one = Arc::new(OneWriter {
        opportunities: world.ports.opportunities.clone(),
        imports: world.ports.imports.clone(),
        turn: Mutex::new(()),
        beats: watch::Sender::new(0),
    });
    world.ports = Ports::from(PortSet {
        opportunities: one.clone(),
        imports: one,
        ..PortSet::clone(&world.ports)
    });
    let mut shop = Shop::over(world).await;
    // The clock stands still, so that no lease ends; beats come by real time.
    shop.imports = shop.imports.with_lease(Duration::milliseconds(30));
    let file = "Product ID,Supplier,Title,Variant SKU,Variant,You Pay,Currency,Stock,Shipping Cost,Shipping Time,Suggested Price\n\
                P1,Acme,Camping lamp,A1,Red,4.20,USD,7,1.50,3-5,19.99\n";
    let import = shop.imported(file, "part", false);
    let import = tokio::time::timeout(std::time::Duration::from_secs(60), import).await;
    assert!(import.is_ok(), "each waits for the other");
}
