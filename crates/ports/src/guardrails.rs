//! The limits that people set for what is written.

use crate::PortResult;
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::changes::Guardrails;
use domain::ids::StoreScope;

#[async_trait]
pub trait GuardrailStore: Send + Sync {
    /// The newest version; `None` when nobody set anything.
    async fn guardrails(&self, scope: StoreScope) -> PortResult<Option<Guardrails>>;
    /// Stores `guardrails.version`, which follows the stored one (1 when there is none), with the audit's entry, or not at all; `Conflict`
    /// when it does not. They go with their store.
    async fn set_guardrails(&self, guardrails: &Guardrails, entry: &NewEntry) -> PortResult<()>;
}
