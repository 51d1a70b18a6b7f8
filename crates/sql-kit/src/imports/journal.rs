//! What imports replaced. Rows of one thing stand in the order of its imports, by `seq`.

use crate::codec::json;
use crate::{Backend, Bulk, Cells, Database, Session, Sql, Undecodable, Writer};
use async_trait::async_trait;
use domain::ids::{ImportId, StoreScope};
use ports::PortResult;
use ports::imports::{ImportJournal, Replaced, Undoable};

#[async_trait]
impl<B: Backend> ImportJournal for Database<B> {
    async fn record(
        &self,
        scope: StoreScope,
        id: ImportId,
        replaced: &[Replaced],
    ) -> PortResult<()> {
        if replaced.is_empty() {
            return Ok(());
        }
        let mut tx = self.0.write("imports.record").await?;
        let bulk = Bulk::insert(
            "import_journal",
            "ON CONFLICT (workspace, store, kind, thing, import_id) DO NOTHING",
        )
        .same_id("workspace", scope.workspace.0)
        .same_id("store", scope.store.0)
        .same_id("import_id", id.0)
        .texts("kind", replaced.iter().map(|r| r.kind.clone()))
        .ints("thing", replaced.iter().map(|r| r.id))
        .texts(
            "before",
            replaced.iter().map(|r| r.before.as_ref().map(json)),
        );
        tx.bulk(bulk).await?;
        tx.commit().await
    }

    async fn open(&self, scope: StoreScope, id: ImportId, limit: u32) -> PortResult<Vec<Undoable>> {
        let sql = Sql::new(
            "SELECT j.kind, j.thing, j.before, (SELECT COUNT(*) FROM import_journal l \
             WHERE l.workspace = j.workspace AND l.store = j.store AND l.kind = j.kind \
             AND l.thing = j.thing AND l.seq > j.seq) FROM import_journal j \
             WHERE j.import_id = $1 AND j.workspace = $2 AND j.store = $3 ORDER BY j.seq LIMIT $4",
        )
        .bind(id)
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(limit);
        let rows = self.0.read("imports.open").await?.rows(sql).await?;
        let entries = rows.iter().map(|row| {
            let mut c = Cells::of(row);
            let (kind, id, before) = (c.text()?, c.int()?, c.text_or_none()?);
            let before = before
                .map(|text| serde_json::from_str(&text).map_err(|e| c.bad(e.to_string())))
                .transpose()?;
            Ok(Undoable {
                replaced: Replaced { kind, id, before },
                overwritten: c.count()? > 0,
            })
        });
        Ok(entries.collect::<Result<_, Undecodable>>()?)
    }

    async fn settle(
        &self,
        scope: StoreScope,
        id: ImportId,
        entries: &[Replaced],
    ) -> PortResult<()> {
        let mut tx = self.0.write("imports.settle").await?;
        for entry in entries {
            let hand_over = Sql::new(
                "UPDATE import_journal SET before = $1 WHERE seq = (SELECT MIN(l.seq) \
                 FROM import_journal l JOIN import_journal o ON o.workspace = l.workspace \
                 AND o.store = l.store AND o.kind = l.kind AND o.thing = l.thing \
                 WHERE o.workspace = $2 AND o.store = $3 AND o.kind = $4 AND o.thing = $5 \
                 AND o.import_id = $6 AND l.seq > o.seq)",
            )
            .bind(entry.before.as_ref().map(json))
            .bind(scope.workspace)
            .bind(scope.store)
            .bind(entry.kind.as_str())
            .bind(entry.id)
            .bind(id);
            tx.run(hand_over).await?;
            let forget = Sql::new(
                "DELETE FROM import_journal WHERE workspace = $1 AND store = $2 AND kind = $3 \
                 AND thing = $4 AND import_id = $5",
            )
            .bind(scope.workspace)
            .bind(scope.store)
            .bind(entry.kind.as_str())
            .bind(entry.id)
            .bind(id);
            tx.run(forget).await?;
        }
        tx.commit().await
    }

    async fn has(&self, scope: StoreScope, kind: &str) -> PortResult<bool> {
        let sql = Sql::new(
            "SELECT seq FROM import_journal WHERE workspace = $1 AND store = $2 AND kind = $3 LIMIT 1",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(kind);
        let row = self.0.read("imports.has").await?.one(sql).await?;
        Ok(row.is_some())
    }
}
