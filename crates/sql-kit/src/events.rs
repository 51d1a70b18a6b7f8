//! The log of changes. Numbers come from one row that every append updates: its lock makes the order of numbers the order of
//! commits, so a reader never meets a smaller number later.

use crate::{Backend, Bulk, Cells, Database, Session, Sql, Writer, codec};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::WorkspaceId;
use ports::PortResult;
use ports::events::{Event, EventLog, NewEvent};

/// Appends inside the caller's transaction, which should do little after it: others wait for its end.
pub(crate) async fn append<W: Writer>(tx: &mut W, events: &[NewEvent]) -> PortResult<()> {
    if events.is_empty() {
        return Ok(());
    }
    let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
    let taken = Sql::new("UPDATE event_head SET seq = seq + $1 RETURNING seq").bind(count);
    let row = tx.one(taken).await?;
    let last = match &row {
        Some(row) => Cells::of(row).int()?,
        None => count,
    };
    drop(row);
    let bulk = Bulk::insert("events", "")
        .ints("seq", last - count + 1..=last)
        .ids("workspace", events.iter().map(|e| e.workspace.0))
        .texts("kind", events.iter().map(|e| e.kind.clone()))
        .texts("entity_kind", events.iter().map(|e| e.entity_kind.clone()))
        .texts("entity_id", events.iter().map(|e| e.entity_id.clone()))
        .ints("version", events.iter().map(|e| e.version))
        .instants("at", events.iter().map(|e| e.at))
        .texts("data", events.iter().map(|e| codec::json(&e.data)));
    tx.bulk(bulk).await?;
    Ok(())
}

#[async_trait]
impl<B: Backend> EventLog for Database<B> {
    async fn append(&self, events: &[NewEvent]) -> PortResult<()> {
        let mut tx = self.0.write("events.append").await?;
        append(&mut tx, events).await?;
        tx.commit().await
    }

    async fn since(&self, workspace: WorkspaceId, seq: i64, limit: u32) -> PortResult<Vec<Event>> {
        let sql = Sql::new(
            "SELECT seq, kind, entity_kind, entity_id, version, at, data FROM events \
             WHERE workspace = $1 AND seq > $2 ORDER BY seq LIMIT $3",
        )
        .bind(workspace)
        .bind(seq)
        .bind(limit);
        let rows = self.0.read("events.since").await?.rows(sql).await?;
        rows.iter()
            .map(|row| {
                let mut c = Cells::of(row);
                Ok(Event {
                    seq: c.int()?,
                    event: NewEvent {
                        workspace,
                        kind: c.text()?,
                        entity_kind: c.text()?,
                        entity_id: c.text()?,
                        version: c.int_or_none()?,
                        at: c.at()?,
                        data: c.json()?,
                    },
                })
            })
            .collect()
    }

    async fn latest(&self) -> PortResult<i64> {
        let sql = Sql::new("SELECT seq FROM event_head");
        let row = self.0.read("events.latest").await?.one(sql).await?;
        Ok(row.map_or(Ok(0), |row| Cells::of(&row).int())?)
    }

    async fn prune(&self, before: DateTime<Utc>) -> PortResult<u64> {
        let mut tx = self.0.write("events.prune").await?;
        let pruned = tx
            .run(Sql::new("DELETE FROM events WHERE at < $1").bind(before))
            .await?;
        tx.commit().await?;
        Ok(pruned)
    }
}
