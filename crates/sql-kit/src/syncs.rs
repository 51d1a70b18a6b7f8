//! Sync runs with their leases, and checkpoints. A run is a document; status, lease and fence are columns beside it.

use crate::codec::json;
use crate::cursor::{Key, Paging};
use crate::{Backend, Cells, Database, Session, Sql, SqlRow, Undecodable, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::ids::{ConnectionId, SyncId, WorkspaceId};
use domain::sync::{SyncRun, SyncStatus};
use ports::syncs::{Lease, SyncStore};
use ports::{Kind, Page, PageRequest, PortResult};

const OPEN: &str = "status IN ('queued', 'running', 'cancelling')";

/// What is stored of a run.
struct Row {
    run: SyncRun,
    fence: i64,
    leased_until: Option<DateTime<Utc>>,
}

impl Row {
    fn of<R: SqlRow>(row: &R) -> Result<Self, Undecodable> {
        let mut c = Cells::of(row);
        Ok(Self {
            run: c.json()?,
            fence: c.int()?,
            leased_until: c.at_or_none()?,
        })
    }

    async fn select<W: Writer>(tx: &mut W, sql: Sql) -> PortResult<Option<Self>> {
        let row = tx.one(sql).await?;
        Ok(row.as_ref().map(Self::of).transpose()?)
    }

    async fn update<W: Writer>(&self, tx: &mut W) -> PortResult<()> {
        let sql = Sql::new(
            "UPDATE sync_runs SET status = $2, document = $3, fence = $4, leased_until = $5 \
             WHERE id = $1",
        )
        .bind(self.run.id)
        .bind(self.run.status.as_str())
        .bind(json(&self.run))
        .bind(self.fence)
        .bind(self.leased_until);
        tx.run(sql).await?;
        Ok(())
    }
}

impl<B: Backend> Database<B> {
    async fn change_run(
        &self,
        operation: &'static str,
        workspace: WorkspaceId,
        id: SyncId,
        change: impl FnOnce(&mut Row) -> Result<(), &'static str> + Send,
    ) -> PortResult<SyncRun> {
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new(format!(
            "SELECT document, fence, leased_until FROM sync_runs \
             WHERE id = $1 AND workspace = $2{}",
            B::FOR_UPDATE
        ))
        .bind(id)
        .bind(workspace);
        let Some(mut row) = Row::select(&mut tx, sql).await? else {
            let detail = "there is no such run";
            return Err(Self::refuse(Kind::NotFound, operation, detail));
        };
        if let Err(detail) = change(&mut row) {
            // Else a claim that passes over kept rows would miss this one.
            tx.undo().await?;
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        row.update(&mut tx).await?;
        tx.commit().await?;
        Ok(row.run)
    }
}

#[async_trait]
impl<B: Backend> SyncStore for Database<B> {
    async fn create(&self, run: &SyncRun) -> PortResult<()> {
        let operation = "syncs.create";
        let sql = Sql::new(
            "INSERT INTO sync_runs \
             (id, workspace, store, connection, status, created_at, document, fence) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, 0) ON CONFLICT DO NOTHING",
        )
        .bind(run.id)
        .bind(run.scope.workspace)
        .bind(run.scope.store)
        .bind(run.connection)
        .bind(run.status.as_str())
        .bind(run.created_at)
        .bind(json(run));
        match self.execute(operation, sql).await? {
            0 => Err(Self::refuse(
                Kind::Conflict,
                operation,
                "another sync of this connection is open; wait for its end or cancel it",
            )),
            _ => Ok(()),
        }
    }

    async fn find(&self, workspace: WorkspaceId, id: SyncId) -> PortResult<Option<SyncRun>> {
        let sql = Sql::new("SELECT document FROM sync_runs WHERE id = $1 AND workspace = $2")
            .bind(id)
            .bind(workspace);
        let row = self.0.read("syncs.find").await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
    }

    async fn list(
        &self,
        workspace: WorkspaceId,
        connection: Option<ConnectionId>,
        page: &PageRequest,
    ) -> PortResult<Page<SyncRun>> {
        let operation = "syncs.list";
        let paging = Paging::new::<B>(operation, &format!("{workspace}{connection:?}"), page)?;
        let filtered = |text: &'static str| {
            let mut sql = Sql::new(text);
            sql.push(" FROM sync_runs WHERE workspace = ")
                .push_arg(workspace);
            if let Some(connection) = connection {
                sql.push(" AND connection = ").push_arg(connection);
            }
            sql
        };
        let mut session = self.0.read(operation).await?;
        let total = match &paging.after {
            Some(cursor) => cursor.total,
            None => {
                let row = session.one(filtered("SELECT COUNT(*)")).await?;
                row.map_or(Ok(0), |row| Cells::of(&row).count())?
            }
        };
        // Equal times are told apart by id, the smaller first.
        let mut sql = filtered("SELECT document");
        if let Some(cursor) = &paging.after {
            sql.push(" AND (created_at < ")
                .push_arg(cursor.sort.clone())
                .push(" OR (created_at = ")
                .push_arg(cursor.sort.clone())
                .push(" AND id > ")
                .push_arg(cursor.id.clone())
                .push("))");
        }
        sql.push(" ORDER BY created_at DESC, id LIMIT ")
            .push_arg(paging.fetch());
        let rows = session.rows(sql).await?;
        let items = rows
            .iter()
            .map(|row| Cells::of(row).json())
            .collect::<Result<Vec<SyncRun>, _>>()?;
        Ok(paging.page(items, total, |last| {
            let created = Key::Int(last.created_at.timestamp_micros());
            (created, Key::Id(last.id.0))
        }))
    }

    async fn claim(&self, now: DateTime<Utc>, lease: Duration) -> PortResult<Option<Lease>> {
        let mut tx = self.0.write("syncs.claim").await?;
        let sql = Sql::new(format!(
            "SELECT document, fence, leased_until FROM sync_runs \
             WHERE {OPEN} AND (leased_until IS NULL OR leased_until <= $1) \
             ORDER BY created_at, id LIMIT 1{}",
            B::SKIP_LOCKED
        ))
        .bind(now);
        let Some(mut row) = Row::select(&mut tx, sql).await? else {
            return Ok(None);
        };
        row.fence += 1;
        row.leased_until = Some(now + lease);
        if row.run.status == SyncStatus::Queued {
            row.run.status = SyncStatus::Running;
        }
        if row.run.started_at.is_some() {
            row.run.resumed += 1;
        } else {
            row.run.started_at = Some(now);
        }
        row.update(&mut tx).await?;
        tx.commit().await?;
        Ok(Some(Lease {
            run: row.run,
            fence: row.fence,
        }))
    }

    async fn advance(
        &self,
        lease: &Lease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<SyncRun> {
        let operation = "syncs.advance";
        let run = &lease.run;
        let advanced = self
            .change_run(operation, run.scope.workspace, run.id, |row| {
                if row.fence != lease.fence || row.leased_until.is_none() {
                    return Err("somebody else works on this run");
                }
                let cancelling = row.run.status == SyncStatus::Cancelling;
                row.run = run.clone();
                if cancelling && row.run.status.is_open() {
                    row.run.status = SyncStatus::Cancelling;
                }
                row.leased_until = row.run.status.is_open().then(|| now + prolong);
                Ok(())
            })
            .await;
        advanced.map_err(|mut error| {
            // A run that was removed with its connection: whoever works on it has lost it.
            if error.kind == Kind::NotFound {
                error.kind = Kind::Conflict;
            }
            error
        })
    }

    async fn request_cancel(
        &self,
        workspace: WorkspaceId,
        id: SyncId,
        now: DateTime<Utc>,
    ) -> PortResult<SyncRun> {
        self.change_run("syncs.request_cancel", workspace, id, |row| {
            match row.run.status {
                SyncStatus::Queued => {
                    row.run.status = SyncStatus::Cancelled;
                    row.run.finished_at = Some(now);
                }
                SyncStatus::Running | SyncStatus::Cancelling => {
                    row.run.status = SyncStatus::Cancelling;
                }
                SyncStatus::Cancelled | SyncStatus::Succeeded | SyncStatus::Failed => {
                    return Err("the run has ended");
                }
            }
            Ok(())
        })
        .await
    }

    async fn requeue(
        &self,
        workspace: WorkspaceId,
        id: SyncId,
        _now: DateTime<Utc>,
    ) -> PortResult<SyncRun> {
        self.change_run("syncs.requeue", workspace, id, |row| {
            if !matches!(row.run.status, SyncStatus::Cancelled | SyncStatus::Failed) {
                return Err("only a cancelled or failed run can go on");
            }
            row.run.status = SyncStatus::Queued;
            row.run.finished_at = None;
            row.run.error = None;
            row.leased_until = None;
            Ok(())
        })
        .await
    }

    async fn checkpoint(
        &self,
        connection: ConnectionId,
        name: &str,
    ) -> PortResult<Option<serde_json::Value>> {
        let sql = Sql::new("SELECT value FROM checkpoints WHERE connection = $1 AND name = $2")
            .bind(connection)
            .bind(name);
        let row = self.0.read("syncs.checkpoint").await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
    }

    async fn set_checkpoint(
        &self,
        connection: ConnectionId,
        name: &str,
        value: Option<&serde_json::Value>,
    ) -> PortResult<()> {
        let sql = match value {
            Some(value) => Sql::new(
                "INSERT INTO checkpoints (connection, name, value) VALUES ($1, $2, $3) \
                 ON CONFLICT (connection, name) DO UPDATE SET value = excluded.value",
            )
            .bind(connection)
            .bind(name)
            .bind(json(value)),
            None => Sql::new("DELETE FROM checkpoints WHERE connection = $1 AND name = $2")
                .bind(connection)
                .bind(name),
        };
        self.execute("syncs.set_checkpoint", sql).await?;
        Ok(())
    }
}
