//! Taking back what an agent did: each of its sets that is in effect, by a new set that waits for approval as any other.

use super::{AgentError, Agents};
use crate::changes::ChangeError;
use chrono::{DateTime, Utc};
use domain::audit::{Actor, NewEntry};
use domain::changes::{ChangeSet, plan};
use domain::store::Store;
use ports::PageRequest;
use ports::changes::ChangeFilter;
use ports::page::MAX_LIMIT;
use serde_json::json;

impl Agents {
    /// Proposes the undoing of all that the agent proposed since and that can still be taken back, the newest first: a thing that was changed
    /// twice goes back by the way it came. What is being taken back already is left out.
    pub async fn rewind(
        &self,
        store: &Store,
        agent: &str,
        since: DateTime<Utc>,
        reason: Option<&str>,
        by: &Actor,
    ) -> Result<Vec<ChangeSet>, AgentError> {
        let spec = self.spec(store, agent).await?;
        let filter = ChangeFilter {
            store: Some(store.scope.store),
            agent: Some(spec.id.to_string()),
            ..ChangeFilter::default()
        };
        let workspace = store.scope.workspace;
        // Each set has a transaction of its own, so what was asked for is recorded before.
        let told = NewEntry::done(
            workspace,
            self.ports.clock.now(),
            by.clone(),
            "agent.rewind",
            ("agent", &*spec.id, &*spec.id),
        );
        let told = told.after(&json!({ "since": since, "reason": reason }));
        self.ports.audit.record(&[told]).await?;
        let (mut undone, mut page) = (Vec::new(), PageRequest::first(MAX_LIMIT));
        loop {
            let found = self.changes.list(workspace, &filter, &page).await?;
            let is_end = found.items.last().is_none_or(|s| s.created_at < since);
            let newer = found.items.iter().filter(|s| s.created_at >= since);
            for set in newer.filter(|s| plan::may_undo(s)) {
                match self.changes.undo(workspace, set.id, by, reason).await {
                    Ok(undo) => undone.push(undo),
                    Err(ChangeError::Port(error)) => return Err(error.into()),
                    Err(error) => {
                        tracing::info!(set = %set.id, %error, "a change is not taken back")
                    }
                }
            }
            page.cursor = found.next_cursor;
            if is_end || page.cursor.is_none() {
                return Ok(undone);
            }
        }
    }
}
