//! Inputs of profit: a row for each thing that something is said about, changed under the store's lock.

use crate::audit::record_any;
use crate::codec::{json, word};
use crate::cursor::{Key, Paging};
use crate::stored::lock_name;
use crate::{Backend, Bulk, Cells, Database, Session, Sql, SqlRow, Undecodable, Writer, recosts};
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::calendar::DayRange;
use domain::catalog::CostBook;
use domain::ids::{OrderId, StoreScope, VariantId};
use domain::inputs::{Expect, Input, InputChange, InputKey, InputKind, InputRecord, OrderInputs};
use domain::money::Currency;
use domain::recost::RecostRun;
use ports::inputs::{Applied, InputQuery, InputStore, OnMismatch, SpendRow};
use ports::{Kind, Page, PageRequest, PortResult};
use std::collections::{BTreeMap, HashMap};

const SELECT: &str = "SELECT input, origin, revision FROM ledger_inputs \
     WHERE workspace = $1 AND store = $2";

fn select(scope: StoreScope) -> Sql {
    Sql::new(SELECT).bind(scope.workspace).bind(scope.store)
}

fn record<R: SqlRow>(row: &R) -> Result<InputRecord, Undecodable> {
    let mut c = Cells::of(row);
    Ok(InputRecord {
        input: c.json()?,
        origin: c.json()?,
        revision: c.int()?,
    })
}

fn records<R: SqlRow>(rows: &[R]) -> PortResult<Vec<InputRecord>> {
    Ok(rows.iter().map(record).collect::<Result<_, _>>()?)
}

/// What speaks of a store as a whole, into its book; of single orders only that there is something.
pub(crate) async fn tell_book<B: Backend, S: Session>(
    session: &mut S,
    scope: StoreScope,
    book: &mut CostBook,
) -> PortResult<()> {
    let mut sql = select(scope);
    let kinds = InputKind::OF_THE_BOOK.iter().map(word).collect::<Vec<_>>();
    let n = sql.number(kinds);
    sql.push(&format!(" AND kind {} ORDER BY kind, key", B::in_list(n)));
    for told in records(&session.rows(sql).await?)? {
        book.tell(told.input, told.origin);
    }
    let any = Sql::new(
        "SELECT 1 FROM ledger_inputs WHERE workspace = $1 AND store = $2 \
         AND kind IN ('line_cost', 'order_shipping') LIMIT 1",
    )
    .bind(scope.workspace)
    .bind(scope.store);
    book.tells_orders = session.one(any).await?.is_some();
    Ok(())
}

/// What is told of one variant, into its book.
pub(crate) async fn tell_variant<S: Session>(
    session: &mut S,
    scope: StoreScope,
    variant: VariantId,
    book: &mut CostBook,
) -> PortResult<()> {
    let mut sql = select(scope);
    sql.push(" AND kind = 'variant_cost' AND subject = ")
        .push_arg(variant)
        .push(" ORDER BY key");
    for told in records(&session.rows(sql).await?)? {
        book.tell(told.input, told.origin);
    }
    Ok(())
}

/// The next revision of the store's inputs.
async fn next_revision<W: Writer>(tx: &mut W, scope: StoreScope) -> PortResult<i64> {
    let sql = Sql::new(
        "INSERT INTO ledger_heads (workspace, store, revision) VALUES ($1, $2, 1) \
         ON CONFLICT (workspace, store) DO UPDATE SET revision = ledger_heads.revision + 1 \
         RETURNING revision",
    )
    .bind(scope.workspace)
    .bind(scope.store);
    let row = tx.one(sql).await?;
    Ok(row.map_or(Ok(1), |row| Cells::of(&row).int())?)
}

async fn present<B: Backend, W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    changes: &[InputChange],
) -> PortResult<HashMap<InputKey, InputRecord>> {
    let mut by_kind: BTreeMap<InputKind, Vec<String>> = BTreeMap::new();
    for change in changes {
        let keys = by_kind.entry(change.key.kind).or_default();
        keys.push(change.key.key.clone());
    }
    let mut present = HashMap::new();
    for (kind, keys) in by_kind {
        let mut sql = select(scope);
        sql.push(" AND kind = ").push_arg(word(&kind));
        let n = sql.number(keys);
        sql.push(&format!(" AND key {}", B::in_list(n)));
        for record in records(&tx.rows(sql).await?)? {
            present.insert(record.input.key(), record);
        }
    }
    Ok(present)
}

fn holds(expect: Expect, stands: Option<&InputRecord>) -> bool {
    match expect {
        Expect::Anything => true,
        Expect::Nothing => stands.is_none(),
        Expect::Revision(revision) => stands.is_some_and(|r| r.revision == revision),
    }
}

async fn write<W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    written: &[&InputRecord],
) -> PortResult<()> {
    let inputs = || written.iter().map(|r| &r.input);
    let spend = |i: &Input| match i {
        Input::AdSpend(s) => Some((s.amount, s.currency.code().to_owned())),
        _ => None,
    };
    let of = |i: &Input| match i {
        Input::AdSpend(s) => (
            Some(s.channel.clone()),
            s.account.map(|account| account.to_string()),
        ),
        _ => (None, None),
    };
    let bulk = Bulk::insert(
        "ledger_inputs",
        "ON CONFLICT (workspace, store, kind, key) DO UPDATE SET subject = excluded.subject, \
         day = excluded.day, amount = excluded.amount, currency = excluded.currency, \
         revision = excluded.revision, input = excluded.input, origin = excluded.origin, \
         channel = excluded.channel, account = excluded.account",
    )
    .same_id("workspace", scope.workspace.0)
    .same_id("store", scope.store.0)
    .texts("kind", inputs().map(|i| word(&i.kind())))
    .texts("key", inputs().map(|i| i.key().key))
    .ints("subject", inputs().map(Input::subject))
    .texts("day", inputs().map(|i| i.day().map(|d| d.to_string())))
    .ints(
        "amount",
        inputs().map(|i| spend(i).map(|(amount, _)| amount)),
    )
    .texts("currency", inputs().map(|i| spend(i).map(|(_, code)| code)))
    .ints("revision", written.iter().map(|r| r.revision))
    .texts("input", inputs().map(json))
    .texts("origin", written.iter().map(|r| json(&r.origin)))
    .texts("channel", inputs().map(|i| of(i).0))
    .texts("account", inputs().map(|i| of(i).1));
    tx.bulk(bulk).await?;
    Ok(())
}

async fn erase<W: Writer>(tx: &mut W, scope: StoreScope, keys: &[&InputKey]) -> PortResult<()> {
    let bulk = Bulk::delete("ledger_inputs", "1 = 1")
        .same_id("workspace", scope.workspace.0)
        .same_id("store", scope.store.0)
        .texts("kind", keys.iter().map(|k| word(&k.kind)))
        .texts("key", keys.iter().map(|k| k.key.clone()));
    tx.bulk(bulk).await?;
    Ok(())
}

#[async_trait]
impl<B: Backend> InputStore for Database<B> {
    async fn apply(
        &self,
        scope: StoreScope,
        changes: &[InputChange],
        on_mismatch: OnMismatch,
        run: Option<&RecostRun>,
        entry: Option<&NewEntry>,
    ) -> PortResult<Applied> {
        let operation = "inputs.apply";
        let mut tx = self.0.write(operation).await?;
        tx.lock(&lock_name(scope)).await?;
        let mut present = present::<B, _>(&mut tx, scope, changes).await?;
        let revision = next_revision(&mut tx, scope).await?;
        let mut applied = Applied {
            revision,
            ..Applied::default()
        };
        let mut before: BTreeMap<InputKey, Option<InputRecord>> = BTreeMap::new();
        for change in changes {
            let stands = present.get(&change.key);
            if !holds(change.expect, stands) {
                if on_mismatch == OnMismatch::Refuse {
                    tx.undo().await?;
                    let detail = "somebody else changed it first; look at it again";
                    return Err(Self::refuse(Kind::Conflict, operation, detail));
                }
                applied.skipped.push(change.key.clone());
                continue;
            }
            before
                .entry(change.key.clone())
                .or_insert_with(|| stands.cloned());
            match &change.to {
                Some((input, origin)) => {
                    let record = InputRecord {
                        input: input.clone(),
                        origin: *origin,
                        revision,
                    };
                    present.insert(change.key.clone(), record);
                }
                None => {
                    present.remove(&change.key);
                }
            }
        }
        for (key, before) in &before {
            let there = present.contains_key(key);
            let inverse = InputChange::restore(key, before.as_ref(), there, revision);
            applied.inverse.push(inverse);
        }
        let (there, gone): (Vec<_>, Vec<_>) =
            before.keys().partition(|key| present.contains_key(key));
        erase(&mut tx, scope, &gone).await?;
        let written: Vec<_> = there.into_iter().filter_map(|k| present.get(k)).collect();
        write(&mut tx, scope, &written).await?;
        if let Some(run) = run {
            let run = run.clone().taken_back_by(&applied.inverse);
            recosts::insert::<B>(&mut tx, &run).await?;
        }
        record_any(&mut tx, entry).await?;
        tx.commit().await?;
        Ok(applied)
    }

    async fn revision(&self, scope: StoreScope) -> PortResult<i64> {
        let sql = Sql::new("SELECT revision FROM ledger_heads WHERE workspace = $1 AND store = $2")
            .bind(scope.workspace)
            .bind(scope.store);
        let row = self.0.read("inputs.revision").await?.one(sql).await?;
        Ok(row.map_or(Ok(0), |row| Cells::of(&row).int())?)
    }

    async fn find(&self, scope: StoreScope, key: &InputKey) -> PortResult<Option<InputRecord>> {
        let mut sql = select(scope);
        sql.push(" AND kind = ")
            .push_arg(word(&key.kind))
            .push(" AND key = ")
            .push_arg(key.key.as_str());
        let row = self.0.read("inputs.find").await?.one(sql).await?;
        Ok(row.as_ref().map(record).transpose()?)
    }

    async fn list(
        &self,
        scope: StoreScope,
        query: &InputQuery,
        page: &PageRequest,
    ) -> PortResult<Page<InputRecord>> {
        let operation = "inputs.list";
        let paging = Paging::new::<B>(operation, &format!("{scope:?}{query:?}"), page)?;
        let filtered = |what: &str| {
            let mut sql = Sql::new(format!(
                "SELECT {what} FROM ledger_inputs WHERE workspace = $1 AND store = $2 AND kind = $3"
            ))
            .bind(scope.workspace)
            .bind(scope.store)
            .bind(word(&query.kind));
            if let Some(subject) = query.subject {
                sql.push(" AND subject = ").push_arg(subject);
            }
            if let Some(days) = query.days {
                sql.push(" AND day >= ")
                    .push_arg(days.from)
                    .push(" AND day <= ")
                    .push_arg(days.to);
            }
            sql
        };
        let mut session = self.0.read(operation).await?;
        let total = match &paging.after {
            Some(cursor) => cursor.total,
            None => {
                let row = session.one(filtered("COUNT(*)")).await?;
                row.map_or(Ok(0), |row| Cells::of(&row).count())?
            }
        };
        let (order, after) = if query.descending {
            ("DESC", "<")
        } else {
            ("ASC", ">")
        };
        let mut sql = filtered("input, origin, revision");
        if let Some(cursor) = &paging.after {
            sql.push(&format!(" AND key {after} "))
                .push_arg(cursor.sort.clone());
        }
        sql.push(&format!(" ORDER BY key {order} LIMIT "))
            .push_arg(paging.fetch());
        let items = records(&session.rows(sql).await?)?;
        Ok(paging.page(items, total, |last| {
            (Key::Text(last.input.key().key), Key::Int(0))
        }))
    }

    async fn all(&self, scope: StoreScope, kind: InputKind) -> PortResult<Vec<InputRecord>> {
        let mut sql = select(scope);
        sql.push(" AND kind = ")
            .push_arg(word(&kind))
            .push(" ORDER BY key");
        records(&self.0.read("inputs.all").await?.rows(sql).await?)
    }

    async fn of_orders(
        &self,
        scope: StoreScope,
        orders: &[OrderId],
    ) -> PortResult<BTreeMap<OrderId, OrderInputs>> {
        let mut sql = select(scope);
        let n = sql.number(orders.iter().map(|o| o.0).collect::<Vec<_>>());
        sql.push(&format!(
            " AND kind IN ('line_cost', 'order_shipping') AND subject {} ORDER BY kind, key",
            B::in_list(n)
        ));
        let rows = self.0.read("inputs.of_orders").await?.rows(sql).await?;
        let mut of: BTreeMap<OrderId, OrderInputs> = BTreeMap::new();
        for told in records(&rows)? {
            if let Some(order) = OrderInputs::order_of(&told.input) {
                of.entry(order).or_default().insert(told.input);
            }
        }
        Ok(of)
    }

    async fn spend_by_day(&self, scope: StoreScope, range: DayRange) -> PortResult<Vec<SpendRow>> {
        // What an account tells of a channel's day stands for what people told of it.
        let sql = Sql::new(
            "SELECT day, currency, CAST(SUM(amount) AS BIGINT) FROM ledger_inputs i \
             WHERE workspace = $1 AND store = $2 AND kind = 'ad_spend' \
             AND day >= $3 AND day <= $4 AND (account IS NOT NULL OR NOT EXISTS ( \
             SELECT 1 FROM ledger_inputs a WHERE a.workspace = i.workspace AND a.store = i.store \
             AND a.kind = 'ad_spend' AND a.day = i.day AND a.channel = i.channel \
             AND a.account IS NOT NULL)) GROUP BY day, currency ORDER BY day, currency",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(range.from)
        .bind(range.to);
        let rows = self.0.read("inputs.spend_by_day").await?.rows(sql).await?;
        rows.iter()
            .map(|row| {
                let mut c = Cells::of(row);
                let day = c.day()?;
                let code = c.text()?;
                let currency = Currency::parse(&code).map_err(|e| c.bad(e.to_string()))?;
                Ok(SpendRow {
                    day,
                    currency,
                    amount: c.int()?,
                })
            })
            .collect()
    }
}
