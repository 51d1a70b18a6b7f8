//! Exchange rates, the workspace's wishes about money, the state of the published series.

use crate::audit::record_any;
use crate::cursor::{Key, Paging};
use crate::sql::micros;
use crate::{
    Arg, Backend, Bulk, Cells, Database, Session, Sql, SqlRow, Undecodable, Writer, codec,
};
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::calendar::DayRange;
use domain::fx::Rate;
use domain::ids::{ImportId, WorkspaceId};
use domain::money::Currency;
use ports::rates::{
    FeedState, MoneySettings, RateFilter, RateKey, RateSeries, RateStore, StoredRate, Undone,
};
use ports::{Page, PageRequest, PortResult};
use std::collections::{BTreeMap, BTreeSet};

const COLUMNS: &str =
    "r.day, r.base, r.quote, r.value, r.source, r.origin, r.import_id, r.observed_at";
/// What a list is sorted by within a day.
const PAIR: &str = "(r.base || '/' || r.quote || '/' || r.source)";

fn stored<R: SqlRow>(c: &mut Cells<'_, R>) -> Result<StoredRate, Undecodable> {
    let rate = Rate {
        day: c.day()?,
        base: c.currency()?,
        quote: c.currency()?,
        value: c.parsed()?,
        source: c.word()?,
    };
    Ok(StoredRate {
        rate,
        origin: c.text()?,
        import: c.id_or_none()?.map(ImportId),
        observed_at: c.at()?,
    })
}

fn pair_key(rate: &Rate) -> String {
    format!("{}/{}/{}", rate.base, rate.quote, rate.source.as_str())
}

/// Saves of one workspace follow one another, so that each sees what it replaces.
fn lock_name(workspace: WorkspaceId) -> String {
    format!("rates/{workspace}")
}

/// Only the last one of each key.
fn last_of_each(rates: &[StoredRate]) -> BTreeMap<RateKey, &StoredRate> {
    rates.iter().map(|r| (RateKey::of(&r.rate), r)).collect()
}

/// What is stored under these keys now.
async fn under<B: Backend, W: Writer>(
    tx: &mut W,
    workspace: WorkspaceId,
    keys: &BTreeMap<RateKey, &StoredRate>,
) -> PortResult<Vec<StoredRate>> {
    let (Some(first), Some(last)) = (keys.keys().next(), keys.keys().next_back()) else {
        return Ok(Vec::new());
    };
    let quotes: BTreeSet<String> = keys.keys().map(|k| k.quote.to_string()).collect();
    let sources: BTreeSet<String> = keys.keys().map(|k| k.source.as_str().to_owned()).collect();
    let sql = Sql::new(format!(
        "SELECT {COLUMNS} FROM rates r WHERE r.workspace = $1 AND r.day BETWEEN $2 AND $3 \
         AND r.quote {} AND r.source {}",
        B::in_list(4),
        B::in_list(5)
    ))
    .bind(workspace)
    .bind(first.day)
    .bind(last.day)
    .bind(quotes.into_iter().collect::<Vec<_>>())
    .bind(sources.into_iter().collect::<Vec<_>>());
    let rows = tx.rows(sql).await?;
    let mut found = Vec::new();
    for row in &rows {
        let rate = stored(&mut Cells::of(row))?;
        if keys.contains_key(&RateKey::of(&rate.rate)) {
            found.push(rate);
        }
    }
    Ok(found)
}

/// One statement for each import among them: mostly one.
async fn write<W: Writer>(
    tx: &mut W,
    workspace: WorkspaceId,
    rates: impl IntoIterator<Item = &StoredRate>,
    on_conflict: &'static str,
) -> PortResult<u64> {
    let mut by_import: BTreeMap<Option<ImportId>, Vec<&StoredRate>> = BTreeMap::new();
    for rate in rates {
        by_import.entry(rate.import).or_default().push(rate);
    }
    let mut written = 0;
    for (import, rates) in by_import {
        let mut bulk = Bulk::insert("rates", on_conflict)
            .same_id("workspace", workspace.0)
            .texts("quote", rates.iter().map(|r| r.rate.quote.to_string()))
            .texts("day", rates.iter().map(|r| r.rate.day.to_string()))
            .texts("base", rates.iter().map(|r| r.rate.base.to_string()))
            .texts("source", rates.iter().map(|r| codec::word(&r.rate.source)))
            .texts("value", rates.iter().map(|r| r.rate.value.to_string()))
            .texts("origin", rates.iter().map(|r| r.origin.clone()))
            .ints("observed_at", rates.iter().map(|r| micros(r.observed_at)));
        if let Some(import) = import {
            bulk = bulk.same_id("import_id", import.0);
        }
        written += tx.bulk(bulk).await?;
    }
    Ok(written)
}

#[async_trait]
impl<B: Backend> RateStore for Database<B> {
    async fn save(
        &self,
        workspace: WorkspaceId,
        rates: &[StoredRate],
        entry: Option<&NewEntry>,
    ) -> PortResult<Vec<StoredRate>> {
        let new = last_of_each(rates);
        let mut tx = self.0.write("rates.save").await?;
        tx.lock(&lock_name(workspace)).await?;
        let mut replaced = under::<B, _>(&mut tx, workspace, &new).await?;
        replaced.retain(|old| {
            let import = new.get(&RateKey::of(&old.rate)).and_then(|r| r.import);
            import.is_none() || old.import != import
        });
        replaced.sort_by_key(|old| RateKey::of(&old.rate));
        let on_conflict = "ON CONFLICT (workspace, quote, day, base, source) DO UPDATE SET \
             value = excluded.value, origin = excluded.origin, import_id = excluded.import_id, \
             observed_at = excluded.observed_at";
        write(&mut tx, workspace, new.into_values(), on_conflict).await?;
        record_any(&mut tx, entry).await?;
        tx.commit().await?;
        Ok(replaced)
    }

    async fn undo(
        &self,
        workspace: WorkspaceId,
        import: ImportId,
        replaced: &[StoredRate],
    ) -> PortResult<Undone> {
        let mut tx = self.0.write("rates.undo").await?;
        tx.lock(&lock_name(workspace)).await?;
        let sql = Sql::new("DELETE FROM rates WHERE workspace = $1 AND import_id = $2")
            .bind(workspace)
            .bind(import);
        let removed = tx.run(sql).await?;
        let back = last_of_each(replaced);
        let restored = write(
            &mut tx,
            workspace,
            back.into_values(),
            "ON CONFLICT DO NOTHING",
        )
        .await?;
        tx.commit().await?;
        Ok(Undone { removed, restored })
    }

    async fn remove(
        &self,
        workspace: WorkspaceId,
        key: RateKey,
        entry: &NewEntry,
    ) -> PortResult<bool> {
        let sql = Sql::new(
            "DELETE FROM rates WHERE workspace = $1 AND quote = $2 AND day = $3 AND base = $4 \
             AND source = $5",
        )
        .bind(workspace)
        .bind(key.quote.code())
        .bind(key.day)
        .bind(key.base.code())
        .bind(codec::word(&key.source));
        let mut tx = self.0.write("rates.remove").await?;
        let was_there = tx.run(sql).await? > 0;
        if was_there {
            record_any(&mut tx, Some(entry)).await?;
        }
        tx.commit().await?;
        Ok(was_there)
    }

    async fn between(
        &self,
        workspace: WorkspaceId,
        currencies: &[Currency],
        days: DayRange,
    ) -> PortResult<Vec<StoredRate>> {
        let sql = Sql::new(format!(
            "SELECT {COLUMNS} FROM rates r WHERE r.workspace = $1 AND r.quote {} \
             AND r.day BETWEEN $3 AND $4",
            B::in_list(2)
        ))
        .bind(workspace)
        .bind(
            currencies
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
        )
        .bind(days.from)
        .bind(days.to);
        let rows = self.0.read("rates.between").await?.rows(sql).await?;
        let mut rates = rows
            .iter()
            .map(|row| Ok(stored(&mut Cells::of(row))?))
            .collect::<PortResult<Vec<_>>>()?;
        rates.sort_by_key(|r| RateKey::of(&r.rate));
        Ok(rates)
    }

    async fn list(
        &self,
        workspace: WorkspaceId,
        filter: RateFilter,
        page: &PageRequest,
    ) -> PortResult<Page<StoredRate>> {
        let operation = "rates.list";
        let paging = Paging::new::<B>(operation, &format!("{workspace}{filter:?}"), page)?;
        let mut session = self.0.read(operation).await?;
        let total = match &paging.after {
            Some(cursor) => cursor.total,
            None => {
                let mut count = Sql::new("SELECT COUNT(*) FROM rates r");
                narrow(&mut count, workspace, filter);
                let row = session.one(count).await?;
                row.map_or(Ok(0), |row| Cells::of(&row).count())?
            }
        };
        let mut sql = Sql::new(format!("SELECT {COLUMNS} FROM rates r"));
        narrow(&mut sql, workspace, filter);
        if let Some(cursor) = &paging.after {
            let day = sql.number(cursor.sort.clone());
            let pair = sql.number(cursor.id.clone());
            sql.push(&format!(
                " AND (r.day < ${day} OR (r.day = ${day} AND {PAIR} > ${pair}))"
            ));
        }
        sql.push(&format!(" ORDER BY r.day DESC, {PAIR} ASC LIMIT "))
            .push_arg(paging.fetch());
        let rows = session.rows(sql).await?;
        let items = rows
            .iter()
            .map(|row| stored(&mut Cells::of(row)))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(paging.page(items, total, |last| {
            let day = last.rate.day.to_string();
            (Key::Text(day), Key::Text(pair_key(&last.rate)))
        }))
    }

    async fn series(&self, workspace: WorkspaceId) -> PortResult<Vec<RateSeries>> {
        let sql = Sql::new(format!(
            "SELECT g.days, g.oldest, {COLUMNS} FROM (SELECT quote, base, source, \
             COUNT(*) AS days, MIN(day) AS oldest, MAX(day) AS newest FROM rates \
             WHERE workspace = $1 GROUP BY quote, base, source) g \
             JOIN rates r ON r.workspace = $1 AND r.quote = g.quote AND r.day = g.newest \
             AND r.base = g.base AND r.source = g.source"
        ))
        .bind(workspace);
        let rows = self.0.read("rates.series").await?.rows(sql).await?;
        let one = |row| {
            let mut c = Cells::of(row);
            let (count, oldest) = (c.count()?, c.day()?);
            let latest = stored(&mut c)?;
            Ok(RateSeries {
                base: latest.rate.base,
                quote: latest.rate.quote,
                source: latest.rate.source,
                count,
                oldest,
                newest: latest.rate.day,
                latest,
            })
        };
        let mut series = rows.iter().map(one).collect::<PortResult<Vec<_>>>()?;
        series.sort_by_key(|s| (s.base, s.quote, s.source));
        Ok(series)
    }

    async fn money_settings(&self, workspace: WorkspaceId) -> PortResult<MoneySettings> {
        let sql =
            Sql::new("SELECT document FROM money_settings WHERE workspace = $1").bind(workspace);
        let row = self.0.read("rates.money_settings").await?.one(sql).await?;
        Ok(row.map_or(Ok(MoneySettings::default()), |row| Cells::of(&row).json())?)
    }

    async fn set_money_settings(
        &self,
        workspace: WorkspaceId,
        settings: &MoneySettings,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let sql = Sql::new(
            "INSERT INTO money_settings (workspace, document) VALUES ($1, $2) \
             ON CONFLICT (workspace) DO UPDATE SET document = excluded.document",
        )
        .bind(workspace)
        .bind(codec::json(settings));
        let mut tx = self.0.write("rates.set_money_settings").await?;
        tx.run(sql).await?;
        record_any(&mut tx, Some(entry)).await?;
        tx.commit().await
    }

    async fn feed_state(&self, workspace: WorkspaceId) -> PortResult<Option<FeedState>> {
        let sql = Sql::new("SELECT document FROM rate_feeds WHERE workspace = $1").bind(workspace);
        let row = self.0.read("rates.feed_state").await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
    }

    async fn set_feed_state(&self, workspace: WorkspaceId, state: &FeedState) -> PortResult<()> {
        let sql = Sql::new(
            "INSERT INTO rate_feeds (workspace, document) VALUES ($1, $2) \
             ON CONFLICT (workspace) DO UPDATE SET document = excluded.document",
        )
        .bind(workspace)
        .bind(codec::json(state));
        self.execute("rates.set_feed_state", sql).await?;
        Ok(())
    }
}

fn narrow(sql: &mut Sql, workspace: WorkspaceId, filter: RateFilter) {
    sql.push(" WHERE r.workspace = ").push_arg(workspace);
    for (column, wanted) in [("r.base", filter.base), ("r.quote", filter.quote)] {
        if let Some(currency) = wanted {
            sql.push(&format!(" AND {column} = "))
                .push_arg(currency.code());
        }
    }
    if let Some(source) = filter.source {
        sql.push(" AND r.source = ")
            .push_arg(Arg::from(codec::word(&source)));
    }
}
