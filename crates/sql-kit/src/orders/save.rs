//! Saving and removing orders: read what is stored in one query, decide, write in bulk, and keep the rollups equal to the fold.

use super::bit;
use crate::age::{self, Candidate, Known, Plan, Write};
use crate::codec::{fingerprint, json, search_text};
use crate::rollups;
use crate::sql::micros;
use crate::{Backend, Bulk, Cells, Database, Sql, Writer, events};
use chrono::{DateTime, Utc};
use domain::ids::{OrderId, StoreScope};
use domain::ledger::Ledger;
use domain::order::Order;
use domain::rollup::{Placement, Rollups, fold};
use ports::PortResult;
use ports::events::{orders_changed, orders_removed};
use ports::orders::{BookedOrder, OrderFlag, SaveReport};
use std::collections::{BTreeSet, HashMap};

/// An order of the batch with its documents.
struct Draft<'a> {
    booked: &'a BookedOrder,
    facts: String,
    ledger: String,
}

type Orders<'a> = [Write<Draft<'a>>];

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
        let mut delta = Rollups::new();
        take_out::<B, _>(&mut tx, scope, &replaced, &mut delta).await?;
        for write in &plan.writes {
            let booked = write.item.booked;
            let added = fold(&Placement::of(&booked.order), &booked.ledger);
            rollups::merge(&mut delta, added, 1);
        }
        write_orders(&mut tx, scope, &plan.writes, observed_at).await?;
        write_items::<B, _>(&mut tx, scope, &plan.writes, &replaced).await?;
        rollups::apply(&mut tx, scope, delta).await?;
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
        let mut delta = Rollups::new();
        let there = take_out::<B, _>(&mut tx, scope, &ids, &mut delta).await?;
        for (table, column) in [
            ("order_items", "order_id"),
            ("order_documents", "id"),
            ("orders", "id"),
        ] {
            delete::<B, _>(&mut tx, table, column, scope, &there).await?;
        }
        bury(&mut tx, "order", scope, &ids, at).await?;
        rollups::apply(&mut tx, scope, delta).await?;
        let removed: Vec<OrderId> = there.iter().copied().map(OrderId).collect();
        if let Some(event) = orders_removed(scope, &removed, at) {
            events::append(&mut tx, &[event]).await?;
        }
        tx.commit().await?;
        Ok(there.len() as u64)
    }
}

/// Saves of one store follow one another; other stores go on.
pub(crate) fn lock_name(scope: StoreScope) -> String {
    format!("store/{}", scope.store)
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

/// Age, content and version of stored rows of `orders` or `products`.
pub(crate) async fn known<B: Backend, W: Writer>(
    tx: &mut W,
    table: &'static str,
    scope: StoreScope,
    ids: &[i64],
) -> PortResult<HashMap<i64, Known>> {
    let sql = Sql::new(format!(
        "SELECT id, updated_at, content, version FROM {table} \
         WHERE workspace = $1 AND store = $2 AND id {}",
        B::in_list(3)
    ))
    .bind(scope.workspace)
    .bind(scope.store)
    .bind(ids.to_vec());
    let rows = tx.rows(sql).await?;
    rows.iter()
        .map(|row| {
            let mut c = Cells::of(row);
            let id = c.int()?;
            let known = Known {
                updated_at: c.int()?,
                content: c.bytes()?,
                version: c.int()?,
                stored: true,
            };
            Ok((id, known))
        })
        .collect()
}

/// When these were deleted, of those that were.
pub(crate) async fn deleted_at<B: Backend, W: Writer>(
    tx: &mut W,
    kind: &'static str,
    scope: StoreScope,
    ids: &[i64],
) -> PortResult<HashMap<i64, i64>> {
    let sql = Sql::new(format!(
        "SELECT id, deleted_at FROM tombstones \
         WHERE workspace = $1 AND store = $2 AND kind = $3 AND id {}",
        B::in_list(4)
    ))
    .bind(scope.workspace)
    .bind(scope.store)
    .bind(kind)
    .bind(ids.to_vec());
    let rows = tx.rows(sql).await?;
    rows.iter()
        .map(|row| {
            let mut c = Cells::of(row);
            Ok((c.int()?, c.int()?))
        })
        .collect()
}

/// Remembers deletions; of two of the same thing the later one.
pub(crate) async fn bury<W: Writer>(
    tx: &mut W,
    kind: &'static str,
    scope: StoreScope,
    ids: &[i64],
    at: DateTime<Utc>,
) -> PortResult<u64> {
    let bulk = Bulk::insert(
        "tombstones",
        "ON CONFLICT (workspace, store, kind, id) DO UPDATE SET deleted_at = excluded.deleted_at \
         WHERE excluded.deleted_at > tombstones.deleted_at",
    )
    .same_id("workspace", scope.workspace.0)
    .same_id("store", scope.store.0)
    .texts("kind", ids.iter().map(|_| kind.to_owned()))
    .ints("id", ids.iter().copied())
    .same_int("deleted_at", micros(at));
    tx.bulk(bulk).await
}

pub(crate) async fn delete<B: Backend, W: Writer>(
    tx: &mut W,
    table: &'static str,
    column: &'static str,
    scope: StoreScope,
    ids: &[i64],
) -> PortResult<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let sql = Sql::new(format!(
        "DELETE FROM {table} WHERE workspace = $1 AND store = $2 AND {column} {}",
        B::in_list(3)
    ))
    .bind(scope.workspace)
    .bind(scope.store)
    .bind(ids.to_vec());
    tx.run(sql).await?;
    Ok(())
}

/// Subtracts what these orders have in the rollups; answers which were there.
async fn take_out<B: Backend, W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    ids: &[i64],
    delta: &mut Rollups,
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
        rollups::merge(delta, fold(&Placement::of(&order), &ledger), -1);
    }
    Ok(there)
}

fn flags(order: &Order) -> i64 {
    [
        (OrderFlag::Refunded, !order.refunds.is_empty()),
        (OrderFlag::Cancelled, order.cancelled_at.is_some()),
        (OrderFlag::Edited, order.edited),
        (OrderFlag::Test, order.test),
    ]
    .into_iter()
    .filter(|(_, is)| *is)
    .map(|(flag, _)| bit(flag))
    .sum()
}

fn search(order: &Order) -> String {
    let lines = order
        .lines
        .iter()
        .flat_map(|l| [l.sku.as_deref().unwrap_or(""), l.title.as_str()]);
    search_text([order.name.as_str()].into_iter().chain(lines))
}

async fn write_orders<W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    writes: &Orders<'_>,
    observed_at: DateTime<Utc>,
) -> PortResult<()> {
    let orders = || writes.iter().map(|w| &w.item.booked.order);
    let bulk = Bulk::insert(
        "orders",
        "ON CONFLICT (workspace, store, id) DO UPDATE SET name = excluded.name, \
         search = excluded.search, currency = excluded.currency, total = excluded.total, \
         processed_at = excluded.processed_at, updated_at = excluded.updated_at, \
         day = excluded.day, financial_status = excluded.financial_status, \
         fulfillment_status = excluded.fulfillment_status, channel = excluded.channel, \
         country = excluded.country, flags = excluded.flags, content = excluded.content, \
         version = excluded.version, observed_at = excluded.observed_at",
    )
    .same_id("workspace", scope.workspace.0)
    .same_id("store", scope.store.0)
    .ints("id", writes.iter().map(|w| w.id))
    .texts("name", orders().map(|o| o.name.clone()))
    .texts("search", orders().map(search))
    .texts("currency", orders().map(|o| o.currency.code().to_owned()))
    .ints("total", orders().map(|o| o.totals.current_total))
    .instants("processed_at", orders().map(|o| o.processed_at))
    .ints("updated_at", writes.iter().map(|w| w.updated_at))
    .texts(
        "day",
        writes.iter().map(|w| w.item.booked.ledger.day.to_string()),
    )
    .texts(
        "financial_status",
        orders().map(|o| o.financial_status.clone()),
    )
    .texts(
        "fulfillment_status",
        orders().map(|o| o.fulfillment_status.clone()),
    )
    .texts("channel", orders().map(|o| o.channel.clone()))
    .texts("country", orders().map(|o| o.country.clone()))
    .ints("flags", orders().map(flags))
    .bytes("content", writes.iter().map(|w| w.content.clone()))
    .ints("version", writes.iter().map(|w| w.version))
    .same_int("observed_at", micros(observed_at));
    tx.bulk(bulk).await?;

    let documents = Bulk::insert(
        "order_documents",
        "ON CONFLICT (workspace, store, id) \
         DO UPDATE SET facts = excluded.facts, ledger = excluded.ledger",
    )
    .same_id("workspace", scope.workspace.0)
    .same_id("store", scope.store.0)
    .ints("id", writes.iter().map(|w| w.id))
    .texts("facts", writes.iter().map(|w| w.item.facts.clone()))
    .texts("ledger", writes.iter().map(|w| w.item.ledger.clone()));
    tx.bulk(documents).await?;
    Ok(())
}

/// What was sold, each product and variant of an order once.
async fn write_items<B: Backend, W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    writes: &Orders<'_>,
    replaced: &[i64],
) -> PortResult<()> {
    delete::<B, _>(tx, "order_items", "order_id", scope, replaced).await?;
    let mut items = Vec::new();
    for write in writes {
        let order = &write.item.booked.order;
        let mut seen = BTreeSet::new();
        for line in &order.lines {
            let known = line.product.is_some() || line.variant.is_some();
            if known && seen.insert((line.product, line.variant)) {
                items.push((order, seen.len(), line));
            }
        }
    }
    let bulk = Bulk::insert("order_items", "")
        .same_id("workspace", scope.workspace.0)
        .same_id("store", scope.store.0)
        .ints("order_id", items.iter().map(|(o, _, _)| o.id.0))
        .ints("position", items.iter().map(|(_, n, _)| *n as i64))
        .ints(
            "product_id",
            items.iter().map(|(_, _, l)| l.product.map(|p| p.0)),
        )
        .ints(
            "variant_id",
            items.iter().map(|(_, _, l)| l.variant.map(|v| v.0)),
        )
        .instants("sold_at", items.iter().map(|(o, _, _)| o.processed_at))
        .texts("title", items.iter().map(|(_, _, l)| l.title.clone()))
        .texts(
            "variant_title",
            items.iter().map(|(_, _, l)| l.variant_title.clone()),
        );
    tx.bulk(bulk).await?;
    Ok(())
}
