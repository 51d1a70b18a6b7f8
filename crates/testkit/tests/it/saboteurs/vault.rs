//! A vault that forgets to whom a secret belongs.

use super::caught;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::WorkspaceId;
use ports::PortResult;
use ports::secrets::{SecretEntry, SecretName, SecretVault};
use secrecy::SecretString;
use std::sync::Arc;
use testkit::fakes::PlainVault;
use testkit::laws::vault;

struct OneWorkspace(PlainVault);

fn shared(name: &SecretName) -> SecretName {
    SecretName {
        workspace: WorkspaceId(uuid::Uuid::nil()),
        name: name.name.clone(),
    }
}

#[async_trait]
impl SecretVault for OneWorkspace {
    async fn put(
        &self,
        name: &SecretName,
        value: &SecretString,
        now: DateTime<Utc>,
    ) -> PortResult<()> {
        self.0.put(&shared(name), value, now).await
    }

    async fn get(&self, name: &SecretName) -> PortResult<Option<SecretString>> {
        self.0.get(&shared(name)).await
    }

    async fn delete(&self, name: &SecretName) -> PortResult<()> {
        self.0.delete(&shared(name)).await
    }

    async fn list(&self, _workspace: WorkspaceId) -> PortResult<Vec<SecretEntry>> {
        self.0.list(WorkspaceId(uuid::Uuid::nil())).await
    }
}

#[tokio::test]
async fn secrets_for_all_workspaces_are_caught() {
    let mixed = Arc::new(OneWorkspace(PlainVault::default()));
    caught(vault::names_and_workspaces_do_not_mix(mixed)).await;
}
