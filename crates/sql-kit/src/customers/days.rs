//! Writing the days of customers: deltas are added where a row stands, rows that come down to nothing go, and what is kept of
//! each customer is drawn anew from the rows of those who were touched.

use crate::{Backend, Bulk, Cells, Sql, Writer};
use domain::customers::{CustomerDay, CustomerDayKey, CustomerDays, GUEST, fold};
use domain::ids::{CustomerId, StoreScope};
use domain::ledger::Ledger;
use domain::order::Order;
use domain::rollup::{self, Placement, Rollups};
use ports::PortResult;
use std::collections::BTreeSet;

/// Rows of one statement: bounds the memory of a repair.
const CHUNK: usize = 2_000;
/// Orders that a fill reads at once.
const FILL_PAGE: i64 = 500;

const ADD: &str = "ON CONFLICT (workspace, store, customer, currency, day) DO UPDATE SET \
     orders = customer_days.orders + excluded.orders, \
     net_revenue = customer_days.net_revenue + excluded.net_revenue, \
     net_revenue_without_cost = customer_days.net_revenue_without_cost + excluded.net_revenue_without_cost, \
     cm2 = customer_days.cm2 + excluded.cm2, \
     entries = customer_days.entries + excluded.entries";

const ALL_ZERO: &str = "customer_days.orders = 0 AND customer_days.net_revenue = 0 \
     AND customer_days.net_revenue_without_cost = 0 AND customer_days.cm2 = 0 \
     AND customer_days.entries = 0";

/// Adds what an order brings, out of what it adds to the rollups; `sign` is 1, or -1 to take away.
pub(crate) fn merge(
    sum: &mut CustomerDays,
    customer: Option<CustomerId>,
    rollups: &Rollups,
    sign: i64,
) {
    for (key, day) in fold(customer, rollups) {
        let place = sum.entry(key).or_default();
        if sign < 0 {
            *place -= day;
        } else {
            *place += day;
        }
    }
}

pub(crate) async fn apply<B: Backend, W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    mut delta: CustomerDays,
) -> PortResult<()> {
    delta.retain(|_, d| !d.is_zero());
    if delta.is_empty() {
        return Ok(());
    }
    let touched: BTreeSet<i64> = delta.keys().map(|k| k.customer.0).collect();
    let shrunk: BTreeSet<i64> = delta
        .iter()
        .filter(|(_, d)| d.orders < 0)
        .map(|(k, _)| k.customer.0)
        .collect();
    write(tx, scope, delta).await?;
    draw_sums::<B, _>(tx, scope, &touched, &shrunk).await?;
    touch(tx, scope).await
}

async fn write<W: Writer>(tx: &mut W, scope: StoreScope, delta: CustomerDays) -> PortResult<()> {
    let emptied: Vec<CustomerDayKey> = delta
        .iter()
        .filter(|(_, d)| d.entries < 0 || d.orders < 0)
        .map(|(key, _)| *key)
        .collect();
    let rows: Vec<_> = delta.into_iter().collect();
    for chunk in rows.chunks(CHUNK) {
        let keys: Vec<CustomerDayKey> = chunk.iter().map(|(key, _)| *key).collect();
        let mut bulk = keyed(Bulk::insert("customer_days", ADD), scope, &keys);
        let values: Vec<_> = chunk.iter().map(|(_, d)| d.values()).collect();
        for (i, name) in CustomerDay::NAMES.into_iter().enumerate() {
            bulk = bulk.ints(name, values.iter().map(|v| v[i]));
        }
        tx.bulk(bulk).await?;
    }
    for chunk in emptied.chunks(CHUNK) {
        tx.bulk(keyed(Bulk::delete("customer_days", ALL_ZERO), scope, chunk))
            .await?;
    }
    Ok(())
}

fn keyed(bulk: Bulk, scope: StoreScope, keys: &[CustomerDayKey]) -> Bulk {
    bulk.same_id("workspace", scope.workspace.0)
        .same_id("store", scope.store.0)
        .ints("customer", keys.iter().map(|k| k.customer.0))
        .texts(
            "currency",
            keys.iter().map(|k| k.currency.code().to_owned()),
        )
        .texts("day", keys.iter().map(|k| k.day.to_string()))
}

/// Only who lost orders can have lost all of them.
async fn draw_sums<B: Backend, W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    touched: &BTreeSet<i64>,
    shrunk: &BTreeSet<i64>,
) -> PortResult<()> {
    if !shrunk.is_empty() {
        let gone = Sql::new(format!(
            "DELETE FROM customer_sums WHERE workspace = $1 AND store = $2 AND customer {}",
            B::in_list(3)
        ))
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(shrunk.iter().copied().collect::<Vec<_>>());
        tx.run(gone).await?;
    }
    let touched: Vec<i64> = touched.iter().copied().filter(|c| *c != GUEST.0).collect();
    if touched.is_empty() {
        return Ok(());
    }
    let sums = Sql::new(format!(
        "INSERT INTO customer_sums (workspace, store, currency, customer, first_day, last_day, \
         orders, net_revenue, net_revenue_without_cost, cm2) \
         SELECT workspace, store, currency, customer, \
         MIN(CASE WHEN orders > 0 THEN day END), MAX(CASE WHEN orders > 0 THEN day END), \
         CAST(SUM(orders) AS BIGINT), CAST(SUM(net_revenue) AS BIGINT), \
         CAST(SUM(net_revenue_without_cost) AS BIGINT), CAST(SUM(cm2) AS BIGINT) \
         FROM customer_days WHERE workspace = $1 AND store = $2 AND customer {} \
         GROUP BY workspace, store, currency, customer HAVING SUM(orders) > 0 \
         ON CONFLICT (workspace, store, currency, customer) DO UPDATE SET \
         first_day = excluded.first_day, last_day = excluded.last_day, \
         orders = excluded.orders, net_revenue = excluded.net_revenue, \
         net_revenue_without_cost = excluded.net_revenue_without_cost, cm2 = excluded.cm2",
        B::in_list(3)
    ))
    .bind(scope.workspace)
    .bind(scope.store)
    .bind(touched);
    tx.run(sums).await?;
    Ok(())
}

/// What was computed before is old from now on.
pub(crate) async fn touch<W: Writer>(tx: &mut W, scope: StoreScope) -> PortResult<()> {
    let sql = Sql::new(
        "INSERT INTO customer_state (workspace, store, revision, filled) VALUES ($1, $2, 1, 1) \
         ON CONFLICT (workspace, store) DO UPDATE SET revision = customer_state.revision + 1",
    )
    .bind(scope.workspace)
    .bind(scope.store);
    tx.run(sql).await?;
    Ok(())
}

/// All days of the store are those given.
pub(super) async fn replace<B: Backend, W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    days: CustomerDays,
) -> PortResult<()> {
    clear(tx, scope).await?;
    let days: Vec<_> = days.into_iter().collect();
    for chunk in days.chunks(CHUNK) {
        apply::<B, _>(tx, scope, chunk.iter().copied().collect()).await?;
    }
    touch(tx, scope).await
}

async fn clear<W: Writer>(tx: &mut W, scope: StoreScope) -> PortResult<()> {
    for table in ["customer_days", "customer_sums"] {
        let sql = Sql::new(format!(
            "DELETE FROM {table} WHERE workspace = $1 AND store = $2"
        ))
        .bind(scope.workspace)
        .bind(scope.store);
        tx.run(sql).await?;
    }
    Ok(())
}

/// Folds the stored orders, page by page.
pub(super) async fn fill<B: Backend, W: Writer>(tx: &mut W, scope: StoreScope) -> PortResult<()> {
    clear(tx, scope).await?;
    let mut after = i64::MIN;
    loop {
        let page = Sql::new(
            "SELECT id, facts, ledger FROM order_documents \
             WHERE workspace = $1 AND store = $2 AND id > $3 ORDER BY id LIMIT $4",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(after)
        .bind(FILL_PAGE);
        let rows = tx.rows(page).await?;
        let mut days = CustomerDays::new();
        for row in &rows {
            let mut c = Cells::of(row);
            after = c.int()?;
            let (order, ledger): (Order, Ledger) = (c.json()?, c.json()?);
            let rollups = rollup::fold(&Placement::of(&order), &ledger);
            merge(&mut days, order.customer, &rollups, 1);
        }
        if rows.is_empty() {
            break;
        }
        apply::<B, _>(tx, scope, days).await?;
    }
    touch(tx, scope).await
}
