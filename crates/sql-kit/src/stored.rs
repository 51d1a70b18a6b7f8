//! What orders and products have in common as stored things: their age, their deletion, the order of their writers.

use crate::age::Known;
use crate::sql::micros;
use crate::{Backend, Bulk, Cells, Sql, Writer};
use chrono::{DateTime, Utc};
use domain::ids::StoreScope;
use ports::PortResult;
use std::collections::HashMap;

/// Saves of one store follow one another; other stores go on.
pub(crate) fn lock_name(scope: StoreScope) -> String {
    format!("store/{}", scope.store)
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
