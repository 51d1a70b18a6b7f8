//! What is wrong in a file, and how columns were understood.

use crate::codec::json;
use crate::cursor::{Key, Paging};
use crate::{Backend, Bulk, Cells, Database, Session, Sql, SqlRow, Undecodable, Writer};
use async_trait::async_trait;
use domain::ids::{ImportId, WorkspaceId};
use domain::import::RowProblem;
use ports::imports::{ImportNotes, SavedMapping};
use ports::{Page, PageRequest, PortResult};

fn saved<R: SqlRow>(row: &R) -> Result<SavedMapping, Undecodable> {
    let mut c = Cells::of(row);
    Ok(SavedMapping {
        header_set: c.text()?,
        name: c.text()?,
        mapping: c.json()?,
        saved_at: c.at()?,
    })
}

const SELECT: &str = "SELECT header_set, name, mapping, saved_at FROM import_mappings";

#[async_trait]
impl<B: Backend> ImportNotes for Database<B> {
    async fn add_problems(&self, id: ImportId, problems: &[RowProblem]) -> PortResult<()> {
        if problems.is_empty() {
            return Ok(());
        }
        let mut tx = self.0.write("imports.add_problems").await?;
        let bulk = Bulk::insert("import_problems", "")
            .same_id("import_id", id.0)
            .texts("document", problems.iter().map(json));
        tx.bulk(bulk).await?;
        tx.commit().await
    }

    async fn clear_problems(&self, id: ImportId) -> PortResult<()> {
        let sql = Sql::new("DELETE FROM import_problems WHERE import_id = $1").bind(id);
        self.execute("imports.clear_problems", sql).await?;
        Ok(())
    }

    async fn problems(&self, id: ImportId, page: &PageRequest) -> PortResult<Page<RowProblem>> {
        let operation = "imports.problems";
        let paging = Paging::new::<B>(operation, &id.to_string(), page)?;
        let mut session = self.0.read(operation).await?;
        let total = match &paging.after {
            Some(cursor) => cursor.total,
            None => {
                let sql = Sql::new("SELECT COUNT(*) FROM import_problems WHERE import_id = $1");
                let row = session.one(sql.bind(id)).await?;
                row.map_or(Ok(0), |row| Cells::of(&row).count())?
            }
        };
        let mut sql =
            Sql::new("SELECT id, document FROM import_problems WHERE import_id = $1").bind(id);
        if let Some(cursor) = &paging.after {
            sql.push(" AND id > ").push_arg(cursor.id.clone());
        }
        sql.push(" ORDER BY id LIMIT ").push_arg(paging.fetch());
        let rows = session.rows(sql).await?;
        let items = rows
            .iter()
            .map(|row| {
                let mut c = Cells::of(row);
                Ok((c.int()?, c.json()?))
            })
            .collect::<Result<Vec<(i64, RowProblem)>, Undecodable>>()?;
        let page = paging.page(items, total, |last| (Key::Int(last.0), Key::Int(last.0)));
        Ok(Page {
            items: page.items.into_iter().map(|(_, problem)| problem).collect(),
            total: page.total,
            next_cursor: page.next_cursor,
        })
    }

    async fn save_mapping(&self, workspace: WorkspaceId, saved: &SavedMapping) -> PortResult<()> {
        let sql = Sql::new(
            "INSERT INTO import_mappings (workspace, header_set, name, mapping, saved_at) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace, header_set) DO UPDATE \
             SET name = excluded.name, mapping = excluded.mapping, saved_at = excluded.saved_at",
        )
        .bind(workspace)
        .bind(saved.header_set.as_str())
        .bind(saved.name.as_str())
        .bind(json(&saved.mapping))
        .bind(saved.saved_at);
        self.execute("imports.save_mapping", sql).await?;
        Ok(())
    }

    async fn mapping(
        &self,
        workspace: WorkspaceId,
        header_set: &str,
    ) -> PortResult<Option<SavedMapping>> {
        let sql = Sql::new(format!("{SELECT} WHERE workspace = $1 AND header_set = $2"))
            .bind(workspace)
            .bind(header_set);
        let row = self.0.read("imports.mapping").await?.one(sql).await?;
        Ok(row.as_ref().map(saved).transpose()?)
    }

    async fn mappings(&self, workspace: WorkspaceId) -> PortResult<Vec<SavedMapping>> {
        let sql = Sql::new(format!(
            "{SELECT} WHERE workspace = $1 ORDER BY saved_at DESC, header_set"
        ))
        .bind(workspace);
        let rows = self.0.read("imports.mappings").await?.rows(sql).await?;
        Ok(rows.iter().map(saved).collect::<Result<_, _>>()?)
    }

    async fn forget_mapping(&self, workspace: WorkspaceId, header_set: &str) -> PortResult<()> {
        let sql = Sql::new("DELETE FROM import_mappings WHERE workspace = $1 AND header_set = $2")
            .bind(workspace)
            .bind(header_set);
        self.execute("imports.forget_mapping", sql).await?;
        Ok(())
    }
}
