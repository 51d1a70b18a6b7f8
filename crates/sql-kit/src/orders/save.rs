//! Saving and removing orders: read what is stored in one query, decide, write in bulk, and keep the rollups equal to the fold.

use super::write;
use crate::age::{self, Candidate, Plan};
use crate::codec::{fingerprint, json};
use crate::customers::days;
use crate::rollups;
use crate::sql::micros;
use crate::stored::{bury, delete, deleted_at, known, lock_name};
use crate::{Backend, Cells, Database, Sql, Writer, events};
use chrono::{DateTime, Utc};
use domain::customers::CustomerDays;
use domain::ids::{OrderId, StoreScope};
use domain::ledger::Ledger;
use domain::order::Order;
use domain::rollup::{Placement, Rollups, fold};
use ports::PortResult;
use ports::events::{orders_changed, orders_removed};
use ports::orders::{BookedOrder, SaveReport};
use std::collections::BTreeSet;

/// An order of the batch with its documents.
pub(super) struct Draft<'a> {
    pub booked: &'a BookedOrder,
    pub facts: String,
    pub ledger: String,
}

impl<B: Backend> Database<B> {
    pub(super) async fn save_orders(
        &self,
        scope: StoreScope,
        batch: &[BookedOrder],
        observed_at: DateTime<Utc>,
    ) -> PortResult<SaveReport> {
        let candidates: Vec<_> = batch.iter().map(candidate).collect();
        let ids: Vec<i64> = candidates.iter().map(|c| c.id).collect();
        let mut tx = self.0.write("orders.save").await?;
        tx.lock(&lock_name(scope)).await?;
        let known = known::<B, _>(&mut tx, "orders", scope, &ids).await?;
        let deleted = deleted_at::<B, _>(&mut tx, "order", scope, &ids).await?;
        let plan = age::plan(known, &deleted, candidates);

        let replaced: Vec<i64> = plan
            .writes
            .iter()
            .filter(|w| w.replaces)
            .map(|w| w.id)
            .collect();
        let mut delta = Delta::default();
        take_out::<B, _>(&mut tx, scope, &replaced, &mut delta).await?;
        for write in &plan.writes {
            let booked = write.item.booked;
            delta.merge(&booked.order, &booked.ledger, 1);
        }
        write::orders(&mut tx, scope, &plan.writes, observed_at).await?;
        write::items::<B, _>(&mut tx, scope, &plan.writes, &replaced).await?;
        delta.apply::<B, _>(&mut tx, scope).await?;
        let report = report(plan);
        if let Some(event) = orders_changed(scope, &report, observed_at) {
            events::append(&mut tx, &[event]).await?;
        }
        tx.commit().await?;
        Ok(report)
    }

    pub(super) async fn remove_orders(
        &self,
        scope: StoreScope,
        ids: &[OrderId],
        at: DateTime<Utc>,
    ) -> PortResult<u64> {
        let ids: BTreeSet<i64> = ids.iter().map(|id| id.0).collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        let mut tx = self.0.write("orders.remove").await?;
        tx.lock(&lock_name(scope)).await?;
        let mut delta = Delta::default();
        let there = take_out::<B, _>(&mut tx, scope, &ids, &mut delta).await?;
        for (table, column) in [
            ("order_items", "order_id"),
            ("order_documents", "id"),
            ("orders", "id"),
        ] {
            delete::<B, _>(&mut tx, table, column, scope, &there).await?;
        }
        bury(&mut tx, "order", scope, &ids, at).await?;
        delta.apply::<B, _>(&mut tx, scope).await?;
        let removed: Vec<OrderId> = there.iter().copied().map(OrderId).collect();
        if let Some(event) = orders_removed(scope, &removed, at) {
            events::append(&mut tx, &[event]).await?;
        }
        tx.commit().await?;
        Ok(there.len() as u64)
    }
}

/// How the sums change: by day and dimension, by customer and day.
#[derive(Default)]
struct Delta {
    rollups: Rollups,
    days: CustomerDays,
}

impl Delta {
    fn merge(&mut self, order: &Order, ledger: &Ledger, sign: i64) {
        let of_order = fold(&Placement::of(order), ledger);
        days::merge(&mut self.days, order.customer, &of_order, sign);
        rollups::merge(&mut self.rollups, of_order, sign);
    }

    async fn apply<B: Backend, W: Writer>(self, tx: &mut W, scope: StoreScope) -> PortResult<()> {
        rollups::apply(tx, scope, self.rollups).await?;
        days::apply::<B, _>(tx, scope, self.days).await
    }
}

fn candidate(booked: &BookedOrder) -> Candidate<Draft<'_>> {
    let facts = json(&booked.order);
    let ledger = json(&booked.ledger);
    Candidate {
        id: booked.order.id.0,
        updated_at: micros(booked.order.updated_at),
        content: fingerprint(&[&facts, &ledger]),
        item: Draft {
            booked,
            facts,
            ledger,
        },
    }
}

fn report(plan: Plan<Draft<'_>>) -> SaveReport {
    let ids = |ids: Vec<i64>| ids.into_iter().map(OrderId).collect();
    SaveReport {
        created: ids(plan.created),
        changed: ids(plan.changed),
        unchanged: ids(plan.unchanged),
        stale: ids(plan.stale),
    }
}

/// Subtracts what these orders have in the rollups; answers which were there.
async fn take_out<B: Backend, W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    ids: &[i64],
    delta: &mut Delta,
) -> PortResult<Vec<i64>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = Sql::new(format!(
        "SELECT id, facts, ledger FROM order_documents \
         WHERE workspace = $1 AND store = $2 AND id {} ORDER BY id",
        B::in_list(3)
    ))
    .bind(scope.workspace)
    .bind(scope.store)
    .bind(ids.to_vec());
    let rows = tx.rows(sql).await?;
    let mut there = Vec::with_capacity(rows.len());
    for row in &rows {
        let mut c = Cells::of(row);
        there.push(c.int()?);
        let order: Order = c.json()?;
        let ledger: Ledger = c.json()?;
        delta.merge(&order, &ledger, -1);
    }
    Ok(there)
}
