//! Suppliers and orders of goods: documents with what is looked for in columns beside them.

use crate::audit::record;
use crate::codec::{json, word};
use crate::cursor::{Key, Paging};
use crate::{Backend, Cells, Database, Session, Sql, Writer, events};
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::ids::{PurchaseOrderId, StoreScope, SupplierId, WorkspaceId};
use domain::purchase::{PurchaseOrder, PurchaseStatus, Supplier};
use ports::events::purchase_order_changed;
use ports::purchases::{PurchaseFilter, PurchaseStore};
use ports::{Kind, Page, PageRequest, PortResult};

fn filtered(what: &str, workspace: WorkspaceId, filter: &PurchaseFilter) -> Sql {
    let mut sql = Sql::new(format!(
        "SELECT {what} FROM purchase_orders WHERE workspace = "
    ));
    sql.push_arg(workspace);
    if let Some(store) = filter.store {
        sql.push(" AND store = ").push_arg(store);
    }
    if let Some(status) = filter.status {
        sql.push(" AND status = ").push_arg(status.as_str());
    }
    if let Some(supplier) = filter.supplier {
        sql.push(" AND supplier = ").push_arg(supplier);
    }
    sql
}

/// Looks below the lock of the workspace's numbers, so that nobody writes between the look and the order.
async fn create<B: Backend>(
    database: &Database<B>,
    order: &PurchaseOrder,
    entry: &NewEntry,
    alone: bool,
) -> PortResult<PurchaseOrder> {
    let operation = "purchases.create";
    let scope = order.scope;
    let mut tx = database.0.write(operation).await?;
    tx.lock(&format!("purchases/{}", scope.workspace)).await?;
    if alone && has_rival::<B>(&mut tx, order).await? {
        tx.undo().await?;
        let detail = "another order of these goods is under way by now";
        return Err(Database::<B>::refuse(Kind::Conflict, operation, detail));
    }
    let sql = Sql::new("SELECT COALESCE(MAX(number), 0) FROM purchase_orders WHERE workspace = $1")
        .bind(scope.workspace);
    let row = tx.one(sql).await?;
    let last = row.as_ref().map_or(Ok(0), |row| Cells::of(row).int())?;
    drop(row);
    let order = PurchaseOrder {
        number: last + 1,
        ..order.clone()
    };
    let sql = Sql::new(
        "INSERT INTO purchase_orders (id, workspace, store, supplier, number, status, \
         version, created_at, document) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         ON CONFLICT DO NOTHING",
    )
    .bind(order.id)
    .bind(scope.workspace)
    .bind(scope.store)
    .bind(order.supplier)
    .bind(order.number)
    .bind(order.status.as_str())
    .bind(order.version)
    .bind(order.created.at)
    .bind(json(&order));
    if tx.run(sql).await? == 0 {
        tx.undo().await?;
        return Err(Database::<B>::refuse(
            Kind::Conflict,
            operation,
            "its id is taken",
        ));
    }
    record(&mut tx, std::slice::from_ref(entry)).await?;
    events::append(&mut tx, &[purchase_order_changed(&order, entry.at)]).await?;
    tx.commit().await?;
    Ok(order)
}

async fn has_rival<B: Backend>(tx: &mut B::Writer, order: &PurchaseOrder) -> PortResult<bool> {
    let rows = tx.rows(in_states::<B>(order.scope, &PurchaseStatus::UNDER_WAY));
    for row in rows.await? {
        let other: PurchaseOrder = Cells::of(&row).json()?;
        if other.rivals(order) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn in_states<B: Backend>(scope: StoreScope, states: &[PurchaseStatus]) -> Sql {
    Sql::new(format!(
        "SELECT document FROM purchase_orders \
         WHERE workspace = $1 AND store = $2 AND status {} ORDER BY number",
        B::in_list(3)
    ))
    .bind(scope.workspace)
    .bind(scope.store)
    .bind(states.iter().map(word).collect::<Vec<_>>())
}

#[async_trait]
impl<B: Backend> PurchaseStore for Database<B> {
    async fn save_supplier(&self, supplier: &Supplier, entry: &NewEntry) -> PortResult<()> {
        let operation = "suppliers.save";
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new(
            "INSERT INTO suppliers (id, workspace, name, document) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, document = excluded.document \
             WHERE suppliers.workspace = excluded.workspace",
        )
        .bind(supplier.id)
        .bind(supplier.workspace)
        .bind(supplier.name.to_ascii_lowercase())
        .bind(json(supplier));
        if tx.run(sql).await? == 0 {
            tx.undo().await?;
            return Err(Self::refuse(Kind::Conflict, operation, "its id is taken"));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }

    async fn supplier(
        &self,
        workspace: WorkspaceId,
        id: SupplierId,
    ) -> PortResult<Option<Supplier>> {
        let sql = Sql::new("SELECT document FROM suppliers WHERE id = $1 AND workspace = $2")
            .bind(id)
            .bind(workspace);
        let row = self.0.read("suppliers.find").await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
    }

    async fn suppliers(&self, workspace: WorkspaceId) -> PortResult<Vec<Supplier>> {
        let sql = Sql::new("SELECT document FROM suppliers WHERE workspace = $1 ORDER BY name, id")
            .bind(workspace);
        let rows = self.0.read("suppliers.list").await?.rows(sql).await?;
        rows.iter().map(|row| Ok(Cells::of(row).json()?)).collect()
    }

    async fn create_purchase(
        &self,
        order: &PurchaseOrder,
        entry: &NewEntry,
    ) -> PortResult<PurchaseOrder> {
        create(self, order, entry, false).await
    }

    async fn create_purchase_alone(
        &self,
        order: &PurchaseOrder,
        entry: &NewEntry,
    ) -> PortResult<PurchaseOrder> {
        create(self, order, entry, true).await
    }

    async fn save_purchase(&self, order: &PurchaseOrder, entry: &NewEntry) -> PortResult<()> {
        let operation = "purchases.save";
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new(
            "UPDATE purchase_orders SET supplier = $3, status = $4, version = $5, document = $6 \
             WHERE id = $1 AND workspace = $2 AND version = $5 - 1",
        )
        .bind(order.id)
        .bind(order.scope.workspace)
        .bind(order.supplier)
        .bind(order.status.as_str())
        .bind(order.version)
        .bind(json(order));
        if tx.run(sql).await? == 0 {
            tx.undo().await?;
            let detail = "the order was changed meanwhile; look at it again";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        events::append(&mut tx, &[purchase_order_changed(order, entry.at)]).await?;
        tx.commit().await
    }

    async fn purchase(
        &self,
        workspace: WorkspaceId,
        id: PurchaseOrderId,
    ) -> PortResult<Option<PurchaseOrder>> {
        let sql = Sql::new("SELECT document FROM purchase_orders WHERE id = $1 AND workspace = $2")
            .bind(id)
            .bind(workspace);
        let row = self.0.read("purchases.find").await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
    }

    async fn purchases(
        &self,
        workspace: WorkspaceId,
        filter: &PurchaseFilter,
        page: &PageRequest,
    ) -> PortResult<Page<PurchaseOrder>> {
        let operation = "purchases.list";
        let paging = Paging::new::<B>(operation, &format!("{workspace}{filter:?}"), page)?;
        let mut session = self.0.read(operation).await?;
        let total = match &paging.after {
            Some(cursor) => cursor.total,
            None => {
                let row = session.one(filtered("COUNT(*)", workspace, filter)).await?;
                row.map_or(Ok(0), |row| Cells::of(&row).count())?
            }
        };
        let mut sql = filtered("document", workspace, filter);
        paging.newest_first(&mut sql);
        let rows = session.rows(sql).await?;
        let items = rows
            .iter()
            .map(|row| Cells::of(row).json())
            .collect::<Result<Vec<PurchaseOrder>, _>>()?;
        Ok(paging.page(items, total, |last| {
            let created = Key::Int(last.created.at.timestamp_micros());
            (created, Key::Id(last.id.0))
        }))
    }

    async fn purchases_in(
        &self,
        scope: StoreScope,
        states: &[PurchaseStatus],
    ) -> PortResult<Vec<PurchaseOrder>> {
        let sql = in_states::<B>(scope, states);
        let rows = self.0.read("purchases.in").await?.rows(sql).await?;
        rows.iter().map(|row| Ok(Cells::of(row).json()?)).collect()
    }
}
