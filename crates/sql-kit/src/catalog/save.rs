//! Saving and removing products, and recording the costs and prices that they show.

use super::read::title_key;
use super::{costs, prices};
use crate::age::{self, Candidate, Write};
use crate::codec::{fingerprint, json, search_text};
use crate::sql::micros;
use crate::stored::{bury, delete, deleted_at, known, lock_name};
use crate::{Backend, Bulk, Cells, Database, Session, Sql, Writer, events};
use chrono::{DateTime, Utc};
use domain::catalog::{CostBook, CostRecord, Product};
use domain::ids::{ProductId, StoreScope};
use ports::PortResult;
use ports::catalog::CatalogReport;
use ports::events::{products_changed, products_removed};
use std::collections::{BTreeMap, BTreeSet, HashSet};

type Products<'a> = [Write<(&'a Product, String)>];

impl<B: Backend> Database<B> {
    pub(super) async fn save_products(
        &self,
        scope: StoreScope,
        batch: &[Product],
        observed_at: DateTime<Utc>,
    ) -> PortResult<CatalogReport> {
        let candidates: Vec<_> = batch.iter().map(candidate).collect();
        let ids: Vec<i64> = candidates.iter().map(|c| c.id).collect();
        let mut tx = self.0.write("catalog.save").await?;
        tx.lock(&lock_name(scope)).await?;
        let known = known::<B, _>(&mut tx, "products", scope, &ids).await?;
        let deleted = deleted_at::<B, _>(&mut tx, "product", scope, &ids).await?;
        let plan = age::plan(known, &deleted, candidates);

        write_products(&mut tx, scope, &plan.writes, observed_at).await?;
        write_variants::<B, _>(&mut tx, scope, &plan.writes).await?;
        // What is unchanged may still show a cost that was never recorded; what is stale shows none.
        let written: HashSet<i64> = plan.writes.iter().map(|w| w.id).collect();
        let unchanged: HashSet<i64> = plan.unchanged.iter().copied().collect();
        let stale: HashSet<i64> = plan.stale.iter().copied().collect();
        let as_stored = |p: &&Product| {
            let id = p.id.0;
            unchanged.contains(&id) && !written.contains(&id) && !stale.contains(&id)
        };
        let fresh = plan.writes.iter().map(|w| w.item.0);
        let seen: Vec<&Product> = fresh.chain(batch.iter().filter(as_stored)).collect();
        let costs = observe::<B, _>(&mut tx, scope, &seen, observed_at).await?;
        prices::observe::<B, _>(&mut tx, scope, &seen, observed_at).await?;
        let ids = |ids: Vec<i64>| ids.into_iter().map(ProductId).collect();
        let report = CatalogReport {
            created: ids(plan.created),
            changed: ids(plan.changed),
            unchanged: ids(plan.unchanged),
            stale: ids(plan.stale),
            costs,
        };
        if let Some(event) = products_changed(scope, &report, observed_at) {
            events::append(&mut tx, &[event]).await?;
        }
        tx.commit().await?;
        Ok(report)
    }

    pub(super) async fn remove_products(
        &self,
        scope: StoreScope,
        ids: &[ProductId],
        at: DateTime<Utc>,
    ) -> PortResult<u64> {
        let ids: BTreeSet<i64> = ids.iter().map(|id| id.0).collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        let mut tx = self.0.write("catalog.remove").await?;
        tx.lock(&lock_name(scope)).await?;
        let sql = Sql::new(format!(
            "SELECT id FROM products WHERE workspace = $1 AND store = $2 AND id {} ORDER BY id",
            B::in_list(3)
        ))
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(ids.clone());
        let rows = tx.rows(sql).await?;
        let there = rows
            .iter()
            .map(|row| Cells::of(row).int())
            .collect::<Result<Vec<_>, _>>()?;
        delete::<B, _>(&mut tx, "variants", "product_id", scope, &there).await?;
        delete::<B, _>(&mut tx, "products", "id", scope, &there).await?;
        bury(&mut tx, "product", scope, &ids, at).await?;
        let removed: Vec<ProductId> = there.iter().copied().map(ProductId).collect();
        if let Some(event) = products_removed(scope, &removed, at) {
            events::append(&mut tx, &[event]).await?;
        }
        tx.commit().await?;
        Ok(there.len() as u64)
    }
}

fn candidate(product: &Product) -> Candidate<(&Product, String)> {
    let facts = json(product);
    Candidate {
        id: product.id.0,
        updated_at: micros(product.updated_at),
        content: fingerprint(&[&facts]),
        item: (product, facts),
    }
}

fn search(product: &Product) -> String {
    let skus = product.variants.iter().filter_map(|v| v.sku.as_deref());
    let fields = [&product.title, &product.vendor, &product.product_type];
    search_text(fields.into_iter().map(String::as_str).chain(skus))
}

fn cost_missing(product: &Product) -> i64 {
    i64::from(product.variants.iter().any(|v| v.unit_cost.is_none()))
}

async fn write_products<W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    writes: &Products<'_>,
    observed_at: DateTime<Utc>,
) -> PortResult<()> {
    let products = || writes.iter().map(|w| w.item.0);
    let bulk = Bulk::insert(
        "products",
        "ON CONFLICT (workspace, store, id) DO UPDATE SET title = excluded.title, \
         title_key = excluded.title_key, search = excluded.search, status = excluded.status, \
         cost_missing = excluded.cost_missing, created_at = excluded.created_at, \
         updated_at = excluded.updated_at, content = excluded.content, \
         version = excluded.version, observed_at = excluded.observed_at, facts = excluded.facts",
    )
    .same_id("workspace", scope.workspace.0)
    .same_id("store", scope.store.0)
    .ints("id", writes.iter().map(|w| w.id))
    .texts("title", products().map(|p| p.title.clone()))
    .texts("title_key", products().map(|p| title_key(&p.title)))
    .texts("search", products().map(search))
    .texts("status", products().map(|p| p.status.clone()))
    .ints("cost_missing", products().map(cost_missing))
    .instants("created_at", products().map(|p| p.created_at))
    .ints("updated_at", writes.iter().map(|w| w.updated_at))
    .bytes("content", writes.iter().map(|w| w.content.clone()))
    .ints("version", writes.iter().map(|w| w.version))
    .same_int("observed_at", micros(observed_at))
    .texts("facts", writes.iter().map(|w| w.item.1.clone()));
    tx.bulk(bulk).await?;
    Ok(())
}

async fn write_variants<B: Backend, W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    writes: &Products<'_>,
) -> PortResult<()> {
    let replaced: Vec<i64> = writes.iter().filter(|w| w.replaces).map(|w| w.id).collect();
    delete::<B, _>(tx, "variants", "product_id", scope, &replaced).await?;
    // By id: a variant is one product's, and the last one that claims it has it.
    let variants: BTreeMap<i64, (i64, &str)> = writes
        .iter()
        .flat_map(|w| w.item.0.variants.iter().map(|v| (v, w.id)))
        .map(|(v, product)| (v.id.0, (product, v.title.as_str())))
        .collect();
    let bulk = Bulk::insert(
        "variants",
        "ON CONFLICT (workspace, store, id) \
         DO UPDATE SET product_id = excluded.product_id, title = excluded.title",
    )
    .same_id("workspace", scope.workspace.0)
    .same_id("store", scope.store.0)
    .ints("id", variants.keys().copied())
    .ints("product_id", variants.values().map(|(product, _)| *product))
    .texts(
        "title",
        variants.values().map(|(_, title)| (*title).to_owned()),
    );
    tx.bulk(bulk).await?;
    Ok(())
}

/// Records what the products' variants cost now, where that is news.
async fn observe<B: Backend, W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    products: &[&Product],
    now: DateTime<Utc>,
) -> PortResult<Vec<CostRecord>> {
    let variants = || products.iter().flat_map(|p| &p.variants);
    let ids: Vec<i64> = variants().map(|v| v.id.0).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut book = CostBook::new(costs::records::<B, _>(tx, scope, Some(&ids)).await?);
    let mut news = Vec::new();
    for variant in variants() {
        if let Some(record) = book.observe(variant.id, variant.unit_cost, now) {
            book.insert(record.clone());
            news.push(record);
        }
    }
    costs::insert(tx, scope, &news).await?;
    Ok(news)
}
