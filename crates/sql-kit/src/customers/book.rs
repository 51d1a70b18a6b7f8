//! Looking customers up.

use super::days::touch;
use super::filter::filter;
use super::{STANDING, day_sums, standing};
use crate::codec::json;
use crate::cursor::{Key, Paging};
use crate::{Backend, Cells, Database, Session as _, Sql, SqlRow, Undecodable, Writer as _};
use async_trait::async_trait;
use chrono::NaiveDate;
use domain::calendar::DayRange;
use domain::customers::{CustomerDay, CustomerSettings, GUEST};
use domain::ids::{CustomerId, StoreScope};
use domain::money::Currency;
use ports::customers::{CustomerBook, CustomerQuery, CustomerRow, CustomerSort, RangeCounts};
use ports::{Page, PageRequest, PortResult};

/// Beside the standing: the document of the person, and whether they are forgotten.
const PERSON: &str = "(SELECT f.document FROM facts f WHERE f.workspace = s.workspace \
     AND f.store = s.store AND f.kind = 'customers' AND f.id = s.customer AND f.part = 0), \
     (SELECT COUNT(*) FROM forgotten g WHERE g.workspace = s.workspace AND g.store = s.store \
     AND g.kind = 'customer' AND g.id = s.customer)";

fn customer_row<R: SqlRow>(row: &R) -> Result<CustomerRow, Undecodable> {
    let mut c = Cells::of(row);
    let standing = standing(&mut c)?;
    let profile = c
        .text_or_none()?
        .map(|text| serde_json::from_str(&text).map_err(|e| c.bad(e.to_string())))
        .transpose()?;
    Ok(CustomerRow {
        standing,
        profile,
        redacted: c.bool()?,
    })
}

fn sort_key(row: &CustomerRow, sort: CustomerSort) -> (Key, Key) {
    let of = &row.standing;
    let value = match sort {
        CustomerSort::MostRevenue => Key::Int(of.net_revenue),
        CustomerSort::MostOrders => Key::Int(of.orders),
        CustomerSort::LatestOrder => Key::Text(of.last_day.to_string()),
        CustomerSort::NewestFirst => Key::Text(of.first_day.to_string()),
    };
    (value, Key::Int(of.customer.0))
}

#[async_trait]
impl<B: Backend> CustomerBook for Database<B> {
    async fn find(
        &self,
        scope: StoreScope,
        currency: Currency,
        id: CustomerId,
    ) -> PortResult<Option<CustomerRow>> {
        let sql = Sql::new(format!(
            "SELECT {STANDING}, {PERSON} FROM customer_sums s WHERE s.workspace = $1 \
             AND s.store = $2 AND s.currency = $3 AND s.customer = $4"
        ))
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(currency.code())
        .bind(id);
        let row = self.0.read("customers.find").await?.one(sql).await?;
        Ok(row.as_ref().map(customer_row).transpose()?)
    }

    async fn list(
        &self,
        scope: StoreScope,
        currency: Currency,
        query: &CustomerQuery,
        page: &PageRequest,
    ) -> PortResult<Page<CustomerRow>> {
        let operation = "customers.list";
        let identity = format!("{scope:?}{currency}{}", query.list());
        let paging = Paging::new::<B>(operation, &identity, page)?;
        let mut session = self.0.read(operation).await?;
        let total = match &paging.after {
            Some(cursor) => cursor.total,
            None => {
                let mut count = Sql::new("SELECT COUNT(*) FROM customer_sums s");
                filter::<B>(&mut count, scope, currency, query);
                let row = session.one(count).await?;
                row.map_or(Ok(0), |row| Cells::of(&row).count())?
            }
        };
        let column = match query.sort {
            CustomerSort::MostRevenue => "s.net_revenue",
            CustomerSort::MostOrders => "s.orders",
            CustomerSort::LatestOrder => "s.last_day",
            CustomerSort::NewestFirst => "s.first_day",
        };
        let mut sql = Sql::new(format!("SELECT {STANDING}, {PERSON} FROM customer_sums s"));
        filter::<B>(&mut sql, scope, currency, query);
        if let Some(cursor) = &paging.after {
            sql.push(&format!(" AND ({column}, s.customer) < ("))
                .push_arg(cursor.sort.clone())
                .push(", ")
                .push_arg(cursor.id.clone())
                .push(")");
        }
        sql.push(&format!(" ORDER BY {column} DESC, s.customer DESC LIMIT "))
            .push_arg(paging.fetch());
        let rows = session.rows(sql).await?;
        let items = rows
            .iter()
            .map(customer_row)
            .collect::<Result<Vec<_>, _>>()?;
        Ok(paging.page(items, total, |last| sort_key(last, query.sort)))
    }

    async fn days_of(
        &self,
        scope: StoreScope,
        currency: Currency,
        id: CustomerId,
    ) -> PortResult<Vec<(NaiveDate, CustomerDay)>> {
        let sql = Sql::new(
            "SELECT day, orders, net_revenue, net_revenue_without_cost, cm2, entries \
             FROM customer_days WHERE workspace = $1 AND store = $2 AND customer = $3 \
             AND currency = $4 ORDER BY day",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(id)
        .bind(currency.code());
        let rows = self.0.read("customers.days_of").await?.rows(sql).await?;
        let day = |row| {
            let mut c = Cells::of(row);
            Ok((c.day()?, day_sums(&mut c)?))
        };
        rows.iter().map(day).collect()
    }

    async fn counts_in(
        &self,
        scope: StoreScope,
        currency: Currency,
        range: DayRange,
    ) -> PortResult<RangeCounts> {
        let who = Sql::new(format!(
            "WITH who AS (SELECT customer, CAST(SUM(orders) AS BIGINT) AS orders, \
             CAST(SUM(net_revenue) AS BIGINT) AS net_revenue FROM customer_days{} \
             WHERE workspace = $1 AND store = $2 AND currency = $3 AND day BETWEEN $4 AND $5 \
             GROUP BY customer) \
             SELECT CAST(CASE WHEN w.customer = {} THEN 1 ELSE 0 END AS BIGINT), CAST(SUM(w.orders) AS BIGINT), \
             CAST(SUM(w.net_revenue) AS BIGINT), \
             CAST(SUM(CASE WHEN w.orders > 0 THEN 1 ELSE 0 END) AS BIGINT), \
             CAST(SUM(CASE WHEN w.orders > 0 AND s.first_day >= $4 THEN 1 ELSE 0 END) AS BIGINT), \
             CAST(SUM(CASE WHEN w.orders > 1 OR (w.orders = 1 AND s.first_day < $4) \
             THEN 1 ELSE 0 END) AS BIGINT) \
             FROM who w LEFT JOIN customer_sums s ON s.workspace = $1 AND s.store = $2 \
             AND s.currency = $3 AND s.customer = w.customer GROUP BY 1",
            B::by_index("customer_days_of_day"),
            GUEST.0
        ))
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(currency.code())
        .bind(range.from)
        .bind(range.to);
        let mut counts = RangeCounts::default();
        for row in self.0.read("customers.counts_in").await?.rows(who).await? {
            let mut c = Cells::of(&row);
            let guests = c.bool()?;
            let (orders, net_revenue) = (c.int()?, c.int()?);
            if guests {
                counts.guest_orders = orders;
                counts.guest_net_revenue = net_revenue;
            } else {
                counts.orders = orders;
                counts.net_revenue = net_revenue;
                counts.customers = c.count()?;
                counts.new = c.count()?;
                counts.returning = c.count()?;
            }
        }
        Ok(counts)
    }

    async fn settings(&self, scope: StoreScope) -> PortResult<CustomerSettings> {
        let sql = Sql::new(
            "SELECT settings FROM customer_state WHERE workspace = $1 AND store = $2 \
             AND settings IS NOT NULL",
        )
        .bind(scope.workspace)
        .bind(scope.store);
        let row = self.0.read("customers.settings").await?.one(sql).await?;
        Ok(row.map_or_else(
            || Ok(CustomerSettings::default()),
            |row| Cells::of(&row).json(),
        )?)
    }

    async fn save_settings(
        &self,
        scope: StoreScope,
        settings: &CustomerSettings,
    ) -> PortResult<()> {
        let mut tx = self.0.write("customers.save_settings").await?;
        touch(&mut tx, scope).await?;
        let sql =
            Sql::new("UPDATE customer_state SET settings = $3 WHERE workspace = $1 AND store = $2")
                .bind(scope.workspace)
                .bind(scope.store)
                .bind(json(settings));
        tx.run(sql).await?;
        tx.commit().await
    }
}
