//! Settings of a store that people change by looking at a version: one document a store, the newest; the audit tells the earlier ones.

use crate::codec::json;
use crate::{Backend, Cells, Database, Session, Sql, Writer};
use domain::ids::StoreScope;
use ports::PortResult;
use serde::Serialize;
use serde::de::DeserializeOwned;

impl<B: Backend> Database<B> {
    /// `table` has workspace, store, version and document.
    pub(crate) async fn newest<T: DeserializeOwned>(
        &self,
        table: &'static str,
        scope: StoreScope,
    ) -> PortResult<Option<T>> {
        let sql = Sql::new(format!(
            "SELECT document FROM {table} WHERE workspace = $1 AND store = $2"
        ))
        .bind(scope.workspace)
        .bind(scope.store);
        let row = self.0.read(table).await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
    }
}

/// Whether this version follows the stored one, which it then replaces: of two that saw the same version one is first.
pub(crate) async fn replace<W: Writer, T: Serialize + Sync>(
    tx: &mut W,
    table: &'static str,
    scope: StoreScope,
    version: i64,
    document: &T,
) -> PortResult<bool> {
    let sql = if version == 1 {
        format!(
            "INSERT INTO {table} (workspace, store, version, document) \
             VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"
        )
    } else {
        format!(
            "UPDATE {table} SET version = $3, document = $4 \
             WHERE workspace = $1 AND store = $2 AND version = $3 - 1"
        )
    };
    let sql = Sql::new(sql)
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(version)
        .bind(json(document));
    Ok(tx.run(sql).await? == 1)
}
