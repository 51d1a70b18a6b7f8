//! Finding and listing products.

use crate::cursor::{Key, Paging};
use crate::{Backend, Cells, Database, Session, Sql, SqlRow, Undecodable, codec};
use domain::ids::{ProductId, StoreScope};
use ports::catalog::{ProductQuery, ProductSort, StoredProduct};
use ports::{Page, PageRequest, PortResult};

const SELECT: &str = "SELECT facts, version, observed_at FROM products p";

fn stored<R: SqlRow>(row: &R) -> Result<StoredProduct, Undecodable> {
    let mut c = Cells::of(row);
    Ok(StoredProduct {
        product: c.json()?,
        version: c.int()?,
        observed_at: c.at()?,
    })
}

/// Titles are sorted without regard to case.
pub(super) fn title_key(title: &str) -> String {
    title.to_ascii_lowercase()
}

fn sort_key(product: &StoredProduct, sort: ProductSort) -> (Key, Key) {
    let product = &product.product;
    let value = match sort {
        ProductSort::Title => Key::Text(title_key(&product.title)),
        ProductSort::NewestFirst => Key::Int(product.created_at.timestamp_micros()),
    };
    (value, Key::Int(product.id.0))
}

impl<B: Backend> Database<B> {
    pub(super) async fn find_product(
        &self,
        scope: StoreScope,
        id: ProductId,
    ) -> PortResult<Option<StoredProduct>> {
        let sql = Sql::new(format!(
            "{SELECT} WHERE p.workspace = $1 AND p.store = $2 AND p.id = $3"
        ))
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(id);
        let row = self.0.read("catalog.find").await?.one(sql).await?;
        Ok(row.as_ref().map(stored).transpose()?)
    }

    pub(super) async fn product_numbers(
        &self,
        scope: StoreScope,
        query: &ProductQuery,
    ) -> PortResult<Vec<ProductId>> {
        let mut sql = Sql::new("SELECT p.id FROM products p");
        filter::<B>(&mut sql, scope, query);
        let rows = self.0.read("catalog.numbers").await?.rows(sql).await?;
        let number = |row| Cells::of(row).int().map(ProductId);
        Ok(rows.iter().map(number).collect::<Result<_, _>>()?)
    }

    pub(super) async fn list_products(
        &self,
        scope: StoreScope,
        query: &ProductQuery,
        page: &PageRequest,
    ) -> PortResult<Page<StoredProduct>> {
        let operation = "catalog.list";
        let identity = format!("{scope:?}{query:?}");
        let paging = Paging::new::<B>(operation, &identity, page)?;
        let mut session = self.0.read(operation).await?;
        let total = match &paging.after {
            Some(cursor) => cursor.total,
            None => {
                let mut count = Sql::new("SELECT COUNT(*) FROM products p");
                filter::<B>(&mut count, scope, query);
                let row = session.one(count).await?;
                row.map_or(Ok(0), |row| Cells::of(&row).count())?
            }
        };
        let (column, order, after) = match query.sort {
            ProductSort::Title => ("p.title_key", "ASC", ">"),
            ProductSort::NewestFirst => ("p.created_at", "DESC", "<"),
        };
        let mut sql = Sql::new(SELECT);
        filter::<B>(&mut sql, scope, query);
        if let Some(cursor) = &paging.after {
            sql.push(&format!(" AND ({column}, p.id) {after} ("))
                .push_arg(cursor.sort.clone())
                .push(", ")
                .push_arg(cursor.id.clone())
                .push(")");
        }
        sql.push(&format!(" ORDER BY {column} {order}, p.id {order} LIMIT "))
            .push_arg(paging.fetch());
        let rows = session.rows(sql).await?;
        let items = rows.iter().map(stored).collect::<Result<Vec<_>, _>>()?;
        Ok(paging.page(items, total, |last| sort_key(last, query.sort)))
    }
}

fn filter<B: Backend>(sql: &mut Sql, scope: StoreScope, query: &ProductQuery) {
    sql.push(" WHERE p.workspace = ")
        .push_arg(scope.workspace)
        .push(" AND p.store = ")
        .push_arg(scope.store);
    if let Some(needle) = codec::needle(query.text.as_deref()) {
        let number = needle.parse::<ProductId>().ok();
        let n = sql.number(needle);
        sql.push(&format!(" AND ({}", B::contains("p.search", n)));
        if let Some(number) = number {
            sql.push(" OR p.id = ").push_arg(number);
        }
        sql.push(")");
    }
    if let Some(status) = &query.status {
        sql.push(" AND p.status = ").push_arg(status.as_str());
    }
    if let Some(missing) = query.cost_missing {
        sql.push(" AND p.cost_missing = ").push_arg(missing);
    }
    if let Some(ids) = &query.ids {
        let n = sql.number(ids.iter().map(|id| id.0).collect::<Vec<_>>());
        sql.push(&format!(" AND p.id {}", B::in_list(n)));
    }
}
