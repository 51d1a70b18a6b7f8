//! The switches that stop writes.

use crate::audit::record;
use crate::change_sets::lock_name;
use crate::codec::json;
use crate::{Backend, Cells, Database, Session, Sql, Writer, events};
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::ids::WorkspaceId;
use ports::changes::{Stop, StopScope, Stops};
use ports::events::stops_changed;
use ports::{Kind, PortResult};

/// Kind and id, as they stand in their columns.
fn columns(scope: &StopScope) -> (&'static str, &str) {
    match scope {
        StopScope::All => ("all", ""),
        StopScope::Agent(id) => ("agent", id),
        StopScope::Connection(id) => ("connection", id),
    }
}

pub(crate) fn delete(workspace: WorkspaceId, scope: &StopScope) -> Sql {
    let (kind, id) = columns(scope);
    Sql::new("DELETE FROM stops WHERE workspace = $1 AND kind = $2 AND id = $3")
        .bind(workspace)
        .bind(kind)
        .bind(id)
}

/// Those that are on, by scope.
pub(crate) async fn all<S: Session>(
    session: &mut S,
    workspace: WorkspaceId,
) -> PortResult<Vec<Stop>> {
    let sql = Sql::new("SELECT document FROM stops WHERE workspace = $1").bind(workspace);
    let rows = session.rows(sql).await?;
    let stops: PortResult<Vec<Stop>> = rows.iter().map(|row| Ok(Cells::of(row).json()?)).collect();
    let mut stops = stops?;
    stops.sort_by(|a, b| a.scope.cmp(&b.scope));
    Ok(stops)
}

#[async_trait]
impl<B: Backend> Stops for Database<B> {
    async fn stop(&self, workspace: WorkspaceId, stop: &Stop, entry: &NewEntry) -> PortResult<()> {
        let mut tx = self.0.write("stops.stop").await?;
        tx.lock(&lock_name(workspace)).await?;
        let (kind, id) = columns(&stop.scope);
        let sql = Sql::new(
            "INSERT INTO stops (workspace, kind, id, document) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (workspace, kind, id) DO UPDATE SET document = excluded.document",
        )
        .bind(workspace)
        .bind(kind)
        .bind(id)
        .bind(json(stop));
        tx.run(sql).await?;
        record(&mut tx, std::slice::from_ref(entry)).await?;
        events::append(&mut tx, &[stops_changed(workspace, entry.at)]).await?;
        tx.commit().await
    }

    async fn lift(
        &self,
        workspace: WorkspaceId,
        scope: &StopScope,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let operation = "stops.lift";
        let mut tx = self.0.write(operation).await?;
        tx.lock(&lock_name(workspace)).await?;
        if tx.run(delete(workspace, scope)).await? == 0 {
            tx.undo().await?;
            let detail = "there is no such stop; nothing was lifted";
            return Err(Self::refuse(Kind::NotFound, operation, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        events::append(&mut tx, &[stops_changed(workspace, entry.at)]).await?;
        tx.commit().await
    }

    async fn stops(&self, workspace: WorkspaceId) -> PortResult<Vec<Stop>> {
        let mut session = self.0.read("stops.stops").await?;
        all(&mut session, workspace).await
    }
}
