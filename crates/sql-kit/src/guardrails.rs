//! The limits that people set for what is written.

use crate::audit::record;
use crate::{Backend, Database, Writer, events, versioned};
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::changes::Guardrails;
use domain::ids::StoreScope;
use ports::events::guardrails_changed;
use ports::guardrails::GuardrailStore;
use ports::{Kind, PortResult};

const TABLE: &str = "guardrails";

#[async_trait]
impl<B: Backend> GuardrailStore for Database<B> {
    async fn guardrails(&self, scope: StoreScope) -> PortResult<Option<Guardrails>> {
        self.newest(TABLE, scope).await
    }

    async fn set_guardrails(&self, guardrails: &Guardrails, entry: &NewEntry) -> PortResult<()> {
        let mut tx = self.0.write(TABLE).await?;
        if !versioned::replace(
            &mut tx,
            TABLE,
            guardrails.scope,
            guardrails.version,
            guardrails,
        )
        .await?
        {
            tx.undo().await?;
            let detail = "the limits were set otherwise meanwhile; look at them again";
            return Err(Self::refuse(Kind::Conflict, TABLE, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        events::append(&mut tx, &[guardrails_changed(guardrails)]).await?;
        tx.commit().await
    }
}
