//! Sealed secrets: blobs that only the vault can open.

use crate::{Backend, Cells, Database, Session, Sql, SqlRow, Undecodable, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::WorkspaceId;
use ports::secrets::{KeyRecords, ListedSecret, SealedSecret, SecretBlobs, SecretName};
use ports::{Kind, PortResult};

/// Name in `settings` of the salt, in hexadecimal digits.
const SALT: &str = "secrets.salt";

fn listed<R: SqlRow>(row: &R) -> Result<ListedSecret, Undecodable> {
    let mut c = Cells::of(row);
    Ok(ListedSecret {
        sealed: SealedSecret {
            name: SecretName {
                workspace: WorkspaceId(c.id()?),
                name: c.text()?,
            },
            version: c.int()?,
            blob: c.bytes()?,
            created_at: c.at()?,
        },
        last_used_at: c.at_or_none()?,
    })
}

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

    async fn replace(&self, sealed: &SealedSecret, old: &[u8]) -> PortResult<bool> {
        let sql = Sql::new(
            "UPDATE secrets SET blob = $1 \
             WHERE workspace = $2 AND name = $3 AND version = $4 AND blob = $5",
        )
        .bind(sealed.blob.as_slice())
        .bind(sealed.name.workspace)
        .bind(sealed.name.name.as_str())
        .bind(sealed.version)
        .bind(old);
        Ok(self.execute("secrets.replace", sql).await? == 1)
    }

    async fn walk(&self, after: Option<&SecretName>, limit: u32) -> PortResult<Vec<ListedSecret>> {
        let mut sql = Sql::new(
            "SELECT workspace, name, version, blob, created_at, last_used_at FROM secrets",
        );
        if let Some(after) = after {
            sql.push(" WHERE (workspace, name) > (")
                .push_arg(after.workspace);
            sql.push(", ").push_arg(after.name.as_str()).push(")");
        }
        sql.push(" ORDER BY workspace, name LIMIT ").push_arg(limit);
        let rows = self.0.read("secrets.walk").await?.rows(sql).await?;
        rows.iter().map(|row| Ok(listed(row)?)).collect()
    }

    async fn used(&self, name: &SecretName, at: DateTime<Utc>) -> PortResult<()> {
        let sql = Sql::new(
            "UPDATE secrets SET last_used_at = $1 WHERE workspace = $2 AND name = $3 \
             AND (last_used_at IS NULL OR last_used_at < $1)",
        )
        .bind(at)
        .bind(name.workspace)
        .bind(name.name.as_str());
        self.execute("secrets.used", sql).await?;
        Ok(())
    }
}

#[async_trait]
impl<B: Backend> KeyRecords for Database<B> {
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

    async fn erase_canary(&self, key_id: &str) -> PortResult<()> {
        let sql = Sql::new("DELETE FROM canaries WHERE key_id = $1").bind(key_id);
        self.execute("secrets.erase_canary", sql).await?;
        Ok(())
    }

    async fn count_uses(&self, key_id: &str, more: i64) -> PortResult<i64> {
        let operation = "secrets.count_uses";
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new(
            "INSERT INTO key_uses (key_id, uses) VALUES ($1, $2) \
             ON CONFLICT (key_id) DO UPDATE SET uses = key_uses.uses + excluded.uses RETURNING uses",
        )
        .bind(key_id)
        .bind(more);
        let row = tx.one(sql).await?;
        let uses = row.map(|row| Cells::of(&row).int()).transpose()?;
        tx.commit().await?;
        Ok(uses.unwrap_or_default())
    }

    async fn salt(&self, fresh: &[u8]) -> PortResult<Vec<u8>> {
        let operation = "secrets.salt";
        let stored = Sql::new("SELECT value FROM settings WHERE name = $1").bind(SALT);
        let found = self.0.read(operation).await?.one(stored.clone()).await?;
        let row = match found {
            Some(row) => row,
            None => {
                let sql = Sql::new(
                    "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                )
                .bind(SALT)
                .bind(hex(fresh));
                self.execute(operation, sql).await?;
                let row = self.0.read(operation).await?.one(stored).await?;
                row.ok_or_else(|| {
                    Self::refuse(Kind::Corrupt, operation, "the salt was removed meanwhile")
                })?
            }
        };
        let mut c = Cells::of(&row);
        let text = c.text()?;
        Ok(unhex(&text).ok_or_else(|| c.bad("it is no salt".to_owned()))?)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect()
}
