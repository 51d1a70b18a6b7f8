//! The limits that people set for what is written.

use super::database::{FakeDatabase, refuse};
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::changes::Guardrails;
use domain::ids::StoreScope;
use ports::events::guardrails_changed;
use ports::guardrails::GuardrailStore;
use ports::{Kind, PortResult};

#[async_trait]
impl GuardrailStore for FakeDatabase {
    async fn guardrails(&self, scope: StoreScope) -> PortResult<Option<Guardrails>> {
        Ok(self.lock().agents.guardrails.get(&scope).cloned())
    }

    async fn set_guardrails(&self, guardrails: &Guardrails, entry: &NewEntry) -> PortResult<()> {
        let mut state = self.lock();
        let newest = state.agents.guardrails.get(&guardrails.scope);
        if guardrails.version != newest.map_or(0, |newest| newest.version) + 1 {
            let detail = "they were set otherwise meanwhile";
            return Err(refuse(Kind::Conflict, "guardrails.save", detail));
        }
        let scope = guardrails.scope;
        state.agents.guardrails.insert(scope, guardrails.clone());
        state.record(std::slice::from_ref(entry));
        state.emit([guardrails_changed(guardrails)]);
        Ok(())
    }
}
