//! Stock of the past: a row where it changed, and the days on which somebody looked.

use crate::codec::word;
use crate::sql::micros;
use crate::{Backend, Bulk, Cells, Database, Session, Sql, SqlRow, Undecodable, Writer};
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::DayRange;
use domain::ids::{InventoryItemId, LocationId, StoreScope};
use domain::inventory::{InventoryLevel, Location, StockMark};
use domain::sync::FactKind;
use ports::PortResult;
use ports::stock::{StockBook, StockStore};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};

const COLUMNS: &str = "item, location, day, on_hand, available";

fn mark<R: SqlRow>(row: &R) -> Result<StockMark, Undecodable> {
    let mut c = Cells::of(row);
    Ok(StockMark {
        item: InventoryItemId(c.int()?),
        location: LocationId(c.int()?),
        day: c.day()?,
        on_hand: c.int_or_none()?,
        available: c.int_or_none()?,
    })
}

/// The last of each item and location before a day.
fn last_before(scope: StoreScope, day: NaiveDate) -> Sql {
    Sql::new(format!(
        "SELECT {COLUMNS} FROM (SELECT {COLUMNS}, ROW_NUMBER() OVER \
         (PARTITION BY item, location ORDER BY day DESC) AS age FROM stock_marks \
         WHERE workspace = $1 AND store = $2 AND day < $3) known WHERE age = 1"
    ))
    .bind(scope.workspace)
    .bind(scope.store)
    .bind(day)
}

async fn facts<S: Session, T: DeserializeOwned>(
    session: &mut S,
    scope: StoreScope,
    kind: FactKind,
) -> PortResult<Vec<T>> {
    let sql = Sql::new(
        "SELECT document FROM facts WHERE workspace = $1 AND store = $2 AND kind = $3 \
         ORDER BY id, part",
    )
    .bind(scope.workspace)
    .bind(scope.store)
    .bind(word(&kind));
    let rows = session.rows(sql).await?;
    rows.iter().map(|row| Ok(Cells::of(row).json()?)).collect()
}

async fn last_look<S: Session>(
    session: &mut S,
    scope: StoreScope,
    which: &str,
) -> PortResult<Option<NaiveDate>> {
    let sql = Sql::new(format!(
        "SELECT {which}(day) FROM stock_looks WHERE workspace = $1 AND store = $2"
    ))
    .bind(scope.workspace)
    .bind(scope.store);
    let row = session.one(sql).await?;
    Ok(row.map_or(Ok(None), |row| Cells::of(&row).day_or_none())?)
}

/// Only what differs from the day before is kept; a mark of an earlier look on the same day that does not any more goes.
async fn keep<W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    day: NaiveDate,
    levels: &[InventoryLevel],
) -> PortResult<()> {
    let rows = tx.rows(last_before(scope, day)).await?;
    let known = rows.iter().map(mark).collect::<Result<Vec<_>, _>>()?;
    let known: BTreeMap<_, _> = known
        .into_iter()
        .map(|m| ((m.item, m.location), m))
        .collect();
    let marks = levels.iter().map(|level| StockMark::of(level, day));
    let news: Vec<StockMark> = marks
        .filter(|m| m.is_news_after(known.get(&(m.item, m.location))))
        .collect();
    let sql = Sql::new("DELETE FROM stock_marks WHERE workspace = $1 AND store = $2 AND day = $3")
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(day);
    tx.run(sql).await?;
    let bulk = Bulk::insert("stock_marks", "")
        .same_id("workspace", scope.workspace.0)
        .same_id("store", scope.store.0)
        .ints("item", news.iter().map(|m| m.item.0))
        .ints("location", news.iter().map(|m| m.location.0))
        .texts("day", news.iter().map(|m| m.day.to_string()))
        .ints("on_hand", news.iter().map(|m| m.on_hand))
        .ints("available", news.iter().map(|m| m.available));
    tx.bulk(bulk).await?;
    Ok(())
}

#[async_trait]
impl<B: Backend> StockStore for Database<B> {
    async fn locations(&self, scope: StoreScope) -> PortResult<Vec<Location>> {
        let mut session = self.0.read("stock.locations").await?;
        facts(&mut session, scope, FactKind::Locations).await
    }

    async fn all_levels(&self, scope: StoreScope) -> PortResult<Vec<InventoryLevel>> {
        let mut session = self.0.read("stock.levels").await?;
        facts(&mut session, scope, FactKind::Inventory).await
    }

    async fn keep_stock(
        &self,
        scope: StoreScope,
        day: NaiveDate,
        at: DateTime<Utc>,
    ) -> PortResult<()> {
        let mut tx = self.0.write("stock.keep").await?;
        tx.lock(&format!("stock/{}", scope.store)).await?;
        if last_look(&mut tx, scope, "MAX").await? > Some(day) {
            return tx.undo().await;
        }
        let levels: Vec<InventoryLevel> = facts(&mut tx, scope, FactKind::Inventory).await?;
        keep(&mut tx, scope, day, &levels).await?;
        let sql = Sql::new(
            "INSERT INTO stock_looks (workspace, store, day, looked_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (workspace, store, day) DO UPDATE SET looked_at = excluded.looked_at",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(day)
        .bind(micros(at));
        tx.run(sql).await?;
        tx.commit().await
    }

    async fn stock_book(&self, scope: StoreScope, range: DayRange) -> PortResult<StockBook> {
        let mut session = self.0.read("stock.book").await?;
        let mut sql = last_before(scope, range.from);
        sql.push(&format!(
            " UNION ALL SELECT {COLUMNS} FROM stock_marks \
             WHERE workspace = $1 AND store = $2 AND day BETWEEN "
        ))
        .push_arg(range.from)
        .push(" AND ")
        .push_arg(range.to)
        .push(" ORDER BY item, location, day");
        let rows = session.rows(sql).await?;
        let marks = rows.iter().map(mark).collect::<Result<Vec<_>, _>>()?;
        drop(rows);
        let sql = Sql::new(
            "SELECT day FROM stock_looks \
             WHERE workspace = $1 AND store = $2 AND day BETWEEN $3 AND $4",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(range.from)
        .bind(range.to);
        let rows = session.rows(sql).await?;
        let looks = rows.iter().map(|row| Cells::of(row).day());
        let looks = looks.collect::<Result<BTreeSet<_>, _>>()?;
        drop(rows);
        let since = last_look(&mut session, scope, "MIN").await?;
        Ok(StockBook {
            marks,
            looks,
            since,
        })
    }
}
