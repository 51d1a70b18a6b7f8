//! Reading the rollups, and the names of what they are about.

use crate::rollups::{self, COLUMNS, SUMS, measures};
use crate::stored::lock_name;
use crate::{Backend, Cells, Database, Session, Sql, SqlRow, Undecodable, Writer, codec};
use async_trait::async_trait;
use domain::calendar::DayRange;
use domain::ids::StoreScope;
use domain::money::Currency;
use domain::rollup::{Dimension, RollupKey, Rollups};
use ports::PortResult;
use ports::reports::{DayKeyRow, DayRow, KeyRow, ReportStore};
use std::collections::BTreeMap;

/// What a provider calls the variant of a product that has no variants.
const DEFAULT_VARIANT: &str = "Default Title";

/// The name of a variant from two titles.
fn variant_label(product: &str, variant: Option<&str>) -> String {
    match variant {
        Some(variant) if !variant.is_empty() && variant != DEFAULT_VARIANT => {
            format!("{product} · {variant}")
        }
        _ => product.to_owned(),
    }
}

fn labelled<R: SqlRow>(row: &R) -> Result<(String, String), Undecodable> {
    let mut c = Cells::of(row);
    let key = c.int()?.to_string();
    let product = c.text()?;
    let variant = c.text_or_none()?;
    Ok((key, variant_label(&product, variant.as_deref())))
}

/// Names of ids from the catalogue, and from the latest line that sold one; each text is to be completed with the list of ids.
const fn label_sources(dimension: Dimension) -> Option<[(&'static str, &'static str); 2]> {
    match dimension {
        Dimension::Product => Some([
            (
                "SELECT id, title, NULL FROM products WHERE workspace = $1 AND store = $2 AND id ",
                "",
            ),
            (
                "SELECT product_id, title, NULL FROM (SELECT product_id, title, ROW_NUMBER() OVER \
                 (PARTITION BY product_id ORDER BY sold_at DESC, order_id DESC, position) AS age \
                 FROM order_items WHERE workspace = $1 AND store = $2 AND product_id ",
                ") sold WHERE age = 1",
            ),
        ]),
        Dimension::Variant => Some([
            (
                "SELECT v.id, p.title, v.title FROM variants v JOIN products p \
                 ON p.workspace = v.workspace AND p.store = v.store AND p.id = v.product_id \
                 WHERE v.workspace = $1 AND v.store = $2 AND v.id ",
                "",
            ),
            (
                "SELECT variant_id, title, variant_title FROM (SELECT variant_id, title, \
                 variant_title, ROW_NUMBER() OVER \
                 (PARTITION BY variant_id ORDER BY sold_at DESC, order_id DESC, position) AS age \
                 FROM order_items WHERE workspace = $1 AND store = $2 AND variant_id ",
                ") sold WHERE age = 1",
            ),
        ]),
        Dimension::Total
        | Dimension::Channel
        | Dimension::Country
        | Dimension::FirstTouch
        | Dimension::LastTouch => None,
    }
}

#[async_trait]
impl<B: Backend> ReportStore for Database<B> {
    async fn by_day(
        &self,
        scope: StoreScope,
        currency: Currency,
        range: DayRange,
        dimension: Dimension,
        key: &str,
    ) -> PortResult<Vec<DayRow>> {
        // A dimension with one key is stored by day already.
        let index = match dimension {
            Dimension::Total => String::new(),
            _ => B::by_index("rollups_of_key"),
        };
        let sql = Sql::new(format!(
            "SELECT day, {} FROM rollups{index} WHERE workspace = $1 AND store = $2 \
             AND currency = $3 AND dimension = $4 AND key = $5 AND day BETWEEN $6 AND $7 \
             ORDER BY day",
            *COLUMNS
        ))
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(currency.code())
        .bind(codec::word(&dimension))
        .bind(key)
        .bind(range.from)
        .bind(range.to);
        let rows = self.0.read("reports.by_day").await?.rows(sql).await?;
        let day_row = |row| {
            let mut c = Cells::of(row);
            Ok(DayRow {
                day: c.day()?,
                measures: measures(&mut c)?,
            })
        };
        rows.iter().map(day_row).collect()
    }

    async fn by_key(
        &self,
        scope: StoreScope,
        currency: Currency,
        range: DayRange,
        dimension: Dimension,
    ) -> PortResult<Vec<KeyRow>> {
        let sql = Sql::new(format!(
            "SELECT key, {} FROM rollups WHERE workspace = $1 AND store = $2 AND currency = $3 \
             AND dimension = $4 AND day BETWEEN $5 AND $6 GROUP BY key ORDER BY key",
            *SUMS
        ))
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(currency.code())
        .bind(codec::word(&dimension))
        .bind(range.from)
        .bind(range.to);
        let rows = self.0.read("reports.by_key").await?.rows(sql).await?;
        let key_row = |row| {
            let mut c = Cells::of(row);
            Ok(KeyRow {
                key: c.text()?,
                measures: measures(&mut c)?,
            })
        };
        rows.iter().map(key_row).collect()
    }

    async fn by_day_and_key(
        &self,
        scope: StoreScope,
        currency: Currency,
        range: DayRange,
        dimension: Dimension,
    ) -> PortResult<Vec<DayKeyRow>> {
        let sql = Sql::new(format!(
            "SELECT day, key, {} FROM rollups WHERE workspace = $1 AND store = $2 \
             AND currency = $3 AND dimension = $4 AND day BETWEEN $5 AND $6 ORDER BY day, key",
            *COLUMNS
        ))
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(currency.code())
        .bind(codec::word(&dimension))
        .bind(range.from)
        .bind(range.to);
        let mut session = self.0.read("reports.by_day_and_key").await?;
        let rows = session.rows(sql).await?;
        let row = |row| {
            let mut c = Cells::of(row);
            Ok(DayKeyRow {
                day: c.day()?,
                key: c.text()?,
                measures: measures(&mut c)?,
            })
        };
        rows.iter().map(row).collect()
    }

    async fn labels(
        &self,
        scope: StoreScope,
        dimension: Dimension,
        keys: &[String],
    ) -> PortResult<BTreeMap<String, String>> {
        let mut labels = BTreeMap::new();
        let Some(sources) = label_sources(dimension) else {
            return Ok(labels);
        };
        let mut wanted: Vec<i64> = keys.iter().filter_map(|k| k.parse().ok()).collect();
        let mut session = self.0.read("reports.labels").await?;
        for (select, rest) in sources {
            if wanted.is_empty() {
                break;
            }
            let sql = Sql::new(format!("{select}{}{rest}", B::in_list(3)))
                .bind(scope.workspace)
                .bind(scope.store)
                .bind(wanted.clone());
            for row in session.rows(sql).await? {
                let (key, label) = labelled(&row)?;
                labels.insert(key, label);
            }
            wanted.retain(|id| !labels.contains_key(&id.to_string()));
        }
        Ok(labels)
    }

    async fn other_currencies(
        &self,
        scope: StoreScope,
        currency: Currency,
    ) -> PortResult<BTreeMap<String, i64>> {
        // From one currency to the next over the index, because a store has one or two, and sums of years. A sum of each, not a join: of
        // a join a planner may read every row of the store first.
        let sql = Sql::new(
            "WITH RECURSIVE known (currency) AS (\
             SELECT MIN(currency) FROM rollups WHERE workspace = $1 AND store = $2 \
             UNION ALL SELECT (SELECT MIN(r.currency) FROM rollups r WHERE r.workspace = $1 \
             AND r.store = $2 AND r.currency > known.currency) \
             FROM known WHERE known.currency IS NOT NULL) \
             SELECT currency, orders FROM (SELECT known.currency, \
             (SELECT CAST(SUM(r.orders) AS BIGINT) FROM rollups r WHERE r.workspace = $1 \
             AND r.store = $2 AND r.currency = known.currency AND r.dimension = $4) AS orders \
             FROM known WHERE known.currency <> $3) others WHERE orders <> 0",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(currency.code())
        .bind(codec::word(&Dimension::Total));
        let mut session = self.0.read("reports.other_currencies").await?;
        let rows = session.rows(sql).await?;
        let count = |row| {
            let mut c = Cells::of(row);
            Ok((c.text()?, c.int()?))
        };
        rows.iter().map(count).collect()
    }

    async fn all(&self, scope: StoreScope) -> PortResult<Rollups> {
        let sql = Sql::new(format!(
            "SELECT dimension, key, day, currency, {} FROM rollups \
             WHERE workspace = $1 AND store = $2",
            *COLUMNS
        ))
        .bind(scope.workspace)
        .bind(scope.store);
        let rows = self.0.read("reports.all").await?.rows(sql).await?;
        let rollup = |row| {
            let mut c = Cells::of(row);
            let key = RollupKey {
                dimension: c.word()?,
                key: c.text()?,
                day: c.day()?,
                currency: c.currency()?,
            };
            Ok((key, measures(&mut c)?))
        };
        rows.iter().map(rollup).collect()
    }

    async fn replace_all(&self, scope: StoreScope, rollups: &Rollups) -> PortResult<()> {
        let mut tx = self.0.write("reports.replace_all").await?;
        tx.lock(&lock_name(scope)).await?;
        let all = Sql::new("DELETE FROM rollups WHERE workspace = $1 AND store = $2")
            .bind(scope.workspace)
            .bind(scope.store);
        tx.run(all).await?;
        rollups::apply(&mut tx, scope, rollups.clone()).await?;
        tx.commit().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_variant_bears_its_products_name() {
        assert_eq!(variant_label("Tea", Some("Green")), "Tea · Green");
        for lone in [None, Some(""), Some(DEFAULT_VARIANT)] {
            assert_eq!(variant_label("Tea", lone), "Tea");
        }
    }
}
