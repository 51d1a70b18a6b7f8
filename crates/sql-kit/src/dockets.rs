//! Dockets: documents with a version, and when somebody has to look at them.

use crate::codec::json;
use crate::{Backend, Cells, Database, Session, Sql, SqlRow, Undecodable, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::WorkspaceId;
use ports::PortResult;
use ports::dockets::{Docket, Dockets};

const COLUMNS: &str = "SELECT workspace, desk, name, version, due_at, document FROM dockets";

fn docket<R: SqlRow>(row: &R) -> Result<Docket, Undecodable> {
    let mut c = Cells::of(row);
    Ok(Docket {
        workspace: WorkspaceId(c.id()?),
        desk: c.text()?,
        name: c.text()?,
        version: c.int()?,
        due_at: c.at_or_none()?,
        document: c.json()?,
    })
}

impl<B: Backend> Database<B> {
    async fn read_dockets(&self, operation: &'static str, sql: Sql) -> PortResult<Vec<Docket>> {
        let rows = self.0.read(operation).await?.rows(sql).await?;
        Ok(rows.iter().map(docket).collect::<Result<_, _>>()?)
    }
}

#[async_trait]
impl<B: Backend> Dockets for Database<B> {
    async fn docket(
        &self,
        workspace: WorkspaceId,
        desk: &str,
        name: &str,
    ) -> PortResult<Option<Docket>> {
        let sql = Sql::new(format!(
            "{COLUMNS} WHERE workspace = $1 AND desk = $2 AND name = $3"
        ))
        .bind(workspace)
        .bind(desk)
        .bind(name);
        Ok(self.read_dockets("dockets.find", sql).await?.pop())
    }

    async fn dockets(&self, workspace: WorkspaceId, desk: &str) -> PortResult<Vec<Docket>> {
        let sql = Sql::new(format!(
            "{COLUMNS} WHERE workspace = $1 AND desk = $2 ORDER BY name"
        ))
        .bind(workspace)
        .bind(desk);
        self.read_dockets("dockets.list", sql).await
    }

    async fn due_dockets(
        &self,
        desk: &str,
        now: DateTime<Utc>,
        most: u32,
    ) -> PortResult<Vec<Docket>> {
        let sql = Sql::new(format!(
            "{COLUMNS} WHERE desk = $1 AND due_at <= $2 ORDER BY due_at, workspace, name LIMIT $3"
        ))
        .bind(desk)
        .bind(now)
        .bind(most);
        self.read_dockets("dockets.due", sql).await
    }

    async fn put_docket(&self, docket: &Docket) -> PortResult<bool> {
        let sql = if docket.version == 1 {
            "INSERT INTO dockets (workspace, desk, name, version, due_at, document) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"
        } else {
            "UPDATE dockets SET version = $4, due_at = $5, document = $6 \
             WHERE workspace = $1 AND desk = $2 AND name = $3 AND version = $4 - 1"
        };
        let sql = Sql::new(sql)
            .bind(docket.workspace)
            .bind(docket.desk.as_str())
            .bind(docket.name.as_str())
            .bind(docket.version)
            .bind(docket.due_at)
            .bind(json(&docket.document));
        let mut tx = self.0.write("dockets.put").await?;
        let put = tx.run(sql).await? == 1;
        tx.commit().await?;
        Ok(put)
    }

    async fn remove_docket(&self, docket: &Docket) -> PortResult<bool> {
        let sql = Sql::new(
            "DELETE FROM dockets WHERE workspace = $1 AND desk = $2 AND name = $3 AND version = $4",
        )
        .bind(docket.workspace)
        .bind(docket.desk.as_str())
        .bind(docket.name.as_str())
        .bind(docket.version);
        let mut tx = self.0.write("dockets.remove").await?;
        let removed = tx.run(sql).await? == 1;
        tx.commit().await?;
        Ok(removed)
    }
}
