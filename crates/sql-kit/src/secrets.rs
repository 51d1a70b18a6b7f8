//! Sealed secrets: blobs that only the vault can open.

use crate::{Backend, Cells, Database, Session, Sql, Undecodable};
use async_trait::async_trait;
use ports::secrets::{SealedSecret, SecretBlobs, SecretName};
use ports::{Kind, PortResult};

#[async_trait]
impl<B: Backend> SecretBlobs for Database<B> {
    async fn store(&self, sealed: &SealedSecret) -> PortResult<()> {
        let operation = "secrets.store";
        let sql = if sealed.version == 1 {
            Sql::new(
                "INSERT INTO secrets (workspace, name, version, blob, created_at) \
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            )
        } else {
            Sql::new(
                "UPDATE secrets SET version = $3, blob = $4, created_at = $5 \
                 WHERE workspace = $1 AND name = $2 AND version + 1 = $3",
            )
        };
        let sql = sql
            .bind(sealed.name.workspace)
            .bind(sealed.name.name.as_str())
            .bind(sealed.version)
            .bind(sealed.blob.as_slice())
            .bind(sealed.created_at);
        match self.execute(operation, sql).await? {
            0 => Err(Self::refuse(
                Kind::Conflict,
                operation,
                format!(
                    "version {} does not follow the stored one; read it again",
                    sealed.version
                ),
            )),
            _ => Ok(()),
        }
    }

    async fn load(&self, name: &SecretName) -> PortResult<Option<SealedSecret>> {
        let sql = Sql::new(
            "SELECT version, blob, created_at FROM secrets WHERE workspace = $1 AND name = $2",
        )
        .bind(name.workspace)
        .bind(name.name.as_str());
        let row = self.0.read("secrets.load").await?.one(sql).await?;
        let sealed = row.map(|row| {
            let mut c = Cells::of(&row);
            Ok::<_, Undecodable>(SealedSecret {
                name: name.clone(),
                version: c.int()?,
                blob: c.bytes()?,
                created_at: c.at()?,
            })
        });
        Ok(sealed.transpose()?)
    }

    async fn erase(&self, name: &SecretName) -> PortResult<()> {
        let sql = Sql::new("DELETE FROM secrets WHERE workspace = $1 AND name = $2")
            .bind(name.workspace)
            .bind(name.name.as_str());
        self.execute("secrets.erase", sql).await?;
        Ok(())
    }

    async fn put_canary(&self, key_id: &str, blob: &[u8]) -> PortResult<()> {
        let operation = "secrets.put_canary";
        let sql =
            Sql::new("INSERT INTO canaries (key_id, blob) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                .bind(key_id)
                .bind(blob);
        match self.execute(operation, sql).await? {
            0 => Err(Self::refuse(
                Kind::Conflict,
                operation,
                format!("key {key_id} has a canary already"),
            )),
            _ => Ok(()),
        }
    }

    async fn canaries(&self) -> PortResult<Vec<(String, Vec<u8>)>> {
        let sql = Sql::new("SELECT key_id, blob FROM canaries ORDER BY key_id");
        let rows = self.0.read("secrets.canaries").await?.rows(sql).await?;
        rows.iter()
            .map(|row| {
                let mut c = Cells::of(row);
                Ok((c.text()?, c.bytes()?))
            })
            .collect()
    }
}
