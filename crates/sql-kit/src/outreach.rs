//! Exports of segments, and whom they named. Claims of one store wait for each other.

use crate::audit::record;
use crate::codec::json;
use crate::{Backend, Bulk, Cells, Database, Session, Sql, Writer, versioned};
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::ids::{CustomerId, OutreachExportId, StoreScope};
use domain::outreach::{
    Cap, Cause, Claim, ExportState, OutreachExport, OutreachSettings, Told, judge,
};
use ports::outreach::OutreachStore;
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
            "INSERT INTO outreach_exports (id, workspace, store, at, document) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(made.id)
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(made.at)
        .bind(json(&made));
        tx.run(sql).await?;
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await?;
        Ok((claims, made))
    }

    async fn take_back_outreach(
        &self,
        scope: StoreScope,
        id: OutreachExportId,
    ) -> PortResult<bool> {
        let mut tx = self.0.write("outreach.take_back").await?;
        tx.lock(&lock_name(scope)).await?;
        let sql = Sql::new(
            "SELECT document FROM outreach_exports WHERE id = $1 AND workspace = $2 AND store = $3",
        )
        .bind(id)
        .bind(scope.workspace)
        .bind(scope.store);
        let row = tx.one(sql).await?;
        let found: Option<OutreachExport> = row.map(|row| Cells::of(&row).json()).transpose()?;
        let Some(mut export) = found.filter(|e| e.state == ExportState::Made) else {
            return Ok(false);
        };
        export.state = ExportState::TakenBack;
        let sql = Sql::new("UPDATE outreach_exports SET document = $2 WHERE id = $1")
            .bind(id)
            .bind(json(&export));
        tx.run(sql).await?;
        let sql = Sql::new(
            "DELETE FROM outreach_told WHERE workspace = $1 AND store = $2 AND export = $3",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(id);
        tx.run(sql).await?;
        tx.commit().await?;
        Ok(true)
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
