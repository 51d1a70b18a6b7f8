//! The audit's chain. The row of its head is updated first: its lock puts writers of one workspace in a row.

use crate::codec::{needle, search_text};
use crate::cursor::{Key, Paging};
use crate::{Backend, Cells, Database, Session, Sql, SqlRow, Undecodable, Writer};
use async_trait::async_trait;
use domain::audit::{Actor, Checkpoint, Entry, NewEntry, ORIGIN};
use domain::ids::WorkspaceId;
use ports::audit::{AuditFilter, AuditLog};
use ports::{Kind, Page, PageRequest, PortResult};

const COLUMNS: &str = "seq, at, actor_kind, actor_id, actor_name, actor_address, action, outcome, target_kind, \
     target_id, target_name, before, after, reason, previous, hash";

/// Records inside the caller's transaction, which should do little after it: others wait for its end.
pub(crate) async fn record<W: Writer>(tx: &mut W, entries: &[NewEntry]) -> PortResult<()> {
    for entry in entries {
        // The first entry of a workspace makes its head.
        let sql = Sql::new(
            "INSERT INTO audit_heads (workspace, seq, hash) VALUES ($1, 1, $2) \
             ON CONFLICT (workspace) DO UPDATE SET seq = audit_heads.seq + 1 RETURNING seq, hash",
        )
        .bind(entry.workspace)
        .bind(ORIGIN.as_slice());
        let row = tx.one(sql).await?;
        let (seq, previous) = match &row {
            Some(row) => {
                let mut c = Cells::of(row);
                (c.int()?, c.hash()?)
            }
            None => (1, ORIGIN),
        };
        drop(row);
        let entry = entry.clone().chained(seq, previous);
        tx.run(insert(&entry)).await?;
        let sql = Sql::new("UPDATE audit_heads SET hash = $2 WHERE workspace = $1")
            .bind(entry.entry.workspace)
            .bind(entry.hash.as_slice());
        tx.run(sql).await?;
    }
    Ok(())
}

/// The same of what nobody may have done: a schedule, an import.
pub(crate) async fn record_any<W: Writer>(tx: &mut W, entry: Option<&NewEntry>) -> PortResult<()> {
    record(tx, entry.map_or(&[], std::slice::from_ref)).await
}

fn insert(row: &Entry) -> Sql {
    let entry = &row.entry;
    let search = search_text([entry.actor.name.as_str(), entry.target_name.as_str()]);
    Sql::new(format!(
        "INSERT INTO audit (workspace, {COLUMNS}, search) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
    ))
    .bind(entry.workspace)
    .bind(row.seq)
    .bind(entry.at)
    .bind(entry.actor.kind.as_str())
    .bind(entry.actor.id.as_deref())
    .bind(entry.actor.name.as_str())
    .bind(entry.actor.address.as_deref())
    .bind(entry.action.as_str())
    .bind(entry.outcome.as_str())
    .bind(entry.target_kind.as_str())
    .bind(entry.target_id.as_str())
    .bind(entry.target_name.as_str())
    .bind(entry.before.as_deref())
    .bind(entry.after.as_deref())
    .bind(entry.reason.as_deref())
    .bind(row.previous.as_slice())
    .bind(row.hash.as_slice())
    .bind(search)
}

fn entry<R: SqlRow>(workspace: WorkspaceId, row: &R) -> Result<Entry, Undecodable> {
    let mut c = Cells::of(row);
    let (seq, at) = (c.int()?, c.at()?);
    let actor = Actor {
        kind: c.word()?,
        id: c.text_or_none()?,
        name: c.text()?,
        address: c.text_or_none()?,
    };
    Ok(Entry {
        seq,
        entry: NewEntry {
            workspace,
            at,
            actor,
            action: c.text()?,
            outcome: c.word()?,
            target_kind: c.text()?,
            target_id: c.text()?,
            target_name: c.text()?,
            before: c.text_or_none()?,
            after: c.text_or_none()?,
            reason: c.text_or_none()?,
        },
        previous: c.hash()?,
        hash: c.hash()?,
    })
}

fn narrow<B: Backend>(sql: &mut Sql, filter: &AuditFilter) {
    if let Some(action) = &filter.action {
        sql.push(" AND (action = ").push_arg(action.as_str());
        // `~` is behind every character of an action.
        sql.push(" OR (action > ")
            .push_arg(format!("{action}."))
            .push(" AND action < ")
            .push_arg(format!("{action}.~"))
            .push("))");
    }
    if let Some(actor) = &filter.actor {
        sql.push(" AND actor_id = ").push_arg(actor.as_str());
    }
    if let Some(outcome) = filter.outcome {
        sql.push(" AND outcome = ").push_arg(outcome.as_str());
    }
    if let Some(from) = filter.from {
        sql.push(" AND at >= ").push_arg(from);
    }
    if let Some(until) = filter.until {
        sql.push(" AND at < ").push_arg(until);
    }
    if let Some(needle) = needle(filter.search.as_deref()) {
        let n = sql.number(needle);
        sql.push(" AND ").push(&B::contains("search", n));
    }
}

#[async_trait]
impl<B: Backend> AuditLog for Database<B> {
    async fn record(&self, entries: &[NewEntry]) -> PortResult<()> {
        let mut tx = self.0.write("audit.record").await?;
        record(&mut tx, entries).await?;
        tx.commit().await
    }

    async fn entries(
        &self,
        workspace: WorkspaceId,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> PortResult<Page<Entry>> {
        let operation = "audit.entries";
        let paging = Paging::new::<B>(operation, &format!("{workspace} {filter:?}"), page)?;
        let mut session = self.0.read(operation).await?;
        let total = match &paging.after {
            Some(after) => after.total,
            None => {
                let mut sql =
                    Sql::new("SELECT COUNT(*) FROM audit WHERE workspace = $1").bind(workspace);
                narrow::<B>(&mut sql, filter);
                let row = session.one(sql).await?;
                row.map_or(Ok(0), |row| Cells::of(&row).count())?
            }
        };
        let mut sql =
            Sql::new(format!("SELECT {COLUMNS} FROM audit WHERE workspace = $1")).bind(workspace);
        narrow::<B>(&mut sql, filter);
        if let Some(after) = &paging.after {
            sql.push(" AND seq < ").push_arg(after.sort.clone());
        }
        sql.push(" ORDER BY seq DESC LIMIT ")
            .push_arg(paging.fetch());
        let rows = session.rows(sql).await?;
        let entries: Result<Vec<_>, _> = rows.iter().map(|row| entry(workspace, row)).collect();
        Ok(paging.page(entries?, total, |e| (Key::Int(e.seq), Key::Int(e.seq))))
    }

    async fn walk(&self, workspace: WorkspaceId, after: i64, limit: u32) -> PortResult<Vec<Entry>> {
        let sql = Sql::new(format!(
            "SELECT {COLUMNS} FROM audit WHERE workspace = $1 AND seq > $2 ORDER BY seq LIMIT $3"
        ))
        .bind(workspace)
        .bind(after)
        .bind(limit);
        let rows = self.0.read("audit.walk").await?.rows(sql).await?;
        rows.iter().map(|row| Ok(entry(workspace, row)?)).collect()
    }

    async fn head(&self, workspace: WorkspaceId) -> PortResult<i64> {
        let sql = Sql::new("SELECT seq FROM audit_heads WHERE workspace = $1").bind(workspace);
        let row = self.0.read("audit.head").await?.one(sql).await?;
        Ok(row.map_or(Ok(0), |row| Cells::of(&row).int())?)
    }

    async fn put_checkpoint(
        &self,
        workspace: WorkspaceId,
        checkpoint: &Checkpoint,
    ) -> PortResult<()> {
        let operation = "audit.put_checkpoint";
        let sql = Sql::new(
            "INSERT INTO audit_checkpoints (workspace, seq, hash, at, signature) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        )
        .bind(workspace)
        .bind(checkpoint.seq)
        .bind(checkpoint.hash.as_slice())
        .bind(checkpoint.at)
        .bind(checkpoint.signature.as_slice());
        match self.execute(operation, sql).await? {
            0 => Err(Self::refuse(
                Kind::Conflict,
                operation,
                format!("there is a checkpoint at entry {} already", checkpoint.seq),
            )),
            _ => Ok(()),
        }
    }

    async fn checkpoints(&self, workspace: WorkspaceId) -> PortResult<Vec<Checkpoint>> {
        let sql = Sql::new(
            "SELECT seq, hash, at, signature FROM audit_checkpoints WHERE workspace = $1 ORDER BY seq",
        )
        .bind(workspace);
        let rows = self.0.read("audit.checkpoints").await?.rows(sql).await?;
        rows.iter()
            .map(|row| {
                let mut c = Cells::of(row);
                Ok(Checkpoint {
                    seq: c.int()?,
                    hash: c.hash()?,
                    at: c.at()?,
                    signature: c.bytes()?,
                })
            })
            .collect()
    }
}
