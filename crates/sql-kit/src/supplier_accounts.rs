//! Accounts at suppliers with an interface, as documents.

use crate::audit::{record, record_any};
use crate::codec::json;
use crate::{Backend, Cells, Database, Session, Sql, Writer};
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::ids::{SupplierAccountId, WorkspaceId};
use domain::supplier::SupplierAccount;
use ports::supplier_accounts::SupplierAccounts;
use ports::{Kind, PortResult};

#[async_trait]
impl<B: Backend> SupplierAccounts for Database<B> {
    async fn create_supplier_account(
        &self,
        account: &SupplierAccount,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let operation = "supplier_accounts.create_account";
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new(
            "INSERT INTO supplier_accounts (id, workspace, store, platform, created_at, version, document) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        )
        .bind(account.id)
        .bind(account.scope.workspace)
        .bind(account.scope.store)
        .bind(account.platform.as_str())
        .bind(account.created_at)
        .bind(account.version)
        .bind(json(account));
        if tx.run(sql).await? == 0 {
            let detail = "this supplier is connected already";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        tx.commit().await
    }

    async fn update_supplier_account(
        &self,
        account: &SupplierAccount,
        entry: Option<&NewEntry>,
    ) -> PortResult<SupplierAccount> {
        let operation = "supplier_accounts.update_account";
        let next = SupplierAccount {
            version: account.version + 1,
            ..account.clone()
        };
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new(
            "UPDATE supplier_accounts SET version = $3, document = $4 \
             WHERE id = $1 AND workspace = $2 AND version = $3 - 1",
        )
        .bind(account.id)
        .bind(account.scope.workspace)
        .bind(next.version)
        .bind(json(&next));
        if tx.run(sql).await? == 1 {
            record_any(&mut tx, entry).await?;
            tx.commit().await?;
            return Ok(next);
        }
        let sql =
            Sql::new("SELECT version FROM supplier_accounts WHERE id = $1 AND workspace = $2")
                .bind(account.id)
                .bind(account.scope.workspace);
        Err(match tx.one(sql).await? {
            Some(_) => Self::refuse(Kind::Conflict, operation, "the supplier has changed"),
            None => Self::refuse(Kind::NotFound, operation, "the supplier is gone"),
        })
    }

    async fn supplier_account(
        &self,
        workspace: WorkspaceId,
        id: SupplierAccountId,
    ) -> PortResult<Option<SupplierAccount>> {
        let sql =
            Sql::new("SELECT document FROM supplier_accounts WHERE id = $1 AND workspace = $2")
                .bind(id)
                .bind(workspace);
        let row = self
            .0
            .read("supplier_accounts.account")
            .await?
            .one(sql)
            .await?;
        Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
    }

    async fn supplier_accounts(&self, workspace: WorkspaceId) -> PortResult<Vec<SupplierAccount>> {
        let sql = Sql::new(
            "SELECT document FROM supplier_accounts WHERE workspace = $1 ORDER BY created_at, id",
        )
        .bind(workspace);
        let rows = self
            .0
            .read("supplier_accounts.accounts")
            .await?
            .rows(sql)
            .await?;
        rows.iter().map(|row| Ok(Cells::of(row).json()?)).collect()
    }

    async fn remove_supplier_account(
        &self,
        workspace: WorkspaceId,
        id: SupplierAccountId,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut tx = self.0.write("supplier_accounts.remove_account").await?;
        let sql = Sql::new("DELETE FROM supplier_accounts WHERE id = $1 AND workspace = $2")
            .bind(id)
            .bind(workspace);
        if tx.run(sql).await? > 0 {
            let sql =
                Sql::new("DELETE FROM supplier_sync_runs WHERE workspace = $1 AND account = $2")
                    .bind(workspace)
                    .bind(id);
            tx.run(sql).await?;
            record(&mut tx, std::slice::from_ref(entry)).await?;
        }
        tx.commit().await
    }
}
