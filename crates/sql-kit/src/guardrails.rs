//! The limits that people set for what is written: the newest version of each store; the audit tells the earlier ones.

use crate::audit::record;
use crate::codec::json;
use crate::{Backend, Cells, Database, Session, Sql, Writer, events};
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::changes::Guardrails;
use domain::ids::StoreScope;
use ports::events::guardrails_changed;
use ports::guardrails::GuardrailStore;
use ports::{Kind, PortResult};

#[async_trait]
impl<B: Backend> GuardrailStore for Database<B> {
    async fn guardrails(&self, scope: StoreScope) -> PortResult<Option<Guardrails>> {
        let sql = Sql::new("SELECT document FROM guardrails WHERE workspace = $1 AND store = $2")
            .bind(scope.workspace)
            .bind(scope.store);
        let row = self.0.read("guardrails.find").await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
    }

    async fn set_guardrails(&self, guardrails: &Guardrails, entry: &NewEntry) -> PortResult<()> {
        let operation = "guardrails.save";
        let scope = guardrails.scope;
        let mut tx = self.0.write(operation).await?;
        // Of two that saw the same version one is first.
        let sql = if guardrails.version == 1 {
            Sql::new(
                "INSERT INTO guardrails (workspace, store, version, document) \
                 VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            )
        } else {
            Sql::new(
                "UPDATE guardrails SET version = $3, document = $4 \
                 WHERE workspace = $1 AND store = $2 AND version = $3 - 1",
            )
        };
        let sql = sql
            .bind(scope.workspace)
            .bind(scope.store)
            .bind(guardrails.version)
            .bind(json(guardrails));
        if tx.run(sql).await? == 0 {
            tx.undo().await?;
            let detail = "the limits were set otherwise meanwhile; look at them again";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        events::append(&mut tx, &[guardrails_changed(guardrails)]).await?;
        tx.commit().await
    }
}
