//! The days as a whole: walked, proved, replaced, filled; and the analysis that was made of them.

use super::{day_sums, days};
use crate::codec::json;
use crate::stored::lock_name;
use crate::{Backend, Cells, Database, Session as _, Sql, Writer as _};
use async_trait::async_trait;
use chrono::NaiveDate;
use domain::customers::{CustomerDayKey, CustomerDayRow, CustomerDays};
use domain::ids::{CustomerId, StoreScope};
use domain::money::Currency;
use ports::PortResult;
use ports::customers::{CustomerDayStore, KeptAnalysis};

const COLUMNS: &str = "orders, net_revenue, net_revenue_without_cost, cm2, entries";

#[async_trait]
impl<B: Backend> CustomerDayStore for Database<B> {
    async fn walk_days(
        &self,
        scope: StoreScope,
        currency: Currency,
        after: Option<(CustomerId, NaiveDate)>,
        limit: u32,
    ) -> PortResult<Vec<CustomerDayRow>> {
        let mut sql = Sql::new(format!(
            "SELECT customer, day, {COLUMNS} FROM customer_days WHERE workspace = $1 AND store = $2"
        ))
        .bind(scope.workspace)
        .bind(scope.store);
        if let Some((customer, day)) = after {
            // The first bound is what the index can start from.
            sql.push(" AND customer >= ").push_arg(customer);
            sql.push(" AND (customer > ").push_arg(customer);
            sql.push(" OR day > ").push_arg(day).push(")");
        }
        sql.push(" AND currency = ").push_arg(currency.code());
        sql.push(" ORDER BY customer, currency, day LIMIT ")
            .push_arg(limit);
        let rows = self.0.read("customers.walk_days").await?.rows(sql).await?;
        let row = |row| {
            let mut c = Cells::of(row);
            Ok(CustomerDayRow {
                customer: CustomerId(c.int()?),
                day: c.day()?,
                sums: day_sums(&mut c)?,
            })
        };
        rows.iter().map(row).collect()
    }

    async fn all_days(&self, scope: StoreScope) -> PortResult<CustomerDays> {
        let sql = Sql::new(format!(
            "SELECT customer, currency, day, {COLUMNS} FROM customer_days \
             WHERE workspace = $1 AND store = $2"
        ))
        .bind(scope.workspace)
        .bind(scope.store);
        let rows = self.0.read("customers.all_days").await?.rows(sql).await?;
        let row = |row| {
            let mut c = Cells::of(row);
            let key = CustomerDayKey {
                customer: CustomerId(c.int()?),
                currency: c.currency()?,
                day: c.day()?,
            };
            Ok((key, day_sums(&mut c)?))
        };
        rows.iter().map(row).collect()
    }

    async fn replace_days(&self, scope: StoreScope, all: &CustomerDays) -> PortResult<()> {
        let mut tx = self.0.write("customers.replace_days").await?;
        tx.lock(&lock_name(scope)).await?;
        days::replace::<B, _>(&mut tx, scope, all.clone()).await?;
        tx.commit().await
    }

    async fn fill_days(&self, scope: StoreScope) -> PortResult<bool> {
        let unfilled = |sql: &'static str| Sql::new(sql).bind(scope.workspace).bind(scope.store);
        let mut tx = self.0.write("customers.fill_days").await?;
        tx.lock(&lock_name(scope)).await?;
        let asked = unfilled(
            "SELECT revision FROM customer_state WHERE workspace = $1 AND store = $2 AND filled = 0",
        );
        if tx.one(asked).await?.is_none() {
            tx.undo().await?;
            return Ok(false);
        }
        days::fill::<B, _>(&mut tx, scope).await?;
        tx.run(unfilled(
            "UPDATE customer_state SET filled = 1 WHERE workspace = $1 AND store = $2",
        ))
        .await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn revision(&self, scope: StoreScope) -> PortResult<i64> {
        let sql =
            Sql::new("SELECT revision FROM customer_state WHERE workspace = $1 AND store = $2")
                .bind(scope.workspace)
                .bind(scope.store);
        let row = self.0.read("customers.revision").await?.one(sql).await?;
        Ok(row.map_or(Ok(0), |row| Cells::of(&row).int())?)
    }

    async fn kept_analysis(
        &self,
        scope: StoreScope,
        currency: Currency,
    ) -> PortResult<Option<KeptAnalysis>> {
        let sql = Sql::new(
            "SELECT revision, computed_at, took_ms, document FROM customer_analyses \
             WHERE workspace = $1 AND store = $2 AND currency = $3",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(currency.code());
        let row = self
            .0
            .read("customers.kept_analysis")
            .await?
            .one(sql)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let mut c = Cells::of(&row);
        let (revision, computed_at, took_ms) = (c.int()?, c.at()?, c.int()?);
        // One of another release may have another shape: then it is computed anew.
        Ok(c.json().ok().map(|analysis| KeptAnalysis {
            revision,
            computed_at,
            took_ms,
            analysis,
        }))
    }

    async fn keep_analysis(
        &self,
        scope: StoreScope,
        currency: Currency,
        kept: &KeptAnalysis,
    ) -> PortResult<()> {
        let sql = Sql::new(
            "INSERT INTO customer_analyses (workspace, store, currency, revision, computed_at, \
             took_ms, document) VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (workspace, store, currency) DO UPDATE SET revision = excluded.revision, \
             computed_at = excluded.computed_at, took_ms = excluded.took_ms, \
             document = excluded.document \
             WHERE customer_analyses.computed_at <= excluded.computed_at",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(currency.code())
        .bind(kept.revision)
        .bind(kept.computed_at)
        .bind(kept.took_ms)
        .bind(json(&kept.analysis));
        self.execute("customers.keep_analysis", sql).await?;
        Ok(())
    }
}
