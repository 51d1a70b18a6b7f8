//! How agents are set, version by version.

use crate::audit::record;
use crate::codec::json;
use crate::{Backend, Cells, Database, Session, Sql, Writer, events};
use async_trait::async_trait;
use domain::agents::AgentConfig;
use domain::audit::NewEntry;
use domain::ids::{StoreScope, WorkspaceId};
use ports::agents::AgentConfigs;
use ports::events::agents_changed;
use ports::{Kind, PortResult};

/// Of one agent in one store; conditions may follow.
fn select(what: &str, scope: StoreScope, agent: &str) -> Sql {
    Sql::new(format!(
        "SELECT {what} FROM agent_configs WHERE workspace = $1 AND store = $2 AND agent = $3"
    ))
    .bind(scope.workspace)
    .bind(scope.store)
    .bind(agent)
}

impl<B: Backend> Database<B> {
    async fn config(&self, operation: &'static str, sql: Sql) -> PortResult<Option<AgentConfig>> {
        let row = self.0.read(operation).await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
    }
}

#[async_trait]
impl<B: Backend> AgentConfigs for Database<B> {
    async fn find(&self, scope: StoreScope, agent: &str) -> PortResult<Option<AgentConfig>> {
        let mut sql = select("document", scope, agent);
        sql.push(" ORDER BY version DESC LIMIT 1");
        self.config("agent_configs.find", sql).await
    }

    async fn version(
        &self,
        scope: StoreScope,
        agent: &str,
        version: i64,
    ) -> PortResult<Option<AgentConfig>> {
        let mut sql = select("document", scope, agent);
        sql.push(" AND version = ").push_arg(version);
        self.config("agent_configs.version", sql).await
    }

    async fn list(&self, workspace: WorkspaceId) -> PortResult<Vec<AgentConfig>> {
        let sql = Sql::new(
            "SELECT document FROM agent_configs c WHERE workspace = $1 AND NOT EXISTS \
             (SELECT 1 FROM agent_configs n WHERE n.workspace = c.workspace AND n.store = c.store \
             AND n.agent = c.agent AND n.version > c.version)",
        )
        .bind(workspace);
        let rows = self.0.read("agent_configs.list").await?.rows(sql).await?;
        let all: PortResult<Vec<AgentConfig>> =
            rows.iter().map(|row| Ok(Cells::of(row).json()?)).collect();
        let mut all = all?;
        // Databases order texts as their collations say.
        all.sort_by(|a, b| (a.scope.store, &a.agent).cmp(&(b.scope.store, &b.agent)));
        Ok(all)
    }

    async fn save(&self, config: &AgentConfig, entry: &NewEntry) -> PortResult<()> {
        let operation = "agent_configs.save";
        let scope = config.scope;
        let mut tx = self.0.write(operation).await?;
        let newest = select("COALESCE(MAX(version), 0)", scope, &config.agent);
        let row = tx.one(newest).await?;
        let newest = row.map_or(Ok(0), |row| Cells::of(&row).int())?;
        let mut saved = 0;
        if config.version == newest + 1 {
            // Of two that saw the same version one is first.
            let sql = Sql::new(
                "INSERT INTO agent_configs (workspace, store, agent, version, document) \
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            )
            .bind(scope.workspace)
            .bind(scope.store)
            .bind(config.agent.as_str())
            .bind(config.version)
            .bind(json(config));
            saved = tx.run(sql).await?;
        }
        if saved == 0 {
            tx.undo().await?;
            let detail = "the agent was set otherwise meanwhile; look at it again";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        events::append(&mut tx, &[agents_changed(config)]).await?;
        tx.commit().await
    }
}
