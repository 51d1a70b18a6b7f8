//! Writing the sums: deltas are added where a row stands, and rows that come down to nothing go.

use crate::{Bulk, Cells, SqlRow, Undecodable, Writer, codec};
use domain::ids::StoreScope;
use domain::rollup::{Measures, RollupKey, Rollups};
use ports::PortResult;
use std::fmt::Write;
use std::sync::LazyLock;

/// Rows of one statement: bounds the memory of a repair.
const CHUNK: usize = 2_000;

static ADD: LazyLock<String> = LazyLock::new(|| {
    let mut sql = String::from(
        "ON CONFLICT (workspace, store, currency, dimension, day, key) DO UPDATE SET ",
    );
    for (i, name) in Measures::NAMES.iter().enumerate() {
        let comma = if i == 0 { "" } else { ", " };
        write!(sql, "{comma}{name} = rollups.{name} + excluded.{name}").ok();
    }
    sql
});

static ALL_ZERO: LazyLock<String> = LazyLock::new(|| {
    let terms: Vec<String> = Measures::NAMES
        .iter()
        .map(|name| format!("rollups.{name} = 0"))
        .collect();
    terms.join(" AND ")
});

/// `SUM` of each measure, as 64-bit integers, in the order of [`Measures::NAMES`].
pub(crate) static SUMS: LazyLock<String> = LazyLock::new(|| {
    let terms: Vec<String> = Measures::NAMES
        .iter()
        .map(|name| format!("CAST(SUM({name}) AS BIGINT)"))
        .collect();
    terms.join(", ")
});

/// The measures' columns.
pub(crate) static COLUMNS: LazyLock<String> = LazyLock::new(|| Measures::NAMES.join(", "));

pub(crate) fn measures<R: SqlRow>(cells: &mut Cells<'_, R>) -> Result<Measures, Undecodable> {
    let mut values = [0; Measures::NAMES.len()];
    for value in &mut values {
        *value = cells.int()?;
    }
    Ok(Measures::from_values(values))
}

/// Adds `more` to `sum`; `sign` is 1, or -1 to take away.
pub(crate) fn merge(sum: &mut Rollups, more: Rollups, sign: i64) {
    for (key, measures) in more {
        let place = sum.entry(key).or_default();
        if sign < 0 {
            *place -= measures;
        } else {
            *place += measures;
        }
    }
}

pub(crate) async fn apply<W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    mut delta: Rollups,
) -> PortResult<()> {
    delta.retain(|_, m| !m.is_zero());
    // A row comes down to nothing only when entries or orders are taken out of it.
    let emptied: Vec<RollupKey> = delta
        .iter()
        .filter(|(_, m)| m.entries < 0 || m.orders < 0 || m.orders_containing < 0)
        .map(|(key, _)| key.clone())
        .collect();
    let rows: Vec<_> = delta.into_iter().collect();
    for chunk in rows.chunks(CHUNK) {
        let keys: Vec<&RollupKey> = chunk.iter().map(|(key, _)| key).collect();
        let mut bulk = keyed(Bulk::insert("rollups", &ADD), scope, &keys);
        let values: Vec<_> = chunk.iter().map(|(_, m)| m.values()).collect();
        for (i, name) in Measures::NAMES.iter().enumerate() {
            bulk = bulk.ints(name, values.iter().map(|v| v[i]));
        }
        tx.bulk(bulk).await?;
    }
    for chunk in emptied.chunks(CHUNK) {
        let keys: Vec<&RollupKey> = chunk.iter().collect();
        tx.bulk(keyed(Bulk::delete("rollups", &ALL_ZERO), scope, &keys))
            .await?;
    }
    Ok(())
}

fn keyed(bulk: Bulk, scope: StoreScope, keys: &[&RollupKey]) -> Bulk {
    bulk.same_id("workspace", scope.workspace.0)
        .same_id("store", scope.store.0)
        .texts(
            "currency",
            keys.iter().map(|k| k.currency.code().to_owned()),
        )
        .texts("dimension", keys.iter().map(|k| codec::word(&k.dimension)))
        .texts("day", keys.iter().map(|k| k.day.to_string()))
        .texts("key", keys.iter().map(|k| k.key.clone()))
}
