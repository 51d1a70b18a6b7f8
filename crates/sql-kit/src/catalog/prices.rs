//! The history of prices, row by row.

use crate::{Backend, Bulk, Cells, Session, Sql, SqlRow, Undecodable, Writer};
use chrono::{DateTime, Utc};
use domain::catalog::Product;
use domain::ids::{StoreScope, VariantId};
use domain::prices::PriceRecord;
use ports::PortResult;
use std::collections::BTreeMap;

/// Oldest first.
pub(super) async fn records<B: Backend, S: Session>(
    session: &mut S,
    scope: StoreScope,
    variants: &[i64],
) -> PortResult<Vec<PriceRecord>> {
    let sql = Sql::new(format!(
        "SELECT variant_id, price, compare_at_price, seen_at FROM price_records \
         WHERE workspace = $1 AND store = $2 AND variant_id {} ORDER BY seen_at, id",
        B::in_list(3)
    ))
    .bind(scope.workspace)
    .bind(scope.store)
    .bind(variants.to_vec());
    let rows = session.rows(sql).await?;
    Ok(rows.iter().map(record).collect::<Result<_, _>>()?)
}

fn record<R: SqlRow>(row: &R) -> Result<PriceRecord, Undecodable> {
    let mut c = Cells::of(row);
    Ok(PriceRecord {
        variant: VariantId(c.int()?),
        price: c.int()?,
        compare_at_price: c.int_or_none()?,
        seen_at: c.at()?,
    })
}

/// Records what the products' variants are offered at now, where that is news.
pub(super) async fn observe<B: Backend, W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    products: &[&Product],
    now: DateTime<Utc>,
) -> PortResult<()> {
    let variants = || products.iter().flat_map(|p| &p.variants);
    let ids: Vec<i64> = variants().map(|v| v.id.0).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let known = records::<B, _>(tx, scope, &ids).await?;
    let mut latest: BTreeMap<VariantId, PriceRecord> =
        known.into_iter().map(|r| (r.variant, r)).collect();
    let mut news = Vec::new();
    for variant in variants() {
        if let Some(record) = PriceRecord::news(latest.get(&variant.id), variant, now) {
            latest.insert(variant.id, record.clone());
            news.push(record);
        }
    }
    let bulk = Bulk::insert("price_records", "")
        .same_id("workspace", scope.workspace.0)
        .same_id("store", scope.store.0)
        .ints("variant_id", news.iter().map(|r| r.variant.0))
        .ints("price", news.iter().map(|r| r.price))
        .ints("compare_at_price", news.iter().map(|r| r.compare_at_price))
        .instants("seen_at", news.iter().map(|r| r.seen_at));
    tx.bulk(bulk).await?;
    Ok(())
}
