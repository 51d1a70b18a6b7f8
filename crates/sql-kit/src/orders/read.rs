//! Finding, listing and walking orders.

use super::bit;
use crate::cursor::{Key, Paging};
use crate::{Backend, Cells, Database, Session, Sql, SqlRow, Undecodable, codec};
use chrono::{DateTime, Utc};
use domain::agents::recommendation::Basket;
use domain::calendar::DayRange;
use domain::ids::{OrderId, ProductId, StoreScope, VariantId};
use domain::money::Currency;
use domain::prices::PaidPrice;
use ports::orders::{OrderFlag, OrderQuery, OrderSort, OrderSpan, StoredOrder};
use ports::{Page, PageRequest, PortResult};

pub(crate) const SELECT: &str = "SELECT d.facts, d.ledger, o.version, o.observed_at FROM orders o \
     JOIN order_documents d ON d.workspace = o.workspace AND d.store = o.store AND d.id = o.id";

const SELECT_PAGE: &str = "SELECT d.facts, d.ledger, o.version, o.observed_at FROM page o \
     JOIN order_documents d ON d.workspace = o.workspace AND d.store = o.store AND d.id = o.id";

pub(crate) fn stored<R: SqlRow>(row: &R) -> Result<StoredOrder, Undecodable> {
    let mut c = Cells::of(row);
    Ok(StoredOrder {
        order: c.json()?,
        ledger: c.json()?,
        version: c.int()?,
        observed_at: c.at()?,
    })
}

fn sort_key(order: &StoredOrder, sort: OrderSort) -> (Key, Key) {
    let value = match sort {
        OrderSort::NewestFirst | OrderSort::OldestFirst => {
            order.order.processed_at.timestamp_micros()
        }
        OrderSort::LargestFirst | OrderSort::SmallestFirst => order.order.totals.current_total,
    };
    (Key::Int(value), Key::Int(order.order.id.0))
}

impl<B: Backend> Database<B> {
    pub(super) async fn find_order(
        &self,
        scope: StoreScope,
        id: OrderId,
    ) -> PortResult<Option<StoredOrder>> {
        let sql = Sql::new(format!(
            "{SELECT} WHERE o.workspace = $1 AND o.store = $2 AND o.id = $3"
        ))
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(id);
        let row = self.0.read("orders.find").await?.one(sql).await?;
        Ok(row.as_ref().map(stored).transpose()?)
    }

    pub(super) async fn list_orders(
        &self,
        scope: StoreScope,
        query: &OrderQuery,
        page: &PageRequest,
    ) -> PortResult<Page<StoredOrder>> {
        let operation = "orders.list";
        let identity = format!("{scope:?}{query:?}");
        let paging = Paging::new::<B>(operation, &identity, page)?;
        let mut session = self.0.read(operation).await?;
        let total = match &paging.after {
            Some(cursor) => cursor.total,
            None => {
                let mut count = Sql::new("SELECT COUNT(*) FROM orders o");
                filter::<B>(&mut count, scope, query);
                let row = session.one(count).await?;
                row.map_or(Ok(0), |row| Cells::of(&row).count())?
            }
        };
        let (column, order, after) = match query.sort {
            OrderSort::NewestFirst => ("o.processed_at", "DESC", "<"),
            OrderSort::OldestFirst => ("o.processed_at", "ASC", ">"),
            OrderSort::LargestFirst => ("o.total", "DESC", "<"),
            OrderSort::SmallestFirst => ("o.total", "ASC", ">"),
        };
        // The page is found among the narrow rows before any document is read.
        let mut sql = Sql::new(format!(
            "WITH page AS (SELECT o.workspace, o.store, o.id, o.version, o.observed_at, \
             {column} AS place FROM orders o"
        ));
        filter::<B>(&mut sql, scope, query);
        if let Some(cursor) = &paging.after {
            sql.push(&format!(" AND ({column}, o.id) {after} ("))
                .push_arg(cursor.sort.clone())
                .push(", ")
                .push_arg(cursor.id.clone())
                .push(")");
        }
        sql.push(&format!(" ORDER BY {column} {order}, o.id {order} LIMIT "))
            .push_arg(paging.fetch())
            .push(&format!(
                ") {SELECT_PAGE} ORDER BY o.place {order}, o.id {order}"
            ));
        let rows = session.rows(sql).await?;
        let items = rows.iter().map(stored).collect::<Result<Vec<_>, _>>()?;
        Ok(paging.page(items, total, |last| sort_key(last, query.sort)))
    }

    pub(super) async fn walk_orders(
        &self,
        scope: StoreScope,
        after: Option<OrderId>,
        variants: Option<&[VariantId]>,
        limit: u32,
    ) -> PortResult<Vec<StoredOrder>> {
        let mut sql = Sql::new(SELECT);
        sql.push(" WHERE o.workspace = ")
            .push_arg(scope.workspace)
            .push(" AND o.store = ")
            .push_arg(scope.store);
        if let Some(after) = after {
            sql.push(" AND o.id > ").push_arg(after);
        }
        if let Some(variants) = variants {
            let n = sql.number(variants.iter().map(|v| v.0).collect::<Vec<_>>());
            sql.push(&format!(
                " AND EXISTS (SELECT 1 FROM order_items i WHERE i.workspace = o.workspace \
                 AND i.store = o.store AND i.order_id = o.id AND i.variant_id {})",
                B::in_list(n)
            ));
        }
        sql.push(" ORDER BY o.id LIMIT ").push_arg(limit);
        let rows = self.0.read("orders.walk").await?.rows(sql).await?;
        Ok(rows.iter().map(stored).collect::<Result<_, _>>()?)
    }

    pub(super) async fn order_count(&self, scope: StoreScope) -> PortResult<u64> {
        let sql = Sql::new("SELECT COUNT(*) FROM orders WHERE workspace = $1 AND store = $2")
            .bind(scope.workspace)
            .bind(scope.store);
        let row = self.0.read("orders.count").await?.one(sql).await?;
        Ok(row.map_or(Ok(0), |row| Cells::of(&row).count())?)
    }

    pub(super) async fn order_span(&self, scope: StoreScope) -> PortResult<OrderSpan> {
        let sql = Sql::new(
            // A day follows from when an order was processed; the two ends of one index tell both.
            "SELECT (SELECT day FROM orders WHERE workspace = $1 AND store = $2 ORDER BY processed_at, id LIMIT 1), \
             (SELECT day FROM orders WHERE workspace = $1 AND store = $2 ORDER BY processed_at DESC, id DESC LIMIT 1), \
             (SELECT MAX(observed_at) FROM orders WHERE workspace = $1 AND store = $2)",
        )
        .bind(scope.workspace)
        .bind(scope.store);
        let Some(row) = self.0.read("orders.span").await?.one(sql).await? else {
            return Ok(OrderSpan::default());
        };
        let mut c = Cells::of(&row);
        Ok(OrderSpan {
            first_day: c.day_or_none()?,
            last_day: c.day_or_none()?,
            as_of: c.at_or_none()?,
        })
    }
}

impl<B: Backend> Database<B> {
    pub(super) async fn prices_in_orders(
        &self,
        scope: StoreScope,
        currency: Currency,
        range: DayRange,
    ) -> PortResult<Vec<PaidPrice>> {
        let sql = Sql::new(
            "SELECT i.variant_id, o.day, MIN(i.unit_price) FROM orders o \
             JOIN order_items i ON i.workspace = o.workspace AND i.store = o.store AND i.order_id = o.id \
             WHERE o.workspace = $1 AND o.store = $2 AND o.currency = $3 AND o.day >= $4 AND o.day <= $5 \
             AND (o.flags & $6) = 0 AND i.variant_id IS NOT NULL \
             GROUP BY i.variant_id, o.day \
             HAVING MIN(i.unit_price) = MAX(i.unit_price) AND COUNT(i.unit_price) = COUNT(*) \
             ORDER BY i.variant_id, o.day",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(currency.code())
        .bind(range.from)
        .bind(range.to)
        .bind(bit(OrderFlag::Test));
        let rows = self.0.read("orders.paid_prices").await?.rows(sql).await?;
        let paid = rows.iter().map(|row| {
            let mut c = Cells::of(row);
            Ok(PaidPrice {
                variant: VariantId(c.int()?),
                day: c.day()?,
                price: c.int()?,
            })
        });
        paid.collect()
    }

    pub(super) async fn baskets_of_orders(
        &self,
        scope: StoreScope,
        range: DayRange,
    ) -> PortResult<Vec<Basket>> {
        let sql = Sql::new(
            "SELECT DISTINCT o.day, o.id, i.product_id FROM orders o \
             JOIN order_items i ON i.workspace = o.workspace AND i.store = o.store AND i.order_id = o.id \
             WHERE o.workspace = $1 AND o.store = $2 AND o.day >= $3 AND o.day <= $4 \
             AND (o.flags & $5) = 0 AND i.product_id IS NOT NULL \
             ORDER BY o.day, o.id, i.product_id",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(range.from)
        .bind(range.to)
        .bind(bit(OrderFlag::Test) | bit(OrderFlag::Cancelled));
        let rows = self.0.read("orders.baskets").await?.rows(sql).await?;
        let mut baskets: Vec<Basket> = Vec::new();
        for row in &rows {
            let mut c = Cells::of(row);
            let (day, order) = (c.day()?, OrderId(c.int()?));
            let product = ProductId(c.int()?);
            match baskets.last_mut().filter(|b| b.order == order) {
                Some(basket) => basket.products.push(product),
                None => baskets.push(Basket {
                    day,
                    order,
                    products: vec![product],
                }),
            }
        }
        Ok(baskets)
    }

    pub(super) async fn newest_observed(
        &self,
        scope: StoreScope,
    ) -> PortResult<Option<DateTime<Utc>>> {
        let sql =
            Sql::new("SELECT MAX(observed_at) FROM orders WHERE workspace = $1 AND store = $2")
                .bind(scope.workspace)
                .bind(scope.store);
        let row = self.0.read("orders.as_of").await?.one(sql).await?;
        Ok(row.map_or(Ok(None), |row| Cells::of(&row).at_or_none())?)
    }
}

fn filter<B: Backend>(sql: &mut Sql, scope: StoreScope, query: &OrderQuery) {
    sql.push(" WHERE o.workspace = ")
        .push_arg(scope.workspace)
        .push(" AND o.store = ")
        .push_arg(scope.store);
    if let Some(needle) = codec::needle(query.text.as_deref()) {
        let number = needle.parse::<OrderId>().ok();
        let n = sql.number(needle);
        sql.push(&format!(" AND ({}", B::contains("o.search", n)));
        if let Some(number) = number {
            sql.push(" OR o.id = ").push_arg(number);
        }
        sql.push(")");
    }
    if let Some(from) = query.from {
        sql.push(" AND o.day >= ").push_arg(from);
    }
    if let Some(to) = query.to {
        sql.push(" AND o.day <= ").push_arg(to);
    }
    for (column, wanted) in [
        ("financial_status", &query.financial_status),
        ("fulfillment_status", &query.fulfillment_status),
        ("channel", &query.channel),
        ("country", &query.country),
    ] {
        if let Some(wanted) = wanted {
            sql.push(&format!(" AND o.{column} = "))
                .push_arg(wanted.as_str());
        }
    }
    if let Some(product) = query.product {
        sql.push(
            " AND EXISTS (SELECT 1 FROM order_items i WHERE i.workspace = o.workspace \
             AND i.store = o.store AND i.order_id = o.id AND i.product_id = ",
        )
        .push_arg(product)
        .push(")");
    }
    if let Some(customer) = query.customer {
        sql.push(" AND o.customer = ").push_arg(customer);
    }
    if let Some(flag) = query.flag {
        sql.push(" AND (o.flags & ")
            .push_arg(bit(flag))
            .push(") <> 0");
    }
}
