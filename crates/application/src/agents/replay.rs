//! Deciding again on what was written down.

use super::facts::{self, Written, sha256};
use super::run::decided;
use super::{AgentError, Agents};
use domain::ids::{RunId, WorkspaceId};
use ports::{Kind, PortError, Retry};

/// What a run decided then, and what it would decide now on the same facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// Whether facts and decision are the same to the last bit.
    pub same: bool,
    pub facts_sha256: String,
    pub recorded_sha256: String,
    pub replayed_sha256: String,
    pub proposals: u64,
}

impl Agents {
    /// Changes nothing.
    pub async fn replay(&self, workspace: WorkspaceId, run: RunId) -> Result<Replay, AgentError> {
        let found = self.find(workspace, run).await?;
        let run = found.ok_or(AgentError::UnknownRun)?;
        let text = self.ports.runs.facts(workspace, run.id).await?;
        let text = facts::text(text.ok_or(AgentError::FactsForgotten)?)?;
        let recorded = decided(&run).ok_or(AgentError::FactsForgotten)?.to_owned();
        let facts_sha256 = sha256(&text);
        let are_unchanged = run.facts.is_some_and(|f| f.sha256 == facts_sha256);
        let written = Written::read(&self.registry, &run.agent, &text)?;
        let work = tokio::task::spawn_blocking(move || written.decide(run.seed));
        let decision = work.await.map_err(|error| {
            let detail = "the policy broke off";
            PortError::new(
                Kind::Corrupt,
                Retry::Never,
                "royal",
                "agents.replay",
                detail,
            )
            .with_source(error)
        })?;
        let replayed = decision.digest();
        Ok(Replay {
            same: are_unchanged && replayed == recorded,
            facts_sha256,
            recorded_sha256: recorded,
            replayed_sha256: replayed,
            proposals: decision.proposals.len() as u64,
        })
    }
}
