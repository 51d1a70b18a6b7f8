//! Ad accounts and what runs in them as documents; their days as rows of numbers, with the conversions as they were told.

use crate::audit::record;
use crate::codec::json;
use crate::{Backend, Bulk, Cells, Database, Session, Sql, SqlRow, Undecodable, Writer};
use async_trait::async_trait;
use chrono::NaiveDate;
use domain::ads::{AdAccount, AdLevel, InsightDay, Micros, RawConversion, StoredEntity};
use domain::audit::NewEntry;
use domain::calendar::DayRange;
use domain::ids::{AdAccountId, StoreScope, WorkspaceId};
use ports::ads::{AdStore, DaysKept, EntitySums};
use ports::{Kind, PortResult};
use std::collections::BTreeMap;

const COLUMNS: &str = "number, day, spend, impressions, clicks, reach, conversions, attribution";
const SET: &str = "ON CONFLICT (workspace, store, account, level, day, number) DO UPDATE SET spend = excluded.spend, \
     impressions = excluded.impressions, clicks = excluded.clicks, reach = excluded.reach, \
     conversions = excluded.conversions, attribution = excluded.attribution";
/// What a driver encodes at once.
const PIECE: usize = 1 << 20;
/// All that is kept of an account, the account last.
const OF_AN_ACCOUNT: [&str; 3] = ["ad_days", "ad_entities", "ad_sync_runs"];

fn days<'a>(
    bulk: Bulk,
    scope: StoreScope,
    account: AdAccountId,
    level: AdLevel,
    rows: impl Iterator<Item = &'a InsightDay> + Clone,
) -> Bulk {
    let name = level.as_str().to_owned();
    bulk.same_id("workspace", scope.workspace.0)
        .same_id("store", scope.store.0)
        .same_id("account", account.0)
        .texts("level", rows.clone().map(|_| name.clone()))
        .texts("day", rows.clone().map(|r| r.day.to_string()))
        .texts("number", rows.map(|r| r.id.clone()))
}

async fn write<W: Writer>(tx: &mut W, bulk: Bulk) -> PortResult<()> {
    if bulk.rows == 0 {
        return Ok(());
    }
    for piece in bulk.pieces(PIECE) {
        tx.bulk(piece).await?;
    }
    Ok(())
}

fn select(
    what: &str,
    scope: StoreScope,
    account: AdAccountId,
    level: AdLevel,
    range: DayRange,
) -> Sql {
    Sql::new(format!(
        "SELECT {what} FROM ad_days WHERE workspace = $1 AND store = $2 AND account = $3 \
         AND level = $4 AND day >= $5 AND day <= $6"
    ))
    .bind(scope.workspace)
    .bind(scope.store)
    .bind(account)
    .bind(level.as_str())
    .bind(range.from)
    .bind(range.to)
}

fn row_of<R: SqlRow>(row: &R, level: AdLevel) -> Result<InsightDay, Undecodable> {
    let mut c = Cells::of(row);
    Ok(InsightDay {
        level,
        id: c.text()?,
        day: c.day()?,
        spend: c.int()?,
        impressions: c.int()?,
        clicks: c.int()?,
        reach: c.int_or_none()?,
        conversions: conversions(&mut c)?,
        attribution: c.text_or_none()?,
    })
}

fn conversions<R: SqlRow>(c: &mut Cells<'_, R>) -> Result<Vec<RawConversion>, Undecodable> {
    match c.text_or_none()? {
        None => Ok(Vec::new()),
        Some(text) => serde_json::from_str(&text).map_err(|e| c.bad(e.to_string())),
    }
}

async fn read_days<S: Session>(
    session: &mut S,
    sql: Sql,
    level: AdLevel,
) -> PortResult<Vec<InsightDay>> {
    let rows = session.rows(sql).await?;
    let rows = rows.iter().map(|row| row_of(row, level));
    Ok(rows.collect::<Result<_, _>>()?)
}

#[async_trait]
impl<B: Backend> AdStore for Database<B> {
    async fn create_ad_account(&self, account: &AdAccount, entry: &NewEntry) -> PortResult<()> {
        let operation = "ads.create_account";
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new(
            "INSERT INTO ad_accounts (id, workspace, store, platform, external_id, created_at, version, document) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        )
        .bind(account.id)
        .bind(account.scope.workspace)
        .bind(account.scope.store)
        .bind(account.platform.as_str())
        .bind(account.external_id.as_str())
        .bind(account.created_at)
        .bind(account.version)
        .bind(json(account));
        if tx.run(sql).await? == 0 {
            let detail = "this ad account is connected already";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }

    async fn update_ad_account(&self, account: &AdAccount) -> PortResult<AdAccount> {
        let operation = "ads.update_account";
        let next = AdAccount {
            version: account.version + 1,
            ..account.clone()
        };
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new(
            "UPDATE ad_accounts SET version = $3, document = $4 \
             WHERE id = $1 AND workspace = $2 AND version = $3 - 1",
        )
        .bind(account.id)
        .bind(account.scope.workspace)
        .bind(next.version)
        .bind(json(&next));
        if tx.run(sql).await? == 1 {
            tx.commit().await?;
            return Ok(next);
        }
        let sql = Sql::new("SELECT version FROM ad_accounts WHERE id = $1 AND workspace = $2")
            .bind(account.id)
            .bind(account.scope.workspace);
        Err(match tx.one(sql).await? {
            Some(_) => Self::refuse(Kind::Conflict, operation, "the ad account has changed"),
            None => Self::refuse(Kind::NotFound, operation, "the ad account is gone"),
        })
    }

    async fn ad_account(
        &self,
        workspace: WorkspaceId,
        id: AdAccountId,
    ) -> PortResult<Option<AdAccount>> {
        let sql = Sql::new("SELECT document FROM ad_accounts WHERE id = $1 AND workspace = $2")
            .bind(id)
            .bind(workspace);
        let row = self.0.read("ads.account").await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
    }

    async fn ad_accounts(&self, workspace: WorkspaceId) -> PortResult<Vec<AdAccount>> {
        let sql = Sql::new(
            "SELECT document FROM ad_accounts WHERE workspace = $1 ORDER BY created_at, id",
        )
        .bind(workspace);
        let rows = self.0.read("ads.accounts").await?.rows(sql).await?;
        rows.iter().map(|row| Ok(Cells::of(row).json()?)).collect()
    }

    async fn remove_ad_account(
        &self,
        workspace: WorkspaceId,
        id: AdAccountId,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut tx = self.0.write("ads.remove_account").await?;
        let sql = Sql::new("DELETE FROM ad_accounts WHERE id = $1 AND workspace = $2")
            .bind(id)
            .bind(workspace);
        if tx.run(sql).await? > 0 {
            for table in OF_AN_ACCOUNT {
                let sql = Sql::new(format!(
                    "DELETE FROM {table} WHERE workspace = $1 AND account = $2"
                ))
                .bind(workspace)
                .bind(id);
                tx.run(sql).await?;
            }
            record(&mut tx, std::slice::from_ref(entry)).await?;
        }
        tx.commit().await
    }

    async fn save_ad_entities(
        &self,
        scope: StoreScope,
        account: AdAccountId,
        entities: &[StoredEntity],
    ) -> PortResult<()> {
        let last: BTreeMap<_, _> = entities
            .iter()
            .map(|e| ((e.entity.level, &e.entity.id), e))
            .collect();
        let bulk = Bulk::insert(
            "ad_entities",
            "ON CONFLICT (workspace, store, account, level, number) DO UPDATE SET document = excluded.document",
        )
        .same_id("workspace", scope.workspace.0)
        .same_id("store", scope.store.0)
        .same_id("account", account.0)
        .texts("level", last.keys().map(|(level, _)| level.as_str().to_owned()))
        .texts("number", last.keys().map(|(_, id)| (*id).clone()))
        .texts("document", last.values().map(|e| json(*e)));
        let mut tx = self.0.write("ads.save_entities").await?;
        write(&mut tx, bulk).await?;
        tx.commit().await
    }

    async fn ad_entities(
        &self,
        scope: StoreScope,
        account: AdAccountId,
        level: AdLevel,
    ) -> PortResult<Vec<StoredEntity>> {
        let sql = Sql::new(
            "SELECT document FROM ad_entities WHERE workspace = $1 AND store = $2 \
             AND account = $3 AND level = $4 ORDER BY number",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(account)
        .bind(level.as_str());
        let rows = self.0.read("ads.entities").await?.rows(sql).await?;
        rows.iter().map(|row| Ok(Cells::of(row).json()?)).collect()
    }

    async fn replace_ad_days(
        &self,
        scope: StoreScope,
        account: AdAccountId,
        level: AdLevel,
        range: DayRange,
        rows: &[InsightDay],
    ) -> PortResult<DaysKept> {
        let mut tx = self.0.write("ads.replace_days").await?;
        let stored = select(COLUMNS, scope, account, level, range);
        let stored = read_days(&mut tx, stored, level).await?;
        let mut before: BTreeMap<(NaiveDate, String), InsightDay> = stored
            .into_iter()
            .map(|r| ((r.day, r.id.clone()), r))
            .collect();
        // The last of each key, as one statement writes no row twice.
        let told: BTreeMap<(NaiveDate, &str), &InsightDay> =
            rows.iter().map(|r| ((r.day, r.id.as_str()), r)).collect();
        let mut changed = Vec::new();
        for row in told.into_values() {
            if before.remove(&(row.day, row.id.clone())).as_ref() != Some(row) {
                changed.push(row);
            }
        }
        let insert = Bulk::insert("ad_days", SET);
        let insert = days(insert, scope, account, level, changed.iter().copied())
            .ints("spend", changed.iter().map(|r| r.spend))
            .ints("impressions", changed.iter().map(|r| r.impressions))
            .ints("clicks", changed.iter().map(|r| r.clicks))
            .ints("reach", changed.iter().map(|r| r.reach))
            .texts(
                "conversions",
                changed
                    .iter()
                    .map(|r| (!r.conversions.is_empty()).then(|| json(&r.conversions))),
            )
            .texts("attribution", changed.iter().map(|r| r.attribution.clone()));
        write(&mut tx, insert).await?;
        let gone = Bulk::delete("ad_days", "1 = 1");
        write(&mut tx, days(gone, scope, account, level, before.values())).await?;
        tx.commit().await?;
        Ok(DaysKept {
            written: changed.len() as u64,
            removed: before.len() as u64,
        })
    }

    async fn ad_days(
        &self,
        scope: StoreScope,
        account: AdAccountId,
        level: AdLevel,
        of: Option<&str>,
        range: DayRange,
    ) -> PortResult<Vec<InsightDay>> {
        let mut sql = select(COLUMNS, scope, account, level, range);
        if let Some(number) = of {
            sql.push(" AND number = ").push_arg(number);
        }
        sql.push(" ORDER BY day, number");
        let mut session = self.0.read("ads.days").await?;
        read_days(&mut session, sql, level).await
    }

    async fn ad_sums(
        &self,
        scope: StoreScope,
        account: AdAccountId,
        level: AdLevel,
        range: DayRange,
        purchase: Option<&str>,
    ) -> PortResult<Vec<EntitySums>> {
        let sql = select(COLUMNS, scope, account, level, range);
        let mut session = self.0.read("ads.sums").await?;
        let mut sums: BTreeMap<String, EntitySums> = BTreeMap::new();
        for row in read_days(&mut session, sql, level).await? {
            let add = row.sums(purchase);
            let of = sums.entry(row.id.clone()).or_insert_with(|| EntitySums {
                id: row.id,
                sums: Default::default(),
                last_day: row.day,
            });
            of.sums += add;
            of.last_day = of.last_day.max(row.day);
        }
        Ok(sums.into_values().collect())
    }

    async fn ad_spend(
        &self,
        scope: StoreScope,
        account: AdAccountId,
        range: DayRange,
    ) -> PortResult<Vec<(NaiveDate, Micros)>> {
        let what = "day, CAST(SUM(spend) AS BIGINT)";
        let mut sql = select(what, scope, account, AdLevel::Campaign, range);
        sql.push(" GROUP BY day ORDER BY day");
        let rows = self.0.read("ads.spend").await?.rows(sql).await?;
        let rows = rows.iter().map(|row| {
            let mut c = Cells::of(row);
            Ok((c.day()?, c.int()?))
        });
        rows.collect()
    }
}
