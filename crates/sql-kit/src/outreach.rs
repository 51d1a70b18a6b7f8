//! Exports of segments, and whom they named. Claims of one store wait for each other.

use crate::audit::record;
use crate::codec::json;
use crate::{Backend, Bulk, Cells, Database, Session, Sql, Writer, versioned};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::audit::NewEntry;
use domain::ids::{CustomerId, OutreachExportId, StoreScope};
use domain::outreach::{
    Cap, Cause, Claim, DeliveryState, OutreachExport, OutreachSettings, Told, judge,
};
use ports::outreach::{HELD, OutreachLease, OutreachStore, Release};
use ports::{Kind, PortResult};
use std::collections::BTreeMap;

const SETTINGS: &str = "outreach_settings";
/// People that are looked up at once.
const PEOPLE: usize = 5_000;
const PIECE: usize = 1 << 20;

fn lock_name(scope: StoreScope) -> String {
    format!("outreach/{}", scope.store)
}

/// Of these people; each with what they were told, oldest first.
async fn told_of<B: Backend, S: Session>(
    session: &mut S,
    scope: StoreScope,
    people: &[i64],
) -> PortResult<BTreeMap<i64, Vec<Told>>> {
    let mut told: BTreeMap<i64, Vec<Told>> = BTreeMap::new();
    for people in people.chunks(PEOPLE) {
        let sql = Sql::new(format!(
            "SELECT customer, cause, at FROM outreach_told WHERE workspace = $1 AND store = $2 \
             AND customer {} ORDER BY customer, at, cause",
            B::in_list(3)
        ))
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(people.to_vec());
        for row in session.rows(sql).await? {
            let mut c = Cells::of(&row);
            let customer = c.int()?;
            let one = Told {
                cause: Cause(c.text()?),
                at: c.at()?,
            };
            told.entry(customer).or_default().push(one);
        }
    }
    Ok(told)
}

/// What exports keep of these people.
pub(crate) async fn forget<B: Backend, W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    customers: &[i64],
) -> PortResult<()> {
    let sql = Sql::new(format!(
        "DELETE FROM outreach_told WHERE workspace = $1 AND store = $2 AND customer {}",
        B::in_list(3)
    ))
    .bind(scope.workspace)
    .bind(scope.store)
    .bind(customers.to_vec());
    tx.run(sql).await?;
    Ok(())
}

/// What the one was told the other was: they are the same person.
pub(crate) async fn merge<W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    from: CustomerId,
    into: CustomerId,
) -> PortResult<()> {
    let sql = Sql::new(
        "INSERT INTO outreach_told (workspace, store, customer, cause, at, export) \
         SELECT workspace, store, $4, cause, at, export FROM outreach_told \
         WHERE workspace = $1 AND store = $2 AND customer = $3 ON CONFLICT DO NOTHING",
    )
    .bind(scope.workspace)
    .bind(scope.store)
    .bind(from)
    .bind(into);
    tx.run(sql).await?;
    let sql =
        Sql::new("DELETE FROM outreach_told WHERE workspace = $1 AND store = $2 AND customer = $3")
            .bind(scope.workspace)
            .bind(scope.store)
            .bind(from);
    tx.run(sql).await?;
    Ok(())
}

/// When somebody has to look at it: one that is being sent when its sender died.
fn due(export: &OutreachExport) -> Option<DateTime<Utc>> {
    let delivery = export.delivery.as_ref()?;
    match delivery.state {
        DeliveryState::Waiting => Some(delivery.due_at.unwrap_or(export.at)),
        DeliveryState::Sending => Some(export.at),
        DeliveryState::Taken | DeliveryState::Unknown | DeliveryState::GivenUp => None,
    }
}

async fn found<S: Session>(
    session: &mut S,
    scope: StoreScope,
    id: OutreachExportId,
    hold: &str,
) -> PortResult<Option<OutreachExport>> {
    let sql = Sql::new(format!(
        "SELECT document FROM outreach_exports \
         WHERE id = $1 AND workspace = $2 AND store = $3{hold}"
    ))
    .bind(id)
    .bind(scope.workspace)
    .bind(scope.store);
    let row = session.one(sql).await?;
    Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
}

/// They count as not told by it.
async fn let_go<B: Backend, W: Writer>(
    tx: &mut W,
    export: &OutreachExport,
    release: Release<'_>,
) -> PortResult<()> {
    let own = "DELETE FROM outreach_told WHERE workspace = $1 AND store = $2 AND export = $3";
    let bound = |sql: String| {
        let scope = export.scope;
        let sql = Sql::new(sql).bind(scope.workspace);
        sql.bind(scope.store).bind(export.id)
    };
    match release {
        Release::Nobody => {}
        Release::Everybody => {
            tx.run(bound(own.to_owned())).await?;
        }
        Release::These(people) => {
            for people in people.chunks(PEOPLE) {
                let people: Vec<i64> = people.iter().map(|id| id.0).collect();
                let sql = bound(format!("{own} AND customer {}", B::in_list(4)));
                tx.run(sql.bind(people)).await?;
            }
        }
    }
    Ok(())
}

#[async_trait]
impl<B: Backend> OutreachStore for Database<B> {
    async fn outreach_settings(&self, scope: StoreScope) -> PortResult<Option<OutreachSettings>> {
        self.newest(SETTINGS, scope).await
    }

    async fn set_outreach_settings(
        &self,
        settings: &OutreachSettings,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let (scope, version) = (settings.scope, settings.version);
        let mut tx = self.0.write(SETTINGS).await?;
        if !versioned::replace(&mut tx, SETTINGS, scope, version, settings).await? {
            tx.undo().await?;
            let detail = "the settings were changed otherwise meanwhile; look at them again";
            return Err(Self::refuse(Kind::Conflict, SETTINGS, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }

    async fn claim_outreach(
        &self,
        export: &OutreachExport,
        wanted: &[(CustomerId, Cause)],
        cap: Cap,
        entry: &NewEntry,
    ) -> PortResult<(Vec<Claim>, OutreachExport)> {
        let scope = export.scope;
        let mut tx = self.0.write("outreach.claim").await?;
        tx.lock(&lock_name(scope)).await?;
        let people: Vec<i64> = wanted.iter().map(|(id, _)| id.0).collect();
        let mut before = told_of::<B, _>(&mut tx, scope, &people).await?;
        let (mut claims, mut granted) = (Vec::with_capacity(wanted.len()), Vec::new());
        for (customer, cause) in wanted {
            let told = before.entry(customer.0).or_default();
            let claim = judge(told, cause, cap);
            if claim == Claim::Granted {
                told.push(Told {
                    cause: cause.clone(),
                    at: export.at,
                });
                granted.push((customer.0, cause.0.clone()));
            }
            claims.push(claim);
        }
        let mut made = export.clone();
        made.count(&claims);
        let rows = Bulk::insert("outreach_told", "")
            .same_id("workspace", scope.workspace.0)
            .same_id("store", scope.store.0)
            .ints("customer", granted.iter().map(|(id, _)| *id))
            .texts("cause", granted.iter().map(|(_, cause)| cause.clone()))
            .same_int("at", crate::sql::micros(export.at))
            .same_id("export", export.id.0);
        if !granted.is_empty() {
            for piece in rows.pieces(PIECE) {
                tx.bulk(piece).await?;
            }
        }
        let sql = Sql::new(
            "INSERT INTO outreach_exports (id, workspace, store, at, document, due_at, leased_until, fence) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, 1)",
        )
        .bind(made.id)
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(made.at)
        .bind(json(&made))
        .bind(due(&made))
        .bind(made.delivery.as_ref().map(|_| made.at + HELD));
        tx.run(sql).await?;
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await?;
        Ok((claims, made))
    }

    async fn claim_sending(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> PortResult<Option<OutreachLease>> {
        let sql = Sql::new(format!(
            "WITH due AS (SELECT id FROM outreach_exports WHERE due_at <= $1 \
             AND (leased_until IS NULL OR leased_until <= $1) ORDER BY due_at, id LIMIT 1{}) \
             UPDATE outreach_exports SET fence = fence + 1, leased_until = $2 \
             WHERE id IN (SELECT id FROM due) RETURNING document, fence",
            B::SKIP_LOCKED
        ))
        .bind(now)
        .bind(now + lease);
        let mut tx = self.0.write("outreach.claim_sending").await?;
        let Some(row) = tx.one(sql).await? else {
            return Ok(None);
        };
        let mut c = Cells::of(&row);
        let lease = OutreachLease {
            export: c.json()?,
            fence: c.int()?,
        };
        drop(row);
        tx.commit().await?;
        Ok(Some(lease))
    }

    async fn advance_sending(
        &self,
        lease: &OutreachLease,
        until: Option<DateTime<Utc>>,
        release: Release<'_>,
    ) -> PortResult<()> {
        let operation = "outreach.advance_sending";
        let export = &lease.export;
        let mut tx = self.0.write(operation).await?;
        tx.lock(&lock_name(export.scope)).await?;
        let sql = Sql::new(
            "UPDATE outreach_exports SET document = $3, due_at = $4, leased_until = $5 \
             WHERE id = $1 AND fence = $2 AND leased_until IS NOT NULL",
        )
        .bind(export.id)
        .bind(lease.fence)
        .bind(json(export))
        .bind(due(export))
        .bind(until);
        if tx.run(sql).await? == 0 {
            tx.undo().await?;
            return Err(Self::refuse(
                Kind::Conflict,
                operation,
                "somebody else sends it",
            ));
        }
        let_go::<B, _>(&mut tx, export, release).await?;
        tx.commit().await
    }

    async fn decide_sending(
        &self,
        seen: &OutreachExport,
        decided: &OutreachExport,
        release: Release<'_>,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let operation = "outreach.decide_sending";
        let mut tx = self.0.write(operation).await?;
        tx.lock(&lock_name(seen.scope)).await?;
        let stored = found(&mut tx, seen.scope, seen.id, B::FOR_UPDATE).await?;
        if stored.as_ref() != Some(seen) {
            tx.undo().await?;
            let detail = "it was tried, or decided otherwise, meanwhile; look at it again";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        let sql = Sql::new(
            "UPDATE outreach_exports SET document = $2, due_at = $3, leased_until = NULL, \
             fence = fence + 1 WHERE id = $1",
        )
        .bind(decided.id)
        .bind(json(decided))
        .bind(due(decided));
        tx.run(sql).await?;
        let_go::<B, _>(&mut tx, decided, release).await?;
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }

    async fn outreach_export(
        &self,
        scope: StoreScope,
        id: OutreachExportId,
    ) -> PortResult<Option<OutreachExport>> {
        let mut session = self.0.read("outreach.export").await?;
        found(&mut session, scope, id, "").await
    }

    async fn outreach_people(
        &self,
        scope: StoreScope,
        id: OutreachExportId,
    ) -> PortResult<Vec<(CustomerId, Cause)>> {
        let sql = Sql::new(
            "SELECT customer, cause FROM outreach_told \
             WHERE workspace = $1 AND store = $2 AND export = $3 ORDER BY customer, cause",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(id);
        let rows = self.0.read("outreach.people").await?.rows(sql).await?;
        let people = rows.iter().map(|row| {
            let mut c = Cells::of(row);
            Ok((CustomerId(c.int()?), Cause(c.text()?)))
        });
        people.collect()
    }

    async fn outreach_exports(
        &self,
        scope: StoreScope,
        most: u32,
    ) -> PortResult<Vec<OutreachExport>> {
        let sql = Sql::new(
            "SELECT document FROM outreach_exports WHERE workspace = $1 AND store = $2 \
             ORDER BY at DESC, id DESC LIMIT $3",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(i64::from(most));
        let rows = self.0.read("outreach.exports").await?.rows(sql).await?;
        rows.iter().map(|row| Ok(Cells::of(row).json()?)).collect()
    }

    async fn told(&self, scope: StoreScope, customer: CustomerId) -> PortResult<Vec<Told>> {
        let mut session = self.0.read("outreach.told").await?;
        let mut told = told_of::<B, _>(&mut session, scope, &[customer.0]).await?;
        Ok(told.remove(&customer.0).unwrap_or_default())
    }
}
