//! Requests about personal data, and what is remembered so that nobody who was forgotten comes back.

use crate::codec::{json, word};
use crate::cursor::{Key, Paging};
use crate::customers::days::touch;
use crate::sql::micros;
use crate::stored::lock_name;
use crate::{Backend, Bulk, Cells, Database, Session, Sql, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::{ConnectionId, CustomerId, OrderId, PrivacyRequestId, StoreScope, WorkspaceId};
use domain::order::Order;
use domain::privacy::{Identities, PrivacyRequest, PrivacyState};
use ports::privacy::{PrivacyStore, Redacted, StoredBody};
use ports::{Page, PageRequest, PortResult};

/// Bodies that are read at once.
const BODIES: i64 = 200;
/// A longer chain of merges cannot be.
const MERGES: usize = 20;

/// Remembered ids among the given ones.
pub(crate) async fn forgotten<B: Backend, S: Session>(
    session: &mut S,
    scope: StoreScope,
    kind: &'static str,
    ids: &[i64],
) -> PortResult<Vec<i64>> {
    let sql = Sql::new(format!(
        "SELECT id FROM forgotten WHERE workspace = $1 AND store = $2 AND kind = $3 AND id {}",
        B::in_list(4)
    ))
    .bind(scope.workspace)
    .bind(scope.store)
    .bind(kind)
    .bind(ids.to_vec());
    let rows = session.rows(sql).await?;
    rows.iter().map(|row| Ok(Cells::of(row).int()?)).collect()
}

/// Who of the given customers became whom, one step.
pub(crate) async fn merged<B: Backend, S: Session>(
    session: &mut S,
    scope: StoreScope,
    ids: &[i64],
) -> PortResult<Vec<(i64, i64)>> {
    let sql = Sql::new(format!(
        "SELECT gone, kept FROM customer_merges WHERE workspace = $1 AND store = $2 AND gone {}",
        B::in_list(3)
    ))
    .bind(scope.workspace)
    .bind(scope.store)
    .bind(ids.to_vec());
    let rows = session.rows(sql).await?;
    let pair = |row| {
        let mut c = Cells::of(row);
        Ok((c.int()?, c.int()?))
    };
    rows.iter().map(pair).collect()
}

async fn remember<W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    kind: &'static str,
    ids: &[i64],
    at: DateTime<Utc>,
) -> PortResult<()> {
    let bulk = Bulk::insert(
        "forgotten",
        "ON CONFLICT (workspace, store, kind, id) DO NOTHING",
    )
    .same_id("workspace", scope.workspace.0)
    .same_id("store", scope.store.0)
    .texts("kind", ids.iter().map(|_| kind.to_owned()))
    .ints("id", ids.iter().copied())
    .same_int("at", micros(at));
    tx.bulk(bulk).await?;
    Ok(())
}

/// Deletes what describes these customers; answers how many records there were.
pub(crate) async fn drop_profiles<B: Backend, W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    customers: &[i64],
) -> PortResult<u64> {
    let mut dropped = 0;
    for from in [
        "customer_profiles WHERE workspace = $1 AND store = $2 AND id ",
        "facts WHERE workspace = $1 AND store = $2 AND kind = 'customers' AND id ",
    ] {
        let sql = Sql::new(format!("DELETE FROM {from}{}", B::in_list(3)))
            .bind(scope.workspace)
            .bind(scope.store)
            .bind(customers.to_vec());
        dropped = tx.run(sql).await?;
    }
    Ok(dropped)
}

/// What imports replaced may come back when they are undone; it comes back without words.
async fn redact_journal<B: Backend, W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    orders: &[i64],
) -> PortResult<()> {
    let entries = Sql::new(format!(
        "SELECT seq, before FROM import_journal WHERE workspace = $1 AND store = $2 \
         AND kind = 'order' AND before IS NOT NULL AND thing {}",
        B::in_list(3)
    ))
    .bind(scope.workspace)
    .bind(scope.store)
    .bind(orders.to_vec());
    for row in tx.rows(entries).await? {
        let mut c = Cells::of(&row);
        let (seq, mut order): (i64, Order) = (c.int()?, c.json()?);
        order.redact();
        let sql = Sql::new("UPDATE import_journal SET before = $2 WHERE seq = $1")
            .bind(seq)
            .bind(json(&order));
        tx.run(sql).await?;
    }
    Ok(())
}

impl<B: Backend> Database<B> {
    async fn privacy_requests(
        &self,
        operation: &'static str,
        sql: Sql,
    ) -> PortResult<Vec<PrivacyRequest>> {
        let rows = self.0.read(operation).await?.rows(sql).await?;
        rows.iter().map(|row| Ok(Cells::of(row).json()?)).collect()
    }
}

#[async_trait]
impl<B: Backend> PrivacyStore for Database<B> {
    async fn receive(&self, request: &PrivacyRequest) -> PortResult<PrivacyRequest> {
        let operation = "privacy.receive";
        let sql = Sql::new(
            "INSERT INTO privacy_requests (id, workspace, store, kind, dedupe_key, state, \
             received_at, document) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
             ON CONFLICT (workspace, store, kind, dedupe_key) DO NOTHING",
        )
        .bind(request.id)
        .bind(request.scope.workspace)
        .bind(request.scope.store)
        .bind(word(&request.kind))
        .bind(request.key.as_str())
        .bind(word(&request.state))
        .bind(request.received_at)
        .bind(json(request));
        if self.execute(operation, sql).await? > 0 {
            return Ok(request.clone());
        }
        let stored = Sql::new(
            "SELECT document FROM privacy_requests WHERE workspace = $1 AND store = $2 \
             AND kind = $3 AND dedupe_key = $4",
        )
        .bind(request.scope.workspace)
        .bind(request.scope.store)
        .bind(word(&request.kind))
        .bind(request.key.as_str());
        let found = self.privacy_requests(operation, stored).await?.pop();
        Ok(found.unwrap_or_else(|| request.clone()))
    }

    async fn requests(
        &self,
        workspace: WorkspaceId,
        page: &PageRequest,
    ) -> PortResult<Page<PrivacyRequest>> {
        let operation = "privacy.requests";
        let paging = Paging::new::<B>(operation, &workspace.to_string(), page)?;
        let total = match &paging.after {
            Some(cursor) => cursor.total,
            None => {
                let count = Sql::new("SELECT COUNT(*) FROM privacy_requests WHERE workspace = $1")
                    .bind(workspace);
                let row = self.0.read(operation).await?.one(count).await?;
                row.map_or(Ok(0), |row| Cells::of(&row).count())?
            }
        };
        let mut sql =
            Sql::new("SELECT document FROM privacy_requests WHERE workspace = $1").bind(workspace);
        if let Some(cursor) = &paging.after {
            sql.push(" AND (received_at, id) < (")
                .push_arg(cursor.sort.clone())
                .push(", ")
                .push_arg(cursor.id.clone())
                .push(")");
        }
        sql.push(" ORDER BY received_at DESC, id DESC LIMIT ")
            .push_arg(paging.fetch());
        let items = self.privacy_requests(operation, sql).await?;
        Ok(paging.page(items, total, |last| {
            (Key::Int(micros(last.received_at)), Key::Id(last.id.0))
        }))
    }

    async fn request(
        &self,
        workspace: WorkspaceId,
        id: PrivacyRequestId,
    ) -> PortResult<Option<PrivacyRequest>> {
        let sql =
            Sql::new("SELECT document FROM privacy_requests WHERE workspace = $1 AND id = $2")
                .bind(workspace)
                .bind(id);
        Ok(self.privacy_requests("privacy.request", sql).await?.pop())
    }

    async fn in_state(&self, state: PrivacyState) -> PortResult<Vec<PrivacyRequest>> {
        let sql = Sql::new(
            "SELECT document FROM privacy_requests WHERE state = $1 \
             ORDER BY received_at, id LIMIT 100",
        )
        .bind(word(&state));
        self.privacy_requests("privacy.in_state", sql).await
    }

    async fn settle(
        &self,
        id: PrivacyRequestId,
        state: PrivacyState,
        at: DateTime<Utc>,
        note: &str,
    ) -> PortResult<()> {
        let mut tx = self.0.write("privacy.settle").await?;
        let stored = Sql::new(format!(
            "SELECT document FROM privacy_requests WHERE id = $1{}",
            B::FOR_UPDATE
        ))
        .bind(id);
        let Some(row) = tx.one(stored).await? else {
            return tx.undo().await;
        };
        let mut request: PrivacyRequest = Cells::of(&row).json()?;
        request.state = state;
        request.settled_at = Some(at);
        request.note = Some(note.to_owned());
        let sql = Sql::new("UPDATE privacy_requests SET state = $2, document = $3 WHERE id = $1")
            .bind(id)
            .bind(word(&state))
            .bind(json(&request));
        tx.run(sql).await?;
        tx.commit().await
    }

    async fn forget(
        &self,
        scope: StoreScope,
        customers: &[CustomerId],
        orders: &[OrderId],
        at: DateTime<Utc>,
    ) -> PortResult<Redacted> {
        let customers: Vec<i64> = customers.iter().map(|c| c.0).collect();
        let orders: Vec<i64> = orders.iter().map(|o| o.0).collect();
        let mut tx = self.0.write("privacy.forget").await?;
        tx.lock(&lock_name(scope)).await?;
        remember(&mut tx, scope, "customer", &customers, at).await?;
        remember(&mut tx, scope, "order", &orders, at).await?;
        let profiles = drop_profiles::<B, _>(&mut tx, scope, &customers).await?;
        crate::outreach::forget::<B, _>(&mut tx, scope, &customers).await?;
        let theirs = Sql::new(format!(
            "SELECT id FROM orders WHERE workspace = $1 AND store = $2 AND customer {}",
            B::in_list(3)
        ))
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(customers);
        let theirs = tx.rows(theirs).await?;
        let mut ids = orders;
        for row in &theirs {
            ids.push(Cells::of(row).int()?);
        }
        redact_journal::<B, _>(&mut tx, scope, &ids).await?;
        touch(&mut tx, scope).await?;
        tx.commit().await?;
        Ok(Redacted {
            profiles,
            orders: theirs.len() as u64,
        })
    }

    async fn merge(
        &self,
        scope: StoreScope,
        from: CustomerId,
        into: CustomerId,
        at: DateTime<Utc>,
    ) -> PortResult<()> {
        if from == into {
            return Ok(());
        }
        let mut tx = self.0.write("privacy.merge").await?;
        tx.lock(&lock_name(scope)).await?;
        // The one who is left may have been gone by an older, mistaken note.
        let back = Sql::new(
            "DELETE FROM customer_merges WHERE workspace = $1 AND store = $2 AND gone = $3",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(into);
        tx.run(back).await?;
        let sql = Sql::new(
            "INSERT INTO customer_merges (workspace, store, gone, kept, at) \
             VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (workspace, store, gone) DO UPDATE SET kept = excluded.kept, at = excluded.at",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(from)
        .bind(into)
        .bind(at);
        tx.run(sql).await?;
        drop_profiles::<B, _>(&mut tx, scope, &[from.0]).await?;
        crate::outreach::merge(&mut tx, scope, from, into).await?;
        crate::support::merge(&mut tx, scope, from, into).await?;
        touch(&mut tx, scope).await?;
        tx.commit().await
    }

    async fn identities(
        &self,
        scope: StoreScope,
        customers: &[CustomerId],
        orders: &[OrderId],
    ) -> PortResult<Identities> {
        let mut identities = Identities::default();
        let mut session = self.0.read("privacy.identities").await?;
        let asked: Vec<i64> = customers.iter().map(|c| c.0).collect();
        let mut open: Vec<(i64, i64)> = asked.iter().map(|c| (*c, *c)).collect();
        for _ in 0..MERGES {
            let last: Vec<i64> = open.iter().map(|(_, now)| *now).collect();
            let steps = merged::<B, _>(&mut session, scope, &last).await?;
            open.retain_mut(
                |(_, now)| match steps.iter().find(|(gone, _)| gone == now) {
                    Some((_, kept)) => {
                        *now = *kept;
                        true
                    }
                    None => false,
                },
            );
            if open.is_empty() {
                break;
            }
            for (asked, now) in &open {
                identities
                    .became
                    .insert(CustomerId(*asked), CustomerId(*now));
            }
        }
        let mut people = asked;
        people.extend(identities.became.values().map(|c| c.0));
        let gone = forgotten::<B, _>(&mut session, scope, "customer", &people).await?;
        identities
            .forgotten
            .extend(gone.into_iter().map(CustomerId));
        let orders: Vec<i64> = orders.iter().map(|o| o.0).collect();
        let gone = forgotten::<B, _>(&mut session, scope, "order", &orders).await?;
        identities
            .forgotten_orders
            .extend(gone.into_iter().map(OrderId));
        Ok(identities)
    }

    async fn bodies(&self, connection: ConnectionId, after: i64) -> PortResult<Vec<StoredBody>> {
        let sql = Sql::new(
            "SELECT id, topic, body FROM inbox WHERE connection = $1 AND id > $2 \
             AND body IS NOT NULL ORDER BY id LIMIT $3",
        )
        .bind(connection)
        .bind(after)
        .bind(BODIES);
        let rows = self.0.read("privacy.bodies").await?.rows(sql).await?;
        let body = |row| {
            let mut c = Cells::of(row);
            Ok(StoredBody {
                id: c.int()?,
                topic: c.text()?,
                body: c.bytes()?,
            })
        };
        rows.iter().map(body).collect()
    }

    async fn replace_body(&self, id: i64, body: &[u8]) -> PortResult<()> {
        let sql = Sql::new("UPDATE inbox SET body = $2 WHERE id = $1 AND body IS NOT NULL")
            .bind(id)
            .bind(body);
        self.execute("privacy.replace_body", sql).await?;
        Ok(())
    }

    async fn wipe_deleted(&self) -> PortResult<()> {
        self.0.wipe_deleted().await
    }
}
