//! Orders and the audit behind gates.

use crate::plant::Plant;
use crate::storage::{Gated, through};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::agents::recommendation::Basket;
use domain::audit::{Checkpoint, Entry, NewEntry};
use domain::calendar::DayRange;
use domain::ids::{OrderId, StoreScope, VariantId, WorkspaceId};
use domain::money::Currency;
use domain::prices::PaidPrice;
use domain::rollup;
use ports::audit::{AuditFilter, AuditLog};
use ports::orders::{BookedOrder, OrderQuery, OrderSpan, OrderStore, SaveReport, StoredOrder};
use ports::reports::ReportStore as _;
use ports::{Page, PageRequest, PortResult};

#[async_trait]
impl OrderStore for Gated {
    async fn save(
        &self,
        scope: StoreScope,
        batch: &[BookedOrder],
        observed_at: DateTime<Utc>,
    ) -> PortResult<SaveReport> {
        let database: &dyn OrderStore = &*self.database;
        self.gate.before("orders.save").await?;
        let saved = database.save(scope, batch, observed_at).await;
        if let (Some(Plant::BookedTwice), Ok(report)) = (self.plant, &saved) {
            self.book_again(scope, batch, report).await?;
        }
        self.gate.after("orders.save").await?;
        saved
    }

    async fn remove(
        &self,
        scope: StoreScope,
        ids: &[OrderId],
        at: DateTime<Utc>,
    ) -> PortResult<u64> {
        let database: &dyn OrderStore = &*self.database;
        through!(self, "orders.remove", database.remove(scope, ids, at))
    }

    async fn find(&self, scope: StoreScope, id: OrderId) -> PortResult<Option<StoredOrder>> {
        let database: &dyn OrderStore = &*self.database;
        through!(self, "orders.find", database.find(scope, id))
    }

    async fn list(
        &self,
        scope: StoreScope,
        query: &OrderQuery,
        page: &PageRequest,
    ) -> PortResult<Page<StoredOrder>> {
        let database: &dyn OrderStore = &*self.database;
        through!(self, "orders.list", database.list(scope, query, page))
    }

    async fn walk(
        &self,
        scope: StoreScope,
        after: Option<OrderId>,
        variants: Option<&[VariantId]>,
        limit: u32,
    ) -> PortResult<Vec<StoredOrder>> {
        let database: &dyn OrderStore = &*self.database;
        let walked = database.walk(scope, after, variants, limit);
        through!(self, "orders.walk", walked)
    }

    async fn span(&self, scope: StoreScope) -> PortResult<OrderSpan> {
        let database: &dyn OrderStore = &*self.database;
        through!(self, "orders.span", database.span(scope))
    }

    async fn count(&self, scope: StoreScope) -> PortResult<u64> {
        let database: &dyn OrderStore = &*self.database;
        through!(self, "orders.count", database.count(scope))
    }

    async fn paid_prices(
        &self,
        scope: StoreScope,
        currency: Currency,
        range: DayRange,
    ) -> PortResult<Vec<PaidPrice>> {
        let database: &dyn OrderStore = &*self.database;
        let paid = database.paid_prices(scope, currency, range);
        through!(self, "orders.paid_prices", paid)
    }

    async fn baskets(&self, scope: StoreScope, range: DayRange) -> PortResult<Vec<Basket>> {
        let database: &dyn OrderStore = &*self.database;
        through!(self, "orders.baskets", database.baskets(scope, range))
    }

    async fn as_of(&self, scope: StoreScope) -> PortResult<Option<DateTime<Utc>>> {
        let database: &dyn OrderStore = &*self.database;
        through!(self, "orders.as_of", database.as_of(scope))
    }
}

impl Gated {
    /// The planted mistake: what came again and changed nothing is added once more.
    async fn book_again(
        &self,
        scope: StoreScope,
        batch: &[BookedOrder],
        report: &SaveReport,
    ) -> PortResult<()> {
        let again = batch
            .iter()
            .filter(|b| report.unchanged.contains(&b.order.id));
        let mut all = self.database.all(scope).await?;
        for booked in again {
            let added = rollup::fold(&rollup::Placement::of(&booked.order), &booked.ledger);
            for (key, measures) in added {
                *all.entry(key).or_default() += measures;
            }
        }
        self.database.replace_all(scope, &all).await
    }
}

#[async_trait]
impl AuditLog for Gated {
    async fn record(&self, entries: &[NewEntry]) -> PortResult<()> {
        through!(self, "audit.record", self.database.record(entries))
    }

    async fn entries(
        &self,
        workspace: WorkspaceId,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> PortResult<Page<Entry>> {
        let listed = self.database.entries(workspace, filter, page);
        through!(self, "audit.entries", listed)
    }

    async fn walk(&self, workspace: WorkspaceId, after: i64, limit: u32) -> PortResult<Vec<Entry>> {
        let database: &dyn AuditLog = &*self.database;
        let mut entries = database.walk(workspace, after, limit).await?;
        if self.plant == Some(Plant::AuditCut) && entries.len() > 2 {
            entries.remove(entries.len() / 2);
        }
        Ok(entries)
    }

    async fn head(&self, workspace: WorkspaceId) -> PortResult<i64> {
        through!(self, "audit.head", self.database.head(workspace))
    }

    async fn put_checkpoint(
        &self,
        workspace: WorkspaceId,
        checkpoint: &Checkpoint,
    ) -> PortResult<()> {
        let put = self.database.put_checkpoint(workspace, checkpoint);
        through!(self, "audit.put_checkpoint", put)
    }

    async fn checkpoints(&self, workspace: WorkspaceId) -> PortResult<Vec<Checkpoint>> {
        through!(
            self,
            "audit.checkpoints",
            self.database.checkpoints(workspace)
        )
    }
}
