//! How agents are set, version by version.

use super::database::{FakeDatabase, refuse};
use async_trait::async_trait;
use domain::agents::AgentConfig;
use domain::audit::NewEntry;
use domain::ids::{StoreScope, WorkspaceId};
use ports::agents::AgentConfigs;
use ports::events::agents_changed;
use ports::{Kind, PortResult};

#[async_trait]
impl AgentConfigs for FakeDatabase {
    async fn find(&self, scope: StoreScope, agent: &str) -> PortResult<Option<AgentConfig>> {
        let state = self.lock();
        let versions = state.agents.configs.get(&(scope, agent.to_owned()));
        Ok(versions.and_then(|all| all.last()).cloned())
    }

    async fn version(
        &self,
        scope: StoreScope,
        agent: &str,
        version: i64,
    ) -> PortResult<Option<AgentConfig>> {
        let state = self.lock();
        let versions = state.agents.configs.get(&(scope, agent.to_owned()));
        let mut all = versions.into_iter().flatten();
        Ok(all.find(|config| config.version == version).cloned())
    }

    async fn list(&self, workspace: WorkspaceId) -> PortResult<Vec<AgentConfig>> {
        let state = self.lock();
        let all = state.agents.configs.iter();
        let ours = all.filter(|((scope, _), _)| scope.workspace == workspace);
        Ok(ours.filter_map(|(_, all)| all.last().cloned()).collect())
    }

    async fn save(&self, config: &AgentConfig, entry: &NewEntry) -> PortResult<()> {
        let mut state = self.lock();
        let key = (config.scope, config.agent.clone());
        let newest = state.agents.configs.get(&key).and_then(|all| all.last());
        if config.version != newest.map_or(0, |newest| newest.version) + 1 {
            let detail = "it was set otherwise meanwhile";
            return Err(refuse(Kind::Conflict, "agent_configs.save", detail));
        }
        let versions = state.agents.configs.entry(key).or_default();
        versions.push(config.clone());
        state.record(std::slice::from_ref(entry));
        state.emit([agents_changed(config)]);
        Ok(())
    }
}
