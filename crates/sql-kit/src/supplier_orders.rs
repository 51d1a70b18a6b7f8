//! Orders that suppliers send to buyers: documents, with the lines that each has beside them.

use crate::audit::{record, record_any};
use crate::codec::json;
use crate::cursor::{Key, Paging};
use crate::{Backend, Cells, Database, Session, Sql, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{StoreScope, SupplierOrderId, WorkspaceId};
use domain::supplier::SupplierOrder;
use ports::supplier_book::{SupplierOrderBook, SupplierOrderFilter};
use ports::{Kind, Page, PageRequest, PortResult};

fn filtered(what: &str, scope: StoreScope, filter: &SupplierOrderFilter) -> Sql {
    let mut sql = Sql::new(format!(
        "SELECT {what} FROM supplier_orders WHERE workspace = "
    ));
    sql.push_arg(scope.workspace)
        .push(" AND store = ")
        .push_arg(scope.store);
    if let Some(order) = filter.order {
        sql.push(" AND order_id = ").push_arg(order.0);
    }
    if let Some(state) = filter.state {
        sql.push(" AND state = ").push_arg(state.as_str());
    }
    sql
}

fn let_go(id: SupplierOrderId) -> Sql {
    Sql::new("DELETE FROM supplier_order_lines WHERE supplier_order = $1").bind(id.0)
}

#[async_trait]
impl<B: Backend> SupplierOrderBook for Database<B> {
    async fn open_supplier_order(&self, order: &SupplierOrder, entry: &NewEntry) -> PortResult<()> {
        let operation = "supplier_orders.open";
        let scope = order.scope;
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new(
            "INSERT INTO supplier_orders (id, workspace, store, our_ref, order_id, state, created_at, \
             next_look_at, version, document) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
             ON CONFLICT DO NOTHING",
        )
        .bind(order.plan.id.0)
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(order.plan.our_ref.as_str())
        .bind(order.plan.order.0)
        .bind(order.state.as_str())
        .bind(order.created_at)
        .bind(order.next_look_at)
        .bind(order.version)
        .bind(json(order));
        let mut refused = (tx.run(sql).await? == 0).then_some("this order is there already");
        for line in &order.plan.lines {
            if refused.is_some() {
                break;
            }
            let sql = Sql::new(
                "INSERT INTO supplier_order_lines (workspace, store, line, supplier_order) \
                 VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            )
            .bind(scope.workspace)
            .bind(scope.store)
            .bind(line.line.0)
            .bind(order.plan.id.0);
            if tx.run(sql).await? == 0 {
                refused = Some("a line is in another order to a supplier already");
            }
        }
        if let Some(detail) = refused {
            tx.undo().await?;
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }

    async fn save_supplier_order(
        &self,
        order: &SupplierOrder,
        entry: Option<&NewEntry>,
    ) -> PortResult<SupplierOrder> {
        let operation = "supplier_orders.save";
        let next = SupplierOrder {
            version: order.version + 1,
            ..order.clone()
        };
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new(
            "UPDATE supplier_orders SET state = $3, next_look_at = $4, version = $5, document = $6 \
             WHERE id = $1 AND workspace = $2 AND version = $5 - 1",
        )
        .bind(order.plan.id.0)
        .bind(order.scope.workspace)
        .bind(order.state.as_str())
        .bind(order.next_look_at)
        .bind(next.version)
        .bind(json(&next));
        if tx.run(sql).await? == 0 {
            tx.undo().await?;
            let detail = "the order was changed meanwhile; look at it again";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        if !order.state.holds_lines() {
            tx.run(let_go(order.plan.id)).await?;
        }
        record_any(&mut tx, entry).await?;
        tx.commit().await?;
        Ok(next)
    }

    async fn supplier_order(
        &self,
        workspace: WorkspaceId,
        id: SupplierOrderId,
    ) -> PortResult<Option<SupplierOrder>> {
        let sql = Sql::new("SELECT document FROM supplier_orders WHERE id = $1 AND workspace = $2")
            .bind(id.0)
            .bind(workspace);
        let operation = "supplier_orders.find";
        let row = self.0.read(operation).await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
    }

    async fn supplier_orders(
        &self,
        scope: StoreScope,
        filter: &SupplierOrderFilter,
        page: &PageRequest,
    ) -> PortResult<Page<SupplierOrder>> {
        let operation = "supplier_orders.list";
        let paging = Paging::new::<B>(operation, &format!("{scope:?}{filter:?}"), page)?;
        let mut session = self.0.read(operation).await?;
        let total = match &paging.after {
            Some(cursor) => cursor.total,
            None => {
                let row = session.one(filtered("COUNT(*)", scope, filter)).await?;
                row.map_or(Ok(0), |row| Cells::of(&row).count())?
            }
        };
        let mut sql = filtered("document", scope, filter);
        paging.newest_first(&mut sql);
        let rows = session.rows(sql).await?;
        let items = rows
            .iter()
            .map(|row| Cells::of(row).json())
            .collect::<Result<Vec<SupplierOrder>, _>>()?;
        Ok(paging.page(items, total, |last| {
            let created = Key::Int(last.created_at.timestamp_micros());
            (created, Key::Id(last.plan.id.0))
        }))
    }

    async fn claim_supplier_order(
        &self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> PortResult<Option<SupplierOrder>> {
        let mut tx = self.0.write("supplier_orders.claim").await?;
        let sql = Sql::new(format!(
            "SELECT document FROM supplier_orders WHERE next_look_at <= $1 \
             ORDER BY next_look_at, id LIMIT 1{}",
            B::FOR_UPDATE
        ))
        .bind(now);
        let row = tx.one(sql).await?;
        let found = row.as_ref().map(|row| Cells::of(row).json()).transpose()?;
        drop(row);
        let Some(found): Option<SupplierOrder> = found else {
            tx.undo().await?;
            return Ok(None);
        };
        // The column alone: the document says when it is due by its state.
        let sql = Sql::new(
            "UPDATE supplier_orders SET next_look_at = $2 WHERE id = $1 AND next_look_at <= $3",
        )
        .bind(found.plan.id.0)
        .bind(until)
        .bind(now);
        let is_ours = tx.run(sql).await? == 1;
        tx.commit().await?;
        Ok(is_ours.then_some(found))
    }

    async fn hurry_supplier_order(
        &self,
        workspace: WorkspaceId,
        id: SupplierOrderId,
        now: DateTime<Utc>,
    ) -> PortResult<()> {
        let mut tx = self.0.write("supplier_orders.hurry").await?;
        let sql = Sql::new(
            "UPDATE supplier_orders SET next_look_at = $3 \
             WHERE id = $1 AND workspace = $2 AND next_look_at > $3",
        )
        .bind(id.0)
        .bind(workspace)
        .bind(now);
        tx.run(sql).await?;
        tx.commit().await
    }
}
