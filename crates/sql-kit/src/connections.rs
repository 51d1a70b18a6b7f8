//! Connections and the stores behind them, as documents with the columns that rules need.

use crate::codec::json;
use crate::{Backend, Cells, Database, Session, Sql, Writer, stops};
use async_trait::async_trait;
use domain::connection::Connection;
use domain::ids::{ConnectionId, StoreId, WorkspaceId};
use domain::store::Store;
use ports::changes::StopScope;
use ports::connections::ConnectionStore;
use ports::{Kind, PortResult};
use serde::de::DeserializeOwned;

/// Tables of a store's facts, entries and sums.
const OF_A_STORE: [&str; 65] = [
    "order_items",
    "order_documents",
    "orders",
    "rollups",
    "variants",
    "products",
    "cost_records",
    "price_records",
    "facts",
    "tombstones",
    "sync_runs",
    "import_journal",
    "imports",
    "ledger_inputs",
    "ledger_heads",
    "recost_runs",
    "reconciliation_runs",
    "reconciliation_days",
    "customer_days",
    "customer_sums",
    "customer_profiles",
    "customer_state",
    "customer_analyses",
    "customer_merges",
    "forgotten",
    // In this order: who stores an intent keeps the row of its set.
    "change_sets",
    "change_intents",
    // So here: who logs or keeps facts holds the row of its run.
    "agent_runs",
    "agent_run_log",
    "agent_run_facts",
    "agent_configs",
    "agent_schedules",
    "guardrails",
    "forecast_runs",
    "forecasts",
    "forecast_nights",
    "forecast_scores",
    "stock_marks",
    "stock_looks",
    "inventory_settings",
    "purchase_orders",
    "supplier_pictures",
    "supplier_products",
    "supplier_prices",
    "supplier_changes",
    "offer_matches",
    "supplier_mappings",
    "supplier_order_lines",
    "supplier_orders",
    "supplier_sync_runs",
    "supplier_accounts",
    "opportunities",
    "opportunity_settings",
    "trend_series",
    "outreach_told",
    "outreach_exports",
    "outreach_settings",
    "anomalies",
    "briefs",
    "support_messages",
    "support_tickets",
    "ad_sync_runs",
    "ad_days",
    "ad_entities",
    "ad_accounts",
];

impl<B: Backend> Database<B> {
    async fn documents<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        sql: Sql,
    ) -> PortResult<Vec<T>> {
        let rows = self.0.read(operation).await?.rows(sql).await?;
        rows.iter().map(|row| Ok(Cells::of(row).json()?)).collect()
    }
}

#[async_trait]
impl<B: Backend> ConnectionStore for Database<B> {
    async fn save(&self, connection: &Connection, store: &Store) -> PortResult<()> {
        let operation = "connections.save";
        let mut tx = self.0.write(operation).await?;
        tx.lock("connections").await?;
        let other = Sql::new(
            "SELECT id FROM connections \
             WHERE workspace = $1 AND domain = $2 AND base_url = $3 AND id <> $4",
        )
        .bind(connection.workspace)
        .bind(connection.domain.as_str())
        .bind(connection.base_url.as_str())
        .bind(connection.id);
        if tx.one(other).await?.is_some() {
            let detail = format!(
                "{} is connected already; change that connection or remove it first",
                connection.domain
            );
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        let saved = Sql::new(
            "INSERT INTO connections (id, workspace, store, domain, base_url, created_at, document) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO UPDATE SET \
             store = excluded.store, domain = excluded.domain, base_url = excluded.base_url, \
             created_at = excluded.created_at, document = excluded.document \
             WHERE connections.workspace = excluded.workspace",
        )
        .bind(connection.id)
        .bind(connection.workspace)
        .bind(connection.store)
        .bind(connection.domain.as_str())
        .bind(connection.base_url.as_str())
        .bind(connection.created_at)
        .bind(json(connection));
        if tx.run(saved).await? == 0 {
            let detail = "the id of the connection is taken";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        let saved = Sql::new(
            "INSERT INTO stores (workspace, id, created_at, document) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (workspace, id) DO UPDATE SET \
             created_at = excluded.created_at, document = excluded.document",
        )
        .bind(store.scope.workspace)
        .bind(store.scope.store)
        .bind(store.created_at)
        .bind(json(store));
        tx.run(saved).await?;
        tx.commit().await
    }

    async fn save_store(&self, store: &Store) -> PortResult<()> {
        let saved = Sql::new(
            "INSERT INTO stores (workspace, id, created_at, document) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (workspace, id) DO UPDATE SET \
             created_at = excluded.created_at, document = excluded.document",
        )
        .bind(store.scope.workspace)
        .bind(store.scope.store)
        .bind(store.created_at)
        .bind(json(store));
        self.execute("connections.save_store", saved).await?;
        Ok(())
    }

    async fn update(&self, connection: &Connection) -> PortResult<()> {
        let operation = "connections.update";
        let sql = Sql::new(
            "UPDATE connections SET store = $3, domain = $4, base_url = $5, created_at = $6, \
             document = $7 WHERE id = $1 AND workspace = $2",
        )
        .bind(connection.id)
        .bind(connection.workspace)
        .bind(connection.store)
        .bind(connection.domain.as_str())
        .bind(connection.base_url.as_str())
        .bind(connection.created_at)
        .bind(json(connection));
        match self.execute(operation, sql).await? {
            0 => Err(Self::refuse(
                Kind::NotFound,
                operation,
                "the connection is gone",
            )),
            _ => Ok(()),
        }
    }

    async fn find(
        &self,
        workspace: WorkspaceId,
        id: ConnectionId,
    ) -> PortResult<Option<Connection>> {
        let sql = Sql::new("SELECT document FROM connections WHERE id = $1 AND workspace = $2")
            .bind(id)
            .bind(workspace);
        Ok(self.documents("connections.find", sql).await?.pop())
    }

    async fn find_anywhere(&self, id: ConnectionId) -> PortResult<Option<Connection>> {
        let sql = Sql::new("SELECT document FROM connections WHERE id = $1").bind(id);
        Ok(self
            .documents("connections.find_anywhere", sql)
            .await?
            .pop())
    }

    async fn list(&self, workspace: Option<WorkspaceId>) -> PortResult<Vec<Connection>> {
        let mut sql = Sql::new("SELECT document FROM connections");
        if let Some(workspace) = workspace {
            sql.push(" WHERE workspace = ").push_arg(workspace);
        }
        sql.push(" ORDER BY created_at, id");
        self.documents("connections.list", sql).await
    }

    async fn stores(&self, workspace: WorkspaceId) -> PortResult<Vec<Store>> {
        let sql =
            Sql::new("SELECT document FROM stores WHERE workspace = $1 ORDER BY created_at, id")
                .bind(workspace);
        self.documents("connections.stores", sql).await
    }

    async fn remove(
        &self,
        workspace: WorkspaceId,
        id: ConnectionId,
        purge_store: Option<StoreId>,
    ) -> PortResult<()> {
        let mut tx = self.0.write("connections.remove").await?;
        let held = Sql::new(format!(
            "SELECT id FROM connections WHERE id = $1 AND workspace = $2{}",
            B::FOR_UPDATE
        ));
        if tx.one(held.bind(id).bind(workspace)).await?.is_some() {
            // Last the connection: by it a row-level policy knows whose the others are.
            for (table, column) in [
                ("inbox", "connection"),
                ("checkpoints", "connection"),
                ("sync_runs", "connection"),
                ("reconciliation_runs", "connection"),
                ("connections", "id"),
            ] {
                let sql = Sql::new(format!("DELETE FROM {table} WHERE {column} = $1")).bind(id);
                tx.run(sql).await?;
            }
            // What has changed something stays with the store; a worker ends what it is applying.
            let sql = Sql::new(
                "DELETE FROM change_sets WHERE connection = $1 AND status IN ('proposed', 'approved')",
            )
            .bind(id);
            tx.run(sql).await?;
            let scope = StopScope::Connection(id.to_string());
            tx.run(stops::delete(workspace, &scope)).await?;
        }
        if let Some(store) = purge_store {
            tx.lock(&format!("store/{store}")).await?;
            let problems = Sql::new(
                "DELETE FROM import_problems WHERE import_id IN \
                 (SELECT id FROM imports WHERE workspace = $1 AND store = $2)",
            )
            .bind(workspace)
            .bind(store);
            tx.run(problems).await?;
            for table in OF_A_STORE {
                let sql = Sql::new(format!(
                    "DELETE FROM {table} WHERE workspace = $1 AND store = $2"
                ))
                .bind(workspace)
                .bind(store);
                tx.run(sql).await?;
            }
            // What is left says only that the shop itself asked to be forgotten.
            let sql = Sql::new(
                "DELETE FROM privacy_requests WHERE workspace = $1 AND store = $2 \
                 AND kind <> 'shop_redact'",
            )
            .bind(workspace)
            .bind(store);
            tx.run(sql).await?;
            let sql = Sql::new("DELETE FROM stores WHERE workspace = $1 AND id = $2")
                .bind(workspace)
                .bind(store);
            tx.run(sql).await?;
        }
        tx.commit().await
    }
}
