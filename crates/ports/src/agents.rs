//! How agents are set.

use crate::PortResult;
use async_trait::async_trait;
use domain::agents::AgentConfig;
use domain::audit::NewEntry;
use domain::ids::{StoreScope, WorkspaceId};

#[async_trait]
pub trait AgentConfigs: Send + Sync {
    /// The newest version; `None` when nobody set anything.
    async fn find(&self, scope: StoreScope, agent: &str) -> PortResult<Option<AgentConfig>>;
    /// An earlier one; they stay for as long as the store does.
    async fn version(
        &self,
        scope: StoreScope,
        agent: &str,
        version: i64,
    ) -> PortResult<Option<AgentConfig>>;
    /// The newest versions of a workspace, by store and agent.
    async fn list(&self, workspace: WorkspaceId) -> PortResult<Vec<AgentConfig>>;
    /// Stores `config.version`, which follows the stored one (1 when there is none), with the audit's entry, or not at all; `Conflict` when it does not.
    async fn save(&self, config: &AgentConfig, entry: &NewEntry) -> PortResult<()>;
}
